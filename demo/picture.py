"""A picture of what the demo made: prompts and polygons over the raster."""

from __future__ import annotations

from pathlib import Path

import geopandas
import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import rasterio
import rasterio.plot
from matplotlib.axes import Axes
from rasterio.windows import Window


def draw(raster: Path, panels: dict[str, tuple[Path, Path]], output: Path) -> None:
    """Draw one panel for each title: its polygons and its prompts over the raster."""
    with rasterio.open(raster) as image:
        pixels = rasterio.plot.reshape_as_image(image.read((1, 2, 3)))
        extent = rasterio.plot.plotting_extent(image)
    height = 7 * pixels.shape[0] / pixels.shape[1]
    figure, axes = plt.subplots(
        1, len(panels), figsize=(7 * len(panels), height + 0.4), squeeze=False
    )
    for axis, (title, (polygons, prompts)) in zip(axes[0], panels.items()):
        axis.imshow(pixels, extent=extent)
        _draw_panel(axis, geopandas.read_file(polygons), geopandas.read_file(prompts))
        axis.set(xlim=extent[:2], ylim=extent[2:], title=title, xlabel="", ylabel="")
        axis.set_axis_off()
    figure.tight_layout()
    temporary = output.with_name(f".{output.name}")
    figure.savefig(temporary, dpi=100, format="png")
    plt.close(figure)
    temporary.replace(output)


def draw_objects(raster: Path, window: Window, objects: Path, output: Path) -> None:
    """Draw a part of a raster twice, the second time with the objects over it."""
    with rasterio.open(raster) as image:
        bands = (1, 2, 3) if image.count >= 3 else (1, 1, 1)
        values = image.read(bands, window=window, masked=True).astype(float).filled(np.nan)
        left, bottom, right, top = image.window_bounds(window)
        crs = image.crs
    low, high = np.nanpercentile(values, (1, 99))
    shown = np.nan_to_num((values - low) / max(high - low, 1e-9)).clip(0, 1).transpose(1, 2, 0)
    figure, axes = plt.subplots(1, 2, figsize=(14, 7 * window.height / window.width))
    for axis in axes:
        axis.imshow(shown, extent=(left, right, bottom, top))
        axis.set_axis_off()
    outlines = geopandas.read_file(objects).to_crs(crs)
    if len(outlines):
        outlines.plot(ax=axes[1], cmap="tab20", alpha=0.45, aspect=None)
        outlines.boundary.plot(ax=axes[1], color="white", linewidth=0.7, aspect=None)
    for axis in axes:
        axis.set(xlim=(left, right), ylim=(bottom, top))
    figure.tight_layout()
    temporary = output.with_name(f".{output.name}")
    figure.savefig(temporary, dpi=90, format="png")
    plt.close(figure)
    temporary.replace(output)


def _draw_panel(
    axis: Axes, polygons: geopandas.GeoDataFrame, prompts: geopandas.GeoDataFrame
) -> None:
    if len(polygons):
        polygons.plot(ax=axis, color="#ffe94d", alpha=0.3, aspect=None)
        polygons.boundary.plot(ax=axis, color="#ffd400", linewidth=1.1, aspect=None)
    if (prompts.geom_type == "Point").all():
        prompts.plot(
            ax=axis, color="#ff2d6f", markersize=16, edgecolor="white", linewidth=0.6, aspect=None
        )
    else:
        prompts.boundary.plot(ax=axis, color="#00e5ff", linewidth=0.8, aspect=None)
