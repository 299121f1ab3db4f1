"""Small rasters to look at."""

import numpy as np
import rasterio
from affine import Affine
from rasterio.enums import ColorInterp

UTM = "EPSG:32633"
NORTH_UP = Affine(2.0, 0.0, 500000.0, 0.0, -2.0, 5800000.0)
SOUTH_UP = Affine(2.0, 0.0, 500000.0, 0.0, 2.0, 5800000.0)
ROTATED = Affine.translation(500000.0, 5800000.0) * Affine.rotation(30) * Affine.scale(2.0, -2.0)
DEGREES = Affine(1e-4, 0.0, 14.0, 0.0, -1e-4, 52.0)


def write_raster(
    folder, values, grid=NORTH_UP, crs=UTM, nodata=None, alpha=False, mask=None, name="r.tif"
):
    """Writes [B, H, W] or [H, W] values to a GeoTIFF and gives its path."""
    values = np.asarray(values)
    values = values[None] if values.ndim == 2 else values
    path = folder / name
    bands, height, width = values.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=width,
        height=height,
        count=bands,
        dtype=values.dtype,
        crs=crs,
        transform=grid,
        nodata=nodata,
    ) as dataset:
        if alpha:
            colours = [ColorInterp.gray] + [ColorInterp.undefined] * (bands - 2)
            dataset.colorinterp = [*colours, ColorInterp.alpha]
        dataset.write(values)
        if mask is not None:
            dataset.write_mask(mask)
    return str(path)


def ramp(bands=1, height=40, width=60, dtype=np.float32):
    rows, columns = np.mgrid[:height, :width]
    return np.stack([(rows + 2 * columns + band) for band in range(bands)]).astype(dtype)
