"""Regions in which several objects touch, as one polygon for each object."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import CRS

from geosam_processing.engine.discovery.regions import Geometries, Reals
from geosam_processing.engine.outlines.ground import GroundFrame


def separated(regions: Geometries, crs: CRS, neck: float) -> Geometries:
    """Cut regions where they are narrower than ``neck``, in meters.

    What is narrower than that everywhere stays as it is, also where a region has no other part.
    """
    if not len(regions):
        return regions
    frame = GroundFrame.of(regions, crs, common=False)
    ground = frame.to_ground(regions)
    cores = shapely.buffer(ground, -neck / 2, join_style="mitre")
    result: list[Geometries] = []
    for index, core in enumerate(cores):
        parts = shapely.get_parts(core)
        if len(parts) < 2:
            result.append(regions[index : index + 1])
            continue
        # Back to its size, each part as far as the region reaches.
        grown = shapely.buffer(parts, neck / 2, join_style="mitre")
        grown = shapely.intersection(grown, ground[index])
        alike = GroundFrame(
            *(np.repeat(each[index : index + 1], len(grown), axis=0) for each in _arrays(frame))
        )
        result.append(alike.to_crs(grown))
    return np.concatenate(result)


def shared_out(regions: Geometries, tops: Reals, scale: Reals) -> tuple[Geometries, Reals]:
    """Share each region out among the points in it; regions without one are dropped.

    Args:
        tops: [T, 2] points in the CRS of the regions.
        scale: [2] meters on the ground of its units.

    Returns:
        [N] for each point what of its region is nearer to it than to others, as far as that is
        connected with it, and [N, 2] the points.
    """
    surfaces: list[shapely.Geometry] = []
    order: list[int] = []
    region_of, top_of = shapely.STRtree(shapely.points(tops)).query(regions, predicate="contains")
    for region in np.unique(region_of):
        own = np.sort(top_of[region_of == region])
        order += own.tolist()
        if len(own) == 1:
            surfaces.append(regions[region])
        else:
            surfaces += _nearest_parts(regions[region], tops[own], scale)
    result = np.empty(len(surfaces), dtype=object)
    result[:] = surfaces
    return result, tops[order].reshape(-1, 2)


def _nearest_parts(region: shapely.Geometry, tops: Reals, scale: Reals) -> list[shapely.Geometry]:
    ground = shapely.transform(region, lambda points: points * scale)
    points = shapely.points(tops * scale)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=ground)
    )
    which, cell = shapely.STRtree(cells).query(points, predicate="intersects")
    cells = cells[cell[np.unique(which, return_index=True)[1]]]
    parts = []
    for point, shared in zip(points, shapely.intersection(cells, ground), strict=True):
        pieces = shapely.get_parts(shared)
        nearest = pieces[int(np.argmin(shapely.distance(pieces, point)))]
        parts.append(shapely.transform(nearest, lambda points: points / scale))
    return parts


def _arrays(frame: GroundFrame) -> tuple[Reals, Reals, Reals]:
    return frame.origins, frame.scales, frame.places
