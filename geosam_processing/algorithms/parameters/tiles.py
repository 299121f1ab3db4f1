"""Parameters that protect servers of tiles and their users, shared by algorithms."""

from qgis.core import QgsProcessingParameterDefinition

from ...qgis_tools.inputs import Inputs
from ...tiles.reader import (
    DEFAULT_MAXIMUM_TILES,
    DEFAULT_RETRIES,
    ERROR,
    MASK,
    TileLimits,
)
from .common import choice, number

MAX_TILES = "MAX_TILES"
MISSING = "MISSING"
RETRIES = "RETRIES"
ZOOM = "ZOOM"


def zoom_parameter(help_text: str) -> QgsProcessingParameterDefinition:
    return number(ZOOM, "Zoom level", help_text, None, 0, 30, whole=True)


def tile_limit_parameters() -> tuple[QgsProcessingParameterDefinition, ...]:
    return (
        number(
            MAX_TILES,
            "Most tiles to fetch",
            "More than that is an error, before they are fetched. Raise it only if the server's "
            "terms of use allow so many.",
            DEFAULT_MAXIMUM_TILES,
            1,
            whole=True,
        ),
        choice(
            MISSING,
            "What becomes of missing tiles",
            "One of mask (their pixels are nodata, and a warning tells how many) and error (the "
            "run ends; the next one goes on where it stopped).",
            (MASK, ERROR),
            MASK,
        ),
        number(
            RETRIES,
            "Retries",
            "How often a tile that failed is asked for again, after 1, 2, 4 ... seconds. What "
            "the server does not have or refuses (HTTP 404, 403 ...) is not asked for again.",
            DEFAULT_RETRIES,
            0,
            10,
            whole=True,
        ),
    )


def limits_of(inputs: Inputs) -> TileLimits:
    """The limits that the user gave."""
    return TileLimits(
        maximum_tiles=inputs.whole_number(MAX_TILES),
        missing=inputs.choice(MISSING),
        retries=inputs.whole_number(RETRIES),
    )
