"""Messages of the other side: JSON-RPC 2.0 in frames, checked against any other bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from geosam_processing.contract import CANCEL

LENGTH = b"content-length:"
# Bytes; a million prompts take a tenth of it.
LARGEST = 1 << 30
_LONGEST_LINE = 1 << 16


class Malformed(ValueError):
    """What came is no message; the text says why. ``identifier`` is its id, if it has one."""

    def __init__(self, reason: str, identifier: Any = None) -> None:
        super().__init__(reason)
        self.identifier = identifier


@dataclass(frozen=True)
class Message:
    """A request or a notification, and how many bytes it had."""

    content: dict[str, Any]
    size: int


def messages(stream: BinaryIO) -> Iterator[Message | Malformed]:
    """The messages in ``stream`` until it ends, and the faults between them."""
    while (found := _next(stream)) is not None:
        yield found


def _next(stream: BinaryIO) -> Message | Malformed | None:
    length = _length(stream)
    if not isinstance(length, int):
        return length
    body = stream.read(length)
    return _message(body) if len(body) == length else None


def _length(stream: BinaryIO) -> int | Malformed | None:
    """How long the next body is, None at the end of the stream."""
    length: int | None = None
    for line in iter(lambda: stream.readline(_LONGEST_LINE), b""):
        if not line.strip():
            break
        # After a body that was longer than it said, the next header follows on its line.
        _, found, value = line.lower().rpartition(LENGTH)
        digits = value.strip()
        if found and digits.isdigit() and len(digits) < 12:
            length = int(digits)
    else:
        return None
    if length is None:
        return Malformed("The header has no valid Content-Length")
    if length > LARGEST:
        return Malformed(f"The message has {length} bytes, but {LARGEST} are the most")
    return length


def _message(body: bytes) -> Message | Malformed:
    try:
        message = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        return Malformed(f"The message is no JSON ({type(error).__name__})")
    if not isinstance(message, dict):
        return Malformed(f"The message is no object, but of type {type(message).__name__}")
    identifier = message.get("id")
    if "id" in message and type(identifier) not in (int, str):
        return Malformed(f"The id is of type {type(identifier).__name__}: give a number or text")
    if message.get("jsonrpc") != "2.0" or not isinstance(message.get("method"), str):
        return Malformed("The message is no request of JSON-RPC 2.0", identifier)
    if message["method"] == CANCEL:
        params = message.get("params")
        if not isinstance(params, dict) or type(params.get("id")) not in (int, str):
            return Malformed("The cancellation names no id", identifier)
    return Message(message, len(body))
