"""Polygons and tables into sinks.

A file is written next to its place, and is renamed when it is complete and was read back. So a
failed run leaves an older output as it was. A layer in a database, or in a file with
other layers, is replaced when the first row is there.
"""

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Callable, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingUtils,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from ...client.client import EngineCancelled
from ...qgis_tools.destinations import Destination, definition_at, destination_of, project_of
from ...qgis_tools.inputs import Inputs
from ...translation import tr
from .columns import Columns
from .written import Content, StagedFile, content_of, content_of_file

MEGABYTE = 2**20
_TYPES = {float: QVariant.Double, int: QVariant.Int, str: QVariant.String, bool: QVariant.Bool}


def _each_row_has_its_own(column: str) -> bool:
    return True


class Sink:
    """A sink that writes features one at a time and can be closed.

    Attributes:
        destination: what the result names; final once it is closed.
        count: the rows that were written, and once it is closed those that are there.

    Raises:
        QgsProcessingException: it cannot be made or written to.
    """

    def __init__(
        self,
        inputs: Inputs,
        key: str,
        fields: QgsFields,
        geometry_type: QgsWkbTypes.Type,
        crs: QgsCoordinateReferenceSystem,
        numbers_fit: Callable[[str], bool] = _each_row_has_its_own,
    ) -> None:
        """``numbers_fit``: see ``Columns``."""
        self._inputs, self._key = inputs, key
        self._geometry_type, self._crs = geometry_type, crs
        self._to = _destination(inputs, key)
        self._columns = Columns(fields, self._to, numbers_fit)
        has_place = geometry_type != QgsWkbTypes.Type.NoGeometry
        self._written = Content(geometries=0 if has_place else None)
        self._before = 0
        self._staged: Optional[StagedFile] = None
        self._sink: Optional[QgsFeatureSink] = None
        self.destination = ""
        if self._to.is_plain_file:
            try:
                self._staged = StagedFile(self._to.path)
            except OSError as error:
                raise self._failure(error.strerror or str(error)) from error
        # A layer among others is replaced, so that waits until there is a row.
        if self._staged is not None or self._to.is_memory:
            self._open()
        for old, new in self._columns.renamed:
            self._say(tr("{}: the field {} is called {} there").format(key, old, new))

    @property
    def count(self) -> int:
        return self._written.rows

    def write(self, geometry: Optional[QgsGeometry], attributes: Iterable[Any]) -> None:
        sink = self._sink or self._open()
        feature = QgsFeature(self._columns.fields)
        if geometry is not None:
            feature.setGeometry(geometry)
        values = self._columns.values(attributes)
        feature.setAttributes(values)
        if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
            problem = sink.lastError() or self._inputs.algorithm.writeFeatureError(
                sink, self._inputs.parameters, self._key
            )
            self._discard()
            text = tr("{} ({}) cannot be written to ({}). Make room on its disk")
            if self._is_in_database:
                text = tr("{} ({}) cannot be written to ({}). Check the rights and rules there")
            place = self._to.path or self._to.text
            raise QgsProcessingException(text.format(self._key, place, self._named(problem)))
        self._written = self._written.with_row(geometry, values)

    def close(self) -> None:
        """Move the written rows to their final place.

        Raises:
            QgsProcessingException: it is not complete, such as on a full disk. Then an older
                file is left as it was.
        """
        sink = self._sink or self._open()
        problem = sink.lastError() if self.count else ""
        # The last names of it: without them, QGIS closes the file.
        sink = self._sink = None
        # GDAL meets a full disk when it closes the file, and QGIS does not tell.
        found = self._found()
        path = self.destination.partition("|")[0]
        if found is not None and not found.is_all_of(self._written, path):
            self._discard()
            raise self._incomplete(found, problem)
        if self._staged is not None:
            try:
                self.destination = self._staged.publish(self.destination)
            except OSError as error:
                raise QgsProcessingException(
                    tr(
                        "{} ({}) is complete, but cannot take its name ({}). Close the programs "
                        "that have the older file open; the new one is {}"
                    ).format(self._key, self._to.path, error.strerror, self._staged.path)
                ) from error
            self._load()

    def fail(self) -> None:
        """End after a failure: keep the rows that came unless they would replace an older file."""
        if self._staged is not None and (self._staged.replaces() or not self.count):
            self._sink = None
            self._discard()
            if self._to.path and os.path.exists(self._to.path):
                self._say(tr("{} ({}) is as it was before").format(self._key, self._to.path))
        elif self._sink is not None:
            with contextlib.suppress(QgsProcessingException):
                self.close()
            self._say(
                tr("{} ({}) has the {} rows that came until then").format(
                    self._key, self.destination, self.count
                )
            )

    def _open(self) -> QgsFeatureSink:
        value = self._inputs.value(self._key)
        parameters = self._inputs.parameters
        if self._staged is not None:
            parameters = {**parameters, self._key: definition_at(value, self._staged.path)}
        elif self._to.appends:
            self._before = (self._found() or Content()).rows
        flags = QgsFeatureSink.SinkFlags()
        if self._to.appends:
            flags |= QgsFeatureSink.SinkFlag.RegeneratePrimaryKey
        try:
            self._sink, self.destination = self._inputs.algorithm.parameterAsSink(
                parameters,
                self._key,
                self._inputs.context,
                self._columns.fields,
                self._geometry_type,
                self._crs,
                flags,
            )
        except QgsProcessingException as error:
            self._discard()
            raise self._failure(self._named(str(error))) from error
        if self._sink is None:
            self._discard()
            raise self._failure("")
        return self._sink

    def _found(self) -> Optional[Content]:
        """What can be read where the rows were written; None in memory."""
        if self._to.appends:
            layer = QgsProcessingUtils.mapLayerFromString(self._to.text, self._inputs.context)
            if layer is None and not self._to.provider:
                return None
            # Processing does not find layers of databases by their providers' texts.
            added = content_of(layer or self._table()).rows - self._before
            # Others may add rows meanwhile, and one may become several, as a polygon's points.
            if self._written.rows:
                added = min(added, self._written.rows)
            # What the older rows have is not known.
            return Content(added, self._written.valued) if self._written.rows else Content(added)
        if self._to.provider not in ("", "ogr"):
            return content_of(self._table())
        if self._to.is_memory and not os.path.exists(self.destination.partition("|")[0]):
            return None
        return content_of_file(self.destination)

    def _table(self) -> QgsVectorLayer:
        """The layer of a database or of a file of layers, which need not be valid."""
        if self._to.provider == "ogr":
            return QgsVectorLayer(f"{self._to.path}|layername={self._to.table}", "", "ogr")
        provider = "postgres" if self._to.provider == "postgis" else self._to.provider
        return QgsVectorLayer(self._to.text.partition(":")[2].lstrip("/"), "", provider)

    def _load(self) -> None:
        """Have QGIS load the file if that is wanted; it was made under another name."""
        value = self._inputs.value(self._key)
        project, name = project_of(value)
        if project is not None:
            title = name or self._inputs.algorithm.parameterDefinition(self._key).description()
            details = QgsProcessingContext.LayerDetails(
                title, project, self._key, QgsProcessingUtils.LayerHint.Vector
            )
            self._inputs.context.addLayerToLoadOnCompletion(self.destination, details)

    def _incomplete(self, found: Content, problem: str) -> QgsProcessingException:
        place = self._to.path or self._to.text or self.destination
        text = tr("{} ({}) could not be written completely: {} of {} rows can be read from it")
        # A row without its values or its geometry is none.
        whole = min(found.rows, found.valued if self._written.valued else found.rows)
        text = text.format(self._key, place, max(min(whole, self.count - 1), 0), self.count)
        text += f" ({self._named(problem)})" if problem else ""
        if self._staged is None:
            text += tr(". What is there is not complete")
        if self._is_in_database:
            return QgsProcessingException(text + tr(". Check the rights and rules there"))
        with contextlib.suppress(OSError):
            free = shutil.disk_usage(os.path.dirname(os.path.abspath(place))).free
            text += tr(". Its disk has {} MB free: make room there if that is too little")
            text = text.format(free // MEGABYTE)
        # Some formats lose what they cannot hold, such as holes.
        return QgsProcessingException(text + tr(". Else choose another place or format"))

    @property
    def _is_in_database(self) -> bool:
        return not (self._to.path or self._to.is_memory)

    def _failure(self, problem: str) -> QgsProcessingException:
        text = str(self._inputs.algorithm.invalidSinkError(self._inputs.parameters, self._key))
        return QgsProcessingException(f"{self._key}: {text}" + (f" ({problem})" if problem else ""))

    def _named(self, text: str) -> str:
        """``text`` with the name that the user gave the file."""
        return text if self._staged is None else text.replace(self._staged.path, self._to.path)

    def _discard(self) -> None:
        if self._staged is not None:
            self._staged.discard()

    def _say(self, text: str) -> None:
        feedback = self._inputs.context.feedback()
        if feedback is not None:
            feedback.pushInfo(text)


@contextlib.contextmanager
def closing(sinks: Sequence[Optional[Sink]], then: Callable[[], None]) -> Iterator[None]:
    """Close ``sinks`` after the block, also if it was cancelled, and call ``then``.

    Sinks may be added to the sequence meanwhile. After a failure, nothing takes the place of an
    older file.
    """
    try:
        yield
    except EngineCancelled:
        _close(sinks)
        then()
        raise
    except BaseException:
        for sink in filter(None, sinks):
            sink.fail()
        raise
    _close(sinks)
    then()


def optional_sink(inputs: Inputs, key: str, *arguments: Any) -> Optional[Sink]:
    """Return a sink, or None if the user wants none."""
    if not inputs.is_given(key):
        return None
    return Sink(inputs, key, *arguments)


def own_fields(taken: QgsFields, own: Sequence[tuple[str, Any]]) -> QgsFields:
    """``taken`` and then ``own`` (name and type), renamed where taken: score, score_2, ...

    A type is one of QGIS's, or of Python as the contract has it.
    """
    fields = QgsFields(taken)
    for name, kind in own:
        free, number = name, 1
        while fields.lookupField(free) >= 0:
            number += 1
            free = f"{name}_{number}"
        fields.append(QgsField(free, _TYPES.get(kind, kind)))
    return fields


def geometry_from_wkb(wkb: str) -> QgsGeometry:
    """A geometry from hexadecimal WKB."""
    geometry = QgsGeometry()
    geometry.fromWkb(bytes.fromhex(wkb))
    return geometry


def _close(sinks: Iterable[Optional[Sink]]) -> None:
    """Close all; one that fails does not keep the others from their places."""
    failure: Optional[QgsProcessingException] = None
    for sink in filter(None, sinks):
        try:
            sink.close()
        except QgsProcessingException as error:
            failure = failure or error
    if failure is not None:
        raise failure


def _destination(inputs: Inputs, key: str) -> Destination:
    """Where the output goes.

    Raises:
        QgsProcessingException: a layer of a file is named as one is read.
    """
    destination = destination_of(inputs.value(key), inputs.context)
    path, layer_name, layer = destination.path.partition("|layername=")
    if layer_name and not destination.appends:
        raise QgsProcessingException(
            tr(
                "Invalid {} ({}): a layer among others is written to "
                "ogr:dbname='{}' table=\"{}\" (geom)"
            ).format(key, destination.text, path, layer)
        )
    return destination
