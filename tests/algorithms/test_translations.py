"""The plugin speaks the language of QGIS; ids and keys stay what they are."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from geosam_processing.translation import install_translator, remove_translator
from scripts import build_plugin, update_translations

pytestmark = pytest.mark.usefixtures("qgis_application")

GERMAN = update_translations.FOLDER / "geosam_de.ts"


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """QGIS in German, with the translations as the ZIP has them."""
    from qgis.core import QgsApplication

    if not shutil.which("lrelease"):
        pytest.skip("there is no lrelease")
    for name, data in build_plugin.compiled_translations().items():
        (tmp_path / Path(name).name).write_bytes(data)
    monkeypatch.setattr(QgsApplication, "locale", lambda: "de_AT")
    translator = install_translator(str(tmp_path))
    assert translator is not None
    yield
    remove_translator(translator)


def test_algorithms_speak_german(german: None, algorithms: dict[str, Any]) -> None:
    algorithm = algorithms["encoderaster"].create()
    assert (algorithm.displayName(), algorithm.group()) == ("Raster kodieren", "Kodierung")
    assert (algorithm.name(), algorithm.groupId()) == ("encoderaster", "encoding")
    definition = algorithm.parameterDefinition("STRIDE")
    assert definition.description() == "Schrittweite (Pixel)"
    assert algorithms["encoderaster"].parameterDefinition("STRIDE").name() == "STRIDE"


def test_without_a_translation_it_speaks_english(
    tmp_path: Path, algorithms: dict[str, Any]
) -> None:
    assert install_translator(str(tmp_path)) is None
    assert algorithms["encoderaster"].create().displayName() == "Encode raster"


def test_every_title_group_and_label_is_found(algorithms: dict[str, Any]) -> None:
    strings = set(update_translations.source_strings())
    for algorithm in algorithms.values():
        assert {algorithm.displayName(), algorithm.group()} <= strings
    for definition in algorithms["encoderaster"].parameterDefinitions():
        assert {definition.description(), definition.help()} <= strings
    # Written out in the source, asked for only when something is wrong.
    assert any(string.startswith("Invalid band number for BANDS") for string in strings)
    assert any(string.startswith("GeoSAM has no engine yet") for string in strings)


def test_every_title_group_and_label_is_in_german(algorithms: dict[str, Any]) -> None:
    german = update_translations.translations_in(GERMAN)
    for algorithm in algorithms.values():
        shown = {algorithm.displayName(), algorithm.group()}
        for definitions in (algorithm.parameterDefinitions(), algorithm.outputDefinitions()):
            shown |= {definition.description() for definition in definitions}
        assert sorted(shown - set(german)) == [], algorithm.name()


def test_updating_keeps_translations_and_drops_what_is_gone() -> None:
    strings = ["Encode raster", "New & <strange>"]
    known = {"Encode raster": "Raster kodieren", "Gone": "Weg"}
    text = update_translations.content("de", strings, known)
    assert "Raster kodieren" in text and "Weg" not in text
    assert "New &amp; &lt;strange&gt;" in text and text.count("unfinished") == 1


def test_placeholders_survive_translation() -> None:
    for source, translation in update_translations.translations_in(GERMAN).items():
        assert source.count("{") == translation.count("{"), source
