"""The result of an encoding before it runs, as the preview shows it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from affine import Affine

from geosam_processing.contract import EncodeRequest
from geosam_processing.contract.redaction import without_secrets
from geosam_processing.engine import errors
from geosam_processing.engine.compute.device import choose_compute_precision
from geosam_processing.engine.encoding.grid import PatchGrid, PatchWindow, patch_windows
from geosam_processing.engine.features.manifest import (
    MANIFEST_NAME,
    Chip,
    Settings,
    stored_settings,
)
from geosam_processing.engine.features.manifest_parts import note_of, part_paths
from geosam_processing.engine.features.scales import scale_folder
from geosam_processing.engine.models.families import family_of
from geosam_processing.engine.raster.target_grid import PixelGrid, metres_per_pixel
from geosam_processing.engine.raster.view import RasterView, open_source

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class EncodePlan:
    """Which patches an encoding makes, of a grid of ``width`` x ``height`` pixels.

    Attributes:
        transform: pixel (column, row) of the grid to x, y in ``crs``.
        crs: ``EPSG:n`` or WKT.
        bands: the bands that are read, from 1.
        patches: the windows, row by row; those of wholly nodata patches included.
    """

    model_id: str
    patch_size: int
    stride: int
    width: int
    height: int
    transform: Affine
    crs: str
    bands: tuple[int, ...]
    source_fingerprint: str
    patches: PatchGrid

    def chip(self, window: PatchWindow) -> Chip:
        """The chip of a window, without a file yet."""
        return Chip(
            chip_id=window.chip_id,
            path=Path(),
            transform=self.transform * Affine.translation(window.x, window.y),
            shape=(window.height, window.width),
            dst_shape=(self.patch_size, self.patch_size),
            row=window.row,
            column=window.column,
        )


def settled(request: EncodeRequest, model_id: str, patch_size: int) -> EncodeRequest:
    """``request`` with a stride, also for an overlap or none, and its resolution scale in meters.

    Raises:
        ModelError: the stride is larger than the model's patches.
        RasterError: the raster cannot be opened.
    """
    if request.overlap is not None:
        stride = max(round(patch_size * (100 - request.overlap) / 100), 1)
        request = replace(request, stride=stride, overlap=None)
    stride = patch_size // 2 if request.stride is None else request.stride
    require_no_gaps("stride", stride, model_id, patch_size)
    request = replace(request, stride=stride)
    if request.resolution_scale is not None:
        with open_source(request.raster) as view:
            resolution = resolution_of(view) * request.resolution_scale
        request = replace(request, target_resolution=resolution, resolution_scale=None)
    return request


def of_scales(request: EncodeRequest) -> dict[int, EncodeRequest]:
    """A settled request for each of its scales, the finest first.

    All are in the CRS of the finest, so that their patches can be compared.

    Raises:
        RasterError: the raster cannot be opened.
    """
    finest = replace(request, scales=(1,))
    if request.scales == (1,):
        return {1: finest}
    with open_source(request.raster, request.target_crs, request.target_resolution) as view:
        resolution, crs = resolution_of(view), view.crs_text
    return {
        scale: finest
        if scale == 1
        else replace(
            finest,
            output=str(scale_folder(Path(request.output), scale)),
            target_crs=crs,
            target_resolution=resolution * scale,
        )
        for scale in request.scales
    }


def require_no_gaps(name: str, stride: int, model_id: str, patch_size: int) -> None:
    """Raises ModelError if the stride, which ``name`` calls, exceeds a patch."""
    if stride > patch_size:
        raise errors.ModelError(
            "Invalid {} ({}): the patches of {} are {} pixels wide, "
            "so there would be gaps between them; valid values are 1 to {}",
            name,
            stride,
            model_id,
            patch_size,
            patch_size,
        )


def resolution_of(view: RasterView) -> float:
    """The size of a pixel in meters on the ground, at the center of the view."""
    return metres_per_pixel(PixelGrid(view.crs, view.transform, view.width, view.height))


def plan_of(request: EncodeRequest, view: RasterView, model_id: str, patch_size: int) -> EncodePlan:
    """The plan of a settled request on its opened raster."""
    stride = patch_size // 2 if request.stride is None else request.stride
    return EncodePlan(
        model_id=model_id,
        patch_size=patch_size,
        stride=stride,
        width=view.width,
        height=view.height,
        transform=view.transform,
        crs=view.crs_text,
        bands=tuple(view.bands),
        source_fingerprint=view.source_fingerprint,
        patches=patch_windows(view.width, view.height, patch_size, stride),
    )


def continued_precision(asked: str, folder: Path, device: torch.device) -> str:
    """The precision with which ``auto`` continues the chips of ``folder``.

    What ``auto`` means may change with the version and the processor.

    Returns:
        One of ``contract.COMPUTE_PRECISIONS``: that of the folder if ``asked`` is ``auto`` and
        ``device`` can compute in it, else ``asked``.
    """
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    folder = Path(os.path.expanduser(folder))
    if asked != "auto":
        return asked
    path = folder / MANIFEST_NAME
    notes = (note_of(part) for part in part_paths(folder))
    note = next((each for each in notes if each is not None), None)
    if note is None and not path.is_file():
        return asked
    try:
        if note is None:
            table = parquet.ParquetFile(path).read(columns=["settings"]).slice(0, 1).to_pydict()
            text = str(table["settings"][0])
        else:
            text = note.settings
        settings = stored_settings(text)
        return choose_compute_precision(settings.get("compute_precision", "float32"), device)
    except (OSError, arrow.ArrowException, KeyError, IndexError, errors.DeviceError):
        # It cannot be continued so; that is reported where the folder is opened.
        return asked


def settings_of(
    request: EncodeRequest,
    encode_plan: EncodePlan,
    family: str,
    compute_precision: str,
    value_range: tuple[float, float],
    checkpoint_sha256: str,
) -> Settings:
    """What decides what the chips of a run will hold."""
    return Settings(
        layer_name=without_secrets(request.layer_name),
        source_fingerprint=encode_plan.source_fingerprint,
        crs=encode_plan.crs,
        transform=tuple(encode_plan.transform)[:6],
        width=encode_plan.width,
        height=encode_plan.height,
        bands=encode_plan.bands,
        value_range=(float(value_range[0]), float(value_range[1])),
        model_id=encode_plan.model_id,
        model_type=family,
        checkpoint_sha256=checkpoint_sha256,
        patch_size=encode_plan.patch_size,
        stride=encode_plan.stride,
        precision=request.precision,
        include_nodata=request.include_nodata,
        compute_precision=compute_precision,
        concepts=request.concepts and family_of(family).finds_concepts(encode_plan.model_id),
    )
