"""JSON that others may have written or damaged: read with limits, or refused.

Both sides import this module, so it needs the standard library only and runs on Python 3.9.
"""

import json
import math
from pathlib import Path
from typing import Any, Union

# Bytes. What we write has a few kilobytes; a larger file is not one of ours.
LARGEST = 1 << 20
_DEEPEST = 32
_LONGEST_NUMBER = 400  # digits; Python takes the square of it in time


def read_json_object(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file, in UTF-8 with or without a byte order mark.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is larger than ``LARGEST``, or see ``json_object``; the text says what
            is wrong, to follow "The file ... cannot be used: ".
    """
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ValueError(f"it is larger than {LARGEST >> 10} kB")
    return json_object(content)


def json_object(text: Union[str, bytes]) -> dict[str, Any]:
    """Return the object in a JSON text; its numbers are finite, its depth is limited.

    Raises:
        ValueError: it is no JSON, no object, too deep, or has a number that is none.
    """
    value = json_value(text)
    if not isinstance(value, dict):
        raise ValueError("it holds no JSON object")
    return value


def json_value(text: Union[str, bytes]) -> Any:
    """As ``json_object``, of any value."""
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        value = json.loads(
            text, parse_constant=_not_a_number, parse_float=_float, parse_int=_integer
        )
        _require_shallow(value, _DEEPEST)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except UnicodeDecodeError:
        raise ValueError("it is no text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is no JSON: {error}") from None
    return value


def noted_in(path: Path) -> dict[str, Any]:
    """The object in a JSON file of our own; empty if there is none that can be read."""
    try:
        return read_json_object(path)
    except (OSError, ValueError):
        return {}


def _not_a_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"the number {text[:20]} is too large")
    return value


def _integer(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"a number has {len(text)} digits")
    return int(text)


def _require_shallow(value: Any, depth: int) -> None:
    if isinstance(value, (dict, list)):
        if depth == 0:
            raise ValueError("it is nested too deeply")
        for part in value.values() if isinstance(value, dict) else value:
            _require_shallow(part, depth - 1)
