"""Python's collection of cyclic garbage, kept away while an algorithm runs in a worker thread.

Windows that Python code left in circles of references (a closed model designer) are destroyed by
the thread that collects them, and QGIS ends with signal 11 if that is not the main thread. In any
thread, a collection takes apart the function that QGIS 3.22's dialog has called when a run ends:
it hangs on the run's task only, in a way that the collector does not see.
"""

import contextlib
import gc
import threading
from collections.abc import Iterator
from typing import Optional

from qgis.PyQt.QtCore import QCoreApplication, QObject, Qt, QTimer, pyqtSignal

_PAUSE = 1000  # milliseconds


class _Collection(QObject):
    """Switches the collection off, and on again in the main thread after the last run's end."""

    ended = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._runs = 0
        self._was_on = False
        # Also if it was made in a worker thread: a signal to it waits for the main thread.
        self.moveToThread(QCoreApplication.instance().thread())
        self.ended.connect(self._end, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        with self._lock:
            if self._runs == 0:
                self._was_on = gc.isenabled()
                gc.disable()
            self._runs += 1

    def _end(self) -> None:
        # QGIS has yet to hear of the end, which is done when it gets to this.
        QTimer.singleShot(_PAUSE, self._allow)

    def _allow(self) -> None:
        with self._lock:
            self._runs -= 1
            if self._runs == 0 and self._was_on:
                gc.enable()


_collection: Optional[_Collection] = None
_making = threading.Lock()


@contextlib.contextmanager
def no_collection_here() -> Iterator[None]:
    """Have no cyclic garbage collected, unless this is the main thread, where nothing can happen.

    The collection continues a moment after the block, when QGIS has dealt with the end of the run.
    """
    global _collection
    if threading.current_thread() is threading.main_thread():
        yield
        return
    with _making:
        _collection = _collection or _Collection()
    _collection.begin()
    try:
        yield
    finally:
        _collection.ended.emit()
