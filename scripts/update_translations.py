"""Bring geosam_processing/i18n/geosam_*.ts up to date with the source.

    make translations

Runs in QGIS's Python. Strings reach Qt in two ways: written out in a call of tr() or where the
engine makes a text for users, which are read from the source, and through the helpers of
parameters, which are heard while the algorithms define themselves. What was translated stays; what
is gone from the source goes.
"""

from __future__ import annotations

import ast
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
PACKAGE = ROOT / "geosam_processing"

from scripts.error_texts import GROUPS, named_values  # noqa: E402

FOLDER = PACKAGE / "i18n"
CONTEXT = "GeoSAM"
TRANSLATE = ("tr",)
# Calls that make a text of the engine, which QGIS's side translates when it shows it.
TEXTS = {"Text", "say", "LogEvent"}
# Errors whose texts are translated where they are raised.
TRANSLATED_THEMSELVES = {"QgsProcessingException", "TileError"}


def source_strings() -> list[str]:
    """All strings, sorted. Needs the provider to be registered."""
    return sorted(written_strings() | heard_strings())


def written_strings() -> set[str]:
    """What is given to tr(), QCoreApplication.translate("GeoSAM", ...), errors and ``Text``.

    Literals, both branches of a condition, and the names of literals that stand at the top of a
    module.
    """
    modules = [ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")]
    everywhere = {name: value for module in modules for name, value in named_values(module)}
    found = set()
    for module in modules:
        # Those of the module itself hide others of the same name.
        named = {**everywhere, **dict(named_values(module))}
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and node.args:
                called = ast.unparse(node.func)
                text = node.args[0] if called in TRANSLATE else template_of(node, called)
                if called.endswith("QCoreApplication.translate") and len(node.args) > 1:
                    text = node.args[1]
                for each in branches(text):
                    if isinstance(each, ast.Name):
                        each = named.get(each.id)
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        found.add(each.value)
    return {text for text in found if re.search("[^\\W\\d_]", text)}


def branches(node: ast.expr | None) -> list[ast.expr | None]:
    """The values that an expression may have: both of a condition."""
    if isinstance(node, ast.IfExp):
        return [*branches(node.body), *branches(node.orelse)]
    return [node]


def template_of(call: ast.Call, called: str) -> ast.expr | None:
    """The text of an error or of the engine that QGIS's side translates when it shows it."""
    name = called.rpartition(".")[2]
    if name in TEXTS:
        return call.args[0]
    if name not in GROUPS or name in TRANSLATED_THEMSELVES:
        return None
    place = 1 if name == "require" else 0
    return call.args[place] if len(call.args) > place else None


def heard_strings() -> set[str]:
    """What Qt is asked to translate while every algorithm tells all about itself."""
    from qgis.core import QgsApplication
    from qgis.PyQt.QtCore import QCoreApplication, QTranslator

    from geosam_processing.settings import add_settings

    heard = set()

    class Listener(QTranslator):
        def isEmpty(self) -> bool:  # noqa: N802
            return False

        def translate(self, context: str, text: str, *rest: object) -> str:
            if context == CONTEXT:
                heard.add(text)
            return ""

    listener = Listener()
    QCoreApplication.installTranslator(listener)
    try:
        provider = QgsApplication.processingRegistry().providerById("geosam")
        provider.longName()
        add_settings()
        for known in provider.algorithms():
            algorithm = known.create()
            for tell in ("displayName", "group", "tags", "shortHelpString"):
                getattr(algorithm, tell)()
    finally:
        QCoreApplication.removeTranslator(listener)
    return {text for text in heard if text.strip()}


def translations_in(path: Path) -> dict[str, str]:
    """The translations in a .ts file, by source."""
    found = {}
    for message in ElementTree.parse(path).iter("message"):
        translation = message.find("translation")
        if translation is not None and translation.text:
            found[message.findtext("source", "")] = translation.text
    return found


def content(language: str, strings: list[str], translations: dict[str, str]) -> str:
    """A .ts file."""
    root = ElementTree.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ElementTree.SubElement(root, "context")
    ElementTree.SubElement(context, "name").text = CONTEXT
    for string in strings:
        message = ElementTree.SubElement(context, "message")
        ElementTree.SubElement(message, "source").text = string
        translation = ElementTree.SubElement(message, "translation")
        if string in translations:
            translation.text = translations[string]
        else:
            translation.set("type", "unfinished")
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n'


def updated() -> dict[Path, str]:
    """What each .ts file shall be."""
    strings = source_strings()
    return {
        path: content(path.stem.partition("_")[2], strings, translations_in(path))
        for path in sorted(FOLDER.glob("*.ts"))
    }


def main() -> int:
    """Write every file that is not up to date."""
    from workflows.qgis_session import qgis_session

    with qgis_session():
        wanted = updated()
    for path, text in wanted.items():
        if path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"Wrote {path.relative_to(ROOT)}")
        count, total = len(translations_in(path)), text.count("<message>")
        print(f"{path.name}: {count} of {total} strings are translated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
