"""What people give, as the requests of the contract want it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyproj import CRS, Transformer

from geosam_processing.contract import (
    CLASS_COLUMN,
    ID_COLUMN,
    SCORE_COLUMN,
    Bounds,
    ContractError,
    Device,
    LiveCache,
    Model,
    PolygonFile,
    Raster,
    chosen_cluster,
    folders,
    settings,
)
from geosam_processing.contract.catalogue import BUNDLED_MODEL
from geosam_processing.engine.errors import GeoSamError
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.features.manifest import MANIFEST_NAME
from geosam_processing.engine.raster.view import open_source

if TYPE_CHECKING:
    from distributed import Client

# A file, or what leads to one.
Source: TypeAlias = str | os.PathLike[str]
# A layer: a file, a table with geometries, one geometry or several.
Layer: TypeAlias = (
    Source | geopandas.GeoDataFrame | geopandas.GeoSeries | shapely.Geometry | Sequence[Any]
)
_POINT, _BOX = 2, 4  # numbers that make one


class LayerError(GeoSamError):
    """A layer cannot be read, or has no CRS."""


def model_of(model: str | Model | None, checkpoint: Source | None = None) -> Model | None:
    """The model that is meant by a name of the catalogue, a checkpoint's file or both."""
    if isinstance(model, Model):
        return model
    if not model and not checkpoint:
        return None
    return Model(model or "", os.fspath(checkpoint) if checkpoint else "")


def model_or_bundled(model: str | Model | None, checkpoint: Source | None = None) -> Model:
    """As ``model_of``; the bundled model if none is given."""
    return model_of(model, checkpoint) or Model(BUNDLED_MODEL)


def device_of(device: str | Device | None, cuda_id: int = 0) -> Device:
    """The device of a name; None takes ``GEOSAM_DEVICE``, or else the best one."""
    if isinstance(device, Device):
        return device
    return Device(device or settings.device_name(os.environ.get(settings.DEVICE)), cuda_id)


def cluster_of(cluster: str | Client | None) -> str | Client:
    """The cluster of a text, or a client of Dask; None takes ``GEOSAM_CLUSTER``.

    Raises:
        ContractError: it is no cluster.
    """
    if cluster is None or isinstance(cluster, str):
        return chosen_cluster(cluster or "", os.environ)[0]
    return cluster


def live_cache() -> LiveCache:
    """Where features are kept that are encoded on demand, as the environment says."""
    megabytes = settings.cache_megabytes(os.environ.get(settings.CACHE_SIZE))
    return LiveCache(str(folders.cache_folder()), megabytes)


def raster_of(
    source: Source, bands: Sequence[int] | None = None, extent: Bounds | None = None
) -> Raster:
    """A raster by its file or GDAL's name for it.

    Args:
        bands: numbers from 1. If None, the first one to three.
        extent: x minimum, y minimum, x maximum, y maximum in the raster's CRS.
    """
    return Raster(path_of(source), bands=tuple(bands or ()), extent=extent)


def is_feature_folder(source: Source) -> bool:
    """Whether a path leads to a folder, or to a manifest in one, rather than to a raster."""
    path = Path(path_of(source))
    return path.name == MANIFEST_NAME or path.is_dir()


def stem_of(source: Source) -> str:
    """The name of a raster without its folder and extension."""
    return Path(path_of(source)).stem or "raster"


def path_of(source: Source) -> str:
    """A path as text, with the user's folder for ``~``."""
    return os.path.expanduser(os.fspath(source))


def crs_of(source: Source) -> CRS:
    """The CRS of a feature folder or a raster.

    Raises:
        FeaturesError, RasterError: it cannot be opened, or has no CRS.
    """
    if is_feature_folder(source):
        return FeatureFolder.open(path_of(source)).crs
    with open_source(raster_of(source)) as view:
        return CRS(view.crs_text)


def layer_of(layer: Layer, crs: Any, name: str) -> geopandas.GeoDataFrame:
    """A layer as a table with geometries and a CRS.

    Args:
        crs: that of geometries and numbers without one.
        name: of the argument, for errors.

    Raises:
        LayerError: the file cannot be read, or the layer has no CRS.
        ContractError: the value is no layer.
    """
    frame = _frame(layer, crs, name)
    if frame.crs is None:
        raise LayerError("{} has no CRS. Set one, such as layer.set_crs(32633)", name)
    return frame


