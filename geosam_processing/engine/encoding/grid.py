"""The grid of patches that covers a raster: pure arithmetic on pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload


@dataclass(frozen=True)
class PatchWindow:
    """One patch as a window of whole pixels.

    ``x`` and ``y`` are its upper left pixel; ``index`` counts the windows row by row
    from the upper left, ``row`` and ``column`` from 0.
    """

    index: int
    row: int
    column: int
    x: int
    y: int
    width: int
    height: int

    @property
    def chip_id(self) -> str:
        """The name of the patch's chip in a feature folder."""
        return f"chip_{self.index:06d}"


@dataclass(frozen=True)
class _Axis:
    """The windows along one axis: every ``stride`` pixels, the last shifted inward."""

    size: int
    chip: int
    stride: int

    @property
    def count(self) -> int:
        return 1 + -(-(self.size - self.chip) // self.stride)

    def start(self, position: int) -> int:
        return min(position * self.stride, self.size - self.chip)


class PatchGrid(Sequence[PatchWindow]):
    """The windows of a raster, row-major; each is made when it is asked for.

    They cover every pixel as long as ``stride`` is at most ``patch_size``. An axis
    shorter than ``patch_size`` has one window as long as the axis.
    """

    def __init__(self, width: int, height: int, patch_size: int, stride: int) -> None:
        """Raises ValueError if a number is below 1."""
        sizes = {"width": width, "height": height, "patch size": patch_size, "stride": stride}
        for name, value in sizes.items():
            if value < 1:
                raise ValueError(f"Invalid {name} ({value}): give 1 or more pixels")
        self.width = width
        self.height = height
        self.patch_size = patch_size
        self.stride = stride
        self._columns = _Axis(width, min(patch_size, width), stride)
        self._rows = _Axis(height, min(patch_size, height), stride)

    @property
    def column_count(self) -> int:
        return self._columns.count

    @property
    def row_count(self) -> int:
        return self._rows.count

    @property
    def window_size(self) -> tuple[int, int]:
        """Width and height of every window, in pixels."""
        return self._columns.chip, self._rows.chip

    def column_start(self, column: int) -> int:
        """The first pixel, along x, of the windows in a column."""
        return self._columns.start(column)

    def row_start(self, row: int) -> int:
        """The first pixel, along y, of the windows in a row."""
        return self._rows.start(row)

    def __len__(self) -> int:
        return self.row_count * self.column_count

    @overload
    def __getitem__(self, index: int) -> PatchWindow: ...

    @overload
    def __getitem__(self, index: slice) -> list[PatchWindow]: ...

    def __getitem__(self, index: int | slice) -> PatchWindow | list[PatchWindow]:
        if isinstance(index, slice):
            return [self._window(position) for position in range(*index.indices(len(self)))]
        position = index + len(self) if index < 0 else index
        if not 0 <= position < len(self):
            raise IndexError(f"Window {index} of a grid of {len(self)}")
        return self._window(position)

    def __iter__(self) -> Iterator[PatchWindow]:
        return map(self._window, range(len(self)))

    def _window(self, index: int) -> PatchWindow:
        row, column = divmod(index, self.column_count)
        return PatchWindow(
            index=index,
            row=row,
            column=column,
            x=self._columns.start(column),
            y=self._rows.start(row),
            width=self._columns.chip,
            height=self._rows.chip,
        )


def patch_windows(width: int, height: int, patch_size: int, stride: int) -> PatchGrid:
    """The grid of patches over ``width`` x ``height`` pixels.

    Along each axis windows start at ``range(0, size - chip + 1, stride)``, and at
    ``size - chip`` if that is not among them.

    Raises:
        ValueError: a number is below 1.
    """
    return PatchGrid(width, height, patch_size, stride)
