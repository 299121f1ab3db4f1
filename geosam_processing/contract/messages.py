"""The dataclasses of the contract as what ``json`` writes and reads.

Both sides import this module, so it needs the standard library only and runs on
Python 3.9.
"""

import dataclasses
import functools
import types
import typing
from typing import Any, Union

from .checks import ContractError

T = typing.TypeVar("T")


def to_json(value: Any) -> Any:
    """A dataclass of this module as what ``json`` writes."""
    return dataclasses.asdict(value)


def from_json(kind: type[T], value: Any) -> T:
    """The dataclass ``kind`` from what ``json`` read.

    Raises:
        ContractError: a field is missing, unknown or of another type; the text names it.
    """
    try:
        return typing.cast(T, _build(kind, value))
    except _Misfit as error:
        place = ".".join(reversed(error.path))
        raise ContractError(
            f"Not a valid {kind.__name__}: {place}{': ' if place else ''}{error}"
        ) from None


class _Misfit(Exception):
    """A value that is not of its kind; ``path`` leads to it, the innermost name first."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.path: list[str] = []


def _build(kind: Any, value: Any) -> Any:
    plain = _PLAIN.get(kind)
    if plain is not None:
        return plain(value)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in _UNIONS:
        present = next(argument for argument in arguments if argument is not type(None))
        return None if value is None else _build(present, value)
    if origin is tuple:
        return _tuple(arguments, value)
    return _object(kind, value)


def _tuple(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise _wrong("a list", value)
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        kinds = (kinds[0],) * len(value)
    elif len(kinds) != len(value):
        raise _Misfit(f"it has {len(value)} values instead of {len(kinds)}")
    return tuple(_part(str(i), kinds[i], item) for i, item in enumerate(value))


def _object(kind: type, value: Any) -> Any:
    if not isinstance(value, dict):
        raise _wrong("an object", value)
    kinds = _kinds_of(kind)
    unknown = [name for name in value if name not in kinds]
    if unknown:
        raise _Misfit(f"it has no field {unknown[0][:40]!r}")
    parts = {name: _part(name, kinds[name], item) for name, item in value.items()}
    try:
        return kind(**parts)
    except TypeError as error:
        # A field without a default is missing.
        raise _Misfit(str(error).partition("() ")[2] or str(error)) from None


def _part(name: str, kind: Any, value: Any) -> Any:
    try:
        return _build(kind, value)
    except _Misfit as error:
        error.path.append(name)
        raise


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong("text", value)
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise _Misfit("it holds half a character") from None
    if "\0" in value:
        raise _Misfit("it holds a NUL character")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong("true or false", value)
    return value


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise _wrong("a whole number", value)
    if abs(value) > _LARGEST_WHOLE:
        raise _Misfit("the number is too large")
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float):
        raise _wrong("a number", value)
    try:
        return float(value)
    except OverflowError:
        raise _Misfit("the number is too large") from None


def _wrong(wanted: str, value: Any) -> _Misfit:
    found = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    spoken = "nothing" if value is None else found.get(type(value), "a number")
    return _Misfit(f"it is {spoken} instead of {wanted}")


_LARGEST_WHOLE = 1 << 53
_PLAIN: dict[Any, Any] = {str: _text, bool: _flag, int: _whole, float: _number}
# ``X | None`` of Python 3.10 and later has an origin of its own.
_UNIONS = (Union, getattr(types, "UnionType", Union))


@functools.cache
def _kinds_of(kind: type) -> dict[str, Any]:
    """The kinds of a dataclass's fields; looked up once, as a request may hold 100,000 of it."""
    return typing.get_type_hints(kind)
