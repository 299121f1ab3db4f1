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

# Places that are nearer than this share of the tolerance are one.
_GRID = 1e-3
# Between points on the sides of a gap, which is parted halfway, in widths of the gap.
_SPACING = 1 / 3
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


def shared_borders(geometries: Geometries, tolerance: float, gap: float) -> Geometries:
    """Simplify objects together.

    Args:
        geometries: [N] valid polygons or multipolygons, in meters.
        tolerance: by which a border may be moved, in meters.
        gap: gaps between objects of up to this width in meters are parted among them.

    Returns:
        [N] multipolygons that share their borders; not checked, empty where nothing is left.
    """
    grown = _without_gaps(geometries, gap) if gap > 0 else geometries
    parted = _parted(grown, _GRID * tolerance)
    borders = _borders(parted)
    sides = _sides(borders, parted, _GRID * tolerance)
    # What is moved too far already, as by an overlap, does not get better with more vertices.
    possible = moved(geometries, parted, tolerance) <= tolerance
    limit = np.full(len(borders), _FIRST * tolerance)
    for _ in range(_HALVINGS):
        faces = shapely.get_parts(shapely.polygonize(_simplified(borders, limit)))
        simple = _collected(faces, _owners(faces, parted), len(geometries))
        far = possible & (moved(geometries, simple, tolerance) > tolerance)
        if not far.any():
            break
        limit[sides[0][far[sides[1]]]] *= 0.5
    return simple


def _sides(borders: Geometries, geometries: Geometries, grid: float) -> Indices:
    """[2, S] pairs of a border and an object that it is a part of."""
    middles = shapely.line_interpolate_point(borders, 0.5, normalized=True)
    tree = shapely.STRtree(shapely.boundary(geometries))
    return np.asarray(tree.query(middles, predicate="dwithin", distance=grid))


def _without_gaps(geometries: Geometries, gap: float) -> Geometries:
    """Share out what is between objects to the nearest of them."""
    whole = shapely.union_all(geometries)
    closed = whole
    for distance in (gap / 2, -gap / 2):
        closed = shapely.buffer(closed, distance, join_style="mitre", mitre_limit=2.0)
    gaps = shapely.get_parts(shapely.difference(closed, whole))
    gaps = gaps[shapely.get_type_id(gaps) == shapely.GeometryType.POLYGON]
    points, at_gap = shapely.get_coordinates(
        shapely.segmentize(gaps, _SPACING * gap), return_index=True
    )
    if not len(points):
        return geometries
    # Sides of gaps lie on objects, but for rounding; lids, where a gap opens, do not.
    places = shapely.points(points)
    number, owner = shapely.STRtree(geometries).query_nearest(
        places, max_distance=_GRID * gap, all_matches=False
    )
    sides = np.unique(np.column_stack([at_gap[number], owner]), axis=0)
    between = np.bincount(sides[:, 0], minlength=len(gaps)) > 1
    chosen = between[at_gap[number]]
    number, owner = number[chosen], owner[chosen]
    if not len(number):
        return geometries
    pieces, pieces_of = _pieces(gaps, points[number], at_gap[number], owner)
    grown = geometries.copy()
    if not len(pieces):
        return grown
    order = np.argsort(pieces_of, kind="stable")
    pieces, pieces_of = pieces[order], pieces_of[order]
    owners, first = np.unique(pieces_of, return_index=True)
    for each, added in zip(owners.tolist(), np.split(pieces, first[1:]), strict=True):
        grown[each] = shapely.union_all([geometries[each], *added])
    return grown


def _pieces(
    gaps: Geometries, points: Reals, at_gap: Indices, owner: Indices
) -> tuple[Geometries, Indices]:
    """What of each gap is nearest to which object.

    Args:
        points: [P, 2] on the sides of gaps.
        at_gap, owner: [P] the gap and the object of each point.
    """
    pieces, owners = [gaps[:0]], [owner[:0]]
    order = np.argsort(at_gap, kind="stable")
    numbers, first = np.unique(at_gap[order], return_index=True)
    for gap, places in zip(gaps[numbers], np.split(order, first[1:]), strict=True):
        try:
            cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points[places])))
        except shapely.errors.GEOSException:
            # Points of such a gap are too near each other; it stays open.
            continue
        place, cell = shapely.STRtree(cells).query(
            shapely.points(points[places]), predicate="intersects"
        )
        pieces.append(shapely.intersection(gap, cells[cell]))
        owners.append(owner[places[place]])
    return np.concatenate(pieces), np.concatenate(owners)


def _parted(geometries: Geometries, grid: float) -> Geometries:
    """[N] objects with vertices where they meet; what several have goes to the smallest."""
    lines = shapely.union_all(shapely.boundary(geometries), grid_size=grid)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    return _collected(faces, _owners(faces, geometries), len(geometries), dissolve=True)


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
    if dissolve:
        (several,) = np.nonzero(shapely.get_num_geometries(collected) > 1)
        collected[several] = (
            shapely.coverage_union_all([[each] for each in collected[several]], axis=1)
            if len(several)
            else collected[several]
        )
    return collected


def _borders(geometries: Geometries) -> Geometries:
    """Line strings between the places where borders meet; closed ones where none does."""
    rings, polygon = shapely.get_rings(shapely.get_parts(geometries), return_index=True)
    del polygon
    points, ring = shapely.get_coordinates(rings, return_index=True)
    inside = ring[1:] == ring[:-1]
    begin, end = points[:-1][inside], points[1:][inside]
    swap = (begin[:, 0] > end[:, 0]) | ((begin[:, 0] == end[:, 0]) & (begin[:, 1] > end[:, 1]))
    begin[swap], end[swap] = end[swap], begin[swap].copy()
    segments = np.unique(np.column_stack([begin, end]), axis=0).reshape(-1, 2, 2)
    lines = shapely.linestrings(segments)
    return np.asarray(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines))))


def _simplified(borders: Geometries, tolerance: Reals) -> Geometries:
    """Borders with fewer vertices, none of which crosses another; ``tolerance`` of each."""
    simple = shapely.simplify(borders, tolerance, preserve_topology=True)
    limit = tolerance.copy()
    for halving in range(_HALVINGS + 1):
        bad = _in_conflict(simple)
        if not len(bad):
            break
        limit[bad] /= 2
        if halving == _HALVINGS:
            simple[bad] = borders[bad]
        else:
            simple[bad] = shapely.simplify(borders[bad], limit[bad], preserve_topology=True)
    return simple


def _in_conflict(lines: Geometries) -> Indices:
    """Lines that cross themselves or another one, or run along it."""
    one, other = shapely.STRtree(lines).query(lines, predicate="intersects")
    one, other = one[one < other], other[one < other]
    # The interiors of the two have something in common.
    together = shapely.relate_pattern(lines[one], lines[other], "T********")
    return np.union1d(
        np.flatnonzero(~shapely.is_simple(lines)),
        np.concatenate([one[together], other[together]]),
    )
