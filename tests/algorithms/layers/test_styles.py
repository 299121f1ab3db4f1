"""Layers of results show what is below them, unless the user wants them otherwise."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsVectorLayer,
)

from tests.algorithms.scene import SQUARES, box_wkt, map_box, memory_layer

pytestmark = pytest.mark.usefixtures("qgis_application")


@pytest.fixture
def project() -> Iterator[QgsProject]:
    yield QgsProject.instance()
    QgsProject.instance().clear()


def loaded(algorithm: str, key: str, parameters: dict[str, Any]) -> QgsVectorLayer:
    """The layer of an output, as QGIS's window loads it."""
    import processing

    destination = QgsProcessingOutputLayerDefinition("TEMPORARY_OUTPUT", QgsProject.instance())
    processing.runAndLoadResults(algorithm, {**parameters, key: destination})
    (layer,) = [
        layer
        for layer in QgsProject.instance().mapLayers().values()
        if layer.name() in ("Segments", "Patches", "Polygons", "Missed references")
    ]
    assert isinstance(layer, QgsVectorLayer)
    return layer


def segments(features: str) -> QgsVectorLayer:
    boxes = memory_layer("Polygon", [(box_wkt(map_box(SQUARES[0])), "0")])
    QgsProject.instance().addMapLayer(boxes)
    prompts = QgsProcessingFeatureSourceDefinition(boxes.id())
    parameters = {"FEATURES": features, "PROMPTS": prompts, "DEVICE": False}
    return loaded("geosam:segmentprompts", "OUTPUT", parameters)


def test_segments_are_see_through(project: QgsProject, features: str) -> None:
    symbol = segments(features).renderer().symbol()
    assert 0 < symbol.color().alpha() < 128


def test_missed_references_are_see_through(project: QgsProject) -> None:
    boxes = memory_layer("Polygon", [(box_wkt(map_box(square)), "r") for square in SQUARES])
    project.addMapLayer(boxes)
    layer = QgsProcessingFeatureSourceDefinition(boxes.id())
    parameters = {"OBJECTS": layer, "REFERENCE": layer}
    symbol = loaded("geosam:assessaccuracy", "MISSED", parameters).renderer().symbol()
    assert symbol.color().blue() > symbol.color().red() and 0 < symbol.color().alpha() < 128


def test_a_style_of_the_users_wins(
    project: QgsProject, features: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from processing.gui.RenderingStyles import RenderingStyles

    own = tmp_path / "own.qml"
    layer = QgsVectorLayer("Polygon", "own", "memory")
    layer.renderer().symbol().setOpacity(0.9)
    layer.saveNamedStyle(str(own))
    styles = {"geosam:segmentprompts": {"OUTPUT": str(own)}}
    monkeypatch.setattr(RenderingStyles, "styles", styles)
    assert segments(features).renderer().symbol().opacity() == pytest.approx(0.9)


def test_previewed_patches_are_told_apart(project: QgsProject, raster: Path) -> None:
    layer = loaded("geosam:previewpatches", "PATCHES", {"INPUT": str(raster), "DEVICE": False})
    labels = [rule.label() for rule in layer.renderer().rootRule().children()]
    assert labels == ["To be encoded", "In the cache", "Skipped: without data"]


def test_encoded_patches_are_see_through(project: QgsProject, raster: Path, tmp_path: Path) -> None:
    parameters = {"INPUT": str(raster), "DEVICE": False, "OUTPUT": str(tmp_path / "features")}
    layer = loaded("geosam:encoderaster", "PATCHES", parameters)
    assert 0 < layer.renderer().symbol().color().alpha() < 128


def test_a_workflows_layers_have_its_titles_and_a_style(
    project: QgsProject, raster: Path, tmp_path: Path
) -> None:
    boxes = memory_layer("Polygon", [(box_wkt(map_box(SQUARES[0])), "0")])
    parameters = {
        "RASTER": str(raster),
        "PROMPTS": boxes,
        "encode:FEATURES": str(tmp_path / "features"),
    }
    layer = loaded("geosam:segmentraster", "clean:POLYGONS", parameters)
    assert layer.name() == "Polygons"
    assert 0 < layer.renderer().symbol().color().alpha() < 128
