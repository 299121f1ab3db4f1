"""Segments into outputs of every format while files may not grow; run in QGIS's Python.

    /usr/bin/python3 -m scripts.campaign.full_disks WORK ROUNDS SEED

WORK has scene.tif. Writes a line of JSON for each trial: the outcome, and what it was.
"""

import json
import os
import random
import resource
import shutil
import sys
from pathlib import Path
from typing import Any

sys.path.append("/usr/share/qgis/python/plugins")

from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRectangle,
    QgsVectorLayer,
)

from scripts.campaign.outcomes import LOST, TOLD, TRACEBACK, WHOLE

# What QGIS offers and GDAL writes polygons with attributes to, but Geoconcept, which loses some;
# in the last two, one layer of many.
SUFFIXES = (
    *("gpkg", "shp", "csv", "fgb", "geojson", "geojsonl", "gml", "json", "kml", "ods"),
    *("sql", "sqlite", "tab", "xlsx", "layer of gpkg", "layer of sqlite"),
)
COUNT, FEW = 40, 3


class Runs:
    """Runs of Segment from prompts on one feature folder."""

    def __init__(self, work: Path) -> None:
        import processing

        self._run = processing.run
        self._work = work
        self._features = str(work / "features")
        parameters = {"INPUT": str(work / "scene.tif"), "OUTPUT": self._features, "DEVICE": False}
        self._run("geosam:encoderaster", {**parameters, "STRIDE": 512}, feedback=_quiet())
        self._room = resource.getrlimit(resource.RLIMIT_FSIZE)
        # Not all boxes on noise have an object.
        self.expected, self._few = (
            self.segment("memory:", count)["OBJECT_COUNT"] for count in (COUNT, FEW)
        )
        if not self._few:
            raise SystemExit("There is no object to write")

    def segment(self, output: str, count: int, room: int = 0) -> dict[str, Any]:
        """Segment ``count`` boxes; with ``room`` bytes for each file that is written."""
        parameters = {
            "FEATURES": self._features,
            "PROMPTS": _boxes(count),
            "OUTPUT": output,
            "DEVICE": False,
        }
        if room:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, self._room[1]))
        try:
            result: dict[str, Any] = self._run(
                "geosam:segmentprompts", parameters, feedback=_quiet()
            )
            return result
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, self._room)

    def trial(self, suffix: str, generator: random.Random) -> tuple[str, str]:
        """An older output, then a run with little room in its place."""
        folder = self._work / "outputs"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        name = suffix.rpartition(" ")[2]
        path = folder / f"out.{name}"
        output = str(path)
        if suffix.startswith("layer"):
            self.segment(str(path), FEW)
            output = f"ogr:dbname='{path}' table=\"res\" (geom)"
        self.segment(output, FEW)
        older = _files(folder)
        size = max(map(len, older.values()))
        room = generator.randrange(1, size * 6)
        what = f"{suffix}, {room} bytes"
        try:
            result = self.segment(output, COUNT, room)
        except QgsProcessingException as error:
            if "OUTPUT" not in str(error) or "out" not in str(error):
                return TRACEBACK, f"{what}: {error}"
            if suffix.startswith("layer"):
                return (TOLD if _rows(str(path), "out") == self._few else LOST), f"{what}: {error}"
            return (TOLD if _files(folder) == older else LOST), f"{what}: {error}"
        except Exception as error:
            return TRACEBACK, f"{what}: {type(error).__name__}: {error}"
        count = _rows(str(path), "res" if suffix.startswith("layer") else "")
        spare = 1 if name in ("ods", "xlsx") else 0
        whole = result["OBJECT_COUNT"] == self.expected and (
            count - spare <= self.expected <= count or name == "sql"
        )
        return (WHOLE if whole else LOST), f"{what}: {count} rows"


def main() -> None:
    """The command line."""
    work, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    application = QgsApplication([], False)
    application.initQgis()
    from processing.core.Processing import Processing

    Processing.initialize()
    from geosam_processing.provider import GeoSamProvider

    provider = GeoSamProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    runs, generator = Runs(work), random.Random(seed)
    for number in range(rounds):
        for suffix in SUFFIXES:
            outcome, what = runs.trial(suffix, generator)
            print(json.dumps([outcome, f"{what}, round {number} of seed {seed}"]), flush=True)
    from geosam_processing.client.client import engine_client

    engine_client().close()
    # exitQgis crashes while Python still holds layers.
    os._exit(0)


def _boxes(count: int) -> QgsVectorLayer:
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633&field=name:string(80)", "boxes", "memory")
    features = []
    for number in range(count):
        x, y = 500_010 + 75 * (number % 8), 4_999_990 - 75 * (number // 8)
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(x, y - 60, x + 60, y)))
        feature.setAttributes([f"box {number} {'x' * 60}"])
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _rows(path: str, layer: str) -> int:
    for source in (f"{path}|layername={layer}" if layer else path, path):
        found = QgsVectorLayer(source, "", "ogr")
        if found.isValid():
            return sum(1 for _ in found.getFeatures())
    # QGIS adds a suffix of its own to some.
    others = [str(each) for each in Path(path).parent.glob("out.*.*")]
    return _rows(others[0], layer) if others and others[0] != path else 0


def _quiet() -> QgsProcessingFeedback:
    return QgsProcessingFeedback(False)


if __name__ == "__main__":
    main()
