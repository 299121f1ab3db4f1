"""The engine process, spoken to as another program would: frames in, frames out."""

import importlib
import importlib.metadata
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from geosam_processing import contract
from geosam_processing.contract.messages import from_json, to_json
from geosam_processing.engine import server
from geosam_processing.engine.compute import machine
from geosam_processing.engine.errors import RasterError
from geosam_processing.engine.run import SILENT

STAND_IN = Path(__file__).with_name("stand_in_server.py")
REPOSITORY = STAND_IN.parents[2]


class Peer:
    """The other end of an engine process."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert self.process.stdin and self.process.stdout and self.process.stderr
        self.stdin, self.stdout, self.stderr = (
            self.process.stdin,
            self.process.stdout,
            self.process.stderr,
        )
        # Nothing here may wait for ever.
        self._guard = threading.Timer(30, self.process.kill)
        self._guard.start()

    def send(self, method: str, params: Any = None, identifier: Any = None) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        if identifier is not None:
            message["id"] = identifier
        body = json.dumps(message).encode()
        self.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.stdin.flush()

    def receive(self) -> dict[str, Any]:
        first = self.stdout.readline()
        assert first.startswith(b"Content-Length: "), first
        while self.stdout.readline().strip():
            pass
        return json.loads(self.stdout.read(int(first.split()[1])))

    def ask(self, method: str, params: Any = None, identifier: Any = 1) -> dict[str, Any]:
        self.send(method, params, identifier)
        return self.receive()

    def close(self) -> None:
        self._guard.cancel()
        self.process.kill()
        self.process.wait()
        for stream in (self.stdin, self.stdout, self.stderr):
            stream.close()


@pytest.fixture
def peer() -> Iterator[Peer]:
    peer = Peer(sys.executable, str(STAND_IN))
    yield peer
    peer.close()


def encoding(what: str, output: str = "out") -> dict[str, Any]:
    request = contract.EncodeRequest(
        contract.Raster("a.tif"), contract.Model("vit_b"), output, what
    )
    return to_json(request)


def test_process_is_settled_before_it_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(server, "take_streams", lambda: (io.BytesIO(), io.BytesIO()))
    monkeypatch.setattr(signal, "signal", lambda *arguments: None)
    monkeypatch.setattr(machine, "settle", lambda: done.append("settled"))
    monkeypatch.setattr(server.Server, "run", lambda self: done.append("served"))
    monkeypatch.setattr(os, "_exit", lambda code: done.append("exited"))
    server.main()
    assert done == ["settled", "served", "exited"]


@pytest.mark.parametrize(
    ("method", "large"),
    [
        (contract.ENCODE, True),
        (contract.PREVIEW, True),
        (contract.SEGMENT, False),
        ("many prompts", True),
        (contract.SEGMENT_LIVE, True),
        # It has to say what is wrong even where torch cannot be loaded.
        (contract.REPORT, False),
        (contract.DESCRIBE_FEATURES, False),
    ],
)
def test_large_work_takes_free_cores_and_gives_memory_back(
    monkeypatch: pytest.MonkeyPatch, method: Any, large: bool
) -> None:
    done: list[str] = []
    many = method == "many prompts"
    request = SimpleNamespace(
        compute_precision="float32", prompts=[()] * (server.MANY_PROMPTS if many else 1)
    )
    asked = contract.SEGMENT if many else method
    (verb,) = [verb for verb in server.VERBS if verb.method == asked]
    monkeypatch.setattr(server, "from_json", lambda kind, params: request)
    monkeypatch.setattr(machine, "use_free_cores", lambda: done.append("cores"))
    monkeypatch.setattr(machine, "give_back_heap", lambda: done.append("memory"))
    monkeypatch.setattr(
        f"geosam_processing.engine.{verb.module}.{verb.name}",
        lambda request, context: done.append("work"),
    )
    verb.run(None, SILENT)
    assert done == (["cores", "work", "memory"] if large else ["work"])


def test_every_method_has_a_verb_that_takes_its_request() -> None:
    methods = {each for each in vars(contract).values() if isinstance(each, contract.Method)}
    assert {verb.method for verb in server.VERBS} == methods
    for verb in server.VERBS:
        module = importlib.import_module(f"geosam_processing.engine.{verb.module}")
        texts = getattr(module, verb.name).__annotations__
        # Others may name types of packages that are optional.
        kinds = {key: eval(texts[key], vars(module)) for key in ("request", "return")}
        assert kinds["request"] is verb.method.request
        assert kinds["return"] is verb.method.result


def test_handshake_of_the_product_is_quick_and_leaves_torch_alone() -> None:
    code = (
        "import sys, threading; sys.path.append(sys.argv[1]);"
        "from geosam_processing.engine.server import main;"
        "assert 'torch' not in sys.modules; main()"
    )
    peer = Peer(sys.executable, "-c", code, str(REPOSITORY))
    try:
        begin = time.monotonic()
        answer = peer.ask(contract.INITIALIZE, {"version": contract.VERSION})
        assert time.monotonic() - begin < 30
        info = from_json(contract.EngineInfo, answer["result"])
        assert info.version == contract.VERSION
        assert info.torch == importlib.metadata.version("torch")
        assert info.python == "{}.{}.{}".format(*sys.version_info[:3])
        peer.stdin.close()
        assert peer.process.wait(5) == 0
    finally:
        peer.close()


def test_unknown_method(peer: Peer) -> None:
    assert peer.ask("paint")["error"]["code"] == -32601
    assert "result" in peer.ask(contract.INITIALIZE)


def test_result_and_events_carry_the_id(peer: Peer) -> None:
    prompts = tuple(contract.Prompt(key, points=((0.0, 0.0),), labels=(1,)) for key in (5, 6))
    request = to_json(contract.SegmentRequest("f", prompts))
    events = [peer.ask(contract.SEGMENT.name, request, "seven"), peer.receive()]
    assert [event["method"] for event in events] == [contract.RESULTS] * 2
    assert [event["params"]["id"] for event in events] == ["seven"] * 2
    assert [event["params"]["unanswered"][0]["key"] for event in events] == [5, 6]
    answer = peer.receive()
    assert answer["id"] == "seven"
    assert answer["result"]["unanswered_count"] == 2


@pytest.mark.parametrize(
    ("what", "kind", "words"),
    [
        ("user error", "RasterError", "Invalid raster (x)"),
        ("memory", "MemoryError", "batch size"),
        ("torch memory", "RuntimeError", "batch size"),
    ],
)
def test_errors_for_the_user(peer: Peer, what: str, kind: str, words: str) -> None:
    error = peer.ask(contract.ENCODE.name, encoding(what))["error"]
    assert error["code"] == contract.USER_ERROR
    assert words in error["message"]
    assert (error["data"]["kind"], error["data"]["traceback"]) == (kind, "")


def test_invalid_request_is_an_error_for_the_user(peer: Peer) -> None:
    error = peer.ask(contract.ENCODE.name, {**encoding("x"), "stride": 0})["error"]
    assert error["code"] == contract.USER_ERROR
    assert "stride (0)" in error["message"]
    error = peer.ask(contract.ENCODE.name, None)["error"]
    assert (
        error["code"] == contract.USER_ERROR and "nothing instead of an object" in error["message"]
    )


def frame(message: Any) -> bytes:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


CANCEL = {"jsonrpc": "2.0", "method": contract.CANCEL}
REQUEST = {"jsonrpc": "2.0", "id": 7, "method": contract.DESCRIBE_FEATURES.name}


@pytest.mark.parametrize(
    ("bytes_sent", "identifier"),
    [
        (frame([1, 2]), None),
        (frame("text"), None),
        (frame(None), None),
        (frame(b"no JSON"), None),
        (frame(b"\xff\xfe"), None),
        (frame(b"[" * 100_000), None),
        (frame(CANCEL), None),
        (frame({**CANCEL, "params": {}}), None),
        (frame({**CANCEL, "params": {"id": [1]}}), None),
        (frame({**CANCEL, "params": [3]}), None),
        (frame({**REQUEST, "id": {}}), None),
        (frame({**REQUEST, "method": ["x"]}), 7),
        (frame({"jsonrpc": "2.0", "id": 7, "result": 3}), 7),
        (frame({"id": 7, "method": "encode"}), 7),
        (b"Content-Length: many\r\n\r\n", None),
        (b"Content-Length: -5\r\n\r\n", None),
        (b"Content-Length: 99999999999\r\n\r\n", None),
        (b"Content-Type: x\r\n\r\n", None),
        (b"Content-Length: 3\r\n\r\n" + json.dumps(REQUEST).encode(), None),
    ],
)
def test_what_is_no_request_is_answered_and_survived(
    peer: Peer, bytes_sent: bytes, identifier: Any
) -> None:
    peer.stdin.write(bytes_sent)
    peer.stdin.flush()
    answer = peer.ask(contract.DESCRIBE_FEATURES.name, {"features": "x"}, 8)
    assert answer["id"] == identifier and answer["error"]["code"] == contract.INVALID_REQUEST
    assert peer.receive()["id"] == 8
    assert peer.process.poll() is None


def test_id_of_a_request_at_work_is_refused(peer: Peer, tmp_path: Path) -> None:
    peer.send(contract.ENCODE.name, encoding("wait", str(tmp_path)), 3)
    assert peer.receive()["method"] == contract.LOG
    answer = peer.ask(contract.DESCRIBE_FEATURES.name, {"features": "x"}, 3)
    assert answer["id"] == 3 and answer["error"]["code"] == contract.INVALID_REQUEST
    peer.send(contract.CANCEL, {"id": 3})
    assert peer.receive()["error"]["code"] == contract.REQUEST_CANCELLED


@pytest.mark.slow
@pytest.mark.parametrize("features", ["x" * 2_000_000, ["x"] * 2_000_000])
def test_memory_of_a_large_message_is_given_back(
    monkeypatch: pytest.MonkeyPatch, features: Any
) -> None:
    given: list[bool] = []
    monkeypatch.setattr(machine, "give_back_heap", lambda: given.append(True))
    answers = io.BytesIO()
    requests = io.BytesIO(frame({**REQUEST, "params": {"features": features}}))
    served = server.Server(requests, answers)
    served.run()
    served._endpoint.shutdown()
    assert given and b'"error"' in answers.getvalue()
    given.clear()
    served = server.Server(io.BytesIO(frame({**REQUEST, "params": {"features": "x"}})), answers)
    served.run()
    served._endpoint.shutdown()
    assert not given


def test_request_is_not_kept_after_its_error(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[weakref.ref[Any]] = []

    def fail(request: Any, context: Any) -> None:
        kept.append(weakref.ref(request))
        raise RasterError("no")

    module = SimpleNamespace(describe=fail)
    monkeypatch.setattr(server, "imported", lambda name: module)
    answers = io.BytesIO()
    served = server.Server(io.BytesIO(frame({**REQUEST, "params": {"features": "x"}})), answers)
    served.run()
    served._endpoint.shutdown()
    assert kept[0]() is None and b"no" in answers.getvalue()


def test_secrets_do_not_leave_the_process() -> None:
    address = "/vsicurl/https://example.org/a.tif?token=abc123&sig=def456"
    error = server._answerable(RasterError(f"{address} cannot be opened"))
    assert "abc123" not in str(error.to_dict()) and "def456" not in str(error.to_dict())
    sent: list[Any] = []
    call = server.Call(1, None, lambda method, params: sent.append(params))
    call.log(contract.LogEvent(f"Reading {address}"))
    assert "abc123" not in str(sent) and "Reading /vsicurl/https://example.org/a.tif" in str(sent)
    bug = server._answerable(ZeroDivisionError(address))
    assert "abc123" not in str(bug.to_dict())


@pytest.mark.slow
def test_long_values_are_not_repeated_whole() -> None:
    error = server._answerable(RasterError("x" * 50_000_000))
    assert len(str(error.to_dict())) < 100_000


@pytest.mark.parametrize(
    ("what", "words"), [("bug", "nobody foresaw this"), ("unsendable", "no attribute 'text'")]
)
def test_bug_comes_with_its_traceback(peer: Peer, what: str, words: str) -> None:
    error = peer.ask(contract.ENCODE.name, encoding(what))["error"]
    assert error["code"] == contract.INTERNAL_ERROR
    assert words in error["message"]
    assert "in encode" in error["data"]["traceback"]


def test_running_and_waiting_requests_are_cancelled(peer: Peer, tmp_path: Path) -> None:
    assert (
        peer.ask(contract.ENCODE.name, encoding("wait", str(tmp_path)), 1)["method"] == contract.LOG
    )
    peer.send(contract.ENCODE.name, encoding("wait", str(tmp_path)), 2)
    # Answered though work goes on.
    assert peer.ask(contract.INITIALIZE, None, 3)["id"] == 3
    peer.send(contract.CANCEL, {"id": 2})
    peer.send(contract.CANCEL, {"id": 99})
    peer.send(contract.CANCEL, {"id": 1})
    for identifier in (1, 2):
        answer = peer.receive()
        assert answer["id"] == identifier
        assert answer["error"]["code"] == contract.REQUEST_CANCELLED
    assert peer.ask(contract.ENCODE.name, encoding("ok"), 4)["result"]["patch_count"] == 1


def test_progress_is_thinned_out_and_ends_with_the_last_step(peer: Peer) -> None:
    message = peer.ask(contract.ENCODE.name, encoding("progress"))
    steps = []
    while "method" in message:
        steps.append(message["params"])
        message = peer.receive()
    assert 2 <= len(steps) < 50
    assert steps[-1] == {"id": 1, "done": 2000, "total": 2000, "text": "é"}


def test_what_libraries_print_goes_to_standard_error(peer: Peer) -> None:
    assert "result" in peer.ask(contract.ENCODE.name, encoding("print"))
    assert "result" in peer.ask(contract.INITIALIZE)
    peer.stdin.close()
    errors = peer.stderr.read()
    for who in (b"Python", b"C", b"a child"):
        assert b"printed by " + who in errors


def test_end_of_input_cancels_running_work_and_ends(peer: Peer, tmp_path: Path) -> None:
    peer.ask(contract.ENCODE.name, encoding("wait", str(tmp_path)))
    peer.stdin.close()
    assert peer.process.wait(5) == 0
    assert (tmp_path / "flushed").exists()


@pytest.mark.slow
def test_end_of_input_ends_work_that_does_not_stop(peer: Peer) -> None:
    peer.ask(contract.ENCODE.name, encoding("hang"))
    peer.stdin.close()
    assert peer.process.wait(10) == 0


def test_shutdown_cancels(peer: Peer, tmp_path: Path) -> None:
    peer.ask(contract.ENCODE.name, encoding("wait", str(tmp_path)), 1)
    peer.send(contract.SHUTDOWN, None, 2)
    answers = {answer["id"]: answer for answer in (peer.receive(), peer.receive())}
    assert answers[2]["result"] is None
    assert answers[1]["error"]["code"] == contract.REQUEST_CANCELLED


@pytest.mark.skipif(os.name == "nt", reason="no such signal")
def test_interrupt_from_the_terminal_is_left_to_the_parent(peer: Peer) -> None:
    peer.ask(contract.INITIALIZE)
    peer.process.send_signal(signal.SIGINT)
    assert "result" in peer.ask(contract.ENCODE.name, encoding("ok"))
