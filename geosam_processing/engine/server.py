"""The engine process: JSON-RPC 2.0 with Content-Length frames on standard input and output.

QGIS starts it on first use and keeps it; it ends when its standard input ends, so
also when QGIS is killed. Work runs one request at a time in a worker thread while
the main thread continues reading, so that a running request can be cancelled.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import functools
import importlib
import importlib.metadata
import json
import logging
import os
import platform
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, BinaryIO

from pylsp_jsonrpc.endpoint import Endpoint
from pylsp_jsonrpc.exceptions import JsonRpcException
from pylsp_jsonrpc.streams import JsonRpcStreamWriter

from geosam_processing import contract
from geosam_processing.contract.errors import UserError
from geosam_processing.contract.messages import from_json, to_json
from geosam_processing.contract.redaction import presentable
from geosam_processing.engine.compute import machine
from geosam_processing.engine.compute.device import is_out_of_memory
from geosam_processing.engine.errors import Cancelled, DeviceError, GeoSamError, OutputError
from geosam_processing.engine.frames import Malformed, messages
from geosam_processing.engine.run import RunContext

PROGRESS_INTERVAL = 0.1  # seconds
MANY_PROMPTS = 100  # fewer are answered before the free cores are counted
LARGE_MESSAGE = 1 << 20  # bytes; memory of larger ones is given back at once
# Errors of a path that the caller gave, or of its disk, wherever they come up.
_OF_THE_WORLD = {
    errno.ENAMETOOLONG,
    errno.ELOOP,
    errno.EACCES,
    errno.EPERM,
    errno.ENOTDIR,
    errno.EROFS,
    errno.ENOSPC,
    errno.EIO,
}
FLUSH_TIME = 5.0  # seconds that cancelled work gets to save what is done


class Call:
    """One request while it waits or runs: its way to the client and its cancellation."""

    def __init__(
        self,
        identifier: Any,
        params: Any,
        notify: Callable[[str, Any], None],
        large: bool = False,
    ) -> None:
        self.identifier = identifier
        self.large = large
        self._params = params
        self.cancellation = threading.Event()
        self._notify = notify
        self._last_progress = 0.0

    def take_params(self) -> Any:
        """The parameters, once: the engine keeps them no longer than they are needed."""
        params, self._params = self._params, None
        return params

    def cancelled(self) -> bool:
        return self.cancellation.is_set()

    def progress(self, event: contract.ProgressEvent) -> None:
        """Send ``event``, unless the last one was a moment ago; the final one is always sent."""
        now = time.monotonic()
        final = event.total > 0 and event.done >= event.total
        if final or now - self._last_progress >= PROGRESS_INTERVAL:
            self._last_progress = now
            self._send(contract.PROGRESS, event)

    def log(self, event: contract.LogEvent) -> None:
        self._send(contract.LOG, dataclasses.replace(event, text=contract.Text(event.text)))

    def results(self, event: Any) -> None:
        self._send(contract.RESULTS, event)

    @property
    def context(self) -> RunContext:
        return RunContext(self.progress, self.log, self.results, self.cancelled)

    def _send(self, method: str, event: Any) -> None:
        self._notify(method, _sendable({"id": self.identifier, **to_json(event)}))


@dataclass(frozen=True)
class Verb:
    """How a method is done: the function ``name`` of ``module``, imported on its first use.

    ``around``: what the request is done in. Large ones are worth the moment to see which cores
    are free, and to give the memory back afterwards. ``torch``: whether it needs that.
    """

    method: contract.Method[Any, Any]
    module: str
    name: str
    around: Callable[[Any], contextlib.AbstractContextManager[None]] = contextlib.nullcontext
    torch: bool = True

    def run(self, params: Any, context: RunContext) -> Any:
        request = from_json(self.method.request, params)
        del params
        function = getattr(imported(f"{_PACKAGE}.{self.module}"), self.name)
        if self.torch:
            imported("torch")
        with self.around(request):
            return function(request, context)


def _large(request: Any) -> contextlib.AbstractContextManager[None]:
    return machine.large_run()


def _geometry(request: Any) -> contextlib.AbstractContextManager[None]:
    return machine.giving_back()


def _encoding(request: contract.EncodeRequest) -> contextlib.AbstractContextManager[None]:
    return machine.large_run(all_cores=request.compute_precision == "bfloat16")


def _prompts(request: contract.SegmentRequest) -> contextlib.AbstractContextManager[None]:
    few = len(request.prompts) < MANY_PROMPTS
    return contextlib.nullcontext() if few else machine.large_run()


_PACKAGE = "geosam_processing.engine"
VERBS = (
    Verb(contract.ENCODE, "encoding.encode", "encode", _encoding),
    Verb(contract.PREVIEW, "previewing.preview", "preview", _large),
    Verb(contract.DESCRIBE_FEATURES, "segmentation.segment", "describe", torch=False),
    Verb(contract.SEGMENT, "segmentation.segment", "segment", _prompts),
    Verb(contract.SEGMENT_LIVE, "segmentation.live", "segment_live", _large),
    Verb(contract.DISCOVER, "discovery.discover", "discover", _large),
    Verb(contract.SEGMENT_CONCEPTS, "concepts.run", "segment_concepts", _large),
    Verb(contract.SEGMENT_SERIES, "tracking.follow", "segment_series", _large),
    Verb(contract.ASSESS, "assessment.run", "assess_files", torch=False),
    Verb(contract.CLEAN_OUTLINES, "outlines.run", "clean_outlines_of_file", _geometry, torch=False),
    Verb(contract.RANK, "concepts.rank", "rank_by_similarity", _large),
    Verb(contract.MAKE_PROMPTS, "discovery.from_raster", "make_prompts", _geometry, torch=False),
    Verb(contract.MERGE_FEATURES, "encoding.merge_shards", "merge_features", torch=False),
    Verb(contract.MERGE_OBJECTS, "discovery.merge_layer", "merge_objects", _geometry, torch=False),
    Verb(contract.DESCRIBE_CACHE, "segmentation.live", "describe_cache", torch=False),
    Verb(contract.CLEAR_CACHE, "segmentation.live", "clear_cache", torch=False),
    Verb(contract.REPORT, "report", "report", torch=False),
)


class Server:
    """Answers one client until its stream ends.

    ``$/cancelRequest`` and the ids of requests are handled here, around the library's
    ``Endpoint``: it can only cancel work that has not begun, and hides the id of a
    request from its handler.
    """

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._requests = requests
        handlers: dict[str, Callable[[Call], Any]] = {
            contract.INITIALIZE: lambda call: to_json(engine_info()),
            contract.SHUTDOWN: lambda call: self.cancel_all(),
        }
        for verb in VERBS:
            handlers[verb.method.name] = functools.partial(self._start, verb)
        # One worker: two models at a time would share the memory and win nothing.
        self._write = JsonRpcStreamWriter(answers).write
        self._endpoint = Endpoint(handlers, self._write, max_workers=1)
        self._calls: dict[Any, Call] = {}
        self._changed = threading.Condition()

    def run(self) -> None:
        """Serve until the client closes its end, then cancel and wait ``FLUSH_TIME`` at most."""
        for message in messages(self._requests):
            if isinstance(message, Malformed):
                self._refuse(message)
            else:
                self._consume(message.content, message.size)
        self.cancel_all()
        with self._changed:
            self._changed.wait_for(lambda: not self._calls, FLUSH_TIME)

    def cancel_all(self) -> None:
        with self._changed:
            for call in self._calls.values():
                call.cancellation.set()

    def _consume(self, message: dict[str, Any], size: int) -> None:
        if message["method"] == contract.CANCEL:
            with self._changed:
                call = self._calls.get(message["params"]["id"])
            if call is not None:
                call.cancellation.set()
        elif "id" in message:
            with self._changed:
                taken = message["id"] in self._calls
            if taken:
                self._refuse(Malformed("A request with this id is at work", message["id"]))
                return
            # Taken out of the message, which stays until the next one comes.
            params = message.pop("params", None)
            call = Call(message["id"], params, self._endpoint.notify, size >= LARGE_MESSAGE)
            self._endpoint.consume({**message, "params": call})

    def _refuse(self, fault: Malformed) -> None:
        machine.give_back_heap()
        error = _response(contract.INVALID_REQUEST, str(fault), type(fault).__name__)
        self._write({"jsonrpc": "2.0", "id": fault.identifier, "error": error.to_dict()})

    def _start(self, verb: Verb, call: Call) -> Callable[[], Any]:
        with self._changed:
            self._calls[call.identifier] = call
        return functools.partial(self._work, verb, call)

    def _work(self, verb: Verb, call: Call) -> Any:
        try:
            if call.cancelled():
                raise Cancelled
            return _sendable(to_json(verb.run(call.take_params(), call.context)))
        except Exception as error:
            answer = _answerable(error)
        finally:
            if call.large:
                machine.give_back_heap()
            with self._changed:
                del self._calls[call.identifier]
                self._changed.notify_all()
        # Not from the error, whose frames would keep the request.
        raise answer


def engine_info() -> contract.EngineInfo:
    """Versions, without importing torch: that takes seconds and the client waits."""
    try:
        torch_version = importlib.metadata.version("torch")
    except importlib.metadata.PackageNotFoundError:
        torch_version = ""
    return contract.EngineInfo(
        version=contract.VERSION, python=platform.python_version(), torch=torch_version
    )


def _sendable(value: Any) -> Any:
    """``value`` itself, if JSON can say it.

    Raises:
        TypeError: it cannot; the library's writer would only log that, and the client
            wait for ever.
    """
    json.dumps(value)
    return value


def _answerable(error: Exception) -> JsonRpcException:
    """The message to the client about ``error``."""
    kind = type(error).__name__
    if isinstance(error, Cancelled):
        return _response(contract.REQUEST_CANCELLED, "The run was cancelled", kind)
    if isinstance(error, UserError):
        return _user_error(error, kind)
    if isinstance(error, OSError) and error.filename and error.errno in _OF_THE_WORLD:
        place = os.fsdecode(error.filename)[:200]
        return _user_error(
            OutputError(
                "{} cannot be used ({}). Check the path, its rights and its disk",
                place,
                error.strerror,
            ),
            kind,
        )
    bytecode = _damaged_bytecode(error)
    if bytecode:
        return _user_error(
            OutputError(
                "{} is damaged, as a full disk leaves it. Delete this file and run again", bytecode
            ),
            kind,
        )
    if is_out_of_memory(error):
        return _user_error(
            DeviceError(
                "The memory did not suffice ({}): lower the batch size, take a smaller model, "
                "close other programs, or run on the CPU if a GPU ran out",
                _first_line(error),
            ),
            kind,
        )
    if isinstance(error, ModuleNotFoundError) and not _is_ours(error.name):
        return _user_error(
            GeoSamError(
                "The engine's environment lacks the Python package {} ({}): run "
                "geosam:installengine, or `make setup` in a checkout, or install it there",
                error.name,
                sys.executable,
            ),
            kind,
        )
    text = "".join(traceback.format_exception(error))
    return _response(contract.INTERNAL_ERROR, f"{kind}: {error}", kind, presentable(text))


def imported(name: str) -> ModuleType:
    """Import a module; compiled ones that a full disk cut off are removed and made again."""
    if name in sys.modules:
        return sys.modules[name]
    while True:
        try:
            with machine.lasting_objects():
                return importlib.import_module(name)
        except (EOFError, ValueError, TypeError) as error:
            damaged = _damaged_bytecode(error)
            if not damaged:
                raise
            os.remove(damaged)


def _damaged_bytecode(error: Exception) -> str:
    """The file of compiled Python that could not be loaded; empty if that is not the error."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        if code.co_name == "_compile_bytecode" and "importlib" in code.co_filename:
            return str(frame.f_locals.get("bytecode_path") or "")
    return ""


