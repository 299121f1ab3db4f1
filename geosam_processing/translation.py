"""The plugin in the language that QGIS speaks."""

import os
from typing import Optional

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTranslator

from .contract.folders import package_folder
from .contract.texts import Text

# Compiled from i18n/*.ts when the plugin's ZIP is built; without them it speaks English.
FOLDER = os.path.join(package_folder(), "i18n")


def tr(text: str) -> str:
    """``text`` in the user's language."""
    return QCoreApplication.translate("GeoSAM", text)


def worded(text: str) -> str:
    """A text of the engine in the user's language."""
    if not isinstance(text, Text) or not text.values:
        return tr(text) if text else ""
    values = (worded(value) if isinstance(value, Text) else value for value in text.values)
    return tr(text.template).format(*values)


def install_translator(folder: str = FOLDER) -> Optional[QTranslator]:
    """Translate from now on; None if there is nothing in QGIS's language."""
    translator = QTranslator()
    if not translator.load(QLocale(QgsApplication.locale()), "geosam", "_", folder):
        return None
    QCoreApplication.installTranslator(translator)
    return translator


def remove_translator(translator: QTranslator) -> None:
    QCoreApplication.removeTranslator(translator)
