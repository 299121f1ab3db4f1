"""Parameters of rasters of several dates and of following objects through them."""

from collections.abc import Iterator

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
)

from ... import contract
from ...translation import tr
from ..layers.dated_inputs import (
    DATE_PATTERN,
    DATE_SOURCES,
    DATE_TABLE,
    DATE_TABLE_DATE,
    DATE_TABLE_NAME,
    DATES,
    FEATURES,
    INPUTS,
)
from ..layers.prompts import PROMPTS
from ..layers.results import OUTPUT, UNANSWERED
from ..layers.series_prompts import DATE_FIELD, START
from ..layers.series_results import CHART, CHART_PICTURE, SERIES, SUMMARY
from .common import advanced, choice, number, with_help
from .raster import BANDS

DIRECTION = "DIRECTION"
METHOD = "METHOD"
MEMORIES = "MEMORIES"
MIN_SCORE = "MIN_SCORE"
MIN_CONTRAST = "MIN_CONTRAST"
MIN_OVERLAP = "MIN_OVERLAP"
MIN_LIKENESS = "MIN_LIKENESS"
RANGES = "RANGES"
RESOLUTION = "RESOLUTION"
MINUTES = "MINUTES"


def dated_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """The rasters or feature folders, and where their dates come from."""
    kinds = QgsProcessing.SourceType
    yield with_help(
        QgsProcessingParameterMultipleLayers(
            INPUTS, tr("Rasters"), kinds.TypeRaster, optional=True
        ),
        "A raster for each date, in any CRS, resolution and extent. The first one gives the CRS "
        "and the pixels of all dates.",
    )
    yield with_help(
        QgsProcessingParameterMultipleLayers(
            FEATURES, tr("Feature folders"), kinds.TypeFile, optional=True
        ),
        "Instead of rasters: a folder that Encode raster made for each date, its "
        "manifest.parquet, or the folder that all of them lie in.",
    )
    yield choice(
        DATES,
        "Source of dates",
        f"One of {', '.join(DATE_SOURCES)}. auto takes the table or the pattern that is set, else "
        "common dates in names, else the metadata, else the order of the inputs.",
        DATE_SOURCES,
        DATE_SOURCES[0],
    )
    yield with_help(
        QgsProcessingParameterString(DATE_PATTERN, tr("Date pattern of names"), optional=True),
        "Codes such as %Y%m%d or naip_%Y, or a regular expression with groups such as "
        "(?P<year>\\d{4}). If not set, common patterns are tried.",
    )


def date_table_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """A table of the dates."""
    yield with_help(
        QgsProcessingParameterFeatureSource(
            DATE_TABLE, tr("Table of dates"), [QgsProcessing.SourceType.TypeVector], optional=True
        ),
        "A table or layer with the name and the date of each raster or feature folder.",
    )
    for key, label, help_text in (
        (
            DATE_TABLE_NAME,
            "Name field",
            "The field of the table with the names of files, layers or folders, or their paths.",
        ),
        (
            DATE_TABLE_DATE,
            "Date field",
            "The field of the table with the dates: a date, or text such as 2019-07-21 or 2019.",
        ),
    ):
        yield with_help(
            QgsProcessingParameterField(
                key, tr(label), parentLayerParameterName=DATE_TABLE, optional=True
            ),
            help_text,
        )


def start_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """The dates of the prompts."""
    yield with_help(
        QgsProcessingParameterField(
            DATE_FIELD,
            tr("Date field of prompts"),
            parentLayerParameterName=PROMPTS,
            optional=True,
        ),
        "The date that a prompt was drawn on. Prompts of one object id on later dates correct it.",
    )
    yield choice(
        START,
        "Start date",
        f"One of {', '.join(contract.SERIES_STARTS)}: the date of prompts without a date. prompt "
        "requires a date for every prompt; best takes the date on which the score is highest.",
        contract.SERIES_STARTS,
        contract.SERIES_STARTS[0],
    )
    yield choice(
        DIRECTION,
        "Direction",
        f"One of {', '.join(contract.SERIES_DIRECTIONS)}: the way in time from the start date.",
        contract.SERIES_DIRECTIONS,
        contract.SERIES_DIRECTIONS[0],
    )


