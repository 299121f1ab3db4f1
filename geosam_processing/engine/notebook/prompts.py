"""Points and boxes of layers as the prompts of a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from geosam_processing.contract import Bounds, ContractError, Prompt
from geosam_processing.engine.notebook.arguments import Layer, box_in, column_of, layer_of

NO_GEOMETRY = "The prompt has no geometry: draw it, or delete the row"
NOT_TRANSFORMED = "The prompt has no place in the CRS of the raster or features"
FLAT_BOX = "The bounding box has no area: a box needs a width and a height"
BACKGROUND_ONLY = "The object has background points only: add a foreground point or a box"

_POINT_TYPES = (0, 4)  # of shapely: point, multipoint


@dataclass
class _Feature:
    """One row of a layer: points with their label, or a box, or a problem."""

    points: list[tuple[float, float]] = field(default_factory=list)
    label: int = 1
    box: Bounds | None = None
    problem: str = ""


@dataclass(frozen=True)
class Prompts:
    """The objects to ask for.

    Attributes:
        rows: attributes of each object, those of its first feature. The index is the layer's.
        requests: prompts whose key is the number of a row.
        problems: why a row has no prompt, by its number.
    """

    rows: pd.DataFrame
    requests: tuple[Prompt, ...]
    problems: dict[int, str]


def prompts_of(
    prompts: Layer | None,
    boxes: Layer | None,
    crs: CRS,
    *,
    given_crs: Any = None,
    label_field: str = "",
    object_field: str = "",
) -> Prompts:
    """Make the prompts of layers, in ``crs``.

    Args:
        prompts: points, or polygons and lines, whose bounding boxes are the boxes.
        boxes: with ``object_field``, a box goes with the points of its id; without, with the
            points that lie in it. A box without points is a separate object.
        given_crs: of coordinates without a CRS. If None, ``crs``.
        label_field: 1 for points on the object, 0 for others. Empty: all are on it.
        object_field: features of equal values are one object. Empty: each is one.

    Raises:
        ContractError: there is no layer, a field is missing, or a label is neither 1 nor 0.
        LayerError: a layer cannot be read or has no CRS.
    """
    layers = [
        (name, layer_of(layer, given_crs or crs, name))
        for name, layer in (("prompts", prompts), ("boxes", boxes))
        if layer is not None
    ]
    if not layers:
        raise ContractError("There is no prompt: give prompts or boxes")
    features: list[_Feature] = []
    of_boxes = 0
    for name, frame in layers:
        read = _features(frame, crs, label_field if name == "prompts" else "")
        features += read
        of_boxes = len(read) if name == "boxes" else 0
    rows = pd.concat([frame.drop(columns=frame.geometry.name) for _, frame in layers])
    if object_field:
        groups = _by_id(pd.concat([column_of(frame, object_field, n) for n, frame in layers]))
    else:
        groups = _by_box(features, len(features) - of_boxes)
    return _grouped(rows, features, groups)


def _features(frame: geopandas.GeoDataFrame, crs: CRS, label_field: str) -> list[_Feature]:
    transformer = Transformer.from_crs(frame.crs, crs, always_xy=True)
    labels = column_of(frame, label_field, "prompts") if label_field else [1] * len(frame)
    return [
        _feature(geometry, label, transformer)
        for geometry, label in zip(frame.geometry.array, labels)
    ]


def _feature(geometry: Any, label: Any, transformer: Transformer) -> _Feature:
    if geometry is None or shapely.is_empty(geometry):
        return _Feature(problem=NO_GEOMETRY)
    if shapely.get_type_id(geometry) in _POINT_TYPES:
        x, y = transformer.transform(*shapely.get_coordinates(geometry).T)
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            return _Feature(problem=NOT_TRANSFORMED)
        if label not in (0, 1):
            raise ContractError(
                "Invalid label ({}): use 1 for foreground and 0 for background", label
            )
        return _Feature(points=list(zip(x.tolist(), y.tolist())), label=int(label))
    box = box_in(geometry, transformer)
    if not np.isfinite(box).all():
        return _Feature(problem=NOT_TRANSFORMED)
    if box[0] >= box[2] or box[1] >= box[3]:
        return _Feature(problem=FLAT_BOX)
    return _Feature(box=box)


def _by_id(ids: pd.Series) -> list[list[int]]:
    """Numbers of the features of each object; one without an id is a separate object."""
    numbers = pd.factorize(ids)[0]
    groups: dict[int, list[int]] = {}
    for place, number in enumerate(numbers):
        groups.setdefault(number if number >= 0 else -place - 1, []).append(place)
    return list(groups.values())


def _by_box(features: Sequence[_Feature], point_count: int) -> list[list[int]]:
    """As ``_by_id``: points go with the smallest box around them.

    The first ``point_count`` features are the prompts, the others boxes.
    """
    boxes = [
        shapely.box(*each.box) if each.box else shapely.Polygon() for each in features[point_count:]
    ]
    tree = shapely.STRtree(boxes)
    groups: dict[int, list[int]] = {}
    for place, feature in enumerate(features[:point_count]):
        around: list[int] = []
        if feature.points and boxes:
            around = sorted(
                tree.query(shapely.MultiPoint(feature.points), predicate="covered_by").tolist(),
                key=lambda number: (boxes[number].area, number),
            )
        groups.setdefault(point_count + around[0] if around else place, []).append(place)
    for place in range(point_count, len(features)):
        groups.setdefault(place, []).append(place)
    return list(groups.values())


def _grouped(
    rows: pd.DataFrame, features: Sequence[_Feature], groups: Sequence[list[int]]
) -> Prompts:
    requests, problems = [], {}
    for key, group in enumerate(groups):
        usable = [features[place] for place in group if not features[place].problem]
        boxes = np.array([each.box for each in usable if each.box])
        labels = [each.label for each in usable for _ in each.points]
        if not usable:
            problems[key] = features[group[0]].problem
        elif not len(boxes) and not any(labels):
            problems[key] = BACKGROUND_ONLY
        else:
            points = tuple(point for each in usable for point in each.points)
            box = None
            if len(boxes):
                box = (*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist())
            requests.append(Prompt(key, points, tuple(labels), box))
    return Prompts(rows.iloc[[group[0] for group in groups]], tuple(requests), problems)
