"""Fields and values as the format of an output can hold them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Callable, Optional

from qgis.core import (
    QgsFeatureRequest,
    QgsField,
    QgsFields,
    QgsProcessingFeatureSource,
    QgsVectorFileWriter,
)
from qgis.PyQt.QtCore import QByteArray, QDate, QDateTime, Qt, QTime, QVariant

from ...qgis_tools.destinations import Destination

_NESTED = {QVariant.Map, QVariant.List, QVariant.StringList}
_WHOLE = {QVariant.Int, QVariant.LongLong}
# What the geometry is called in a file of a format that is a database.
_GEOMETRY = {"GPKG": "geom", "SQLite": "geometry"}
_HOLD_NO_TRUTH = {"spatialite"}
_HOLD_BYTES = {"GPKG", "SQLite"}
_TELL_CASES_APART = {"GeoJSON", "GeoJSONSeq", "FlatGeobuf"}
_HIGHEST = 2**63 - 1
# Numbers of rows below this are told apart by a bit each, 32 MB in all.
_USUAL = 2**28


class Columns:
    """The columns of an output, and how values become theirs.

    Names that the format takes for one (equal but for case), or that it reserves (the
    geometry, the number of a row), get a number. Nested values become JSON.

    Attributes:
        fields: as the format can hold them, in the order that they were given in.
        renamed: the old and the new names of those that have another.
    """

    def __init__(
        self,
        fields: QgsFields,
        destination: Destination,
        numbers_fit: Callable[[str], bool],
    ) -> None:
        """``numbers_fit``: whether the field of that name numbers the rows, each by its own."""
        driver = "" if destination.is_memory else _driver(destination)
        row_number = _row_number(driver)
        reserved = {_GEOMETRY.get(driver, "")}
        if row_number and not numbers_fit(row_number):
            reserved.add(row_number)
        self.fields = QgsFields()
        self.renamed: list[tuple[str, str]] = []
        taken = {name.lower() for name in fields.names()}
        used: set[str] = set()
        for number in range(fields.count()):
            field = QgsField(fields.at(number))
            name = field.name()
            one = name if not driver or driver in _TELL_CASES_APART else name.lower()
            if one in used or name.lower() in reserved - {""}:
                name = _free(name, taken)
                self.renamed.append((field.name(), name))
                taken.add(name.lower())
                one = name if one == field.name() else name.lower()
            used.add(one)
            if _becomes_text(field, driver):
                field = QgsField(name, QVariant.String)
            elif field.type() == QVariant.Bool and driver in _HOLD_NO_TRUTH:
                field = QgsField(name, QVariant.Int)
            field.setName(name)
            if name == fields.at(number).name() and field.type() == fields.at(number).type():
                self.fields.append(fields.at(number), fields.fieldOrigin(number))
            else:
                self.fields.append(field)

    def values(self, attributes: Iterable[Any]) -> list[Any]:
        """The attributes of a row as the columns take them."""
        return [_value(self.fields.at(number), value) for number, value in enumerate(attributes)]


def numbers_fit(sources: Sequence[QgsProcessingFeatureSource], column: str) -> bool:
    """Whether ``column`` can number the rows that all features of ``sources`` become.

    It can if each has a different whole number there, from 0 on.
    """
    highest = -1
    for value in _numbers(sources, column):
        if value is None:
            return False
        if value <= highest:
            break
        highest = value
    else:
        return True
    # Only where they do not ascend, as a layer's own do, all have to be kept in mind.
    seen = _Numbers()
    return all(value is not None and seen.add(value) for value in _numbers(sources, column))


class _Numbers:
    """A set of whole numbers that takes a bit for each up to the largest of the usual ones."""

    def __init__(self) -> None:
        self._bits = bytearray()
        self._large: set[int] = set()

    def add(self, number: int) -> bool:
        """Add a number; whether it is new."""
        if number >= _USUAL:
            new = number not in self._large
            self._large.add(number)
            return new
        place, bit = number >> 3, 1 << (number & 7)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits)))
        new = not self._bits[place] & bit
        self._bits[place] |= bit
        return new


def _numbers(sources: Sequence[QgsProcessingFeatureSource], column: str) -> Iterator[Optional[int]]:
    """The values of ``column``, None for one that is no whole number from 0 on."""
    skip = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
    for source in sources:
        index = source.fields().lookupField(column)
        if index < 0 or source.fields().at(index).type() not in _WHOLE:
            yield None
            return
        request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry)
        request.setSubsetOfAttributes([index])
        for feature in source.getFeatures(request, skip):
            value = feature.attribute(index)
            yield value if isinstance(value, int) and 0 <= value <= _HIGHEST else None


def is_null(value: Any) -> bool:
    """Whether ``value`` is NULL, or only a promise of one that the provider will give."""
    if value is None or (isinstance(value, QVariant) and value.isNull()):
        return True
    # From QGIS 3.28 on, of a row whose edits are not saved.
    return type(value).__name__ == "QgsUnsetAttributeValue"


def _driver(destination: Destination) -> str:
    """GDAL's name of the format that is written; QGIS makes a GeoPackage of what it lacks."""
    if destination.provider not in ("", "ogr"):
        return destination.provider
    suffix = destination.path.rpartition(".")[2]
    return str(QgsVectorFileWriter.driverForExtension(suffix)) or "GPKG"


def _row_number(driver: str) -> str:
    return {"GPKG": "fid", "SQLite": "ogc_fid"}.get(driver, "")


def _free(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name}_{number}".lower() in taken:
        number += 1
    return f"{name}_{number}"


def _becomes_text(field: QgsField, driver: str) -> bool:
    if field.type() == QVariant.ByteArray:
        return bool(driver) and driver not in _HOLD_BYTES
    return field.type() in _NESTED


def _value(field: QgsField, value: Any) -> Any:
    if is_null(value):
        return None
    if field.type() == QVariant.String:
        return value if isinstance(value, str) else _text(value)
    if field.type() == QVariant.Int and isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        # A provider's default, such as Autogenerate or nextval('...'), is no number.
        try:
            return field.convertCompatible(value)
        except ValueError:
            return None
    return value


def _text(value: Any) -> str:
    if isinstance(value, (QByteArray, bytes)):
        return bytes(value).hex()
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(_plain(value), ensure_ascii=False)
    return str(_plain(value))


def _plain(value: Any) -> Any:
    """``value`` as JSON can say it."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (QDate, QTime, QDateTime)):
        return value.toString(Qt.DateFormat.ISODate)
    if isinstance(value, (QByteArray, bytes)):
        return bytes(value).hex()
    if is_null(value):
        return None
    return value if isinstance(value, (str, int, float, bool)) else str(value)