def _frame(layer: Layer, crs: Any, name: str) -> geopandas.GeoDataFrame:
    if isinstance(layer, geopandas.GeoDataFrame):
        return layer
    if isinstance(layer, geopandas.GeoSeries):
        return geopandas.GeoDataFrame(geometry=layer)
    if isinstance(layer, (str, os.PathLike)):
        try:
            return geopandas.read_file(path_of(layer), on_invalid="ignore", use_arrow=True)
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError) as error:
            raise LayerError("{} cannot be read ({}). Check its path", name, error) from error
    return geopandas.GeoDataFrame(geometry=_geometries(layer, name), crs=crs)


def _geometries(layer: Any, name: str) -> list[shapely.Geometry]:
    """The geometries of one or several points (x, y), boxes or geometries."""
    if isinstance(layer, shapely.Geometry):
        return [layer]
    values = list(layer)
    if values and all(map(np.isscalar, values)):
        values = [values]
    return [_geometry(value, name) for value in values]


def _geometry(value: Any, name: str) -> shapely.Geometry:
    if isinstance(value, shapely.Geometry):
        return value
    try:
        numbers = [float(number) for number in value]
    except (TypeError, ValueError):
        numbers = []
    if len(numbers) == _POINT:
        return shapely.Point(numbers)
    if len(numbers) == _BOX:
        return shapely.box(*numbers)
    raise ContractError(
        "Invalid {} ({}): give a file, a GeoDataFrame, points (x, y), "
        "boxes (xmin, ymin, xmax, ymax) or geometries",
        name,
        repr(value)[:80],
    )


def box_in(geometry: shapely.Geometry, transformer: Transformer) -> Bounds:
    """The bounding box of a geometry in another CRS; its edges may bend on the way."""
    x_minimum, y_minimum, x_maximum, y_maximum = transformer.transform_bounds(*geometry.bounds)
    return (x_minimum, y_minimum, x_maximum, y_maximum)


def area_wkb(extent: Bounds | None, mask: Layer | None, crs: CRS) -> str:
    """Where to search, as hexadecimal WKB in ``crs``; empty for everywhere.

    Args:
        extent: in ``crs``.
        mask: polygons in any CRS.

    Raises:
        LayerError: the mask has no polygons, or does not overlap the extent.
    """
    area = None if extent is None else shapely.box(*extent)
    if mask is not None:
        polygons = layer_of(mask, crs, "mask").to_crs(crs).geometry.make_valid().union_all()
        area = polygons if area is None else shapely.intersection(area, polygons)
        if not area.area:
            raise LayerError("mask has no polygons in the extent. Give a layer that has some")
    return "" if area is None else shapely.to_wkb(area, hex=True)


def column_of(frame: geopandas.GeoDataFrame, name: str, layer: str) -> pd.Series:
    """A column of a layer.

    Raises:
        ContractError: there is none of that name.
    """
    if name not in frame.columns:
        raise ContractError(
            "{} has no column {}: its columns are {}", layer, name, ", ".join(map(str, frame))
        )
    return frame[name]


def polygon_file(
    frame: geopandas.GeoDataFrame, folder: Path, name: str, columns: Mapping[str, str]
) -> PolygonFile:
    """Write a layer for a request, its rows numbered from 0.

    Args:
        columns: columns of the file and those of the layer; without a name there is none.

    Raises:
        ContractError: a column is missing.
    """
    chosen = {column: field for column, field in columns.items() if field}
    path = folder / f"{name}.gpkg"
    geopandas.GeoDataFrame(
        {
            ID_COLUMN: np.arange(len(frame)),
            **{
                column: column_of(frame, field, name).to_numpy() for column, field in chosen.items()
            },
        },
        geometry=frame.geometry.to_numpy(),
        crs=frame.crs,
    ).to_file(path, driver="GPKG", SPATIAL_INDEX="NO")
    crs = ":".join(frame.crs.to_authority() or ()) or frame.crs.to_wkt()
    return PolygonFile(str(path), crs, SCORE_COLUMN in chosen, CLASS_COLUMN in chosen)