def _user_error(error: UserError, kind: str) -> JsonRpcException:
    data = contract.ErrorData(kind, text=error.text)
    return JsonRpcException(str(error) or kind, contract.USER_ERROR, to_json(data))


def _response(code: int, message: str, kind: str, text: str = "") -> JsonRpcException:
    data = to_json(contract.ErrorData(kind=kind, traceback=text))
    return JsonRpcException(message=presentable(message) or kind, code=code, data=data)


def _is_ours(module: str | None) -> bool:
    return module is None or module.split(".")[0] == __name__.split(".")[0]


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__


def take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for the protocol alone.

    Afterwards all output of libraries, in Python or in C, goes to standard error, and
    one that asks standard input reads nothing.
    """
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return requests, answers


def main() -> None:
    """Serve standard input until it ends. Does not return: the process exits."""
    requests, answers = take_streams()
    # Ctrl+C in a terminal reaches the whole group; QGIS decides, and cancels or goes away.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Every error is answered in full; the library would also print it here.
    logging.getLogger("pylsp_jsonrpc.endpoint").setLevel(logging.CRITICAL)
    machine.settle()
    Server(requests, answers).run()
    sys.stderr.flush()
    # Work that did not stop in time must not keep the process.
    os._exit(0)


if __name__ == "__main__":
    main()
