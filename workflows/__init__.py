"""The graphical models in ``models/``, as code that writes them: ``make workflows``."""
