"""Progress, log and cancellation of a run that a person watches."""

from __future__ import annotations

import contextlib
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from rasterio.errors import NodataShadowWarning

from geosam_processing.contract import LogEvent, ProgressEvent
from geosam_processing.engine.run import RunContext

LOGGER = logging.getLogger("geosam_processing")
_LEVELS = {"info": logging.INFO, "warning": logging.WARNING}


@contextlib.contextmanager
def watched(
    title: str,
    context: RunContext | None = None,
    results: Callable[[Any], None] = lambda event: None,
) -> Iterator[RunContext]:
    """Give the context of a run.

    Args:
        title: of the progress bar.
        context: the caller's own; its ``results`` receives the events as well. If None, a progress
            bar in a terminal or notebook, and the log of Python with the logger
            ``geosam_processing``.
        results: receives the events of the run.
    """
    with warnings.catch_warnings():
        # A raster with an alpha band and a nodata value, which are both read.
        warnings.simplefilter("ignore", NodataShadowWarning)
        yield from _watched(title, context, results)


def _watched(
    title: str, context: RunContext | None, results: Callable[[Any], None]
) -> Iterator[RunContext]:
    if context is not None:

        def both(event: Any) -> None:
            results(event)
            context.results(event)

        yield replace(context, results=both)
        return
    with _bar(title) as bar:

        def show(event: ProgressEvent) -> None:
            if bar.total != event.total:
                bar.reset(event.total)
            bar.n = event.done
            bar.refresh()

        yield RunContext(progress=show, log=_log, results=results)


def _log(event: LogEvent) -> None:
    LOGGER.log(_LEVELS[event.level], "%s", event.text)


@contextlib.contextmanager
def _bar(title: str) -> Iterator[Any]:
    with warnings.catch_warnings():
        # Without ipywidgets a notebook gets a bar of text, which needs no warning.
        warnings.simplefilter("ignore")
        from tqdm.auto import tqdm
    with tqdm(desc=title, leave=False, disable=not _interactive()) as bar:
        yield bar


def _interactive() -> bool:
    """Whether a person watches: a terminal, or a notebook's kernel."""
    return sys.stderr.isatty() or "ipykernel" in sys.modules
