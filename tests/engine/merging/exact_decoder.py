"""A stand-in for a model: it cuts what a patch shows out of the exact truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon, box

from geosam_processing.engine.merging import Merged, Merger, MergeRules, Piece, SeenPatches
from geosam_processing.engine.merging.duplicates import without_duplicates
from geosam_processing.engine.segmentation.mask_polygons import mask_polygons

Mask = NDArray[np.bool_]


def truth(size: int, seed: int, smallest: int = 24, largest: int = 200) -> NDArray[np.int32]:
    """Numbers of objects [size, size], 0 for none: blobs of many sizes that do not touch."""
    random = np.random.default_rng(seed)
    numbers = np.zeros((size, size), np.int32)
    free = np.ones((size, size), np.uint8)
    count = 0
    for _ in range(40 * size * size // 128**2):
        side = int(np.exp(random.uniform(np.log(smallest), np.log(largest))))
        angles = np.sort(random.uniform(0, 2 * np.pi, 9))
        radii = side / 2 * random.uniform(0.6, 1, 9)
        x, y = random.uniform(0, size, 2)
        outline = np.stack([x + radii * np.cos(angles), y + radii * np.sin(angles)], 1)
        blob = np.zeros((size, size), np.uint8)
        cv2.fillPoly(blob, [outline.round().astype(np.int32)], 1)
        if blob.sum() >= 300 and (free[blob > 0] > 0).all():
            count += 1
            numbers[blob > 0] = count
            free[cv2.dilate(blob, np.ones((9, 9), np.uint8)) > 0] = 0
    return numbers


def grid(size: int, patch: int, stride: int, offset: tuple[int, int]) -> list[tuple[int, int]]:
    """First pixels of patches that cover all from ``offset`` on, the last shifted inward."""
    axes = []
    for start in offset:
        last = size - patch
        places = list(range(start, last + 1, stride))
        axes.append(places if places[-1] == last else [*places, last])
    return [(x, y) for y in axes[1] for x in axes[0]]


@dataclass
class ExactDecoder:
    """Answers points on patches of ``side`` pixels with the truth, with noise of a pixel."""

    numbers: NDArray[np.int32]
    places: Sequence[tuple[int, int]]
    side: int
    noise: float = 0.25
    seed: int = 0
    calls: int = 0
    asked: set[tuple[tuple[int, int], int]] = field(default_factory=set)
    patches: SeenPatches = field(init=False)

    def __post_init__(self) -> None:
        polygons = [box(x, y, x + self.side, y + self.side) for x, y in self.places]
        self.patches = SeenPatches(polygons, 1.0)

    def pieces(self, patch: int, spacing: int = 16) -> list[Piece]:
        """What a grid of points finds on a patch, asked only where its centre is nearest."""
        x, y = self.places[patch]
        axis = np.arange(spacing // 2, len(self.numbers), spacing)
        xs, ys = (grid.ravel() for grid in np.meshgrid(axis, axis))
        inside = (xs >= x) & (xs < x + self.side) & (ys >= y) & (ys < y + self.side)
        xs, ys = xs[inside], ys[inside]
        away = np.hypot(
            xs[:, None] + 0.5 - self.patches.centres[:, 0],
            ys[:, None] + 0.5 - self.patches.centres[:, 1],
        )
        own = away.argmin(1) == patch
        found: list[Piece] = []
        seen = np.zeros((self.side, self.side), bool)
        for column, row in zip((xs[own] - x).tolist(), (ys[own] - y).tolist(), strict=True):
            if not seen[row, column]:
                part = self.part(patch, column, row)
                if part is not None:
                    seen |= part
                    found.append(self.piece(patch, part, len(found)))
        return found

    def part(self, patch: int, column: int, row: int) -> Mask | None:
        """The connected part of the object at a pixel of a patch."""
        x, y = self.places[patch]
        window = self.numbers[y : y + self.side, x : x + self.side]
        number = window[row, column]
        if not number:
            return None
        _, labels = cv2.connectedComponents((window == number).astype(np.uint8), connectivity=4)
        return labels == labels[row, column]

    def piece(self, patch: int, part: Mask, number: int) -> Piece:
        self.calls += 1
        x, y = self.places[patch]
        random = np.random.default_rng([self.seed, patch, number])
        mask = _noisy(part, self.noise, random)
        shape = shapely.transform(
            shapely.multipolygons(mask_polygons(mask)), lambda xy: xy + [x, y]
        )
        return Piece(MultiPolygon(shape), patch, number, score=float(random.uniform(0.8, 1)))

    def follow(self, cut: Merged) -> Iterator[Piece]:
        """The object in the patches at its open ends."""
        patches = self.patches
        members = {piece.patch for piece in cut.members}
        ends = shapely.intersection(
            shapely.buffer(cut.geometry, 2), patches.open_ends(sorted(members))
        )
        _, near = patches.meeting(np.array([ends], dtype=object))
        for patch in near.tolist():
            known = shapely.intersection(cut.geometry, patches.polygons[patch])
            if patch in members or known.area < 20 or (cut.members[0].place, patch) in self.asked:
                continue
            self.asked.update((piece.place, patch) for piece in cut.members)
            largest = max(shapely.get_parts(known), key=lambda part: part.area)
            point = largest.representative_point()
            x, y = self.places[patch]
            part = self.part(patch, int(point.x - x), int(point.y - y))
            if part is not None:
                yield self.piece(patch, part, 10_000 + self.calls)

    def objects(
        self, order: Sequence[int] | None = None, follow: bool = True
    ) -> tuple[list[Merged], int]:
        """All objects, and the largest number of pieces that were in memory."""
        merger = Merger(
            self.patches, MergeRules(), (lambda cut: list(self.follow(cut))) if follow else None
        )
        found, most = [], 0
        for patch in range(len(self.places)) if order is None else order:
            found += merger.add(patch, self.pieces(patch))
            most = max(most, merger.piece_count)
        assert merger.piece_count == 0
        return without_duplicates(found, 0.7), most


def _noisy(mask: Mask, noise: float, random: np.random.Generator) -> Mask:
    """A mask whose pixels at the outline are flipped with a probability of ``noise``."""
    kernel = np.ones((3, 3), np.uint8)
    border = cv2.dilate(mask.astype(np.uint8), kernel) != cv2.erode(mask.astype(np.uint8), kernel)
    flipped = mask ^ (border & (random.random(mask.shape) < noise / 2))
    # Without specks, which no model makes.
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(
        flipped.astype(np.uint8), connectivity=4
    )
    if count <= 1:
        return mask
    return np.asarray(labels == 1 + statistics[1:, cv2.CC_STAT_AREA].argmax())


def truth_polygons(numbers: NDArray[np.int32]) -> list[Polygon | MultiPolygon]:
    """The outlines of all objects."""
    return [
        MultiPolygon(list(mask_polygons(numbers == number)))
        for number in range(1, numbers.max() + 1)
    ]


def matched_f1(
    one: Sequence[Polygon], other: Sequence[Polygon], limit: float, inside: Polygon
) -> float:
    """F1 of two sets of objects matched one to one, the best pairs first.

    Only objects ``inside`` an area count; they may be matched with any.
    """
    pairs = []
    tree = shapely.STRtree(one)
    for j, shape in enumerate(other):
        for i in tree.query(shape).tolist():
            common = one[i].intersection(shape).area
            value = common / (one[i].area + shape.area - common)
            if value >= limit:
                pairs.append((-value, i, j))
    firsts: set[int] = set()
    seconds: set[int] = set()
    for _, i, j in sorted(pairs):
        if i not in firsts and j not in seconds:
            firsts.add(i)
            seconds.add(j)
    counted_one = {i for i, shape in enumerate(one) if inside.contains(shape)}
    counted_other = {j for j, shape in enumerate(other) if inside.contains(shape)}
    hits = len(counted_one & firsts) + len(counted_other & seconds)
    return hits / max(len(counted_one) + len(counted_other), 1)
