"""Python's collection of cyclic garbage, kept out of worker threads.

Windows that Python code left in circles of references (a closed model designer) are destroyed by
the thread that collects them, and QGIS ends with signal 11 if that is not the main thread.
"""

import contextlib
import gc
import threading
from collections.abc import Iterator
from typing import Optional

from qgis.PyQt.QtCore import QCoreApplication, QObject, Qt, pyqtSignal


class _Collection(QObject):
    """Switches the collection off, and on again in the main thread when the last run has ended."""

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
        with self._lock:
            self._runs -= 1
            if self._runs == 0 and self._was_on:
                # Here, or the next few objects would have the worker thread do it.
                gc.collect()
                gc.enable()


_collection: Optional[_Collection] = None
_making = threading.Lock()


@contextlib.contextmanager
def no_collection_here() -> Iterator[None]:
    """Have no cyclic garbage collected by this thread, unless it is the main one.

    Meanwhile no thread collects any: Python has one switch for all. It goes on in the main
    thread, so that what follows the block in this one does not collect either.
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
