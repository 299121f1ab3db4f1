"""What a user does in QGIS's window, step by step; run inside QGIS by desktop_check.py.

Clicks through the toolbox and the dialogs, and leaves report.json and pictures in the folder
that GEOSAM_DESKTOP names.
"""

import gc
import json
import os
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable, Optional

import processing
import qgis.utils
from processing.gui.AlgorithmDialog import AlgorithmDialog
from processing.modeler.ModelerDialog import ModelerDialog
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAbstractButton, QApplication

from geosam_processing.algorithms.workflow import workflow_files

FOLDER = Path(os.environ["GEOSAM_DESKTOP"])
TICK = 0.05  # seconds
Condition = Callable[[], bool]
Wait = tuple[Condition, float]


def providers_algorithms() -> list[str]:
    provider = QgsApplication.processingRegistry().providerById("geosam")
    return sorted(algorithm.id() for algorithm in provider.algorithms()) if provider else []


def toolbox() -> Any:
    return qgis.utils.plugins["processing"].toolbox


def picture(widget: Any, name: str) -> None:
    widget.grab().save(str(FOLDER / f"{name}.png"))


def seconds(duration: float) -> Wait:
    end = time.monotonic() + duration
    return lambda: time.monotonic() > end, duration + 5


def button(dialog: Any, text: str) -> QAbstractButton:
    """The button of a dialog that says ``text``."""
    for each in dialog.findChildren(QAbstractButton):
        if each.text().replace("&", "") == text:
            return each
    raise LookupError(f"{dialog.windowTitle()} has no button {text}")


def click(widget: Any) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def index_in_toolbox(identifier: str) -> Any:
    """Where the toolbox shows an algorithm; None if it does not."""
    tree = toolbox().algorithmTree
    model = tree.model()

    def search(parent: Any) -> Any:
        for row in range(model.rowCount(parent)):
            index = model.index(row, 0, parent)
            algorithm = tree.algorithmForIndex(index)
            if algorithm is not None and algorithm.id() == identifier:
                return index
            found = search(index)
            if found is not None:
                return found
        return None

    return search(tree.rootIndex())


def open_dialogs() -> list[Any]:
    widgets = QApplication.topLevelWidgets()
    return [each for each in widgets if isinstance(each, AlgorithmDialog) and each.isVisible()]


