"""Runs blocks of work one after the other in this process, or spread over workers of Dask."""
