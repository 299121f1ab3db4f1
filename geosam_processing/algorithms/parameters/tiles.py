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
            "Maximum number of tiles",
            "More tiles are an error before any is fetched. Raise it only if the server's terms "
            "of use allow it.",
            DEFAULT_MAXIMUM_TILES,
            1,
            whole=True,
        ),
        choice(
            MISSING,
            "Missing tiles",
            "One of mask (their pixels have no data, and a warning counts them) and error (the "
            "run fails; the next one continues).",
            (MASK, ERROR),
            MASK,
        ),
        number(
            RETRIES,
            "Retries",
            "The number of further requests for a failed tile, after 1, 2, 4 ... seconds. Tiles "
            "that the server lacks or refuses (HTTP 404, 403 ...) are not requested again.",
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
