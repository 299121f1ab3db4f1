"""Ids, keys and defaults are as ``interface`` has them, and all is explained."""

import configparser
import sys
from pathlib import Path
from typing import Any

import pytest

from geosam_processing import contract
from geosam_processing.algorithms.workflow import workflow_files
from geosam_processing.contract.catalogue import BUNDLED_MODEL, CATALOGUE
from tests.algorithms.interface import NAMES, OUTPUTS
from tests.algorithms.interface_parameters import PARAMETERS

PACKAGE = Path(__file__).parents[2] / "geosam_processing"

OFFICIAL = [model for model in CATALOGUE if model != BUNDLED_MODEL]
ENUMS = {
    "MODEL": list(CATALOGUE),
    "PRECISION": ["float16", "float32"],
    "COMPUTE_PRECISION": ["auto", "float32", "bfloat16", "float16"],
    "MEMORY_STRATEGY": ["balanced", "low_memory"],
    "MISSING": ["mask", "error"],
    "TORCH": ["auto", "cpu", "cuda"],
    "KEEP": ["all", "leaves", "largest", "coverage"],
    "DESCRIPTOR": ["color and contrast", "features", "shape", "all"],
    "OUTLINE": ["pixels", "smooth"],
    "FOR": ["buildings", "fields", "curves", "as they are"],
    "METHOD": ["above", "below", "between"],
    "segmentseries METHOD": ["auto", "memory", "prompts"],
    "DATES": ["auto", "name", "table", "metadata", "order"],
    "START": ["first", "last", "prompt", "best"],
    "DIRECTION": ["both", "forward", "backward"],
    "RANGES": ["all", "each"],
    "MODE": ["regions", "maxima"],
    "mergeobjects MODE": ["both", "join", "duplicates", "shards"],
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
    assert sorted(algorithms.keys() - workflows) == sorted(PARAMETERS) == sorted(NAMES)


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
    assert {"sam2", "sam3"} & set(algorithm.tags())
    # The site's page where it was built.
    assert algorithm.helpUrl().endswith((f"/docs/{name}.md", f"/build/site/{name}.html"))


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_descriptions_are_short(algorithms: dict[str, Any], name: str) -> None:
    algorithm = algorithms[name]
    description = algorithm.shortHelpString()
    assert 5 < len(description.split()) <= 120
    assert description.startswith(algorithm.shortDescription()[:-1])
    hidden = algorithm.flags() & type(algorithm).Flag.FlagHideFromModeler
    assert bool(hidden) == (name in {"installengine", "removeengine", "clearcache"})


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_every_parameter_has_help_and_every_enum_names_its_values(
    algorithms: dict[str, Any], name: str
) -> None:
    for definition in algorithms[name].parameterDefinitions():
        assert definition.help(), definition.name()
        if definition.type() == "enum":
            assert definition.usesStaticStrings()
            if name == "downloadmodel":
                assert definition.options() == OFFICIAL
            else:
                options = ENUMS.get(f"{name} {definition.name()}", ENUMS.get(definition.name()))
                assert definition.options() == options
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
        if definition.type() == "number" and definition.minimum() > -sys.float_info.max:
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
