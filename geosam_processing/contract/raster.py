"""Messages that name a raster, a model and a device."""

from dataclasses import dataclass
from typing import Optional

from .checks import Bounds, require, require_bounds, require_choice

DEVICES = ("auto", "cpu", "cuda", "mps")
COMPUTE_PRECISIONS = ("auto", "float32", "bfloat16", "float16")


@dataclass(frozen=True)
class Device:
    """Where the model runs. ``auto`` takes a GPU that works, else the CPU.

    ``index`` counts CUDA devices from 0.
    """

    name: str = "auto"
    index: int = 0

    def __post_init__(self) -> None:
        require_choice("device", self.name, DEVICES)
        require(self.index >= 0, "Invalid CUDA device index ({}): it counts from 0", self.index)


@dataclass(frozen=True)
class Model:
    """Which model, and where its checkpoint lies.

    ``model`` is a catalogue id such as ``sam2.1_hiera_tiny``; empty means: recognise
    it from ``checkpoint``. ``checkpoint`` is a file; empty means: look for the
    model's official file in ``folder`` (empty: the default model folder).
    """

    model: str = ""
    checkpoint: str = ""
    folder: str = ""

    def __post_init__(self) -> None:
        require(bool(self.model or self.checkpoint), "Name a model or give its checkpoint file")


@dataclass(frozen=True)
class Raster:
    """A raster and the part of it to look at.

    ``source`` is what GDAL opens; ``crs`` (WKT or ``EPSG:n``) overrules the file's
    own, empty keeps that; ``bands`` count from 1, up to three, none means the first
    one to three; ``extent`` is in the raster's CRS, none means all of it.
    ``nodata`` overrules the value that the file declares for no data: NaN says that no value
    is one, none keeps the file's.
    """

    source: str
    crs: str = ""
    bands: tuple[int, ...] = ()
    extent: Optional[Bounds] = None
    nodata: Optional[float] = None

    def __post_init__(self) -> None:
        require(bool(self.source), "Give a raster: its source is empty")
        require(
            len(self.bands) <= 3,
            "Invalid bands ({}): a model takes up to 3 bands",
            ", ".join(map(str, self.bands)),
        )
        for band in self.bands:
            require(band >= 1, "Invalid band number ({}): bands count from 1", band)
        if self.extent is not None:
            require_bounds("extent", self.extent)
