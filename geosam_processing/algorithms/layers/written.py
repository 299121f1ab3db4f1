"""Files that appear under their name when they are complete, and what is in them."""

import contextlib
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Optional

from qgis.core import QgsGeometry, QgsVectorLayer

from .columns import is_null

# A file cut in a row of these is one with a shorter last row.
_ROWS_OF_TEXT = (".csv", ".mif", ".mid")
# Programs take the first of these rows for the names of the columns, or for a row.
_SHEETS = (".xlsx", ".ods")
# QGIS writes them, and cannot read them.
_UNREADABLE = (".sql",)
# Of layers with geometry in these, QGIS reads also one that has no row.
_READ_WITHOUT_ROWS = (
    *(".gpkg", ".sqlite", ".shp", ".fgb", ".geojson", ".gml", ".kml", ".tab", ".csv", ".xlsx"),
)
# What stays of an older file of the same name would be taken for a part of the new one.
_SIDE_FILES = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".idm", ".ind", ".qpj"),
    ".tab": (".dat", ".map", ".id", ".ind"),
    ".mif": (".mid",),
    ".gml": (".xsd", ".gfs"),
    ".csv": (".csvt", ".prj"),
}
_DATABASE_FILES = ("-wal", "-shm", "-journal")


class StagedFile:
    """A file on its way: it is written in a folder next to its place, then renamed.

    Raises:
        OSError: its folder cannot be written to.
    """

    def __init__(self, path: str) -> None:
        """``path``: where it will be; a link is followed."""
        self._shown = os.path.abspath(path)
        self._place = os.path.realpath(path)
        self._folder = tempfile.mkdtemp(prefix=".geosam_", dir=os.path.dirname(self._place))
        # Also where nobody comes to publish or to discard it.
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    @property
    def path(self) -> str:
        """Where to write it."""
        return os.path.join(self._folder, os.path.basename(self._place))

    def replaces(self) -> bool:
        """Whether there is an older file in its place."""
        return any(os.path.lexists(place) for _, place in self._moves())

    def publish(self, written: str) -> str:
        """Put it in its place; ``written`` is the name that QGIS gave it. Its final name.

        Raises:
            OSError: it cannot be renamed; it is still in the folder next to its place.
        """
        moves = self._moves()
        new = {place for _, place in moves}
        # The main file comes last: who sees it sees all of it.
        main = os.path.basename(written.partition("|")[0])
        for source, place in sorted(moves, key=lambda move: os.path.basename(move[0]) == main):
            for old in _belonging(place):
                if old not in new:
                    with contextlib.suppress(FileNotFoundError):
                        os.remove(old)
            os.replace(source, place)
        self.discard()
        path, bar, layer = written.partition("|")
        if main == os.path.basename(self._place):
            return self._shown + bar + layer
        return os.path.join(os.path.dirname(self._shown), main) + bar + layer

    def discard(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _moves(self) -> list[tuple[str, str]]:
        place = os.path.dirname(self._place)
        with contextlib.suppress(OSError):
            names = sorted(os.listdir(self._folder))
            names = names or [os.path.basename(self._place)]
            return [(os.path.join(self._folder, name), os.path.join(place, name)) for name in names]
        return []


def _belonging(path: str) -> list[str]:
    """Files that an older file at ``path`` may have had next to it."""
    stem, suffix = os.path.splitext(path)
    suffix = suffix.lower()
    return [
        *(stem + side for side in _SIDE_FILES.get(suffix, ())),
        *(path + end for end in _DATABASE_FILES if suffix in (".gpkg", ".sqlite", ".db")),
    ]


@dataclass(frozen=True)
class Content:
    """The rows of a layer, those of them that have a value, and those that have a geometry.

    ``geometries`` is None where the format holds none; ``readable`` is whether it is a layer.
    """

    rows: int = 0
    valued: int = 0
    geometries: Optional[int] = None
    readable: bool = True

    def is_all_of(self, written: "Content", path: str) -> bool:
        """Whether this was read from what ``written`` was written to, a file at ``path``."""
        if path.lower().endswith(_UNREADABLE):
            return _ends_with(path, b"COMMIT;\n")
        if path.lower().endswith(_SHEETS):
            return self.rows in (written.rows, written.rows + 1)
        if not (self.readable or written.rows or written.geometries is None):
            return not path.lower().endswith(_READ_WITHOUT_ROWS)
        # Formats may add columns of their own.
        return (
            self.rows == written.rows
            and self.valued >= written.valued
            and self.geometries in (None, written.geometries)
        )

    def with_row(self, geometry: Optional[QgsGeometry], values: Iterable[Any]) -> "Content":
        """This and one more row."""
        there = geometry is not None and not (geometry.isNull() or geometry.isEmpty())
        valued = any(not is_null(value) and value != "" for value in values)
        return Content(self.rows + 1, self.valued + valued, (self.geometries or 0) + there)


def content_of_file(destination: str) -> Content:
    """What can be read from a file; nothing if it cannot."""
    path = destination.partition("|")[0]
    # A layer of its own name is not always found in a file of one layer.
    for source in (destination, path):
        layer = QgsVectorLayer(source, "", "ogr")
        if layer.isValid():
            found = content_of(layer)
            if path.lower().endswith(_ROWS_OF_TEXT) and not _ends_with(path, b"\n"):
                return replace(found, rows=found.rows - 1)
            return found
    return Content(readable=False)


def content_of(layer: QgsVectorLayer) -> Content:
    found = Content()
    if layer.isValid():
        for feature in layer.getFeatures():
            found = found.with_row(feature.geometry(), feature.attributes())
        if not layer.isSpatial():
            found = replace(found, geometries=None)
    return found


def _ends_with(path: str, end: bytes) -> bool:
    with contextlib.suppress(OSError), open(path, "rb") as file:
        file.seek(-len(end), os.SEEK_END)
        return file.read() == end
    return False
