"""Outlines as people draw them: right angles, smooth shores, shared borders."""
