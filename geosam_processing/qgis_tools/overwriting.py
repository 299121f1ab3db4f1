"""Outputs that would overwrite what a run reads, or one another."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingUtils,
    QgsProject,
    QgsProviderRegistry,
    QgsVectorLayer,
    QgsVirtualLayerDefinition,
)
from qgis.PyQt.QtCore import QUrl

from ..translation import tr
from .destinations import destination_of
from .inputs import Inputs, is_nothing

_LAYER_KINDS = {"source", "vector", "raster", "layer", "multilayer", "mesh", "pointcloud"}
# Files that make one layer together.
_FAMILIES = (
    (".shp", ".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx"),
    (".tab", ".dat", ".map", ".id", ".ind"),
    (".mif", ".mid"),
)
# What a run reads of a folder that is an input.
_READ_IN_FOLDERS = (".parquet", ".pt", ".tif")
_VIRTUAL = re.compile(r"/vsi(\w+)/(.*)", re.DOTALL)
_IN_ANOTHER_FILE = {"zip", "tar", "gzip", "7z", "rar", "sparse", "cached", "subfile"}
_VRT_SOURCE = re.compile(
    r'<(?:SourceFilename|SourceDataset|SrcDataSource)(?:\s+relativeToVRT="(\d)")?[^>]*>([^<]+)<'
)
_VRT_SIZE = 2**24  # bytes that are searched for the names of sources


@dataclass(frozen=True)
class _Place:
    """What a parameter reads or writes: a file, or the layer ``table`` in it."""

    key: str
    path: str
    table: str = ""


def overwritten(inputs: Inputs) -> str:
    """The first output at the place of an input or of another output, as an error; else empty."""
    read = [
        place
        for definition in inputs.algorithm.parameterDefinitions()
        if not definition.isDestination()
        for place in _read_by(definition, inputs.value(definition.name()), inputs.context)
    ]
    written: list[_Place] = []
    for definition in inputs.algorithm.parameterDefinitions():
        value = inputs.value(definition.name())
        if not definition.isDestination() or is_nothing(value):
            continue
        destination = destination_of(value, inputs.context)
        if not destination.path:
            continue
        place = _Place(definition.name(), destination.path, destination.table)
        for other in read:
            if _collide(place, other):
                return tr(
                    "{} ({}) is a file of {}, which the run would overwrite while it reads it. "
                    "Give {} another place"
                ).format(place.key, place.path, other.key, place.key)
        for other in written:
            if _collide(place, other):
                return tr("{} and {} are the same file ({}). Give each a different file").format(
                    other.key, place.key, place.path
                )
        written.append(place)
    return ""


def same_file(one: str, other: str) -> bool:
    """Whether two spellings name the same file, that need not be there."""
    try:
        if os.path.samefile(one, other):
            return True
    except OSError:
        pass
    return os.path.normcase(os.path.realpath(one)) == os.path.normcase(os.path.realpath(other))


def real_file(path: str) -> str:
    """The file on the disk that ``path``, as GDAL and QGIS have it, is in."""
    if path.startswith("file:"):
        return QUrl(path).toLocalFile()
    nested = False
    found = _VIRTUAL.fullmatch(path)
    while found is not None and found[1] in _IN_ANOTHER_FILE:
        nested = True
        path = found[2].partition(",")[2] if found[1] == "subfile" else found[2]
        path = path.replace("{", "").replace("}", "")
        found = _VIRTUAL.fullmatch(path)
    whole = path
    while nested and path and not os.path.isfile(path):
        shorter = os.path.dirname(path)
        if shorter == path:
            return whole
        path = shorter
    return path or whole


def _collide(output: _Place, other: _Place) -> bool:
    if output.table and other.table and output.table.lower() != other.table.lower():
        return False
    if not any(
        same_file(one, another)
        for one in _members(real_file(output.path))
        for another in _members(real_file(other.path))
    ):
        return False
    # A layer that joins a file of other layers leaves those as they are.
    return not output.table or bool(other.table) or other.path == output.path


def _members(path: str) -> list[str]:
    stem, suffix = os.path.splitext(path)
    for family in _FAMILIES:
        if suffix.lower() in family:
            return [path, *(stem + each for each in family if each != suffix)]
    return [path]


def _read_by(
    definition: QgsProcessingParameterDefinition, value: Any, context: QgsProcessingContext
) -> Iterator[_Place]:
    """The files that an input parameter reads."""
    key = definition.name()
    values = value if isinstance(value, (list, tuple)) else [value]
    for each in values:
        if isinstance(each, QgsProcessingFeatureSourceDefinition):
            each, _ = each.source.valueAsString(context.expressionContext())
        if isinstance(each, QgsMapLayer):
            yield from _of_layer(key, each)
        elif not isinstance(each, str) or not each:
            continue
        elif isinstance(definition, QgsProcessingParameterFile):
            yield from _of_file(key, each)
        else:
            layer = None
            if definition.type() in _LAYER_KINDS or os.path.exists(each):
                layer = QgsProcessingUtils.mapLayerFromString(each, context)
            if layer is not None:
                yield from _of_layer(key, layer)
            elif os.path.isfile(real_file(each)):
                yield from _of_file(key, each)


def _of_file(key: str, path: str) -> Iterator[_Place]:
    if os.path.isdir(path):
        for folder, _, names in os.walk(path):
            for name in names:
                if name.lower().endswith(_READ_IN_FOLDERS):
                    yield _Place(key, os.path.join(folder, name))
    else:
        yield _Place(key, path)


def _of_layer(key: str, layer: QgsMapLayer) -> Iterator[_Place]:
    """The file of a layer, and those that it takes more from."""
    provider = layer.providerType()
    if provider == "virtual":
        definition = QgsVirtualLayerDefinition.fromUrl(QUrl.fromEncoded(layer.source().encode()))
        for source in definition.sourceLayers():
            below = (
                QgsProject.instance().mapLayer(source.reference())
                if source.isReferenced()
                else QgsVectorLayer(source.source(), source.name(), source.provider())
            )
            if below is not None:
                yield from _of_layer(key, below)
        return
    parts = QgsProviderRegistry.instance().decodeUri(provider, layer.source())
    path = str(parts.get("path") or "")
    if path:
        table = str(parts.get("layerName") or "")
        if isinstance(layer, QgsVectorLayer) and not table:
            names = [each.split("!!::!!") for each in layer.dataProvider().subLayers()]
            table = names[0][1] if names and len(names[0]) > 1 else ""
        yield _Place(key, path, table)
        for source in _vrt_sources(path):
            yield _Place(key, source)
    if isinstance(layer, QgsVectorLayer):
        for join in layer.vectorJoins():
            if join.joinLayer() is not None:
                yield from _of_layer(key, join.joinLayer())


def _vrt_sources(path: str) -> Iterator[str]:
    """The files that a virtual raster or layer is made of."""
    if not path.lower().endswith((".vrt", ".ovrt")):
        return
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read(_VRT_SIZE)
    except OSError:
        return
    for relative, name in _VRT_SOURCE.findall(text):
        yield os.path.join(os.path.dirname(path), name) if relative == "1" else name
