"""Calls into the engine process: starts it on first use, keeps it warm, restarts it.

Needs the standard library only and runs on QGIS's Python.
"""

import atexit
import contextlib
import functools
import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Callable, Optional, TypeVar

from geosam_processing.contract.texts import Text

from .. import contract
from ..contract.errors import (
    EngineBug,
    EngineCancelled,
    EngineError,
    EngineNotFound,
)
from ..contract.folders import package_folder
from ..contract.messages import from_json, to_json
from ..environment.locate import (
    NOT_FOUND,
    REPAIR,
    SETTING,
    VARIABLE,
    find_engine_python,
    user_environment_folder,
)
from .process import EngineDied, EngineProcess

__all__ = [
    "SETTING",
    "VARIABLE",
    "EngineBug",
    "EngineCancelled",
    "EngineClient",
    "EngineError",
    "EngineNotFound",
    "Listener",
    "engine_client",
    "find_engine_python",
    "user_environment_folder",
]

POLL = 0.1  # seconds
START_TIME = 120.0  # seconds; a cold disk or a virus scanner can make Python start slowly
CANCEL_TIME = 60.0  # seconds; a large model needs long for a patch on a slow CPU

Cancelled = Callable[[], bool]
Listeners = dict[str, tuple[type, Callable[[Any], None]]]
Request = TypeVar("Request")
Result = TypeVar("Result")


def _ignore(event: Any) -> None:
    pass


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Listener:
    """Who hears what a method sends while it runs, called in the calling thread.

    ``results`` gets the partial results of the method's kind, in any order.
    """

    progress: Callable[[contract.ProgressEvent], None] = _ignore
    log: Callable[[contract.LogEvent], None] = _ignore
    results: Callable[[Any], None] = _ignore


SILENT = Listener()


class EngineClient:
    """The engine as functions that block.

    ``cancelled`` is asked in the calling thread, every ``POLL`` seconds. Calls from several
    threads wait for each other. All of them raise:
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

    def begin(self) -> None:
        """Start the engine without waiting for it, or do nothing if that cannot be done.

        The next call waits for it, or says why there is none.
        """
        with contextlib.suppress(EngineError):
            python = find_engine_python(self.setting)
            if python is not None and self._process is None:
                self._process = EngineProcess(python)

    def info(self, cancelled: Cancelled = _never) -> contract.EngineInfo:
        """The versions in the engine, which this starts if need be."""
        with self._turn(cancelled):
            return self._started(cancelled)[1]

    def call(
        self,
        method: contract.Method[Request, Result],
        request: Request,
        listener: Listener = SILENT,
        cancelled: Cancelled = _never,
    ) -> Result:
        """Run a method of the engine; ``listener`` hears what it sends meanwhile."""
        listeners: Listeners = {
            contract.PROGRESS: (contract.ProgressEvent, listener.progress),
            contract.LOG: (contract.LogEvent, listener.log),
        }
        if method.event is not None:
            listeners[contract.RESULTS] = (method.event, listener.results)
        with self._turn(cancelled):
            process, _ = self._started(cancelled)
            answer = self._exchange(process, method.name, to_json(request), listeners, cancelled)
        return from_json(method.result, answer)

    def close_when_idle(self, cancelled: Cancelled = _never) -> None:
        """``close``, but not while another thread's run is at work."""
        with self._turn(cancelled):
            self.close()

    def close(self) -> None:
        """End the engine, if it runs; a later call starts a new one."""
        process, self._process, self._info = self._process, None, None
        if process is not None:
            process.end()

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
        process = self._process
        if process is not None and not (process.is_alive() and process.python == python):
            self.close()
        process, info = self._process or EngineProcess(python), self._info
        self._process = process
        if info is None:
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
                process,
                Text("it did not answer in {} s{}", f"{START_TIME:.0f}", process.last_lines()),
            )
        answer = message.get("result") or {}
        if answer.get("version") != contract.VERSION:
            version = answer.get("version", "unknown")
            raise EngineError(
                "The engine of {} is version {}, but the plugin in "
                "{} is version {}: {}, "
                "or let {} name an environment of the plugin's version",
                process.python,
                version,
                package_folder(),
                contract.VERSION,
                REPAIR,
                VARIABLE,
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
    message_text = str(error.get("message"))
    data = from_json(contract.ErrorData, {"kind": "", **(error.get("data") or {})})
    code = error.get("code")
    if code == contract.USER_ERROR:
        raise EngineError(data.text or message_text, kind=data.kind)
    if code == contract.REQUEST_CANCELLED:
        raise EngineCancelled(message_text, kind=data.kind)
    raise EngineBug(
        "The engine failed, please report this: {}",
        f"{message_text}\n{data.traceback}".rstrip(),
        kind=data.kind,
    )


def _start_failure(process: EngineProcess, reason: str) -> EngineError:
    return EngineError(
        "The engine does not start with {}: to repair its environment {}, "
        "or let {} name another one. {}",
        process.python,
        REPAIR,
        VARIABLE,
        reason,
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