class Session:
    """The steps; each yields what it waits for."""

    def __init__(self) -> None:
        self.report: dict[str, Any] = {
            "messages": [],
            "dialogs": [],
            "designed": [],
            "problems": [],
        }
        self.longest_gap = 0.0
        self.opened: Any = None

    def steps(self) -> Iterator[Wait]:
        yield lambda: "processing" in qgis.utils.plugins, 30
        window = qgis.utils.iface.mainWindow()
        yield seconds(1)
        self.report["plugin"] = "geosam_processing" in qgis.utils.active_plugins
        self.report["messages"] = [item.text() for item in qgis.utils.iface.messageBar().items()]
        yield from self.show_toolbox(window)
        for identifier in self.report["algorithms"]:
            yield from self.open_and_close(identifier)
        yield from self.design()
        raster = QgsRasterLayer(str(FOLDER / "scene.tif"), "scene")
        points = QgsVectorLayer(str(FOLDER / "points.gpkg"), "points")
        QgsProject.instance().addMapLayers([raster, points])
        qgis.utils.iface.mapCanvas().setExtent(raster.extent())
        yield from self.encode(raster)
        yield from self.segment(points)
        yield from self.cancel(raster)
        self.report["longest_gap"] = round(self.longest_gap, 2)

    def show_toolbox(self, window: Any) -> Iterator[Wait]:
        toolbox().setVisible(True)
        self.report["algorithms"] = providers_algorithms()
        yield lambda: toolbox().isVisible(), 10
        toolbox().searchBox.setText("geosam")
        yield seconds(1)
        self.report["in_toolbox"] = [
            identifier
            for identifier in self.report["algorithms"]
            if index_in_toolbox(identifier) is not None
        ]
        toolbox().algorithmTree.expandAll()
        yield seconds(0.5)
        picture(toolbox(), "toolbox")

    def dialog(self, identifier: str) -> Iterator[Wait]:
        """Open an algorithm's dialog."""
        self.opened = processing.createAlgorithmDialog(identifier)
        self.opened.show()
        yield lambda: bool(open_dialogs()), 15
        yield seconds(0.5)

    def open_and_close(self, identifier: str) -> Iterator[Wait]:
        yield from self.dialog(identifier)
        self.report["dialogs"].append(identifier)
        picture(self.opened, f"dialog_{identifier.partition(':')[2]}")
        click(button(self.opened, "Close"))
        yield lambda: not open_dialogs(), 10

    def design(self) -> Iterator[Wait]:
        """Open each workflow in the model designer."""
        for path in workflow_files():
            designer = ModelerDialog.create()
            designer.loadModel(str(path))
            designer.show()
            yield seconds(0.5)
            self.report["designed"].append(path.stem)
            self.report["messages"] += [item.text() for item in designer.messageBar().items()]
            picture(designer, f"designer_{path.stem}")
            # Python finds it by its collector only, which may run in any thread.
            designer.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            designer.close()
            yield seconds(0.2)
            del designer
            gc.collect()

    def run(self, identifier: str, parameters: dict[str, Any]) -> Iterator[Wait]:
        """Open a dialog, fill it in, and click on Run."""
        yield from self.dialog(identifier)
        self.results: Optional[dict[str, Any]] = None
        self.opened.algorithmFinished.connect(self.keep_results)
        self.opened.setParameters(parameters)
        yield seconds(0.5)
        click(button(self.opened, "Run"))

    def keep_results(self, successful: bool, results: dict[str, Any]) -> None:
        self.successful, self.results = successful, dict(results)

    def close(self, name: str) -> Iterator[Wait]:
        picture(self.opened, name)
        click(button(self.opened, "Close"))
        yield lambda: not open_dialogs(), 10

    def encode(self, raster: QgsRasterLayer) -> Iterator[Wait]:
        parameters = {
            "INPUT": raster.id(),
            "STRIDE": 512,
            "DEVICE": False,
            "OUTPUT": str(FOLDER / "features"),
            "PATCHES": "TEMPORARY_OUTPUT",
        }
        self.longest_gap = 0.0
        yield from self.run("geosam:encoderaster", parameters)
        yield lambda: self.results is not None, 240
        self.report["encoded"] = [self.successful, (self.results or {}).get("PATCH_COUNT")]
        yield seconds(1)
        yield from self.close("run_encoderaster")

    def segment(self, points: QgsVectorLayer) -> Iterator[Wait]:
        parameters = {
            "FEATURES": str(FOLDER / "features"),
            "PROMPTS": points.id(),
            "DEVICE": False,
            "SIMPLIFY": 1.5,
            "OUTPUT": "TEMPORARY_OUTPUT",
        }
        yield from self.run("geosam:segmentprompts", parameters)
        yield lambda: self.results is not None, 120
        self.report["segmented"] = [self.successful, (self.results or {}).get("OBJECT_COUNT")]
        yield seconds(1)
        yield from self.close("run_segmentprompts")
        layers = QgsProject.instance().mapLayers().values()
        self.report["layers"] = sorted(layer.name() for layer in layers)
        qgis.utils.iface.mapCanvas().zoomToFullExtent()
        toolbox().algorithmTree.expandAll()
        yield seconds(3)
        picture(qgis.utils.iface.mainWindow(), "window")

    def cancel(self, raster: QgsRasterLayer) -> Iterator[Wait]:
        parameters = {
            "INPUT": raster.id(),
            "STRIDE": 16,
            "DEVICE": False,
            "OUTPUT": str(FOLDER / "cancelled"),
        }
        yield from self.run("geosam:encoderaster", parameters)
        manifest = FOLDER / "cancelled" / "scene" / "features"
        yield lambda: manifest.exists() and any(manifest.iterdir()), 120
        began = time.monotonic()
        click(button(self.opened, "Cancel"))
        yield lambda: self.results is not None, 60
        self.report["cancelled_in"] = round(time.monotonic() - began, 1)
        yield seconds(0.5)
        yield from self.close("cancelled")


def drive(session: Session) -> None:
    """Take the steps, one tick at a time, so that QGIS lives in between."""
    steps = session.steps()
    state: dict[str, Any] = {"until": lambda: True, "deadline": 0.0, "last": time.monotonic()}
    # One shot at a time: a step that lets events run must not be entered again.
    timer = QTimer(qgis.utils.iface.mainWindow())
    timer.setSingleShot(True)

    def tick() -> None:
        now = time.monotonic()
        session.longest_gap = max(session.longest_gap, now - state["last"] - TICK)
        state["last"] = now
        try:
            if state["until"]():
                state["until"], patience = next(steps)
                state["deadline"] = time.monotonic() + patience
            elif now > state["deadline"]:
                raise TimeoutError("a step did not come to its end")
            state["last"] = time.monotonic()
            timer.start(int(TICK * 1000))
            return
        except StopIteration:
            pass
        except Exception:
            session.report["problems"].append(traceback.format_exc())
            picture(qgis.utils.iface.mainWindow(), "problem")
        text = json.dumps(session.report, indent=2)
        (FOLDER / "report.json").write_text(text, encoding="utf-8")
        # Nor does QGIS then ask what shall become of temporary layers.
        QgsProject.instance().clear()
        QTimer.singleShot(200, qgis.utils.iface.actionExit().trigger)

    timer.timeout.connect(tick)
    timer.start(int(TICK * 1000))


QTimer.singleShot(2000, lambda: drive(Session()))
