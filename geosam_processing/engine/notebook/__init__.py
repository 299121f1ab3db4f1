"""The engine for people: files, tables and names in, tables out.

Thin functions over the requests of ``contract``. Their keywords are the keys of the Processing
algorithms in lower case, and their tables have the columns of the algorithms' layers.
"""
