"""Where an output goes: a file, a layer of a file or database, or memory."""

import re
from dataclasses import dataclass
from typing import Any, Optional

from qgis.core import (
    QgsDataSourceUri,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingOutputLayerDefinition,
    QgsProperty,
    QgsProviderRegistry,
)

# Names of Processing's own beside those of the providers.
_PROVIDERS = {"ogr", "postgis", "spatialite", "mssql", "oracle", "hana"}
_PREFIX = re.compile(r"^(\w{2,}):(?!//)(.+)$", re.DOTALL)


@dataclass(frozen=True)
class Destination:
    """One output as the user gave it.

    ``path`` is the file, as given; empty for memory and for databases that are no file.
    ``table`` is the layer in it, empty where the file is the layer. ``provider`` is empty for a
    plain file. ``appends``: the rows go to the end of a layer that stays.
    """

    text: str
    path: str = ""
    table: str = ""
    provider: str = ""
    appends: bool = False

    @property
    def is_plain_file(self) -> bool:
        """Whether the file as a whole is the output, and lies where a file can be renamed."""
        return bool(
            self.path and not (self.provider or self.appends or self.path.startswith("/vsi"))
        )

    @property
    def is_memory(self) -> bool:
        return not (self.path or self.provider or self.appends)


def destination_of(value: Any, context: QgsProcessingContext) -> Destination:
    """The destination that the value of an output parameter names; no value is memory."""
    appends = False
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        appends = value.useRemapping()
        value = value.sink
    if isinstance(value, QgsProperty):
        value, _ = value.valueAsString(context.expressionContext())
    text = value if isinstance(value, str) else ""
    if text in ("", QgsProcessing.TEMPORARY_OUTPUT) or text.startswith("memory:"):
        return Destination(text, appends=appends)
    found = _PREFIX.match(text)
    providers = _PROVIDERS.union(QgsProviderRegistry.instance().providerList())
    if found is None or found[1].lower() not in providers:
        path, _, layer = text.partition("|layername=") if appends else (text, "", "")
        return Destination(text, path, layer, appends=appends)
    uri = QgsDataSourceUri(found[2])
    is_file = found[1].lower() in ("ogr", "spatialite")
    return Destination(
        text, uri.database() if is_file else "", uri.table(), found[1].lower(), appends
    )


def definition_at(value: Any, path: str) -> QgsProcessingOutputLayerDefinition:
    """The output ``value`` at another file, and not to be loaded into a project."""
    moved = QgsProcessingOutputLayerDefinition(path, None)
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        moved.createOptions = value.createOptions
    return moved


def project_of(value: Any) -> tuple[Optional[Any], str]:
    """The project that the output shall be loaded into, and the name of the layer there."""
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        return value.destinationProject, str(value.destinationName)
    return None, ""
