"""Objects that words and examples describe, on all patches of a feature folder."""
