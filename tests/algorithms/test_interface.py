"""Ids, keys and defaults are API: a change here breaks saved models and scripts."""

import configparser
from pathlib import Path
from typing import Any

import pytest

from geosam_processing import contract
from geosam_processing.algorithms.workflow import workflow_files
from geosam_processing.catalogue import BUNDLED_MODEL, CATALOGUE, NOT_SUPPORTED

PACKAGE = Path(__file__).parents[2] / "geosam_processing"

# Key, type, default, and o for optional, a for advanced.
PARAMETERS = {
    "encoderaster": [
        ("INPUT", "raster", None, "o"),
        ("BANDS", "band", None, "o"),
        ("MODEL", "enum", "geosam_nano", ""),
        ("EXTENT", "extent", None, "o"),
        ("STRIDE", "number", 512, ""),
        ("DEVICE", "boolean", True, ""),
        ("OUTPUT", "folderDestination", None, ""),
        ("CUDA_ID", "number", 0, "a"),
        ("BATCH_SIZE", "number", 0, "a"),
        ("CRS", "crs", None, "oa"),
        ("RESOLUTION", "number", None, "oa"),
        ("RESOLUTION_SCALE", "number", None, "oa"),
        ("OVERLAP", "number", None, "oa"),
        ("RANGE", "range", None, "oa"),
        ("PERCENTILE_CUT", "number", 0, "a"),
        ("PRECISION", "enum", "float16", "a"),
        ("COMPUTE_PRECISION", "enum", "auto", "a"),
        ("MEMORY_STRATEGY", "enum", "balanced", "a"),
        ("INCLUDE_NODATA", "boolean", False, "a"),
        ("CHECKPOINT", "file", None, "oa"),
        ("SETTINGS", "file", None, "oa"),
        ("PATCHES", "sink", None, "o"),
    ],
    "previewpatches": [
        ("INPUT", "raster", None, "o"),
        ("BANDS", "band", None, "o"),
        ("MODEL", "enum", "geosam_nano", ""),
        ("EXTENT", "extent", None, "o"),
        ("STRIDE", "number", 512, ""),
        ("DEVICE", "boolean", True, ""),
        ("OBJECTS", "source", None, "o"),
        ("SHARE", "number", 95, ""),
        ("MARGIN", "number", 16, ""),
        ("CUDA_ID", "number", 0, "a"),
        ("BATCH_SIZE", "number", 0, "a"),
        ("CRS", "crs", None, "oa"),
        ("RESOLUTION", "number", None, "oa"),
        ("RESOLUTION_SCALE", "number", None, "oa"),
        ("OVERLAP", "number", None, "oa"),
        ("RANGE", "range", None, "oa"),
        ("PERCENTILE_CUT", "number", 0, "a"),
        ("PRECISION", "enum", "float16", "a"),
        ("COMPUTE_PRECISION", "enum", "auto", "a"),
        ("MEMORY_STRATEGY", "enum", "balanced", "a"),
        ("INCLUDE_NODATA", "boolean", False, "a"),
        ("CHECKPOINT", "file", None, "oa"),
        ("SETTINGS", "file", None, "oa"),
        ("FEATURES", "file", None, "oa"),
        ("SECONDS_PER_PATCH", "number", None, "oa"),
        ("COMPARE_RESOLUTIONS", "string", None, "oa"),
        ("COMPARE_STRIDES", "string", None, "oa"),
        ("PATCH_LIMIT", "number", 20000, "a"),
        ("PATCHES", "sink", None, "o"),
        ("OBJECT_FITS", "sink", None, "o"),
        ("COMPARISON", "sink", None, "o"),
        ("SETTINGS_FILE", "fileDestination", None, "o"),
        ("PREVIEW", "fileDestination", None, "o"),
    ],
    "segmentlive": [
        ("INPUT", "raster", None, ""),
        ("MODEL", "enum", "geosam_nano", ""),
        ("PROMPTS", "source", None, "o"),
        ("POINT", "point", None, "o"),
        ("EXTENT", "extent", None, "o"),
        ("BOXES", "source", None, "o"),
        ("LABEL_FIELD", "field", None, "o"),
        ("OBJECT_FIELD", "field", None, "o"),
        ("RESOLUTION", "number", None, "o"),
        ("ZOOM", "number", None, "o"),
        ("MASKS", "enum", "auto", ""),
        ("MIN_SCORE", "number", 0, ""),
        ("MIN_AREA", "number", 0, ""),
        ("LARGEST_PART", "boolean", False, ""),
        ("FILL_HOLES", "number", 0, ""),
        ("SIMPLIFY", "number", 0, ""),
        ("DEVICE", "boolean", True, ""),
        ("BANDS", "band", None, "oa"),
        ("RANGE", "range", None, "oa"),
        ("ATTEMPTS", "number", 6, "a"),
        ("MAX_TILES", "number", 4096, "a"),
        ("MISSING", "enum", "mask", "a"),
        ("RETRIES", "number", 3, "a"),
        ("CUDA_ID", "number", 0, "a"),
        ("BATCH_SIZE", "number", 0, "a"),
        ("CHECKPOINT", "file", None, "oa"),
        ("OUTPUT", "sink", None, ""),
        ("UNANSWERED", "sink", None, "o"),
    ],
    "downloadmodel": [
        ("MODEL", "enum", "sam2.1_hiera_base_plus", ""),
        ("FOLDER", "file", None, "o"),
        ("FILE", "file", None, "o"),
        ("OVERWRITE", "boolean", False, ""),
        ("MIRROR", "string", None, "oa"),
        ("AUTH", "authcfg", None, "oa"),
    ],
    "listmodels": [
        ("FOLDER", "file", None, "o"),
        ("VERIFY", "boolean", True, ""),
        ("OUTPUT", "sink", None, ""),
    ],
    "reportcache": [],
    "clearcache": [],
    "encodetilelayer": [
        ("INPUT", "raster", None, ""),
        ("EXTENT", "extent", None, "o"),
        ("PROMPTS", "source", None, "o"),
        ("SURROUNDINGS", "number", 512, ""),
        ("ZOOM", "number", None, "o"),
        ("RESOLUTION", "number", None, "o"),
        ("MODEL", "enum", "geosam_nano", ""),
        ("STRIDE", "number", 512, ""),
        ("DEVICE", "boolean", True, ""),
        ("OUTPUT", "folderDestination", None, ""),
        ("RASTER", "rasterDestination", None, "o"),
        ("MAX_TILES", "number", 4096, "a"),
        ("MISSING", "enum", "mask", "a"),
        ("RETRIES", "number", 3, "a"),
        ("BANDS", "band", None, "oa"),
        ("CUDA_ID", "number", 0, "a"),
        ("BATCH_SIZE", "number", 0, "a"),
        ("CRS", "crs", None, "oa"),
        ("RANGE", "range", None, "oa"),
        ("PERCENTILE_CUT", "number", 0, "a"),
        ("PRECISION", "enum", "float16", "a"),
        ("COMPUTE_PRECISION", "enum", "auto", "a"),
        ("MEMORY_STRATEGY", "enum", "balanced", "a"),
        ("INCLUDE_NODATA", "boolean", False, "a"),
        ("CHECKPOINT", "file", None, "oa"),
        ("PATCHES", "sink", None, "o"),
    ],
    "segmentprompts": [
        ("FEATURES", "file", None, ""),
        ("PROMPTS", "source", None, ""),
        ("BOXES", "source", None, "o"),
        ("LABEL_FIELD", "field", None, "o"),
        ("OBJECT_FIELD", "field", None, "o"),
        ("MASKS", "enum", "auto", ""),
        ("MIN_SCORE", "number", 0, ""),
        ("MIN_AREA", "number", 0, ""),
        ("LARGEST_PART", "boolean", False, ""),
        ("FILL_HOLES", "number", 0, ""),
        ("SIMPLIFY", "number", 0, ""),
        ("DEVICE", "boolean", True, ""),
        ("CUDA_ID", "number", 0, "a"),
        ("BATCH_SIZE", "number", 0, "a"),
        ("CHECKPOINT", "file", None, "oa"),
        ("OUTPUT", "sink", None, ""),
        ("UNANSWERED", "sink", None, "o"),
    ],
    "installengine": [
        ("TORCH", "enum", "auto", ""),
        ("FOLDER", "file", None, "oa"),
        ("PYTHON", "file", None, "oa"),
        ("WHEELS", "file", None, "oa"),
        ("TORCH_INDEX", "string", None, "oa"),
        ("UV", "file", None, "oa"),
        ("REINSTALL", "boolean", False, "a"),
    ],
    "removeengine": [("FOLDER", "file", None, "o")],
    "enginereport": [
        ("BENCHMARK", "boolean", True, ""),
        ("OUTPUT", "fileDestination", None, "o"),
    ],
}
OUTPUTS = {
    "previewpatches": [
        "CACHED_COUNT",
        "COMPARISON",
        "COVERED_PERCENT",
        "DISK_MB",
        "ESTIMATED_SECONDS",
        "MEMORY_MB",
        "OBJECT_FITS",
        "OVERLAP_PERCENT",
        "PATCHES",
        "PATCH_COUNT",
        "PATCH_WIDTH",
        "PREVIEW",
        "RECOMMENDED_RESOLUTION",
        "RECOMMENDED_STRIDE",
        "SETTINGS_FILE",
        "SKIPPED_COUNT",
        "VALUE_RANGE",
    ],
    "encoderaster": [
        "MANIFEST",
        "OUTPUT",
        "PATCHES",
        "PATCH_COUNT",
        "REUSED_COUNT",
        "SKIPPED_COUNT",
    ],
    "segmentlive": [
        "CACHED_COUNT",
        "ENCODED_COUNT",
        "OBJECT_COUNT",
        "OUTPUT",
        "UNANSWERED",
        "UNANSWERED_COUNT",
    ],
    "downloadmodel": ["CHECKPOINT", "SHA256", "SIZE"],
    "listmodels": ["DOWNLOADED_COUNT", "OUTPUT"],
    "reportcache": ["COUNT", "FOLDER", "LIMIT_MEGABYTES", "MEGABYTES"],
    "clearcache": ["FOLDER", "FREED_MEGABYTES", "REMOVED_COUNT"],
    "encodetilelayer": [
        "MANIFEST",
        "MISSING_SHARE",
        "OUTPUT",
        "PATCHES",
        "PATCH_COUNT",
        "RASTER",
        "REUSED_COUNT",
        "SKIPPED_COUNT",
        "TILE_COUNT",
    ],
    "installengine": [
        "ENGINE_FOLDER",
        "ENGINE_PYTHON",
        "INSTALLED",
        "PYTHON_VERSION",
        "TORCH_VERSION",
        "VERSION",
    ],
    "removeengine": ["ENGINE_FOLDER"],
    "enginereport": [
        "DEVICE",
        "ENGINE_PYTHON",
        "FREE_GIGABYTES",
        "GDAL_VERSION",
        "GPU_PROBLEM",
        "MODEL_COUNT",
        "OUTPUT",
        "PROBLEM",
        "PYTHON_VERSION",
        "QGIS_VERSION",
        "SECONDS_PER_PATCH",
        "TORCH_VERSION",
    ],
    "segmentprompts": ["OBJECT_COUNT", "OUTPUT", "UNANSWERED", "UNANSWERED_COUNT"],
}
NAMES = {
    "previewpatches": ("Preview patches", "Encoding", "encoding"),
    "encoderaster": ("Encode raster", "Encoding", "encoding"),
    "segmentlive": ("Segment live", "Segmentation", "segmentation"),
    "reportcache": ("Report live cache", "Cache", "cache"),
    "clearcache": ("Clear live cache", "Cache", "cache"),
    "encodetilelayer": ("Encode tile layer", "Encoding", "encoding"),
    "segmentprompts": ("Segment from prompts", "Segmentation", "segmentation"),
    "installengine": ("Install engine", "Engine", "engine"),
    "enginereport": ("Engine report", "Engine", "engine"),
    "removeengine": ("Remove engine", "Engine", "engine"),
}
OFFICIAL = [model for model in CATALOGUE if model != BUNDLED_MODEL]
ENUMS = {
    "MODEL": list(CATALOGUE),
    "PRECISION": ["float16", "float32"],
    "COMPUTE_PRECISION": ["auto", "float32", "bfloat16", "float16"],
    "MEMORY_STRATEGY": ["balanced", "low_memory"],
    "MISSING": ["mask", "error"],
    "TORCH": ["auto", "cpu", "cuda"],
    "MASKS": ["auto", "best", "smallest", "largest", "single"],
}


