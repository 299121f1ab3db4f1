"""Both algorithms chained in a graphical model."""

from pathlib import Path
from typing import Optional

import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    QgsProcessingException,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterRasterLayer,
)

from tests.algorithms.scene import (
    SQUARES,
    Feedback,
    Run,
    box_wkt,
    destination_key,
    image,
    iou,
    map_box,
    memory_layer,
    write_raster,
)

pytestmark = pytest.mark.usefixtures("qgis_application")

SQUARE = SQUARES[0]


def chained() -> QgsProcessingModelAlgorithm:
    """Raster and prompts in, polygons out."""
    source = QgsProcessingModelChildParameterSource
    model = QgsProcessingModelAlgorithm("Segment raster", "GeoSAM")
    for name, kind in (
        ("raster", QgsProcessingParameterRasterLayer),
        ("prompts", QgsProcessingParameterFeatureSource),
    ):
        model.addModelParameter(kind(name, name), QgsProcessingModelParameter(name))
    encode = QgsProcessingModelChildAlgorithm("geosam:encoderaster")
    encode.setChildId("encode")
    encode.addParameterSources("INPUT", [source.fromModelParameter("raster")])
    encode.addParameterSources("DEVICE", [source.fromStaticValue(False)])
    encode.addParameterSources("MODEL", [source.fromStaticValue("geosam_nano")])
    model.addChildAlgorithm(encode)
    segment = QgsProcessingModelChildAlgorithm("geosam:segmentprompts")
    segment.setChildId("segment")
    segment.addParameterSources("FEATURES", [source.fromChildOutput("encode", "OUTPUT")])
    segment.addParameterSources("PROMPTS", [source.fromModelParameter("prompts")])
    segment.addParameterSources("DEVICE", [source.fromStaticValue(False)])
    output = QgsProcessingModelOutput("segments", "segments")
    output.setChildId("segment")
    output.setChildOutputName("OUTPUT")
    segment.setModelOutputs({"segments": output})
    model.addChildAlgorithm(segment)
    return model


def run_model(raster: Path, feedback: Optional[Feedback] = None) -> Run:
    prompts = memory_layer("Polygon", [(box_wkt(map_box(SQUARE)), "s0")])
    model = chained()
    parameters = {"raster": str(raster), "prompts": prompts, destination_key(model): "memory:"}
    return Run(model, parameters, feedback=feedback)


def test_chained_in_a_model(tmp_path: Path) -> None:
    run = run_model(write_raster(tmp_path / "scene.tif", image()[:, :300, :300]))
    (row,) = run.rows(destination_key(chained()))
    assert row["name"] == "s0"
    assert iou(row.geometry(), map_box(SQUARE)) > 0.6


def test_error_in_a_model_has_its_text(tmp_path: Path) -> None:
    feedback = Feedback()
    with pytest.raises(QgsProcessingException) as raised:
        run_model(write_raster(tmp_path / "bare.tif", image()[:, :64, :64], epsg=None), feedback)
    # Until some version the exception of a model told only which step failed.
    assert any("has no CRS" in error for error in [str(raised.value), *feedback.errors])
