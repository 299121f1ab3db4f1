"""Objects that border on each other: gaps closed, overlaps shared out, each border once.

Borders are cut at the places where three objects, or two and the outside, meet. Each piece is
simplified once for both sides, so that neighbors fit together as they did before.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geosam_processing.engine.outlines.limits import moved
from geosam_processing.engine.outlines.rings import Geometries, Indices, Reals
from geosam_processing.engine.outlines.samples import Samples

# Places that are nearer than this share of the tolerance are one.
_GRID = 1e-3
# Between points on the sides of a gap, which is parted halfway, in widths of the gap; and by what
# the line between them is simplified, which turns at each of the points.
_SPACING, _ZIGZAG = 1 / 3, 1 / 20
# Of the tolerance: what borders are simplified by at first. It is halved, some times, for those
# of objects that were moved too far, and for those that cross others.
_FIRST, _HALVINGS = 0.5, 4
# Objects that are drawn together: the time of each grows with their number.
_LOT = 100


def neighborhoods(
    geometries: Geometries, distance: float, groups: Indices | None
) -> Iterator[Indices]:
    """Yield the places of objects to draw together, each once.

    Objects within ``distance`` of each other are neighbors if they are of one group. A yield has
    whole chains of neighbors, and of those that have few as many as are drawn at once fastest.

    Args:
        distance: in meters.
        groups: [N] numbers from 0; None: all are of one group.
    """
    count = len(geometries)
    one, other = shapely.STRtree(geometries).query(
        geometries, predicate="dwithin", distance=distance
    )
    if groups is not None:
        same = groups[one] == groups[other]
        one, other = one[same], other[same]
    graph = coo_array((np.ones(len(one), dtype=bool), (one, other)), shape=(count, count))
    _, chains = connected_components(graph, directed=False)
    of_group = np.zeros(count, dtype=np.intp) if groups is None else groups
    order = np.lexsort((chains, of_group))
    # A lot ends with a chain: at the end of a group, and where it has enough objects.
    chain_ends = np.flatnonzero(np.diff(chains[order], append=-1)) + 1
    lots = (chain_ends - 1) // _LOT
    group_ends = np.diff(of_group[order][chain_ends - 1], append=-1) != 0
    yield from np.split(
        order, chain_ends[np.flatnonzero((np.diff(lots, append=-1) != 0) | group_ends)][:-1]
    )


def shared_borders(
    geometries: Geometries, tolerance: float, gap: float
) -> tuple[Geometries, Reals]:
    """Simplify objects together.

    Args:
        geometries: [N] valid polygons or multipolygons, in meters.
        tolerance: by which a border may be moved, in meters.
        gap: gaps between objects of up to this width in meters are parted among them.

    Returns:
        [N] multipolygons that share their borders, not checked, empty where nothing is left; and
        the distance [N] in meters that each outline was moved, as ``moved`` gives it.
    """
    parted = _parted(geometries, _GRID * tolerance, gap)
    borders = _borders(parted)
    border, of_object = _sides(borders, parted, _GRID * tolerance)
    limit = np.full(len(borders), _FIRST * tolerance)
    # What is moved too far already, as by an overlap, does not get better with more vertices.
    hopeless = np.zeros(len(geometries), dtype=bool)
    simple, distance = parted, np.full(len(geometries), np.inf)
    again = np.arange(len(geometries))
    for halving in range(_HALVINGS):
        faces = shapely.get_parts(shapely.polygonize(_simplified(borders, limit)))
        simple = _collected(faces, _owners(faces, parted), len(geometries))
        distance[again] = moved(geometries[again], simple[again], tolerance)
        (far,) = np.nonzero((distance > tolerance) & ~hopeless)
        if halving == 0:
            hopeless[far] = moved(geometries[far], parted[far], tolerance) > tolerance
            far = far[~hopeless[far]]
        if not len(far) or halving == _HALVINGS - 1:
            break
        finer = np.unique(border[np.isin(of_object, far)])
        limit[finer] *= 0.5
        # Only objects with such a border change.
        again = np.unique(of_object[np.isin(border, finer)])
    return simple, distance


def _sides(borders: Geometries, geometries: Geometries, grid: float) -> Indices:
    """[2, S] pairs of a border and an object that it is a part of."""
    middles = shapely.line_interpolate_point(borders, 0.5, normalized=True)
    tree = shapely.STRtree(shapely.boundary(geometries))
    return np.asarray(tree.query(middles, predicate="dwithin", distance=grid))


def _parted(geometries: Geometries, grid: float, gap: float) -> Geometries:
    """[N] objects with vertices where they meet.

    What several have goes to the smallest; what is in a gap between several, to the nearest.
    """
    lines = [shapely.boundary(geometries)]
    gaps, samples = _gaps(geometries, gap), None
    if len(gaps):
        samples = Samples.along(gaps, geometries, _SPACING * gap, _GRID * gap)
        lines += [shapely.boundary(gaps), samples.halfway(gaps, _ZIGZAG * gap)]
    noded = shapely.union_all(np.concatenate(lines), grid_size=grid)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    owners = _owners(faces, geometries)
    if samples is not None and len(samples.points):
        _share_out(faces, owners, gaps, samples, grid)
    return _collected(faces, owners, len(geometries), dissolve=True)


def _gaps(geometries: Geometries, gap: float) -> Geometries:
    """The polygons between several objects that are up to ``gap`` wide."""
    if gap <= 0 or len(geometries) < 2:
        return geometries[:0]
    whole = shapely.union_all(geometries)
    closed = whole
    for distance in (gap / 2, -gap / 2):
        closed = shapely.buffer(closed, distance, join_style="mitre", mitre_limit=2.0)
    gaps = shapely.get_parts(shapely.difference(closed, whole))
    gaps = gaps[shapely.get_type_id(gaps) == shapely.GeometryType.POLYGON]
    around, _ = shapely.STRtree(geometries).query(gaps, predicate="dwithin", distance=_GRID * gap)
    return np.asarray(gaps[np.bincount(around, minlength=len(gaps)) > 1])


def _share_out(
    faces: Geometries, owners: Indices, gaps: Geometries, samples: Samples, grid: float
) -> None:
    """Set the owners [F] of the faces in gaps that are between several objects."""
    free = np.flatnonzero(owners < 0)
    inside = shapely.point_on_surface(faces[free])
    around = samples.owners_of(faces[free], 2 * grid)
    gap, place = shapely.STRtree(inside).query(gaps, predicate="contains")
    for here in np.split(place, np.flatnonzero(np.diff(gap)) + 1):
        if len(np.unique(around[here])) > 1:
            owners[free[here]] = around[here]


def _owners(faces: Geometries, geometries: Geometries) -> Indices:
    """[F] the smallest object around a point of each face, -1 if there is none."""
    face, owner = shapely.STRtree(geometries).query(
        shapely.point_on_surface(faces), predicate="within"
    )
    order = np.argsort(-shapely.area(geometries)[owner], kind="stable")
    owners = np.full(len(faces), -1, dtype=np.intp)
    owners[face[order]] = owner[order]
    return owners


def _collected(
    faces: Geometries, owners: Indices, count: int, dissolve: bool = False
) -> Geometries:
    """[count] the multipolygon of each object's faces; ``dissolve`` what they share."""
    collected = np.full(count, shapely.MultiPolygon(), dtype=object)
    order = np.argsort(owners, kind="stable")
    order = order[owners[order] >= 0]
    faces, owners = faces[order], owners[order]
    if len(faces):
        shapely.multipolygons(faces, indices=owners, out=collected)
    (several,) = np.nonzero(shapely.get_num_geometries(collected) > 1)
    if dissolve and len(several):
        shared = [[each] for each in collected[several]]
        collected[several] = shapely.coverage_union_all(shared, axis=1)
    return collected


