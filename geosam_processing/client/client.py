"""Calls into the engine process: starts it on first use, keeps it warm, restarts it.

Needs the standard library only and runs on the Python that QGIS brings.
"""

import atexit
import contextlib
import functools
import itertools
import threading
import time
from collections.abc import Iterator
from typing import Any, Callable, Optional, TypeVar

from geosam_processing import contract
from geosam_processing.client.process import EngineDied, EngineProcess
from geosam_processing.contract.errors import (
    EngineBug,
    EngineCancelled,
    EngineError,
    EngineNotFound,
)
from geosam_processing.contract.folders import package_folder
from geosam_processing.contract.messages import from_json, to_json
from geosam_processing.environment.locate import (
    NOT_FOUND,
    REPAIR,
    SETTING,
    VARIABLE,
    find_engine_python,
    user_environment_folder,
)

__all__ = [
    "SETTING",
    "VARIABLE",
    "EngineBug",
    "EngineCancelled",
    "EngineClient",
    "EngineError",
    "EngineNotFound",
    "engine_client",
    "find_engine_python",
    "user_environment_folder",
]

POLL = 0.1  # seconds
START_TIME = 120.0  # seconds; a cold disk or a virus scanner can make Python start slowly
CANCEL_TIME = 60.0  # seconds; a large model needs long for a patch on a slow CPU

Progress = Callable[[contract.ProgressEvent], None]
Log = Callable[[contract.LogEvent], None]
Answers = Callable[[contract.ObjectsEvent], None]
Cancelled = Callable[[], bool]
Listeners = dict[str, tuple[type, Callable[[Any], None]]]
T = TypeVar("T")


def _ignore(event: Any) -> None:
    pass


def _never() -> bool:
    return False


