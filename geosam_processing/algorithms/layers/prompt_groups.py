"""Prompts that make one object, brought together from anywhere in the layers.

They wait in a temporary database, which SQLite keeps on the disk beyond a certain size. So the
memory does not depend on the number of prompts.
"""

import contextlib
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, Optional

from qgis.core import (
    QgsGeometry,
    QgsProcessingException,
    QgsRectangle,
    QgsSpatialIndex,
)
from qgis.PyQt.QtCore import QByteArray, QDataStream, QDate, QDateTime, QIODevice, QTime

from ...contract import Bounds
from ...translation import tr
from .columns import is_null
from .prompts import PromptFeature

_CACHE = 64  # MB
_TABLES = """
PRAGMA cache_size = -{};
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE groups (name BLOB PRIMARY KEY, object INTEGER) WITHOUT ROWID;
CREATE TABLE features (
    object INTEGER, place INTEGER, texts BLOB, geometry BLOB, points BLOB, label INTEGER, box BLOB
);
BEGIN;
"""
_KNOWN = "SELECT object FROM groups WHERE name = ?"
_ADD = "INSERT INTO features VALUES (?, ?, ?, ?, ?, ?, ?)"
# By the objects' first features, then as they were read.
_ORDERED = "SELECT * FROM features ORDER BY object, place"
_PLAIN = (bool, int, float, str, list, dict, QByteArray, QDate, QTime, QDateTime)


class PromptGroups:
    """Takes prompts in any order, and gives them back object by object.

    Raises:
        QgsProcessingException: the disk for temporary files is full.
    """

    def __init__(self) -> None:
        # An empty name is a temporary database, which is removed when it is closed.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLES.format(_CACHE * 1000))
        self._features = self._objects = 0

    def __enter__(self) -> "PromptGroups":
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self._database.close()

    def add(self, feature: PromptFeature, group: Optional[str]) -> None:
        """Add a feature of the object that ``group`` names; None for a separate object."""
        with _errors_of_database():
            row = _row(feature)
            self._database.execute(_ADD, (self._object(group), self._features, *row))
        self._features += 1

    def objects(self) -> Iterator[list[PromptFeature]]:
        """The features of each object, as they were added; ordered by their first ones."""
        with _errors_of_database():
            current, features = -1, list[PromptFeature]()
            for number, _, *row in self._database.execute(_ORDERED):
                if number != current and features:
                    yield features
                    features = []
                current = number
                features.append(_feature(row))
            if features:
                yield features

    def _object(self, group: Optional[str]) -> int:
        if group is not None:
            # SQLite takes no half characters, which texts of QGIS may have.
            name = group.encode("utf-8", "surrogatepass")
            known = self._database.execute(_KNOWN, (name,)).fetchone()
            if known is not None:
                return int(known[0])
            self._database.execute("INSERT INTO groups VALUES (?, ?)", (name, self._objects))
        self._objects += 1
        return self._objects - 1


class BoxIndex:
    """The boxes of a layer by their places; some 200 bytes each."""

    def __init__(self, boxes: Iterable[Optional[Bounds]]) -> None:
        self._corners = array("d")
        self._index = QgsSpatialIndex()
        for number, box in enumerate(boxes):
            self._corners.extend(box or (0.0, 0.0, 0.0, 0.0))
            if box is not None:
                self._index.addFeature(number, QgsRectangle(*box))

    def smallest_around(self, points: tuple[tuple[float, float], ...]) -> Optional[int]:
        """The number of the smallest box that has all points in it; None if there is none."""
        if not points:
            return None
        xs, ys = zip(*points)
        around = QgsRectangle(min(xs), min(ys), max(xs), max(ys))
        areas = {}
        for number in self._index.intersects(around):
            box = QgsRectangle(*self._corners[4 * number : 4 * number + 4])
            if box.contains(around):
                areas[number] = (box.area(), number)
        return min(areas, key=areas.__getitem__) if areas else None


@contextlib.contextmanager
def _errors_of_database() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise QgsProcessingException(
            tr(
                "The prompts cannot be grouped in a temporary file ({}). Make room on the disk "
                "for temporary files, or set TMPDIR to a folder on another disk"
            ).format(error)
        ) from error


def _row(feature: PromptFeature) -> tuple[Any, ...]:
    texts = QByteArray()
    stream = QDataStream(texts, QIODevice.OpenModeFlag.WriteOnly)
    stream.writeQVariantList([_storable(value) for value in feature.attributes])
    stream.writeQString(feature.problem)
    points = array("d", (value for point in feature.points for value in point))
    return (
        texts.data(),
        None if feature.geometry.isNull() else feature.geometry.asWkb().data(),
        points.tobytes(),
        feature.label,
        array("d", feature.box or ()).tobytes(),
    )


def _feature(row: list[Any]) -> PromptFeature:
    texts, wkb, points, label, box = row
    stream = QDataStream(QByteArray(texts))
    attributes, problem = stream.readQVariantList(), stream.readQString()
    geometry = QgsGeometry()
    if wkb is not None:
        geometry.fromWkb(wkb)
    values = array("d", points)
    corners = tuple(array("d", box))
    return PromptFeature(
        attributes,
        geometry,
        points=tuple(zip(values[::2], values[1::2])),
        label=label,
        box=corners if len(corners) == 4 else None,
        problem=problem,
    )


def _storable(value: Any) -> Any:
    """``value``, or its text where Qt has no format for it."""
    if is_null(value):
        return None
    return value if isinstance(value, _PLAIN) else str(value)