def following_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """How objects are followed, and when they are gone."""
    yield choice(
        METHOD,
        "Method",
        f"One of {', '.join(contract.SERIES_METHODS)}. memory needs SAM2 or SAM2.1; prompts makes "
        "the next prompt of the last outline; auto takes memory if the model has one and it is "
        "fast enough.",
        contract.SERIES_METHODS,
        contract.SERIES_METHODS[0],
    )
    yield number(
        MIN_SCORE,
        "Minimum score (0 to 1)",
        "An object with a lower score, as the model estimates it, is gone on that date.",
        contract.DEFAULT_SERIES_SCORE,
        0,
        1,
    )
    yield number(
        MIN_CONTRAST,
        "Minimum contrast (gray levels)",
        "An object that differs less from its surroundings is gone on that date. 0 does not check.",
        0,
        0,
        255,
    )
    yield number(
        MIN_LIKENESS,
        "Minimum likeness (0 to 1)",
        "An object that differs from its surroundings in another way than on its first date, such "
        "as a dry lake bed, is gone. 0 does not check, for fields and others that change color.",
        contract.DEFAULT_LIKENESS,
        0,
        1,
    )


def advanced_following_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """What rarely has to be changed."""
    yield number(
        MIN_OVERLAP,
        "Minimum overlap (0 to 1)",
        "An outline that shares less of its area with that of the date before is gone. 0 does not "
        "check.",
        0.3,
        0,
        1,
    )
    yield number(
        MEMORIES,
        "Memories",
        "The number of dates that an outline is derived from. More take longer. Only for memory.",
        contract.DEFAULT_MEMORIES,
        1,
        contract.MOST_MEMORIES,
        whole=True,
    )
    yield number(
        MINUTES,
        "Acceptable time (minutes)",
        "The method auto takes prompts if memory is expected to take longer.",
        30,
        0,
    )
    yield with_help(
        QgsProcessingParameterString(BANDS, tr("Bands, up to three"), optional=True),
        "In the order red, green, blue, such as 3;2;1, the same for all rasters. If not set, the "
        "first one to three.",
    )
    yield choice(
        RANGES,
        "Value ranges",
        f"One of {', '.join(contract.SERIES_RANGES)}: without a value range, that of all rasters "
        "together or of each. Bytes are used as they are.",
        contract.SERIES_RANGES,
        contract.SERIES_RANGES[0],
    )
    yield number(
        RESOLUTION,
        "Resolution (meters)",
        "The size of the pixels of all dates. If not set, that of the first raster.",
        None,
        0,
    )


def series_outputs() -> Iterator[QgsProcessingParameterDefinition]:
    """The layers, tables and charts to write."""
    kinds = QgsProcessing.SourceType
    yield with_help(
        QgsProcessingParameterFeatureSink(OUTPUT, tr("Objects"), kinds.TypeVectorPolygon),
        "A row for each object and date, without a polygon where it is not seen or gone. The time "
        "slider plays it.",
    )
    for key, label, help_text in (
        (SERIES, "Series", "The same rows as a table, for plots."),
        (
            SUMMARY,
            "Summary",
            "A row for each object: first, last, least and largest area, trend and largest change.",
        ),
    ):
        yield with_help(
            QgsProcessingParameterFeatureSink(
                key, tr(label), kinds.TypeVector, optional=True, createByDefault=False
            ),
            help_text,
        )
    yield with_help(
        QgsProcessingParameterFeatureSink(
            UNANSWERED,
            tr("Unanswered prompts"),
            kinds.TypeVectorAnyGeometry,
            optional=True,
            createByDefault=False,
        ),
        "The prompts of objects that were seen on no date, with the reason.",
    )
    for key, label, ending, help_text in (
        (CHART, "Chart page", "html", "A page with the areas of each object and of all."),
        (
            CHART_PICTURE,
            "Chart picture",
            "png",
            "The same areas as a picture, of up to 60 objects.",
        ),
    ):
        yield with_help(
            QgsProcessingParameterFileDestination(
                key,
                tr(label),
                fileFilter=f"{ending.upper()} (*.{ending})",
                optional=True,
                createByDefault=False,
            ),
            help_text,
        )


def advanced_series_parameters() -> Iterator[QgsProcessingParameterDefinition]:
    """All advanced ones of following and of the table of dates."""
    yield from map(advanced, date_table_parameters())
    yield from map(advanced, advanced_following_parameters())