class EngineClient:
    """The engine as functions that block.

    ``progress``, ``log`` and ``answers`` are called in the calling thread, as is
    ``cancelled``, every ``POLL`` seconds. Calls from several threads wait for each
    other. All of them raise:
        EngineError: the user can solve it, or the engine died; the next call starts a
            new one.
        EngineNotFound: there is no environment with an engine.
        EngineCancelled: ``cancelled`` said so.
        EngineBug: the engine failed unforeseen.
    """

    def __init__(self, setting: Optional[str] = None, cancel_time: float = CANCEL_TIME) -> None:
        self.setting = setting
        self._cancel_time = cancel_time
        self._lock = threading.Lock()
        self._owner: Optional[int] = None
        self._identifiers = itertools.count(1)
        self._process: Optional[EngineProcess] = None
        self._info: Optional[contract.EngineInfo] = None

    def info(self, cancelled: Cancelled = _never) -> contract.EngineInfo:
        """The versions in the engine, which this starts if need be."""
        with self._turn(cancelled):
            return self._started(cancelled)[1]

    def encode(
        self,
        request: contract.EncodeRequest,
        progress: Progress = _ignore,
        log: Log = _ignore,
        cancelled: Cancelled = _never,
    ) -> contract.EncodeResult:
        answer = self._call(contract.ENCODE, request, _listeners(progress, log), cancelled)
        return from_json(contract.EncodeResult, answer)

    def preview(
        self,
        request: contract.PreviewRequest,
        patches: Callable[[contract.PatchesEvent], None] = _ignore,
        progress: Progress = _ignore,
        log: Log = _ignore,
        cancelled: Cancelled = _never,
    ) -> contract.PreviewResult:
        """``patches`` gets the patches, in their order, while it runs."""
        listeners = _listeners(progress, log)
        listeners[contract.PATCHES] = (contract.PatchesEvent, patches)
        answer = self._call(contract.PREVIEW, request, listeners, cancelled)
        return from_json(contract.PreviewResult, answer)

    def describe_features(
        self, request: contract.DescribeFeaturesRequest, cancelled: Cancelled = _never
    ) -> contract.FeaturesDescription:
        answer = self._call(contract.DESCRIBE_FEATURES, request, {}, cancelled)
        return from_json(contract.FeaturesDescription, answer)

    def segment(
        self,
        request: contract.SegmentRequest,
        answers: Answers,
        progress: Progress = _ignore,
        log: Log = _ignore,
        cancelled: Cancelled = _never,
    ) -> contract.SegmentResult:
        """``answers`` gets each prompt's polygon or reason, in any order, while it runs."""
        listeners = _listeners(progress, log)
        listeners[contract.OBJECTS] = (contract.ObjectsEvent, answers)
        answer = self._call(contract.SEGMENT, request, listeners, cancelled)
        return from_json(contract.SegmentResult, answer)

    def segment_live(
        self,
        request: contract.SegmentLiveRequest,
        answers: Answers,
        progress: Progress = _ignore,
        log: Log = _ignore,
        cancelled: Cancelled = _never,
    ) -> contract.SegmentLiveResult:
        """As ``segment``; the result names what has to be fetched for another call."""
        listeners = _listeners(progress, log)
        listeners[contract.OBJECTS] = (contract.ObjectsEvent, answers)
        answer = self._call(contract.SEGMENT_LIVE, request, listeners, cancelled)
        return from_json(contract.SegmentLiveResult, answer)

    def discover(
        self,
        request: contract.DiscoverRequest,
        found: Callable[[contract.FoundEvent], None],
        progress: Progress = _ignore,
        log: Log = _ignore,
        cancelled: Cancelled = _never,
    ) -> contract.DiscoverResult:
        """``found`` gets the objects, those that contain others first."""
        listeners = _listeners(progress, log)
        listeners[contract.FOUND] = (contract.FoundEvent, found)
        answer = self._call(contract.DISCOVER, request, listeners, cancelled)
        return from_json(contract.DiscoverResult, answer)

    def describe_cache(
        self, request: contract.CacheRequest, cancelled: Cancelled = _never
    ) -> contract.CacheContents:
        answer = self._call(contract.DESCRIBE_CACHE, request, {}, cancelled)
        return from_json(contract.CacheContents, answer)

    def clear_cache(
        self, request: contract.CacheRequest, cancelled: Cancelled = _never
    ) -> contract.CacheContents:
        """Answers what was removed."""
        answer = self._call(contract.CLEAR_CACHE, request, {}, cancelled)
        return from_json(contract.CacheContents, answer)

    def report(
        self,
        request: contract.ReportRequest,
        progress: Progress = _ignore,
        cancelled: Cancelled = _never,
    ) -> contract.EngineReport:
        listeners = _listeners(progress, _ignore)
        answer = self._call(contract.REPORT, request, listeners, cancelled)
        return from_json(contract.EngineReport, answer)

    def assess(
        self,
        request: contract.AssessRequest,
        progress: Progress = _ignore,
        log: Log = _ignore,
        cancelled: Cancelled = _never,
    ) -> contract.AssessResult:
        """The details are in tables, which the result names."""
        answer = self._call(contract.ASSESS, request, _listeners(progress, log), cancelled)
        return from_json(contract.AssessResult, answer)

    def close_when_idle(self, cancelled: Cancelled = _never) -> None:
        """``close``, but not while another thread's run is at work."""
        with self._turn(cancelled):
            self.close()

    def close(self) -> None:
        """End the engine, if it runs; a later call starts a new one."""
        process, self._process = self._process, None
        if process is not None:
            process.end()

    def _call(self, method: str, request: Any, listeners: Listeners, cancelled: Cancelled) -> Any:
        with self._turn(cancelled):
            process, _ = self._started(cancelled)
            return self._exchange(process, method, to_json(request), listeners, cancelled)

    @contextlib.contextmanager
    def _turn(self, cancelled: Cancelled) -> Iterator[None]:
        """Wait until no other thread uses the engine."""
        if self._owner == threading.get_ident():
            # A listener let the event loop run, and that began another algorithm.
            raise EngineError("The engine is at work on another run: start this one after it")
        while not self._lock.acquire(timeout=POLL):
            if cancelled():
                raise EngineCancelled("The run was cancelled while it waited for another one")
        self._owner = threading.get_ident()
        try:
            yield
        finally:
            self._owner = None
            self._lock.release()

    def _started(self, cancelled: Cancelled) -> tuple[EngineProcess, contract.EngineInfo]:
        python = find_engine_python(self.setting)
        if python is None:
            raise EngineNotFound(NOT_FOUND)
        process, info = self._process, self._info
        if process is not None and info is not None:
            if process.is_alive() and process.python == python:
                return process, info
            self.close()
        self._process = process = EngineProcess(python)
        try:
            self._info = info = self._handshake(process, cancelled)
        except BaseException:
            self.close()
            raise
        return process, info

    def _handshake(self, process: EngineProcess, cancelled: Cancelled) -> contract.EngineInfo:
        identifier = next(self._identifiers)
        parameters = {"version": contract.VERSION}
        request = {"id": identifier, "method": contract.INITIALIZE, "params": parameters}
        deadline = time.monotonic() + START_TIME
        message: Optional[dict[str, Any]] = None
        try:
            process.send(request)
            while message is None and time.monotonic() < deadline:
                if cancelled():
                    process.kill()
                    raise EngineCancelled("The run was cancelled while the engine started")
                message = process.receive(POLL)
        except EngineDied:
            raise _start_failure(process, process.obituary()) from None
        if message is None:
            process.kill()
            raise _start_failure(
                process, f"it did not answer in {START_TIME:.0f} s{process.last_lines()}"
            )
        answer = message.get("result") or {}
        if answer.get("version") != contract.VERSION:
            version = answer.get("version", "unknown")
            raise EngineError(
                f"The engine of {process.python} is version {version}, but the plugin in "
                f"{package_folder()} is version {contract.VERSION}: {REPAIR}, "
                f"or let {VARIABLE} name an environment of the plugin's version"
            )
        return from_json(contract.EngineInfo, answer)

    def _exchange(
        self,
        process: EngineProcess,
        method: str,
        parameters: Any,
        listeners: Listeners,
        cancelled: Cancelled,
    ) -> Any:
        """Send a request and hand on its notifications until it is answered."""
        identifier = next(self._identifiers)
        try:
            process.send({"id": identifier, "method": method, "params": parameters})
            answer = None
            while answer is None and not cancelled():
                answer = _next_answer(process, identifier, listeners)
            if answer is None:
                self._cancel(process, identifier, listeners)
        except EngineDied:
            reason = process.obituary()
            self.close()
            raise EngineError(reason, kind="EngineDied") from None
        except BaseException:
            # A listener failed, so nobody wants the rest of this run.
            with contextlib.suppress(EngineDied):
                self._cancel(process, identifier, {})
            raise
        if answer is None:
            raise EngineCancelled("The run was cancelled")
        return _result(answer)

    def _cancel(self, process: EngineProcess, identifier: int, listeners: Listeners) -> None:
        """Cancel a request and wait for its answer; what still comes until then counts."""
        deadline = time.monotonic() + self._cancel_time
        process.send({"method": contract.CANCEL, "params": {"id": identifier}})
        while time.monotonic() < deadline:
            if _next_answer(process, identifier, listeners) is not None:
                return
        process.kill()
        self.close()


