"""From the engine's events to the feedback of an algorithm."""

import time
from typing import Any, Callable

from qgis.core import QgsProcessingFeedback

from .. import contract
from ..client.client import Listener
from ..contract.redaction import without_secrets
from ..translation import tr, worded

TEXT_INTERVAL = 1.0  # seconds; on a terminal every text is a line of its own


def progress_to(
    feedback: QgsProcessingFeedback,
) -> Callable[[contract.ProgressEvent], None]:
    """Shows progress events; their texts no more often than ``TEXT_INTERVAL``."""
    last_text = float("-inf")

    def on_progress(event: contract.ProgressEvent) -> None:
        nonlocal last_text
        if event.total > 0:
            feedback.setProgress(100 * event.done / event.total)
        now = time.monotonic()
        if event.text and (now - last_text >= TEXT_INTERVAL or event.done >= event.total):
            last_text = now
            feedback.setProgressText(worded(event.text))

    return on_progress


def log_to(feedback: QgsProcessingFeedback) -> Callable[[contract.LogEvent], None]:
    """Shows log lines, warnings as such."""

    def on_log(event: contract.LogEvent) -> None:
        text = without_secrets(worded(event.text))
        if event.level == "warning":
            feedback.pushWarning(text)
        else:
            feedback.pushInfo(text)

    return on_log


def listener_of(
    feedback: QgsProcessingFeedback, results: Callable[[Any], None] = lambda event: None
) -> Listener:
    """Shows progress and log in ``feedback``; ``results`` gets a method's partial results."""
    return Listener(progress_to(feedback), log_to(feedback), results)


class WholeRun:
    """Several calls of the engine as one run: one progress, and each line of the log once."""

    def __init__(self, feedback: QgsProcessingFeedback, total: int) -> None:
        """``total``: steps of all calls, 0 if that is not known."""
        self._show, self._log = progress_to(feedback), log_to(feedback)
        self._total, self._done = total, 0
        self._said: set[str] = set()

    def add(self, done: int) -> None:
        """Count a call that has ended."""
        self._done += done
        if self._done < self._total:
            self._show(contract.ProgressEvent(self._done, self._total))

    def progress(self, event: contract.ProgressEvent) -> None:
        if self._total <= event.total:
            self._show(event)
            return
        done = self._done + event.done
        text = tr("{}; {} of {} of all prompts").format(worded(event.text), done, self._total)
        self._show(contract.ProgressEvent(done, self._total, text if event.text else ""))

    def log(self, event: contract.LogEvent) -> None:
        if event.text not in self._said:
            self._said.add(event.text)
            self._log(event)