def _borders(geometries: Geometries) -> Geometries:
    """Line strings between the places where borders meet; closed ones where none does."""
    rings = shapely.get_rings(shapely.get_parts(geometries))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    inside = ring[1:] == ring[:-1]
    # Numbers of points make the segments of two sides of a border equal, and fast to compare.
    _, first, number = np.unique(
        points[:, 0] + 1j * points[:, 1], return_index=True, return_inverse=True
    )
    ends = np.sort(np.column_stack([number[:-1], number[1:]])[inside], axis=1)
    pairs = np.unique(ends[:, 0] * len(first) + ends[:, 1])
    segments = points[first[np.column_stack(np.divmod(pairs, len(first)))]]
    lines = shapely.linestrings(segments)
    return np.asarray(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines))))


def _simplified(borders: Geometries, tolerance: Reals) -> Geometries:
    """Borders with fewer vertices, none of which crosses another; ``tolerance`` of each."""
    simple = shapely.simplify(borders, tolerance, preserve_topology=True)
    limit = tolerance.copy()
    bad = np.arange(len(borders))
    for halving in range(_HALVINGS + 1):
        bad = _in_conflict(simple, bad)
        if not len(bad):
            break
        limit[bad] /= 2
        if halving == _HALVINGS:
            simple[bad] = borders[bad]
        else:
            simple[bad] = shapely.simplify(borders[bad], limit[bad], preserve_topology=True)
    return simple


def _in_conflict(lines: Geometries, changed: Indices) -> Indices:
    """Lines that cross themselves or another one, or run along it, if one of them has changed."""
    one, other = shapely.STRtree(lines).query(lines[changed], predicate="intersects")
    pairs = np.sort(np.column_stack([changed[one], other]), axis=1)
    # A pair is found twice if both have changed.
    one, other = np.unique(pairs[pairs[:, 0] < pairs[:, 1]], axis=0).T
    # The interiors of the two have something in common.
    together = shapely.relate_pattern(lines[one], lines[other], "T********")
    crossed = changed[~shapely.is_simple(lines[changed])]
    return np.unique(np.concatenate([crossed, one[together], other[together]]))
