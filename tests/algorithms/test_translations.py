"""The plugin speaks the language of QGIS; ids and keys stay what they are."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from geosam_processing.contract import LogEvent, ProgressEvent, Text
from geosam_processing.contract.errors import UserError
from geosam_processing.qgis_tools.feedback import log_to, progress_to
from geosam_processing.translation import install_translator, remove_translator, worded
from scripts import build_plugin, update_translations
from tests.algorithms.scene import Feedback

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


class Backwards(QTranslator):
    """Translates each text of ours by turning its words around."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, *rest: object) -> str:
        return " ".join(reversed(text.split(" "))) if context == "GeoSAM" else ""


def test_texts_of_the_engine_are_translated_with_their_values() -> None:
    problem = UserError("{} is damaged", "chip 7")
    text = Text("Left out: {} and {}", problem, "C:/a b")
    translator = Backwards()
    QCoreApplication.installTranslator(translator)
    try:
        assert worded(text) == "damaged is chip 7 and C:/a b out: Left"
        assert (worded("No data"), worded("")) == ("data No", "")
        feedback = Feedback()
        log_to(feedback)(LogEvent(text, "warning"))
        progress_to(feedback)(ProgressEvent(1, 2, Text("patch {} of {}", 1, 2)))
    finally:
        QCoreApplication.removeTranslator(translator)
    assert feedback.warnings == ["damaged is chip 7 and C:/a b out: Left"]
    assert worded(text) == "Left out: chip 7 is damaged and C:/a b"


def test_texts_of_the_engine_are_found() -> None:
    strings = update_translations.written_strings()
    assert {
        "It lies outside every patch: encode an extent that holds it",
        "Its score ({}) is below the minimum ({}): lower that, or place the prompt better",
        "run Install engine (geosam:installengine), or `make setup` in a checkout",
        "is Python {}, which is not among {} to {}",
        "{} of {} patches are there already and are reused",
        "the server answers {}",
    } <= strings
    assert "{}{}" not in strings


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
