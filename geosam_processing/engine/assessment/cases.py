"""The worst cases of an assessment, and their outlines over the raster."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image
from pyproj import CRS, Transformer

from geosam_processing.engine.assessment.assess import Assessment
from geosam_processing.engine.assessment.pairs import Flags, Geometries, Reals
from geosam_processing.engine.raster.view import RasterView

OBJECT_COLOR, REFERENCE_COLOR = "#e4572e", "#1b86d9"

_MOST = 6  # cases of a kind
_SIDE = 200  # pixels of a thumbnail
_MARGIN = 0.25  # of the longer side, around the outlines
_CUT = 2  # percent of the values that are left out at either end, unless they are bytes

Place = Callable[[Reals], Reals]


@dataclass(frozen=True)
class Case:
    """One thing that went wrong: rows of the polygons that it is about, and what to say."""

    caption: str
    objects: tuple[int, ...]
    references: tuple[int, ...]


@dataclass(frozen=True)
class CaseGroup:
    """The worst cases of a kind."""

    title: str
    cases: list[Case]


def worst_cases(assessment: Assessment) -> list[CaseGroup]:
    """Return the matches of lowest IoU, the largest missed references, and false alarms.

    Of the false alarms those of highest score are first; without scores, the largest ones.
    """
    found = assessment.comparison
    objects, references, matched = found.objects, found.references, found.matched
    lowest = np.argsort(matched.ious, kind="stable")[:_MOST]
    weak = [
        Case(
            f"IoU {matched.ious[row]:.2f}: object {objects.ids[matched.objects[row]]}, "
            f"reference {references.ids[matched.references[row]]}",
            (int(matched.objects[row]),),
            (int(matched.references[row]),),
        )
        for row in lowest
    ]
    missed = np.setdiff1d(np.arange(len(references)), matched.references)
    missed = missed[np.argsort(-references.areas[missed], kind="stable")][:_MOST]
    false = np.setdiff1d(np.arange(len(objects)), matched.objects)
    rank = objects.areas if objects.scores is None else objects.scores
    false = false[np.argsort(-rank[false], kind="stable")][:_MOST]
    over = found.overlapping
    lost = [
        Case(
            f"Reference {references.ids[row]}, {references.areas[row]:,.4g} m²",
            tuple(over.objects[over.references == row].tolist()),
            (int(row),),
        )
        for row in missed
    ]
    wrong = [
        Case(
            f"Object {objects.ids[row]}, "
            + (
                f"{objects.areas[row]:,.4g} m²"
                if objects.scores is None
                else f"score {objects.scores[row]:.2f}"
            ),
            (int(row),),
            tuple(over.references[over.objects == row].tolist()),
        )
        for row in false
    ]
    groups = (
        CaseGroup("Matches of lowest IoU", weak),
        CaseGroup("Largest missed references", lost),
        CaseGroup("False alarms", wrong),
    )
    return [group for group in groups if group.cases]


class Thumbnails:
    """Draws cases, over a raster if there is one.

    Raises:
        RasterError: the raster cannot be read.
    """

    def __init__(self, assessment: Assessment, view: RasterView | None) -> None:
        self._found = assessment.comparison
        self._view = view
        self._to_raster: Transformer | None = None
        if view is not None:
            raster_crs = CRS.from_user_input(view.crs_text)
            self._to_raster = Transformer.from_crs(assessment.crs, raster_crs, always_xy=True)

    def draw(self, case: Case) -> str:
        """Return an SVG picture of a case."""
        objects = self._on_picture(self._found.objects.geometries[list(case.objects)])
        references = self._on_picture(self._found.references.geometries[list(case.references)])
        # What a case is about fills the picture; what else it overlaps may leave it.
        subject = references if len(case.references) == 1 else objects
        if len(case.references) == len(case.objects) == 1:
            subject = np.concatenate([objects, references])
        left, top, right, bottom = shapely.total_bounds(subject)
        side = max(right - left, bottom - top) * (1 + 2 * _MARGIN)
        left, top = (left + right - side) / 2, (top + bottom - side) / 2
        scale = _SIDE / side

        def place(points: Reals) -> Reals:
            return (points - [left, top]) * scale

        return "\n".join(
            [
                '<svg xmlns="http://www.w3.org/2000/svg" '
                'xmlns:xlink="http://www.w3.org/1999/xlink" '
                f'width="{_SIDE}" height="{_SIDE}" viewBox="0 0 {_SIDE} {_SIDE}">',
                f'<rect width="{_SIDE}" height="{_SIDE}" fill="#f2f2f2"/>',
                *self._background(left, top, side, scale),
                *(_outline(polygon, place, REFERENCE_COLOR) for polygon in references),
                *(_outline(polygon, place, OBJECT_COLOR) for polygon in objects),
                "</svg>",
            ]
        )

    def _on_picture(self, geometries: Geometries) -> Geometries:
        """Return geometries in pixels of the raster, or in meters to the right and down."""

        def to_picture(points: Reals) -> Reals:
            if self._view is None or self._to_raster is None:
                return points * [1, -1]
            x, y = self._to_raster.transform(*points.T)
            columns, rows = ~self._view.transform * (x, y)
            return np.column_stack([columns, rows])

        return np.array([shapely.transform(each, to_picture) for each in geometries], dtype=object)

    def _background(self, left: float, top: float, side: float, scale: float) -> list[str]:
        view = self._view
        if view is None:
            return []
        x, y = max(int(left), 0), max(int(top), 0)
        right, bottom = min(int(left + side) + 1, view.width), min(int(top + side) + 1, view.height)
        if right <= x or bottom <= y:
            return []
        shrink = max(right - x, bottom - y, _SIDE) / _SIDE
        shape = max(round((bottom - y) / shrink), 1), max(round((right - x) / shrink), 1)
        values, valid = view.read(x, y, right - x, bottom - y, shape)
        picture = _picture(values[: 3 if len(values) >= 3 else 1], valid, view.holds_bytes)
        return [
            f'<image x="{(x - left) * scale:.2f}" y="{(y - top) * scale:.2f}" '
            f'width="{(right - x) * scale:.2f}" height="{(bottom - y) * scale:.2f}" '
            f'preserveAspectRatio="none" xlink:href="data:image/jpeg;base64,{picture}"/>'
        ]


def _outline(polygon: shapely.Geometry, place: Place, color: str) -> str:
    rings = [
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in place(shapely.get_coordinates(ring))) + "Z"
        for ring in shapely.get_rings(shapely.get_parts(polygon))
    ]
    return (
        f'<path d="{"".join(rings)}" fill="{color}" fill-opacity="0.15" fill-rule="evenodd" '
        f'stroke="{color}" stroke-width="2"/>'
    )


def _picture(values: NDArray[np.floating[Any]], valid: Flags, bytes_already: bool) -> str:
    """Return a JPEG as base64; values [1 or 3, height, width]."""
    low, high = 0.0, 255.0
    if not bytes_already and valid.any():
        low, high = np.percentile(values[:, valid], (_CUT, 100 - _CUT))
    stretched = (values - low) / max(high - low, 1e-12) * 255
    pixels = np.where(valid, np.clip(np.nan_to_num(stretched), 0, 255), 128).astype(np.uint8)
    image = Image.fromarray(
        np.ascontiguousarray(pixels.transpose(1, 2, 0)) if len(pixels) == 3 else pixels[0]
    )
    content = io.BytesIO()
    image.save(content, "JPEG", quality=85)
    return base64.b64encode(content.getvalue()).decode("ascii")
