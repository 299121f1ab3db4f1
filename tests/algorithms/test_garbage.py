"""No cyclic garbage is collected in the thread of an algorithm."""

import gc
import threading
from typing import Any

import pytest

pytest.importorskip("qgis.core")

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
)
from qgis.PyQt.QtCore import QEventLoop, QTimer

from geosam_processing.algorithms.base import GeoSamAlgorithm

pytestmark = pytest.mark.usefixtures("qgis_application")

collected_in: list[threading.Thread] = []


class Circle:
    """Garbage that only the collector finds, and that tells where."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        collected_in.append(threading.current_thread())


class Allocating(GeoSamAlgorithm):
    """Makes garbage enough for many collections."""

    NAME = "allocating"
    TITLE = "Allocate"
    GROUP = "Test"
    HELP = "Makes garbage."
    NEEDS_ENGINE = False
    threads: list[threading.Thread] = []

    def initAlgorithm(self, configuration: Any = None) -> None:
        pass

    def work(self, *arguments: Any) -> None:
        self.threads.append(threading.current_thread())
        for _ in range(20):
            Circle()
        for _ in range(5000):
            circle: list[Any] = []
            circle.append(circle)


def test_a_run_in_a_worker_thread_collects_nothing() -> None:
    algorithm = Allocating()
    algorithm.initAlgorithm()
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback(False)
    collected_in.clear()
    task = QgsProcessingAlgRunnerTask(algorithm, {}, context, feedback)
    loop = QEventLoop()
    task.executed.connect(lambda *_: loop.quit())
    QgsApplication.taskManager().addTask(task)
    loop.exec()
    (thread,) = Allocating.threads
    assert thread is not threading.main_thread()
    assert thread not in collected_in
    assert not collected_in, "QGIS has not heard of the end, or only just"
    QTimer.singleShot(1500, loop.quit)
    loop.exec()
    assert gc.isenabled()
    gc.collect()
    # Servers of other tests may have threads that collect, too.
    assert len(collected_in) == 20 and thread not in collected_in