def _listeners(progress: Progress, log: Log) -> Listeners:
    return {
        contract.PROGRESS: (contract.ProgressEvent, progress),
        contract.LOG: (contract.LogEvent, log),
    }


def _next_answer(
    process: EngineProcess, identifier: int, listeners: Listeners
) -> Optional[dict[str, Any]]:
    """Hand on the next message if it is a notification, give it back if it is the answer."""
    message = process.receive(POLL)
    if message is not None and "method" in message:
        _deliver(message, identifier, listeners)
    elif message is not None and message.get("id") == identifier:
        return message
    return None


def _deliver(message: dict[str, Any], identifier: int, listeners: Listeners) -> None:
    parameters = dict(message.get("params") or {})
    listener = listeners.get(message["method"])
    if listener is not None and parameters.pop("id", None) == identifier:
        kind, receive = listener
        receive(from_json(kind, parameters))


def _result(message: dict[str, Any]) -> Any:
    """The result in an answer, or its error raised."""
    error = message.get("error")
    if error is None:
        return message.get("result")
    text = str(error.get("message"))
    data = error.get("data") or {}
    kind = str(data.get("kind", ""))
    code = error.get("code")
    if code == contract.USER_ERROR:
        raise EngineError(text, kind)
    if code == contract.REQUEST_CANCELLED:
        raise EngineCancelled(text, kind)
    details = str(data.get("traceback", ""))
    raise EngineBug(f"The engine failed, please report this: {text}\n{details}".rstrip(), kind)


def _start_failure(process: EngineProcess, reason: str) -> EngineError:
    return EngineError(
        f"The engine does not start with {process.python}: to repair its environment {REPAIR}, "
        f"or let {VARIABLE} name another one. {reason}"
    )


@functools.cache
def _client_of_this_process() -> EngineClient:
    client = EngineClient()
    atexit.register(client.close)
    return client


def engine_client(setting: Optional[str] = None) -> EngineClient:
    """The one client of this process.

    ``setting`` is the value of the Processing setting ``SETTING``; the next call moves
    to the Python that it names.
    """
    client = _client_of_this_process()
    client.setting = setting
    return client