def marks(definition: Any) -> str:
    flags = type(definition).Flag if hasattr(type(definition), "Flag") else None
    assert flags is not None
    return "".join(
        mark
        for mark, flag in (("o", flags.FlagOptional), ("a", flags.FlagAdvanced))
        if definition.flags() & flag
    )


def test_every_algorithm_is_listed(algorithms: dict[str, Any]) -> None:
    workflows = {path.stem for path in workflow_files()}
    assert sorted(algorithms.keys() - workflows) == sorted(PARAMETERS)


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_parameters_and_outputs(algorithms: dict[str, Any], name: str) -> None:
    algorithm = algorithms[name]
    found = [
        (each.name(), each.type(), each.defaultValue(), marks(each))
        for each in algorithm.parameterDefinitions()
    ]
    assert found == PARAMETERS[name]
    assert sorted(each.name() for each in algorithm.outputDefinitions()) == OUTPUTS[name]


@pytest.mark.parametrize("name", sorted(NAMES))
def test_names_groups_icons_and_tags(algorithms: dict[str, Any], name: str) -> None:
    algorithm = algorithms[name]
    assert (algorithm.displayName(), algorithm.group(), algorithm.groupId()) == NAMES[name]
    assert algorithm.id() == f"geosam:{name}"
    assert Path(algorithm.svgIconPath()).is_file() and not algorithm.icon().isNull()
    assert "sam2" in algorithm.tags()
    assert algorithm.helpUrl().endswith(f"docs/{name}.md")


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_every_parameter_has_help_and_every_enum_names_its_values(
    algorithms: dict[str, Any], name: str
) -> None:
    short_help = algorithms[name].shortHelpString()
    for definition in algorithms[name].parameterDefinitions():
        assert definition.help(), definition.name()
        assert definition.help() in short_help
        if definition.type() == "enum":
            assert definition.usesStaticStrings()
            if name == "downloadmodel":
                assert definition.options() == [*OFFICIAL, *NOT_SUPPORTED]
            else:
                assert definition.options() == ENUMS[definition.name()]
            assert all(option in definition.help() for option in definition.options())


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_a_value_that_is_not_allowed_is_said_with_what_is(
    algorithms: dict[str, Any], name: str
) -> None:
    from qgis.core import QgsProcessingContext

    algorithm, context = algorithms[name], QgsProcessingContext()
    for definition in algorithm.parameterDefinitions():
        key = definition.name()
        if definition.type() == "enum":
            good, text = algorithm.checkParameterValues({key: "nonsense"}, context)
            allowed = ", ".join(definition.options())
            assert (good, text) == (False, f"Invalid {key} (nonsense): choose one of {allowed}")
        if definition.type() == "number":
            low = definition.minimum() - 1
            good, text = algorithm.checkParameterValues({key: low}, context)
            assert not good and text.startswith(f"Invalid {key} ({low}): give a ")
            assert f"from {definition.minimum():g} " in text and "e+" not in text


