"""How objects look: colors and their contrast, features of a model, shape.

Each descriptor is a row of numbers for an object. Which one distinguishes objects best was measured
on real ponds and generated scenes: nine numbers of color beat the features of the bundled model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from geosam_processing.engine import errors
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.raster.burning import burnt
from geosam_processing.engine.raster.view import RasterView

Geometries = NDArray[np.object_]
Rows = NDArray[np.float64]
Step = Callable[[], None]

# Width of the ring that an object is compared with.
_RING_PIXELS = 20
_RING_TOKENS = 2.5
# Objects that are wider than this are looked at in coarser steps.
_SIDE = 512
# A token is rasterized in so many parts a side.
_PARTS = 4
# The share of a token from which on it counts as inside.
_INSIDE = 0.9
_LEAST_TOKENS = 3


def shapes(geometries: Geometries) -> Rows:
    """Size and shape of polygons in an equal-area CRS.

    Returns:
        [N, 5]: logarithm of the area, compactness (4 pi area / perimeter^2), solidity (area over
        that of the convex hull), logarithm of the elongation, and the share of the least
        rectangle around it. Rows of NaN for what has no area.
    """
    area = shapely.area(geometries)
    rectangles = shapely.minimum_rotated_rectangle(geometries)
    sides = np.array([_sides(rectangle) for rectangle in rectangles]).reshape(-1, 2)
    longer, shorter = sides.max(axis=1), sides.min(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        rows = np.stack(
            [
                np.log(area),
                4 * np.pi * area / shapely.length(geometries) ** 2,
                area / shapely.area(shapely.convex_hull(geometries)),
                np.log(longer / shorter),
                area / (longer * shorter),
            ],
            axis=1,
        )
    rows[~np.isfinite(rows).all(axis=1)] = np.nan
    return rows


def _sides(rectangle: shapely.Geometry) -> tuple[float, float]:
    if not isinstance(rectangle, shapely.Polygon) or rectangle.is_empty:
        return np.nan, np.nan
    corners = shapely.get_coordinates(rectangle)[:3]
    first, second = np.hypot(*(np.diff(corners, axis=0).T))
    return float(first), float(second)


def colors(view: RasterView, geometries: Geometries, crs: CRS, step: Step) -> Rows:
    """Colors of polygons and their contrast to a ring around them.

    In standard deviations of the raster's own values from their mean, a band: so objects of other
    rasters and dates, in another light, can be compared.

    Args:
        geometries: [N] in ``crs``.
        step: called before each object; it may raise.

    Returns:
        [N, 3 * bands]: mean, standard deviation, and mean inside less mean in the ring, a band.
        Rows of NaN for objects without data.
    """
    places = on_grid(geometries, crs, view.crs, view.transform)
    rows = np.array([_color(view, place) for place in _stepping(places, step)])
    values, valid = view.thinned(view.thinned_shape(_SIDE))
    seen = values[:, valid].astype(np.float64)
    if not seen.size:
        return rows.reshape(len(geometries), 3 * view.band_count)
    middle, spread = seen.mean(axis=1), np.maximum(seen.std(axis=1), np.finfo(np.float32).tiny)
    offset = np.concatenate([middle, np.zeros(2 * len(middle))])
    return (rows.reshape(len(geometries), -1) - offset) / np.tile(spread, 3)


def on_grid(geometries: Geometries, crs: CRS, grid_crs: CRS, transform: Affine) -> Geometries:
    """Polygons in ``crs`` in pixels of a grid (x right, y down)."""
    project = Transformer.from_crs(crs, CRS.from_user_input(grid_crs), always_xy=True).transform
    there = shapely.transform(geometries, lambda points: np.stack(project(*points.T), axis=1))
    return np.array([None if each is None else _moved(each, ~transform) for each in there])


def _color(view: RasterView, geometry: shapely.Geometry | None) -> NDArray[np.float64]:
    nothing = np.full(3 * view.band_count, np.nan)
    if geometry is None or geometry.is_empty or not np.isfinite(geometry.bounds).all():
        return nothing
    around = geometry.buffer(_RING_PIXELS)
    x0, y0 = (max(int(np.floor(value)), 0) for value in around.bounds[:2])
    x1 = min(int(np.ceil(around.bounds[2])), view.width)
    y1 = min(int(np.ceil(around.bounds[3])), view.height)
    if x1 <= x0 or y1 <= y0:
        return nothing
    values, valid = view.read(x0, y0, x1 - x0, y1 - y0)
    thin = max(int(np.ceil(max(x1 - x0, y1 - y0) / _SIDE)), 1)
    values, valid = values[:, ::thin, ::thin], valid[::thin, ::thin]
    grid = Affine.translation(x0, y0) * Affine.scale(thin)
    own = burnt(geometry, valid.shape, grid)
    inside, ring = own & valid, burnt(around, valid.shape, grid) & ~own & valid
    if not inside.any():
        return nothing
    pixels = values[:, inside].astype(np.float64)
    rim = values[:, ring].astype(np.float64) if ring.any() else pixels
    means = pixels.mean(axis=1)
    return np.concatenate([means, pixels.std(axis=1), means - rim.mean(axis=1)])


def features(folder: FeatureFolder, geometries: Geometries, crs: CRS, step: Step) -> Rows:
    """What a model's image encoder says of polygons, and how that differs from their rings.

    Args:
        geometries: [N] in ``crs``; each is looked at on the patch that holds most of it, of
            several the one in whose middle it lies.
        step: called before each object; it may raise.

    Returns:
        [N, 2 * channels]: the mean of the embedding inside, and that less the mean in a ring.
        Rows of NaN for objects outside the patches and on damaged chips.
    """
    places = on_grid(geometries, crs, folder.crs, Affine.identity())
    tree = shapely.STRtree([chip.polygon for chip in folder.chips])
    by_chip: dict[int, list[int]] = {}
    for index, place in enumerate(places):
        best = _best_chip(folder, tree, place)
        if best is not None:
            by_chip.setdefault(best, []).append(index)
    rows: dict[int, NDArray[np.float64]] = {}
    for chip_index, members in sorted(by_chip.items()):
        chip = folder.chips[chip_index]
        try:
            embedding = folder.load(chip).image_embedding[0].numpy()
        except errors.ChipError:
            continue
        side = embedding.shape[-1]
        height, width = chip.shape
        # Letterboxed: the longer side fills the tokens.
        tokens = Affine.scale(side / max(height, width)) * ~chip.transform
        flat = embedding.reshape(len(embedding), -1).T.astype(np.float64)
        for index in members:
            step()
            rows[index] = _pooled(flat, side, _moved(places[index], tokens))
    width = len(next(iter(rows.values()))) if rows else 2
    nothing = np.full(width, np.nan)
    return np.array([rows.get(index, nothing) for index in range(len(geometries))]).reshape(
        len(geometries), width
    )


def _best_chip(
    folder: FeatureFolder, tree: shapely.STRtree, place: shapely.Geometry | None
) -> int | None:
    if place is None or place.is_empty:
        return None
    center = shapely.get_coordinates(place.centroid)[0]

    def worth(index: int) -> tuple[float, float, int]:
        chip = folder.chips[index]
        share = shapely.intersection(chip.polygon, place).area
        distance = float(np.hypot(*(np.array(chip.centre) - center)))
        return -round(share, 6), distance, index

    candidates = [int(index) for index in tree.query(place, predicate="intersects")]
    return min(candidates, key=worth, default=None)


def _moved(geometry: shapely.Geometry, transform: Affine) -> shapely.Geometry:
    def apply(points: NDArray[np.float64]) -> NDArray[np.float64]:
        a, b, c, d, e, f = transform[:6]
        x, y = points.T
        return np.stack([a * x + b * y + c, d * x + e * y + f], axis=1)

    return shapely.transform(geometry, apply)


def _pooled(
    tokens: NDArray[np.float64], side: int, geometry: shapely.Geometry
) -> NDArray[np.float64]:
    """Mean of the tokens inside, and its difference from the ring; ``tokens`` is [side^2, C]."""
    share = _shares(geometry, side)
    ring = np.where(share > 0, 0.0, _shares(geometry.buffer(_RING_TOKENS), side))
    core = np.where(share > _INSIDE, share, 0.0)
    inside = core if np.count_nonzero(core) >= _LEAST_TOKENS else share
    if not inside.any():
        return np.full(2 * tokens.shape[1], np.nan)
    mean = inside @ tokens / inside.sum()
    around = ring @ tokens / ring.sum() if ring.sum() > 1 else mean
    return np.concatenate([mean, mean - around])


def _shares(geometry: shapely.Geometry, side: int) -> NDArray[np.float64]:
    """How much of each token a polygon covers, [side^2]."""
    fine = burnt(geometry, (side * _PARTS, side * _PARTS), Affine.scale(1 / _PARTS))
    parts = fine.reshape(side, _PARTS, side, _PARTS)
    return np.asarray(parts.mean(axis=(1, 3)), dtype=np.float64).ravel()


def _stepping(geometries: Geometries, step: Step) -> Iterator[shapely.Geometry | None]:
    for geometry in geometries:
        step()
        yield geometry
