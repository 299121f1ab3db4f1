"""What a worker of Dask does: it opens a job once and does the job's blocks."""

from __future__ import annotations

import asyncio
import contextlib
import platform
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic

from distributed import Worker, get_worker
from distributed.diagnostics.plugin import WorkerPlugin

from geosam_processing.contract import VERSION, LogEvent, ProgressEvent
from geosam_processing.contract.messages import to_json
from geosam_processing.engine.compute.device import is_out_of_memory
from geosam_processing.engine.errors import Cancelled, ClusterError, DeviceError, GeoSamError
from geosam_processing.engine.execution.blocks import Answer, Block, Job, Work
from geosam_processing.engine.run import RunContext

_REPORT_INTERVAL = 0.5  # seconds


class JobPlugin(WorkerPlugin, Generic[Block, Answer]):  # type: ignore[misc]
    """A job on a worker.

    It has a separate thread, in which the first block opens it: to load a model takes longer
    than a worker may be silent, and GDAL's options belong to a thread. One block is done at a
    time, as a model fills the device.
    """

    def __init__(self, name: str, job: Job[Block, Answer]) -> None:
        self.name = name
        self._job = job

    def setup(self, worker: Worker) -> None:
        """Prepare the plugin in the process of ``worker``."""
        self._worker = worker
        self._opened = contextlib.ExitStack()
        self._work: Work[Block, Answer] | None = None
        self._thread = ThreadPoolExecutor(1, "geosam-job")
        self.stopped = threading.Event()

    def teardown(self, worker: Worker) -> None:
        """Stop the block at work, and close the job after it."""
        self.stopped.set()
        self._thread.submit(self._opened.close)
        self._thread.shutdown(wait=False)

    def run(self, number: int, block: Block) -> tuple[Answer | None, GeoSamError | None]:
        """Do block ``number``: its answer, or why it has none."""
        return self._thread.submit(self._run, number, block).result()

    def _run(self, number: int, block: Block) -> tuple[Answer | None, GeoSamError | None]:
        context = self._context(number)
        try:
            context.require_not_cancelled()
            if self._work is None:
                self._work = self._opened.enter_context(self._job.open(context))
            return self._work(block, context), None
        except Cancelled:
            return None, None
        except Exception as error:
            return None, as_user_error(error)

    def _context(self, number: int) -> RunContext:
        last = 0.0

        def progress(event: ProgressEvent) -> None:
            nonlocal last
            if time.monotonic() - last >= _REPORT_INTERVAL or event.done >= event.total:
                last = time.monotonic()
                self._worker.log_event(self.name, {"block": number, "done": event.done})

        def log(event: LogEvent) -> None:
            self._worker.log_event(self.name, {"log": to_json(event)})

        return RunContext(progress=progress, log=log, cancelled=self.stopped.is_set)


def run_block(name: str, number: int, block: Any) -> Any:
    """Do a block of the job of that name; the task that Dask knows."""
    return get_worker().plugins[name].run(number, block)


def stop(name: str, dask_worker: Worker) -> None:
    """Let the running block return its finished patches, and later ones nothing."""
    plugin = dask_worker.plugins.get(name)
    if plugin is not None:
        plugin.stopped.set()


async def answer_to(question: Callable[[], Any]) -> Any:
    """Ask something, in a thread, while the worker continues."""
    return await asyncio.to_thread(question)


def versions() -> dict[str, str]:
    """Return the versions of this process: of the package and of Python."""
    return {"package": VERSION, "python": platform.python_version()}


def as_user_error(error: Exception) -> GeoSamError:
    """Return an error of a block as one for users, which pickles."""
    if isinstance(error, GeoSamError):
        return error
    if is_out_of_memory(error):
        return DeviceError("The memory of the worker did not suffice ({})", str(error)[:200])
    place = traceback.extract_tb(error.__traceback__)[-1]
    return ClusterError(
        "{}: {} ({}, line {})",
        type(error).__name__,
        str(error)[:500],
        place.filename.replace("\\", "/").rsplit("/", 1)[-1],
        place.lineno,
    )
