"""Feature folders of several dates whose patches are the same."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from geosam_processing.contract import MaskOptions, Prompt
from geosam_processing.engine import errors
from geosam_processing.engine.features.empty_cells import is_empty
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.features.manifest import Chip
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.contrast import Contrast, RasterContrast, folder_contrast
from geosam_processing.engine.segmentation.placing import PatchFinder, PlacedPrompt
from geosam_processing.engine.segmentation.run import LoadedPatch
from geosam_processing.engine.segmentation.segmenter import Answer
from geosam_processing.engine.segmentation.sources.feature_folder import FolderPrompt, FolderSource
from geosam_processing.engine.segmentation.whole import WholeSource
from geosam_processing.engine.tracking.dates import AskedDate, DatedAnswer, Difference

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter

# Patches that begin at places this share of a pixel apart are the same.
_SAME = 0.05
# Least share of the patches of a folder that the first one has as well.
_COMMON = 0.5
# Places a side at which the data in an area is looked at.
_LOOKS = 16

_Key = tuple[int, ...]


class FolderDates:
    """See ``Dates``. A place is the index of a chip of the first folder."""

    encoded_count = 0

    def __init__(
        self,
        folders: dict[int, FeatureFolder],
        adapter: ModelAdapter,
        masks: MaskOptions,
        whole: bool,
        context: RunContext,
    ) -> None:
        """Compare the patches of all folders with those of the first one.

        Args:
            folders: by the index of their input; those that cannot be read are left out.

        Raises:
            FeaturesError: they differ.
        """
        first = folders[0]
        self.crs, self.crs_text = first.crs, first.crs_text
        self.pixel = min(chip.pixel_size for chip in first.chips)
        self.cached_count = 0
        self._folders = folders
        self._adapter = adapter
        self._masks = masks
        self._whole = whole
        self._context = context
        self._finder = PatchFinder(first.chips)
        self._indices = {index: same_patches(first, other) for index, other in folders.items()}

    @contextlib.contextmanager
    def open(self, index: int) -> Iterator[FolderDate]:
        """See ``Dates.open``."""
        folder = self._folders[index]
        with folder_contrast(folder, self._context) as contrast:
            source = FolderSource(folder, self._adapter.patch_size, contrast)
            if self._whole:
                source = WholeSource(folder, self._adapter, self._masks, contrast)
            asked = AskedDate(source, self._adapter, self._masks)
            yield FolderDate(folder, self._indices[index], source, asked, contrast)
            self.cached_count += source.chips_loaded

    def plan(self, prompts: Sequence[Prompt]) -> list[int | None]:
        """See ``Dates.plan``."""
        found = [self._finder.find(prompt)[0] for prompt in prompts]
        return [candidates[0] if candidates else None for candidates in found]

    def better(self, prompt: Prompt, place: int, answer: Answer) -> None:
        """See ``Dates.better``: there are no others, but objects are completed on each date."""
        return None


class FolderDate:
    """See ``OpenDate``."""

    def __init__(
        self,
        folder: FeatureFolder,
        indices: dict[int, int],
        source: FolderSource,
        asked: AskedDate,
        contrast: Contrast,
    ) -> None:
        """``indices``: of the folder's chips, by place."""
        self._folder = folder
        self._indices = indices
        self._source = source
        self._asked = asked
        self._contrast = contrast
        self._tree = shapely.STRtree([chip.polygon for chip in folder.chips])

    def answers(
        self, prompts: Sequence[tuple[Prompt, int | None]], context: RunContext
    ) -> dict[int, DatedAnswer]:
        """See ``OpenDate.answers``; the folder's own patches are asked, whichever suits best."""
        return self._asked.ask(FolderSource.prompts([prompt for prompt, _ in prompts]), context)

    def data_share(self, shape: shapely.Geometry) -> float:
        """See ``OpenDate.data_share``: looked at in places, by cells of a 32nd of a patch."""
        points = _points_in(shape)
        which, found = self._tree.query(shapely.points(points), predicate="intersects")
        filled = np.zeros(len(points), dtype=bool)
        for point, index in zip(which.tolist(), found.tolist(), strict=True):
            filled[point] |= _has_data(self._folder.chips[index], points[point])
        return float(filled.mean())

    def difference(self, shape: shapely.Geometry) -> Difference | None:
        """See ``OpenDate.difference``; known where the folder's raster is there."""
        if not isinstance(self._contrast, RasterContrast):
            return None
        return self._contrast.difference(shape)

    def has_data(self, place: int) -> bool:
        """See ``OpenDate.has_data``: patches without data have no chip."""
        return place in self._indices

    def load(self, place: int) -> LoadedPatch:
        """See ``OpenDate.load``."""
        if place not in self._indices:
            raise errors.ChipError("{} has no such patch", self._folder.path)
        return self._source.load(self._indices[place])

    def placed(self, place: int, prompt: Prompt) -> PlacedPrompt:
        """See ``OpenDate.placed``."""
        return self._source.placed(self._indices[place], prompt)

    def completed(self, answer: Answer, place: int) -> Answer:
        """See ``OpenDate.completed``."""
        return self._source.judge(FolderPrompt(answer.prompt), self._indices[place], answer)


