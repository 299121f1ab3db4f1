"""Parameters of prompts that are made of a raster or of polygons."""

from collections.abc import Iterator

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBand,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRange,
    QgsProcessingParameterRasterLayer,
)

from ... import contract
from ...qgis_tools.inputs import Inputs
from ...translation import tr
from .common import choice, number, with_help
from .raster import RANGE, value_range_of

INPUT = "INPUT"
BAND = "BAND"
METHOD = "METHOD"
THRESHOLD = "THRESHOLD"
POLYGONS = "POLYGONS"
MODE = "MODE"
DISTANCE = "DISTANCE"
MIN_AREA = "MIN_AREA"
MAX_AREA = "MAX_AREA"
POSITIVE = "POSITIVE"
NEGATIVE = "NEGATIVE"
PADDING = "PADDING"
PADDING_METERS = "PADDING_METERS"
NECKS = "NECKS"
EXTENT = "EXTENT"


def input_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """What the objects are made of."""
    yield with_help(
        QgsProcessingParameterRasterLayer(INPUT, tr("Raster layer"), optional=True),
        "A mask, an index, or heights. Pixels without data belong to no object.",
    )
    yield with_help(
        # Optional, because polygons have none.
        QgsProcessingParameterBand(
            BAND, tr("Band"), 1, parentLayerParameterName=INPUT, optional=True
        ),
        "The band with the values.",
    )
    yield choice(
        METHOD,
        "Pixels of objects",
        f"One of {', '.join(contract.SELECTIONS)}. above: of at least the threshold; below: of "
        "at most the threshold; between: in the value range.",
        contract.SELECTIONS,
        contract.SELECTIONS[0],
    )
    threshold = QgsProcessingParameterNumber(
        THRESHOLD,
        tr("Threshold"),
        QgsProcessingParameterNumber.Type.Double,
        optional=True,
    )
    yield with_help(
        threshold,
        "In units of the band, such as 0.1 for a water index, or 2 for heights in meters. If not "
        "set, Otsu's method chooses it, which suits bands with two kinds of values.",
    )
    value_range = QgsProcessingParameterRange(
        RANGE,
        tr("Value range (minimum, maximum)"),
        QgsProcessingParameterNumber.Type.Double,
        optional=True,
    )
    yield with_help(value_range, "For between, such as 3,3 for class 3. Both count.")
    yield with_help(
        QgsProcessingParameterFeatureSource(
            POLYGONS,
            tr("Polygons"),
            [QgsProcessing.SourceType.TypeVectorPolygon],
            optional=True,
        ),
        "Instead of a raster: each feature is an object.",
    )


def place_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """Which objects get prompts, and where."""
    yield choice(
        MODE,
        "Objects",
        f"One of {', '.join(contract.PROMPT_MODES)}. regions: pixels that share edges; maxima: "
        "each local maximum (with below, minimum), with the part of its region that is nearest "
        "to it.",
        contract.PROMPT_MODES,
        contract.PROMPT_MODES[0],
    )
    yield number(
        DISTANCE,
        "Minimum distance of maxima (meters)",
        "About the radius of the smallest tree crown.",
        3,
        0,
    )
    yield number(
        MIN_AREA,
        "Minimum area (square meters)",
        "Smaller objects get no prompts.",
        0,
        0,
    )
    yield number(
        MAX_AREA,
        "Maximum area (square meters)",
        "Larger objects get no prompts. 0: no limit.",
        0,
        0,
    )
    yield number(
        POSITIVE,
        "Points on each object",
        "The first one is as far from the border as possible, each further one as far as "
        "possible from those before it.",
        1,
        1,
        contract.MOST_POINTS,
        whole=True,
    )
    yield number(
        NEGATIVE,
        "Points outside each object",
        "On other objects nearby first, then in holes, then in a ring around the object.",
        0,
        0,
        contract.MOST_POINTS,
        whole=True,
    )
    yield number(
        PADDING,
        "Padding of the boxes (percent)",
        "The distance by which a box extends beyond its object on each side, in percent of its "
        "width and height.",
        5,
        0,
    )


def advanced_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """What few need."""
    yield number(
        PADDING_METERS,
        "Padding of the boxes (meters)",
        "Is added to the padding in percent.",
        0,
        0,
    )
    yield number(
        NECKS,
        "Cut necks up to (meters)",
        "Regions are cut where they are narrower than this, so that objects that touch become "
        "several. 0: none is cut.",
        0,
        0,
    )
    yield with_help(
        QgsProcessingParameterExtent(EXTENT, tr("Extent"), optional=True),
        "Only this part of the raster is searched. If not set, the complete raster is searched.",
    )


def selection_of(inputs: Inputs) -> contract.Selection:
    """Which pixels are objects."""
    return contract.Selection(
        method=inputs.choice(METHOD),
        threshold=inputs.optional_number(THRESHOLD),
        value_range=value_range_of(inputs),
    )


def places_of(inputs: Inputs) -> contract.PromptPlaces:
    """Which objects get prompts, and where."""
    return contract.PromptPlaces(
        mode=inputs.choice(MODE),
        spacing=inputs.number(DISTANCE),
        neck=inputs.number(NECKS),
        minimum_area=inputs.number(MIN_AREA),
        maximum_area=inputs.number(MAX_AREA),
        positive=inputs.whole_number(POSITIVE),
        negative=inputs.whole_number(NEGATIVE),
        padding=inputs.number(PADDING),
        padding_meters=inputs.number(PADDING_METERS),
    )
