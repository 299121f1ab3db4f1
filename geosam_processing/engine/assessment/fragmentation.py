"""Objects that are too small or too large: over- and under-segmentation, splits and merges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from geosam_processing.engine.assessment.pairs import (
    Geometries,
    Indices,
    Pairs,
    Reals,
    polygons_only,
)

_MOST = 0.5  # share of a polygon that has to be shared with another one to belong to it
_LEAST_PIECE = 0.1  # share of the complete polygon that a piece of it has at least


@dataclass(frozen=True)
class Corresponding:
    """Pairs in which the shared area is more than half of the object or of the reference.

    After Clinton et al. (2010), "Accuracy assessment measures for object-based image segmentation
    goodness", whose subset Y* of the segments these are.

    Attributes:
        objects, references: rows, [pairs].
        oversegmentation: share of the reference that the object lacks, [pairs].
        undersegmentation: share of the object that lies outside the reference, [pairs].
    """

    objects: Indices
    references: Indices
    oversegmentation: Reals
    undersegmentation: Reals


def corresponding(pairs: Pairs, object_areas: Reals, reference_areas: Reals) -> Corresponding:
    """Return the pairs that belong together, though not necessarily one to one."""
    of_object = np.minimum(pairs.intersections / object_areas[pairs.objects], 1)
    of_reference = np.minimum(pairs.intersections / reference_areas[pairs.references], 1)
    chosen = (of_object > _MOST) | (of_reference > _MOST)
    return Corresponding(
        pairs.objects[chosen],
        pairs.references[chosen],
        1 - of_reference[chosen],
        1 - of_object[chosen],
    )


@dataclass(frozen=True)
class Group:
    """One polygon of a layer, and the polygons of the other layer that share it among them."""

    complete: int
    pieces: tuple[int, ...]


def split_references(pairs: Pairs, objects: Geometries, references: Geometries) -> list[Group]:
    """Return the references that are split into several objects.

    Two or more objects lie in a split reference for more than half of their area, cover at
    least a tenth of it each, and more than half of it together. An object that others cover for
    more than half, such as a duplicate or one inside another, is no piece.
    """
    return _groups(pairs.references, pairs.objects, pairs.intersections, references, objects)


def merging_objects(pairs: Pairs, objects: Geometries, references: Geometries) -> list[Group]:
    """Return the objects that merge several references: splits, seen from the other side."""
    return _groups(pairs.objects, pairs.references, pairs.intersections, objects, references)


def _groups(
    complete: Indices,
    pieces: Indices,
    intersections: Reals,
    complete_geometries: Geometries,
    piece_geometries: Geometries,
) -> list[Group]:
    is_piece = (intersections > _MOST * shapely.area(piece_geometries)[pieces]) & (
        intersections >= _LEAST_PIECE * shapely.area(complete_geometries)[complete]
    )
    counts = np.bincount(complete[is_piece], minlength=len(complete_geometries))
    chosen = np.flatnonzero(is_piece & (counts[complete] > 1))
    # The largest piece of each first.
    chosen = chosen[np.lexsort((-intersections[chosen], complete[chosen]))]
    borders = np.flatnonzero(np.diff(complete[chosen])) + 1
    found = []
    for rows in np.split(chosen, borders):
        if len(rows):
            whole = int(complete[rows[0]])
            kept = _pieces(complete_geometries[whole], pieces[rows], piece_geometries)
            if len(kept) > 1:
                found.append(Group(whole, kept))
    return found


def _pieces(
    complete: shapely.Geometry, candidates: Indices, geometries: Geometries
) -> tuple[int, ...]:
    """Return the candidates that share the polygon among them; none if most of it is left."""
    covered, kept = shapely.Polygon(), []
    inside = polygons_only(shapely.intersection(geometries[candidates], complete))
    for row, piece in zip(candidates, inside):
        if shapely.intersection(piece, covered).area <= _MOST * piece.area:
            covered = shapely.union(covered, piece)
            kept.append(int(row))
    return tuple(sorted(kept)) if covered.area > _MOST * complete.area else ()
