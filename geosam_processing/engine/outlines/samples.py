"""Points on the sides of gaps between objects, which show what of a gap is nearest to which one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import Delaunay

from geosam_processing.engine.outlines.rings import Geometries, Indices, Reals, numbered

# What centers of circles are rounded to, in tolerances of the lines between them.
_ROUNDING = 1e-4
# Corners of a square around everything, so many times as far as the farthest point.
_FAR, _CORNERS = 10.0, np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, -1.0], [-1.0, 1.0]])


@dataclass(frozen=True)
class Samples:
    """Points at small distances along the sides of gaps.

    Attributes:
        points: [P, 2] in meters, each once.
        owners: [P] the object of each.
    """

    points: Reals
    owners: Indices

    @classmethod
    def along(
        cls, gaps: Geometries, geometries: Geometries, spacing: float, near: float
    ) -> Samples:
        """Points on the sides of gaps.

        Args:
            geometries: [N] the objects around the gaps.
            spacing: between points, at most, in meters.
            near: a side of a gap is within this distance of its object, in meters. Lids, where a
                gap opens, are not, and have no points.
        """
        corners, ring = shapely.get_coordinates(shapely.get_rings(gaps), return_index=True)
        inside = ring[1:] == ring[:-1]
        begin, step = corners[:-1][inside], np.diff(corners, axis=0)[inside]
        middles = shapely.STRtree(shapely.points(begin + step / 2))
        owner, side = middles.query(
            shapely.boundary(geometries), predicate="dwithin", distance=near
        )
        side, first = np.unique(side, return_index=True)
        owner = owner[first]
        begin, step = begin[side], step[side]
        counts = np.ceil(np.hypot(*step.T) / spacing).astype(np.intp) + 1
        which, number = numbered(counts)
        share = number / (counts[which] - 1)
        points = begin[which] + share[:, None] * step[which]
        points, first = np.unique(points, axis=0, return_index=True)
        return cls(points, owner[which[first]])

    def halfway(self, gaps: Geometries, tolerance: float) -> Geometries:
        """Lines in the gaps that are as far from one object as from the nearest other one.

        They are edges of the Voronoi diagram of the points, which join the centers of circles
        around neighboring Delaunay triangles, simplified by ``tolerance`` in meters; some end
        beyond the gaps.
        """
        if not len(self.points):
            return gaps[:0]
        # Qhull loses digits far from the origin.
        origin = self.points.mean(axis=0)
        centered = self.points - origin
        # Without points far around, edges that lead out of the diagram would have no end.
        around = _FAR * np.abs(centered).max() * _CORNERS
        triangles = Delaunay(np.concatenate([centered, around]))
        # Of more than three points on a circle the centers differ by rounding.
        step = _ROUNDING * tolerance
        centers = np.round(_circumcenters(triangles) / step) * step + origin
        one, other, sides = _neighbors(triangles)
        owners = np.append(self.owners, np.full(len(around), -1))[sides]
        chosen = (owners >= 0).all(axis=1) & (owners[:, 0] != owners[:, 1])
        chosen &= (centers[one] != centers[other]).any(axis=1)
        chosen &= np.isfinite(centers[one] + centers[other]).all(axis=1)
        lines = shapely.linestrings(centers[np.column_stack([one, other])[chosen]])
        tree = shapely.STRtree(lines)
        # Each line may meet several gaps.
        met = tree.query(gaps, predicate="intersects")[1]
        merged = shapely.line_merge(shapely.multilinestrings(lines[np.unique(met)]))
        return np.asarray(shapely.simplify(shapely.get_parts(merged), tolerance))

    def owners_of(self, faces: Geometries, near: float) -> Indices:
        """[F] the object that most of the points on each face's border are of, -1 if there is none.

        Args:
            near: a point is on a border if it is within this distance in meters.
        """
        face, point = shapely.STRtree(shapely.points(self.points)).query(
            faces, predicate="dwithin", distance=near
        )
        count = int(self.owners.max(initial=0)) + 1
        pairs, votes = np.unique(face * count + self.owners[point], return_counts=True)
        result = np.full(len(faces), -1, dtype=np.intp)
        pairs = pairs[np.argsort(votes, kind="stable")]  # the most votes are written last
        result[pairs // count] = pairs % count
        return result


def _circumcenters(triangles: Delaunay) -> Reals:
    """[T, 2] the center of the circle through each triangle's corners; not finite if they align."""
    first, second, third = np.moveaxis(triangles.points[triangles.simplices], 1, 0)
    one, other = second - first, third - first
    doubled = 2 * (one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])
    squares = np.stack([(one**2).sum(axis=1), (other**2).sum(axis=1)])
    x = other[:, 1] * squares[0] - one[:, 1] * squares[1]
    y = one[:, 0] * squares[1] - other[:, 0] * squares[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        return first + np.column_stack([x, y]) / doubled[:, None]


def _neighbors(triangles: Delaunay) -> tuple[Indices, Indices, Indices]:
    """Pairs of triangles with a side in common, each pair once, and its two points [E, 2]."""
    one, corner = np.nonzero(triangles.neighbors > np.arange(len(triangles.neighbors))[:, None])
    other = triangles.neighbors[one, corner]
    # A neighbor lies opposite to the corner of its number.
    sides = triangles.simplices[one[:, None], (corner[:, None] + [1, 2]) % 3]
    return one, other, sides