def test_default_model_is_the_bundled_one(algorithms: dict[str, Any]) -> None:
    definition = algorithms["encoderaster"].parameterDefinition("MODEL")
    assert definition.defaultValue() == BUNDLED_MODEL


def test_provider(qgis_application: Any) -> None:
    provider = qgis_application.processingRegistry().providerById("geosam")
    assert (provider.name(), provider.versionInfo()) == ("GeoSAM", contract.VERSION)
    assert not provider.icon().isNull()


def test_metadata_agrees_with_the_code() -> None:
    metadata = configparser.ConfigParser()
    metadata.read(PACKAGE / "metadata.txt", encoding="utf-8")
    general = metadata["general"]
    assert general["version"] == contract.VERSION
    assert general["hasProcessingProvider"] == "yes"
    assert general["qgisMinimumVersion"] == "3.22"
    assert (PACKAGE / general["icon"]).is_file()


def test_without_an_engine_algorithms_are_listed_and_say_what_to_run(
    algorithms: dict[str, Any], monkeypatch: pytest.MonkeyPatch, raster: Path, tmp_path: Path
) -> None:
    from qgis.core import QgsProcessingContext, QgsProcessingException

    from geosam_processing.algorithms import base
    from tests.algorithms.scene import Feedback, Run

    monkeypatch.setattr(base, "find_engine_python", lambda setting: None)
    good, text = algorithms["encoderaster"].canExecute()
    assert not good and "make setup" in text
    parameters = {"INPUT": str(raster), "OUTPUT": str(tmp_path / "features")}
    with pytest.raises(QgsProcessingException, match="make setup"):
        Run("geosam:encoderaster", parameters)
    # As a model runs it: unasked.
    algorithm = algorithms["encoderaster"].create()
    context, feedback = QgsProcessingContext(), Feedback()
    assert algorithm.prepare(parameters, context, feedback)
    with pytest.raises(QgsProcessingException, match="make setup"):
        algorithm.processAlgorithm(parameters, context, feedback)
    monkeypatch.setattr(type(algorithm), "NEEDS_ENGINE", False)
    assert algorithm.canExecute() == (True, "")


def test_wrong_setting_is_said(
    algorithms: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GEOSAM_ENGINE_PYTHON", str(tmp_path / "nothing"))
    good, text = algorithms["segmentprompts"].canExecute()
    assert not good and "names no Python" in text
