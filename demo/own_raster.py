"""`make demo RASTER=my.tif`: everything in the user's own raster, as polygons and a picture."""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import dataclass
from pathlib import Path

import rasterio
from rasterio.errors import RasterioError
from rasterio.windows import Window

from demo.qgis_process import DemoError, command_of, enable_plugin, run_algorithm

SIDE = 1024  # pixels; a larger raster is cut to so many around its middle
STRIDE = 256  # half a patch of the bundled model


@dataclass(frozen=True)
class Part:
    """The part of a raster that the demo looks at.

    ``extent`` is xmin, xmax, ymin, ymax in the raster's CRS, as QGIS writes it; empty for all.
    """

    raster: Path
    window: Window
    extent: str


def run(raster: Path, folder: Path) -> None:
    """Encode the raster's middle, segment everything in it, draw it, and print the two commands.

    Args:
        folder: for the results; each raster gets one in it.

    Raises:
        DemoError: the raster cannot be used, or a step failed.
    """
    part = middle_of(raster)
    digest = hashlib.sha256(f"{raster.resolve()} {raster.stat().st_mtime_ns}".encode())
    place = folder / f"{raster.stem}_{digest.hexdigest()[:8]}"
    features, objects = place / "features", place / "objects.gpkg"
    place.mkdir(parents=True, exist_ok=True)
    encode: dict[str, str | int | float | Path] = {"INPUT": raster, "OUTPUT": features}
    encode["STRIDE"] = STRIDE
    if part.extent:
        encode["EXTENT"] = part.extent
    segment: dict[str, str | int | float | Path] = {"FEATURES": features, "OUTPUT": objects}
    segment["KEEP"] = "coverage"
    enable_plugin()
    run_algorithm("geosam:encoderaster", **encode)
    objects.unlink(missing_ok=True)
    found = run_algorithm("geosam:segmenteverything", **segment)
    if not objects.exists():
        raise DemoError(f"{objects} was not written")
    from demo.picture import draw_objects  # matplotlib takes seconds to import

    picture = place / "objects.png"
    draw_objects(raster, part.window, objects, picture)
    print(f"\nDone: {found.get('OBJECT_COUNT', '?')} objects.\n\nResults")
    for path in (objects, picture, features):
        print(f"  {path}")
    if part.extent:
        print(f"\nThis is the middle, up to {SIDE} pixels a side. Without EXTENT it is all.")
    print("\nHow it was done, in two commands")
    for algorithm, parameters in (
        ("geosam:encoderaster", encode),
        ("geosam:segmenteverything", segment),
    ):
        print(f"  {shlex.join(command_of(algorithm, parameters))}")
    print(
        "\nThe bundled model is small. For real work, download another one and encode with it:\n"
        "  qgis_process run geosam:downloadmodel -- MODEL=sam2.1_hiera_tiny"
    )


def middle_of(raster: Path) -> Part:
    """The raster, or its middle if it is large.

    Raises:
        DemoError: it cannot be opened, or has no CRS.
    """
    try:
        with rasterio.open(raster) as source:
            if source.crs is None:
                raise DemoError(f"{raster} has no CRS. Assign one: gdal_edit.py -a_srs EPSG:...")
            width, height = min(source.width, SIDE), min(source.height, SIDE)
            window = Window(
                (source.width - width) // 2, (source.height - height) // 2, width, height
            )
            if (width, height) == (source.width, source.height):
                return Part(raster, window, "")
            left, bottom, right, top = source.window_bounds(window)
    except RasterioError as error:
        raise DemoError(f"{raster} cannot be opened as a raster ({error})") from error
    return Part(raster, window, f"{left},{right},{bottom},{top}")
