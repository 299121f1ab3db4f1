"""Find the objects in a raster's band, or take polygons, and make prompts of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas
import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS

from geosam_processing.contract import (
    ID_COLUMN,
    PROMPT_MODES,
    SELECTIONS,
    MakePromptsRequest,
    MakePromptsResult,
    PolygonFile,
    ProgressEvent,
    PromptPlaces,
    Raster,
    Selection,
)
from geosam_processing.engine.discovery.prompt_writing import Objects, write_prompts
from geosam_processing.engine.discovery.regions import (
    Flags,
    Geometries,
    Reals,
    highest_apart,
    scan,
)
from geosam_processing.engine.discovery.separating import separated, shared_out
from geosam_processing.engine.errors import RasterError
from geosam_processing.engine.outlines.ground import GroundFrame
from geosam_processing.engine.outlines.usable import usable
from geosam_processing.engine.raster.area import AreaMeter
from geosam_processing.engine.raster.view import open_source
from geosam_processing.engine.run import SILENT, RunContext

Show = Callable[[float], None]

_, BELOW, BETWEEN = SELECTIONS
_REGIONS, MAXIMA = PROMPT_MODES
_WHOLE = 1000  # of the progress
_SCANNING = 0.6  # share of it
_BINS = 1024


def make_prompts(request: MakePromptsRequest, context: RunContext = SILENT) -> MakePromptsResult:
    """Write the points and boxes of a request.

    Raises:
        Cancelled: the caller asked to stop.
        OutputError: a file cannot be written.
        RasterError: the raster cannot be read, or all its values are the same.
    """

    def show(share: float) -> None:
        context.require_not_cancelled()
        context.progress(ProgressEvent(round(share * _WHOLE), _WHOLE, ""))

    if request.raster is not None:
        objects = _of_raster(request.raster, request, context, show)
    elif request.polygons is not None:
        objects = _of_polygons(request.polygons, request.places)
    count = write_prompts(objects, request, lambda share: show(_SCANNING + (1 - _SCANNING) * share))
    show(1.0)
    return MakePromptsResult(
        object_count=len(objects.surfaces),
        point_count=count,
        small_count=objects.small,
        large_count=objects.large,
        unusable_count=objects.unusable,
        threshold=objects.threshold,
    )


def otsu(sample: NDArray[np.floating[Any]]) -> float:
    """The threshold of the greatest variance between the values below and above it (Otsu 1979).

    Raises:
        RasterError: there are no two values.
    """
    low, high = (float(sample.min()), float(sample.max())) if sample.size else (0.0, 0.0)
    if not low < high:
        raise RasterError(
            "The band has no two different values in the extent, so that no threshold can be taken "
            "from them: give another band or extent, or a threshold"
        )
    counts, edges = np.histogram(sample.astype(float), _BINS, (low, high))
    middles = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts)[:-1]
    above = sample.size - below
    sums = np.cumsum(counts * middles)
    spread = below * above * (sums[:-1] / below - (sums[-1] - sums[:-1]) / above) ** 2
    # In a gap between the values all thresholds are as good: its middle.
    (best,) = np.nonzero(spread >= spread.max() * (1 - 1e-9))
    return float((edges[1 + best[0]] + edges[1 + best[-1]]) / 2)


class _Sizes:
    """Counts objects that are too small or too large, and selects the others."""

    def __init__(self, crs: CRS, places: PromptPlaces) -> None:
        self.small = self.large = 0
        self._meter = AreaMeter.of(crs)
        self._least = places.minimum_area
        self._most = places.maximum_area or np.inf

    def fit(self, surfaces: Geometries) -> Flags:
        """Which objects are neither too small nor too large."""
        areas = self.areas(surfaces)
        large = areas > self._most
        self.large += int(large.sum())
        return self._not_small(areas) & ~large

    def not_small(self, surfaces: Geometries) -> Flags:
        """Which objects have parts that may fit."""
        return self._not_small(self.areas(surfaces))

    def areas(self, surfaces: Geometries) -> Reals:
        """[N] square meters on the ellipsoid."""
        return np.array([self._meter.area(each) for each in surfaces], dtype=float)

    def _not_small(self, areas: Reals) -> Flags:
        small = areas < self._least
        self.small += int(small.sum())
        return ~small


def _of_raster(
    raster: Raster, request: MakePromptsRequest, context: RunContext, show: Show
) -> Objects:
    selection, places = request.selection, request.places
    maxima = places.mode == MAXIMA
    with open_source(raster, colors=False) as view:
        threshold = selection.threshold
        if selection.method == BETWEEN:
            threshold = None
        elif threshold is None:
            threshold = otsu(view.sample(context.cancelled))
        crs = CRS.from_user_input(view.crs_text)
        corners = [(0, 0), (view.width, 0), (view.width, view.height), (0, view.height)]
        limit = _mapped(shapely.Polygon(corners), view.transform)
        scale = GroundFrame.of(np.array([limit], dtype=object), crs, common=True).scales[0]
        sizes = _Sizes(crs, places)
        # Of regions that are split, the parts have to fit.
        keep = sizes.not_small if maxima or places.neck else sizes.fit
        scanned = scan(
            view,
            _test_of(selection, threshold),
            lambda regions: keep(_mapped(regions, view.transform)),
            _reach(view.transform, scale, places.spacing) if maxima else None,
            selection.method == BELOW,
            lambda share: show(_SCANNING * share),
        )
        surfaces = _mapped(scanned.regions, view.transform)
        tops = shapely.get_coordinates(_mapped(shapely.points(scanned.tops), view.transform))
    if maxima:
        chosen = highest_apart(tops * scale, scanned.heights, places.spacing)
        surfaces, tops = shared_out(surfaces, tops[chosen], scale)
    else:
        if places.neck:
            surfaces = separated(surfaces, crs, places.neck)
        tops = np.full((len(surfaces), 2), np.nan)
    if maxima or places.neck:
        fit = sizes.fit(surfaces)
        surfaces, tops = surfaces[fit], tops[fit]
    return Objects(
        surfaces=surfaces,
        areas=sizes.areas(surfaces),
        numbers=np.arange(1, len(surfaces) + 1),
        tops=tops,
        crs=crs,
        limit=limit,
        small=sizes.small,
        large=sizes.large,
        threshold=threshold,
    )


def _of_polygons(file: PolygonFile, places: PromptPlaces) -> Objects:
    frame = geopandas.read_file(file.path, on_invalid="ignore", use_arrow=True)
    crs = CRS.from_user_input(file.crs)
    surfaces, good, _ = usable(np.asarray(frame.geometry.array, dtype=object))
    surfaces, numbers = surfaces[good], frame[ID_COLUMN].to_numpy(np.int64)[good]
    sizes = _Sizes(crs, places)
    fit = sizes.fit(surfaces)
    surfaces, numbers = surfaces[fit], numbers[fit]
    return Objects(
        surfaces=surfaces,
        areas=sizes.areas(surfaces),
        numbers=numbers,
        tops=np.full((len(surfaces), 2), np.nan),
        crs=crs,
        small=sizes.small,
        large=sizes.large,
        unusable=int((~good).sum()),
    )


def _test_of(
    selection: Selection, threshold: float | None
) -> Callable[[NDArray[np.floating[Any]]], Flags]:
    low, high = selection.value_range or (-np.inf, np.inf)
    if threshold is not None:
        low, high = (-np.inf, threshold) if selection.method == BELOW else (threshold, np.inf)

    def chosen(values: NDArray[np.floating[Any]]) -> Flags:
        return np.asarray((values >= low) & (values <= high))

    return chosen


def _reach(transform: Affine, scale: Reals, distance: float) -> tuple[int, int]:
    """Whole columns and rows in a distance in meters."""
    across = np.hypot(transform.a * scale[0], transform.d * scale[1])
    down = np.hypot(transform.b * scale[0], transform.e * scale[1])
    return int(distance / across), int(distance / down)


def _mapped(geometries: Any, transform: Affine) -> Any:
    """Geometries in pixels, in the CRS of the view."""
    return shapely.transform(
        geometries, lambda points: np.column_stack(transform * (points[:, 0], points[:, 1]))
    )
