"""What a verb of the engine reports while it runs, and how it is asked to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from geosam_processing.contract import LogEvent, ProgressEvent
from geosam_processing.engine.errors import Cancelled

Log = Callable[[LogEvent], None]


def _ignore(event: Any) -> None:
    pass


def never() -> bool:
    return False


@dataclass(frozen=True)
class RunContext:
    """Plain callables of the caller, called in the thread that runs the verb.

    Attributes:
        progress: gets the steps that are done.
        log: gets lines for the log.
        results: gets the verb's results as they come (``ObjectsEvent``, ``PatchesEvent``), so
            that none is lost if the run ends early.
        cancelled: is asked before each step whether to stop.
    """

    progress: Callable[[ProgressEvent], None] = _ignore
    log: Log = _ignore
    results: Callable[[Any], None] = _ignore
    cancelled: Callable[[], bool] = never

    def require_not_cancelled(self) -> None:
        """Raise Cancelled if the caller asked to stop."""
        if self.cancelled():
            raise Cancelled("The run was cancelled; the results up to then are kept")

    def say(self, text: str, level: str = "info") -> None:
        """Log a line."""
        self.log(LogEvent(text, level))

    def warn(self, remarks: Iterable[str]) -> None:
        """Log remarks, such as those on how a raster is read, as warnings."""
        for remark in remarks:
            self.say(remark, "warning")


SILENT = RunContext()
