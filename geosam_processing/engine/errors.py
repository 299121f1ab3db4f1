"""Errors that a user can solve: one sentence that says what, which value, what is allowed
and what to do next. Anything else that is raised is a bug and shows its traceback."""

from __future__ import annotations

from geosam_processing.contract.errors import UserError


class GeoSamError(UserError):
    """Root of all errors of the engine that are meant for the user."""


class Cancelled(Exception):
    """The caller asked to stop; the results up to then are kept."""


class RasterError(GeoSamError):
    """A raster, its CRS, bands, extent or values cannot be encoded."""


class ModelError(GeoSamError):
    """A model is unknown, or its checkpoint missing, damaged or of another architecture."""


class DeviceError(GeoSamError):
    """The device that was asked for cannot be used."""


class FeaturesError(GeoSamError):
    """A feature folder cannot be read, does not fit the model, or differs in its settings."""


class ChipError(FeaturesError):
    """One chip is missing or damaged; the others are untouched."""


class AssessmentError(GeoSamError):
    """Layers cannot be compared as asked for."""


class ClusterError(GeoSamError):
    """Workers of Dask cannot be reached, do not fit, or failed at a block."""


class OutputError(GeoSamError):
    """A result cannot be written."""
