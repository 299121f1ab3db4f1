"""Finds all objects on the patches of a feature folder, without prompts."""
