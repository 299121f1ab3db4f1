"""Requests of wrong types over the engine's pipe, and frames that are none."""

from __future__ import annotations

import dataclasses
import json
import random
import select
import subprocess
import sys
import types
import typing
from pathlib import Path
from typing import Any

from geosam_processing import contract
from geosam_processing.contract import methods
from scripts.campaign.isolated import any_of
from scripts.campaign.outcomes import CRASH, HANG, TOLD, TRACEBACK, WHOLE, Tally

ROOT = Path(__file__).resolve().parents[2]
# A slow disk may take long for the first import of torch.
_PATIENCE = 120.0  # seconds
_SOUND = 5  # every so many requests, one that is right
_RAW = 11  # every so many requests, bytes that are no request


class Peer:
    """An engine process, spoken to in bytes."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "geosam_processing.engine.server"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        self._rest = b""

    def send(self, body: bytes, length: Any = None) -> None:
        assert self._process.stdin
        length = len(body) if length is None else length
        self._process.stdin.write(f"Content-Length: {length}\r\n\r\n".encode() + body)

    def answer(self, identifier: Any) -> dict[str, Any] | None:
        """The answer to a request; None if none comes.

        Raises:
            EOFError: the process has ended.
        """
        while True:
            message = self._message()
            if message is None or ("method" not in message and message.get("id") == identifier):
                return message

    def close(self) -> None:
        self._process.kill()
        self._process.wait()

    def _message(self) -> dict[str, Any] | None:
        while b"\r\n\r\n" not in self._rest:
            if not self._more():
                return None
        head, _, rest = self._rest.partition(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length:")[2].split()[0])
        while len(rest) < size:
            if not self._more():
                return None
            _, _, rest = self._rest.partition(b"\r\n\r\n")
        self._rest = rest[size:]
        message: dict[str, Any] = json.loads(rest[:size])
        return message

    def _more(self) -> bool:
        out = self._process.stdout
        assert out
        ready, _, _ = select.select([out], [], [], _PATIENCE)
        if not ready:
            return False
        block = out.read(1 << 16)
        if not block:
            raise EOFError
        self._rest += block
        return True


def requests(work: Path, count: int, seed: int) -> Tally:
    """Send ``count`` requests with wrong values; each is answered, and the engine lives."""
    tally, generator = Tally("Requests of wrong types"), random.Random(seed)
    peer = Peer()
    for number in range(count):
        what = f"number {number} of seed {seed}"
        try:
            if number % _RAW == 0:
                _send_raw(peer, generator)
                outcome = WHOLE
            else:
                body = _body(number, work, generator)
                what += f": {any_of(body)}"
                peer.send(body)
                if not _has_id(body):
                    outcome = WHOLE
                else:
                    outcome = _outcome(peer.answer(number))
            if outcome == HANG or number % _SOUND == 0 or number % _RAW == 0:
                outcome = outcome if _sound(peer, number) else HANG
            tally.add(outcome, what)
        except (EOFError, OSError):
            tally.add(CRASH, what)
            peer.close()
            peer = Peer()
    peer.close()
    return tally


def _outcome(answer: dict[str, Any] | None) -> str:
    if answer is None:
        return HANG
    error = answer.get("error")
    if error is None:
        return WHOLE
    return TRACEBACK if (error.get("data") or {}).get("traceback") else TOLD


def _sound(peer: Peer, number: int) -> bool:
    """Whether the engine still answers a request that is right."""
    identifier = f"sound {number}"
    params = {"version": contract.VERSION}
    text = json.dumps(
        {"jsonrpc": "2.0", "id": identifier, "method": "initialize", "params": params}
    )
    peer.send(text.encode())
    answer = peer.answer(identifier)
    return answer is not None and "result" in answer


def _has_id(body: bytes) -> bool:
    message = json.loads(body)
    return isinstance(message, dict) and isinstance(message.get("id"), int)


def _send_raw(peer: Peer, generator: random.Random) -> None:
    whole = json.dumps({"jsonrpc": "2.0", "method": "$/cancelRequest"}).encode()
    choice = generator.randrange(8)
    if choice == 0:
        peer.send(b"[1, 2, 3]")
    elif choice == 1:
        peer.send(b"null")
    elif choice == 2:
        peer.send(b"not JSON")
    elif choice == 3:
        peer.send(b"[" * 100_000)
    elif choice == 4:
        peer.send(whole)
    elif choice == 5:
        peer.send(b'{"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": [1]}}')
    elif choice == 6:
        peer.send(b"\xff\xfe{}")
    else:
        peer.send(whole, generator.choice(["x", "-5", "1e3", ""]))


def _body(number: int, work: Path, generator: random.Random) -> bytes:
    methods_known = [each for each in vars(methods).values() if isinstance(each, methods.Method)]
    method = generator.choice(methods_known)
    params = _sample(method.request, work, generator)
    for _ in range(generator.randrange(1, 4)):
        params = _spoilt(params, generator)
    message: Any = {"jsonrpc": "2.0", "id": number, "method": method.name, "params": params}
    if generator.random() < 0.1:
        message["method"] = generator.choice(
            ["segmentAll", "", None, 7, ["encode"], "$/cancelRequest"]
        )
    return json.dumps(message).encode()


def _spoilt(value: Any, generator: random.Random) -> Any:
    """``value`` with one value in it of another type, or a field missing or too many."""
    if isinstance(value, dict) and value and generator.random() < 0.85:
        name = generator.choice(list(value))
        if generator.random() < 0.15:
            return {key: each for key, each in value.items() if key != name}
        if generator.random() < 0.1:
            return {**value, "unknown": 1}
        return {**value, name: _spoilt(value[name], generator)}
    if isinstance(value, list) and value and generator.random() < 0.7:
        index = generator.randrange(len(value))
        return [*value[:index], _spoilt(value[index], generator), *value[index + 1 :]]
    nested: Any = 1
    for _ in range(400):
        nested = [nested]
    return generator.choice(
        [
            *(None, True, -1, 10**30, 1e308, float("nan"), float("inf"), "", "x" * 70_000),
            *("\x00", "é" * 300, [], {}, [None], [[]], {"a": 1}, nested, "../" * 2000),
        ]
    )


def _sample(kind: Any, work: Path, generator: random.Random) -> Any:
    """A value of a type as JSON has it; files are named that are not there."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return _sample(arguments[0], work, generator)
    if origin is tuple:
        kinds = arguments[:1] if arguments[-1] is Ellipsis else arguments
        return [_sample(each, work, generator) for each in kinds]
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return {
            field.name: _sample(hints[field.name], work, generator)
            if _is_needed(field) or generator.random() < 0.3
            else _default(field)
            for field in dataclasses.fields(kind)
            if _is_needed(field) or _default(field) is not dataclasses.MISSING
        }
    if kind is bool:
        return False
    if kind in (int, float):
        return generator.choice([1, 2, 100])
    return str(work / "nothing")


def _is_needed(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def _default(field: dataclasses.Field[Any]) -> Any:
    if isinstance(field.default, (str, int, float, bool, type(None))):
        return field.default
    return dataclasses.MISSING
