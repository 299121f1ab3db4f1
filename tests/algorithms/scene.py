"""Small rasters and layers with known content, for tests that run in QGIS's Python."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional

import numpy
from osgeo import gdal, osr
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsVectorLayer,
)

EPSG = 32632
LEFT, TOP = 500000.0, 5000000.0  # of a raster of one metre a pixel
WIDTH, HEIGHT = 640, 512
# Bright squares: column and row of the upper left pixel, side in pixels.
SQUARES = ((80, 80, 100), (300, 60, 120), (120, 300, 140), (460, 320, 110))


def map_box(square: tuple[int, int, int]) -> tuple[float, float, float, float]:
    """A square's xmin, ymin, xmax, ymax on the map."""
    column, row, side = square
    return LEFT + column, TOP - row - side, LEFT + column + side, TOP - row


def centre(square: tuple[int, int, int]) -> tuple[float, float]:
    column, row, side = square
    return LEFT + column + side / 2, TOP - row - side / 2


def image(bands: int = 3) -> numpy.ndarray:
    """uint8 [bands, HEIGHT, WIDTH]: the squares on a dark ground with a little noise."""
    values = numpy.random.default_rng(1).integers(40, 56, (bands, HEIGHT, WIDTH))
    for column, row, side in SQUARES:
        values[:, row : row + side, column : column + side] += 170
    return values.astype(numpy.uint8)


def write_raster(
    path: Path, values: numpy.ndarray, epsg: Optional[int] = EPSG, nodata: Optional[float] = None
) -> Path:
    """A GeoTIFF of one metre a pixel at LEFT, TOP."""
    types = {"uint8": gdal.GDT_Byte, "float32": gdal.GDT_Float32}
    bands, height, width = values.shape
    target = gdal.GetDriverByName("GTiff").Create(
        str(path), width, height, bands, types[str(values.dtype)]
    )
    target.SetGeoTransform((LEFT, 1, 0, TOP, 0, -1))
    if epsg is not None:
        crs = osr.SpatialReference()
        crs.ImportFromEPSG(epsg)
        target.SetProjection(crs.ExportToWkt())
    for number, band in enumerate(values, start=1):
        target.GetRasterBand(number).WriteArray(band)
        if nodata is not None:
            target.GetRasterBand(number).SetNoDataValue(nodata)
    target = None
    return path


def memory_layer(
    kind: str,
    rows: Sequence[tuple[Any, ...]],
    fields: str = "name:string",
    crs: str = f"EPSG:{EPSG}",
) -> QgsVectorLayer:
    """A layer of ``kind`` (Point, Polygon, ...); each row is WKT (or None), then the attributes."""
    columns = "".join(f"&field={field}" for field in fields.split(",") if field)
    layer = QgsVectorLayer(f"{kind}?crs={crs}{columns}", "prompts", "memory")
    if not crs:
        layer.setCrs(type(layer.crs())())
    for wkt, *attributes in rows:
        feature = QgsFeature(layer.fields())
        if wkt is not None:
            feature.setGeometry(QgsGeometry.fromWkt(wkt))
        feature.setAttributes(list(attributes))
        assert layer.dataProvider().addFeature(feature)
    return layer


def point_wkt(x: float, y: float) -> str:
    return f"POINT ({x} {y})"


def box_wkt(box: tuple[float, float, float, float]) -> str:
    x_minimum, y_minimum, x_maximum, y_maximum = box
    return (
        f"POLYGON (({x_minimum} {y_minimum}, {x_maximum} {y_minimum}, {x_maximum} {y_maximum}, "
        f"{x_minimum} {y_maximum}, {x_minimum} {y_minimum}))"
    )


class Feedback(QgsProcessingFeedback):
    """Remembers what it was told; cancels at ``cancel_at`` percent."""

    def __init__(self, cancel_at: Optional[float] = None) -> None:
        super().__init__(False)
        self.lines: list[str] = []
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self._cancel_at = cancel_at
        self.progressChanged.connect(self._on_progress)

    def pushInfo(self, info: str) -> None:
        self.lines.append(info)

    def pushWarning(self, warning: str) -> None:
        self.warnings.append(warning)

    def reportError(self, error: str, fatalError: bool = False) -> None:
        self.errors.append(error)

    def setProgressText(self, text: str) -> None:
        self.lines.append(text)

    def _on_progress(self, percent: float) -> None:
        if self._cancel_at is not None and percent >= self._cancel_at:
            self.cancel()


class Run:
    """What a run gave: its results, its layers as rows, its feedback."""

    def __init__(
        self,
        algorithm: Any,
        parameters: dict[str, Any],
        cancel_at: Optional[float] = None,
        feedback: Optional[Feedback] = None,
    ) -> None:
        import processing

        self.context = QgsProcessingContext()
        self.feedback = feedback or Feedback(cancel_at)
        self.results = processing.run(
            algorithm, parameters, context=self.context, feedback=self.feedback
        )

    def layer(self, key: str) -> QgsVectorLayer:
        value = self.results[key]
        if isinstance(value, QgsVectorLayer):
            return value
        return QgsProcessingUtils.mapLayerFromString(value, self.context)

    def rows(self, key: str) -> list[QgsFeature]:
        return list(self.layer(key).getFeatures())

    def names(self, key: str) -> list[Any]:
        return [row["name"] for row in self.rows(key)]


def destination_key(model: Any) -> str:
    """What a model calls its one output: the step's name stands before it until QGIS 3.26."""
    (destination,) = model.destinationParameterDefinitions()
    return str(destination.name())


def iou(geometry: QgsGeometry, box: tuple[float, float, float, float]) -> float:
    """Intersection over union of a geometry and a box in the same CRS."""
    return agreement(geometry, QgsGeometry.fromWkt(box_wkt(box)))


def agreement(one: QgsGeometry, other: QgsGeometry) -> float:
    """Intersection over union of two geometries in the same CRS."""
    return one.intersection(other).area() / one.combine(other).area()


def require_same_objects(one: Run, other: Run) -> None:
    """Both runs gave the same polygons to the same names.

    But for the last bits: the engine takes as many threads as cores are free, and sums of
    floats depend on how they are shared out.
    """
    rows, others = ({row["name"]: row for row in run.rows("OUTPUT")} for run in (one, other))
    assert rows.keys() == others.keys()
    for name, row in rows.items():
        assert abs(row["score"] - others[name]["score"]) < 1e-5
        assert row["chip_id"] == others[name]["chip_id"]
        assert agreement(row.geometry(), others[name].geometry()) > 0.999, name