def same_patches(first: FeatureFolder, other: FeatureFolder) -> dict[int, int]:
    """Indices of the chips of a folder by those of the first folder's chips at the same places.

    Raises:
        FeaturesError: the folders have other CRS, models or patches.
    """
    if other is first:
        return {index: index for index in range(len(first.chips))}
    if other.crs != first.crs:
        raise errors.FeaturesError(
            "{} has patches in another CRS than {}: give the rasters instead of the folders, or "
            "encode all dates in one target CRS",
            other.path,
            first.path,
        )
    if (other.model_id, other.checkpoint_sha256) != (first.model_id, first.checkpoint_sha256):
        raise errors.FeaturesError(
            "{} was encoded with another model or checkpoint than {}: encode all dates with one",
            other.path,
            first.path,
        )
    pixel = _SAME * min(chip.pixel_size for chip in first.chips)
    known = {_key(chip, pixel): index for index, chip in enumerate(first.chips)}
    common: dict[int, int] = {}
    for index, chip in enumerate(other.chips):
        place = known.get(_key(chip, pixel))
        if place is not None:
            common[place] = index
    if len(common) < _COMMON * min(len(first.chips), len(other.chips)):
        raise errors.FeaturesError(
            "Only {} of the {} patches of {} lie where those of {} do: give the rasters instead "
            "of the folders, or encode all dates with one extent, resolution and stride",
            len(common),
            len(other.chips),
            other.path,
            first.path,
        )
    return common


def _key(chip: Chip, unit: float) -> _Key:
    corners = [chip.transform * corner for corner in ((0, 0), chip.shape[::-1])]
    return tuple(round(value / unit) for corner in corners for value in corner)


def _points_in(shape: shapely.Geometry) -> NDArray[np.float64]:
    """Points [n, 2] of a lattice that are in an area, or one in it if none is."""
    left, bottom, right, top = shape.bounds
    shares = (np.arange(_LOOKS) + 0.5) / _LOOKS
    x, y = np.meshgrid(left + (right - left) * shares, bottom + (top - bottom) * shares)
    inside = shapely.contains_xy(shape, x, y)
    if not inside.any():
        return np.asarray(shapely.get_coordinates(shapely.point_on_surface(shape)))
    return np.stack([x[inside], y[inside]], axis=1)


def _has_data(chip: Chip, point: NDArray[np.float64]) -> bool:
    column, row = ~chip.transform * (float(point[0]), float(point[1]))
    height, width = chip.shape
    return not is_empty(chip.empty_cells, column / width, row / height)
