"""Ratios that must hold, measured in one run: `python -m benchmarks`."""
