"""Parameters of prompts and masks, shared by the algorithms that segment."""

from collections.abc import Iterator
from dataclasses import replace

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
)

from ... import contract
from ...qgis_tools.inputs import Inputs
from ...translation import tr
from ..layers.prompts import BOXES, LABEL_FIELD, OBJECT_FIELD, PROMPTS
from ..layers.results import OBJECT_COUNT, OUTPUT, UNANSWERED, UNANSWERED_COUNT
from .common import choice, flag, number, with_help

MASKS = "MASKS"
MIN_SCORE = "MIN_SCORE"
MIN_CONTRAST = "MIN_CONTRAST"
MIN_AREA = "MIN_AREA"
LARGEST_PART = "LARGEST_PART"
FILL_HOLES = "FILL_HOLES"
SIMPLIFY = "SIMPLIFY"
OUTLINE = "OUTLINE"
WHOLE = "WHOLE"


def prompt_parameters(optional: bool = False) -> Iterator[QgsProcessingParameterDefinition]:
    """The layers of prompts and their fields."""
    kinds = QgsProcessing.SourceType
    yield with_help(
        QgsProcessingParameterFeatureSource(
            PROMPTS, tr("Prompts"), [kinds.TypeVectorAnyGeometry], optional=optional
        ),
        "A layer of points, or of polygons or lines, whose bounding boxes are used, in any CRS. "
        "A feature of several points is one object.",
    )
    yield with_help(
        QgsProcessingParameterFeatureSource(
            BOXES,
            tr("Boxes for the points"),
            [kinds.TypeVectorPolygon, kinds.TypeVectorLine],
            optional=True,
        ),
        "Bounding boxes that belong to points: by the object id field, which this layer must "
        "then have too, or else by the points inside. A box without points is a separate object.",
    )
    for key, label, help_text in (
        (
            LABEL_FIELD,
            "Label field",
            "1 for a point on the object, 0 for one outside it. If not set, all points are on it.",
        ),
        (
            OBJECT_FIELD,
            "Object id field",
            "Prompts with the same value are one object. If not set, each feature is an object.",
        ),
    ):
        yield with_help(
            QgsProcessingParameterField(
                key, tr(label), parentLayerParameterName=PROMPTS, optional=True
            ),
            help_text,
        )


def mask_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """How masks are chosen and turned into polygons."""
    yield choice(
        MASKS,
        "Masks",
        f"One of {', '.join(contract.MASK_CHOICES)}. auto keeps the best of three masks of a "
        "single point, and takes one mask of other prompts. best, smallest and largest keep "
        "that one of three masks; single always takes one.",
        contract.MASK_CHOICES,
        contract.MASK_CHOICES[0],
    )
    yield number(
        MIN_SCORE,
        "Minimum score (0 to 1)",
        "Objects with a lower score, as the model estimates it, are left out. With geosam_nano, "
        "0.5 leaves out nearly all boxes around nothing, and few objects.",
        0,
        0,
        1,
    )
    yield contrast_parameter()
    yield number(
        MIN_AREA,
        "Minimum area (square meters)",
        "Smaller objects are left out.",
        0,
        0,
    )
    yield from shape_parameters()


def contrast_parameter() -> QgsProcessingParameterNumber:
    """How much an object has to stand out."""
    return number(
        MIN_CONTRAST,
        "Minimum contrast (gray levels)",
        "Objects that differ less from their surroundings in the image, of 255 gray levels, are "
        "left out. 20 suits points in aerial images; objects of unknown contrast stay.",
        0,
        0,
        255,
    )


def shape_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """How a mask is turned into a polygon."""
    yield flag(
        LARGEST_PART,
        "Largest part only",
        "If checked, an object in several parts keeps only the largest one.",
        False,
    )
    yield number(
        FILL_HOLES,
        "Fill holes up to (square meters)",
        "Holes of up to this area are filled. 0 fills none.",
        0,
        0,
    )
    yield choice(
        OUTLINE,
        "Outlines",
        f"One of {', '.join(contract.OUTLINES)}. pixels: along the pixels of the raster; smooth: "
        "between them, where the model's logits are zero.",
        contract.OUTLINES,
        contract.OUTLINES[0],
    )
    yield number(
        SIMPLIFY,
        "Simplify by (pixels)",
        "Distance by which outlines may move to have fewer vertices. 0 keeps all vertices; "
        "Geo-SAM uses 1.5.",
        0,
        0,
    )


def sink_parameters(unplaced: str) -> Iterator[QgsProcessingParameterDefinition]:
    """The layers to write. ``unplaced``: why a prompt may have no place."""
    kinds = QgsProcessing.SourceType
    yield with_help(
        QgsProcessingParameterFeatureSink(OUTPUT, tr("Segments"), kinds.TypeVectorPolygon),
        "The objects as polygons.",
    )
    yield with_help(
        QgsProcessingParameterFeatureSink(
            UNANSWERED,
            tr("Unanswered prompts"),
            kinds.TypeVectorAnyGeometry,
            optional=True,
            createByDefault=False,
        ),
        f"The prompts that got no polygon, with the reason: {unplaced}, empty "
        "geometry, a score below the minimum and so on. A box of the second layer is "
        "listed by its center where the prompts are points.",
    )


def count_outputs() -> Iterator[QgsProcessingOutputNumber]:
    """How many prompts were answered, and how many were not."""
    yield QgsProcessingOutputNumber(OBJECT_COUNT, tr("Number of polygons"))
    yield QgsProcessingOutputNumber(UNANSWERED_COUNT, tr("Number of unanswered prompts"))


def masks_of(inputs: Inputs) -> contract.MaskOptions:
    """The options that ``mask_parameters`` offer."""
    return replace(
        shape_of(inputs),
        choice=inputs.choice(MASKS),
        minimum_score=inputs.number(MIN_SCORE),
        minimum_contrast=inputs.number(MIN_CONTRAST),
        minimum_area=inputs.number(MIN_AREA),
    )


def found_shape_of(inputs: Inputs) -> contract.MaskOptions:
    """Those of objects that are found without prompts, with the least contrast."""
    return replace(shape_of(inputs), minimum_contrast=inputs.number(MIN_CONTRAST))


def shape_of(inputs: Inputs) -> contract.MaskOptions:
    """The options that ``shape_parameters`` offer."""
    return contract.MaskOptions(
        largest_part_only=inputs.flag(LARGEST_PART),
        fill_holes_up_to=inputs.number(FILL_HOLES),
        simplify=inputs.number(SIMPLIFY),
        outline=inputs.choice(OUTLINE),
    )
