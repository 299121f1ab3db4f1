"""Objects that the engine finds without prompts, into the sink of an algorithm as they come."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any, Callable

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFields,
    QgsWkbTypes,
)

from ...qgis_tools.inputs import Inputs
from .results import OBJECT_COUNT, OUTPUT
from .sinks import Sink, closing, geometry_from_wkb, own_fields
from .styles import LayerStyle, segment_renderer


@contextlib.contextmanager
def found_objects(
    inputs: Inputs,
    crs: QgsCoordinateReferenceSystem,
    fields: Sequence[tuple[str, Any, str]],
    results: dict[str, Any],
) -> Iterator[Callable[[Any], None]]:
    """Give a function that writes the objects of an event to ``OUTPUT``.

    Args:
        crs: that of the objects.
        fields: name and type of a field, and the attribute of an object that it takes.
        results: gets ``OUTPUT`` and ``OBJECT_COUNT`` at the end.

    Raises:
        QgsProcessingException: the output cannot be made or written to.
    """
    output = Sink(
        inputs,
        OUTPUT,
        own_fields(QgsFields(), [(name, kind) for name, kind, _ in fields]),
        QgsWkbTypes.Type.MultiPolygon,
        crs,
    )

    def write(event: Any) -> None:
        for found in event.objects:
            attributes = [getattr(found, attribute) for _, _, attribute in fields]
            output.write(geometry_from_wkb(found.wkb), attributes)

    def report() -> None:
        results[OUTPUT] = output.destination
        results[OBJECT_COUNT] = output.count
        LayerStyle.attach(segment_renderer, output.destination, inputs, OUTPUT)

    with closing((output,), report):
        yield write
