"""The dataclasses of the contract as what ``json`` writes and reads.

Both sides import this module, so it needs the standard library only and runs on
Python 3.9.
"""

import dataclasses
import functools
import string
import types
import typing
from typing import Any, Callable, Optional, Union

from .checks import ContractError
from .texts import Text

T = typing.TypeVar("T")


def to_json(value: Any) -> Any:
    """A dataclass of this module as what ``json`` writes."""
    return dataclasses.asdict(value, dict_factory=_plain_fields)


def _plain_fields(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in fields}


def _plain(value: Any) -> Any:
    """A ``Text`` with its values apart, as an object; ``value`` itself if it is none."""
    if type(value) is Text:
        if not value.values:
            return str(value)
        return {"template": value.template, "values": [_plain(each) for each in value.values]}
    if type(value) is tuple and value and isinstance(value[0], (str, tuple)):
        return tuple(_plain(each) for each in value)
    return value


def from_json(kind: type[T], value: Any) -> T:
    """The dataclass ``kind`` from what ``json`` read.

    Raises:
        ContractError: a field is missing, unknown or of another type; the text names it.
    """
    try:
        return typing.cast(T, _builder(typing.cast(Any, kind))(value))
    except _Misfit as error:
        place = ".".join(reversed(error.path))
        raise ContractError(
            "Not a valid {}: {}{}{}", kind.__name__, place, ": " if place else "", error
        ) from None


class _Misfit(Exception):
    """A value that is not of its kind; ``path`` leads to it, the innermost name first."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.path: list[str] = []


Builder = Callable[[Any], Any]


@functools.cache
def _builder(kind: Any) -> Builder:
    """What makes a value of ``kind``; looked up once, as a request may hold 100,000 of it."""
    plain = _PLAIN.get(kind)
    if plain is not None:
        return plain
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in _UNIONS:
        present = next(argument for argument in arguments if argument is not type(None))
        return _optional(_builder(present))
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return _list(_builder(arguments[0]))
    if origin is tuple:
        return _row(tuple(map(_builder, arguments)))
    return _object(kind)


def _optional(present: Builder) -> Builder:
    return lambda value: None if value is None else present(value)


def _list(item_builder: Builder) -> Builder:
    def build(value: Any) -> tuple[Any, ...]:
        _require_list(value)
        items = []
        try:
            for item in value:
                items.append(item_builder(item))
        except _Misfit as error:
            error.path.append(str(len(items)))
            raise
        return tuple(items)

    return build


def _row(builders: tuple[Builder, ...]) -> Builder:
    def build(value: Any) -> tuple[Any, ...]:
        _require_list(value)
        if len(value) != len(builders):
            raise _Misfit(f"it has {len(value)} values instead of {len(builders)}")
        items: list[Any] = []
        try:
            for item_builder, item in zip(builders, value):
                items.append(item_builder(item))
        except _Misfit as error:
            error.path.append(str(len(items)))
            raise
        return tuple(items)

    return build


def _object(kind: Any) -> Builder:
    kinds: Optional[dict[str, Builder]] = None

    def build(value: Any) -> Any:
        nonlocal kinds
        if kinds is None:
            kinds = {name: _builder(of) for name, of in typing.get_type_hints(kind).items()}
        if not isinstance(value, dict):
            raise _wrong("an object", value)
        parts, name = {}, ""
        try:
            for name, item in value.items():
                parts[name] = kinds[name](item)
            return kind(**parts)
        except KeyError:
            raise _Misfit(f"it has no field {name[:40]!r}") from None
        except TypeError as error:
            # A field without a default is missing.
            raise _Misfit(str(error).partition("() ")[2] or str(error)) from None
        except _Misfit as error:
            error.path.append(name)
            raise

    return build


def _require_list(value: Any) -> None:
    if not isinstance(value, (list, tuple)):
        raise _wrong("a list", value)


def _text(value: Any) -> str:
    if isinstance(value, dict) and value.keys() == {"template", "values"}:
        _require_list(value["values"])
        template, values = _text(value["template"]), [_text(each) for each in value["values"]]
        if _gaps_in(template) != [("", "", None)] * len(values):
            raise _Misfit("its values do not fit its template")
        return Text(template, *values)
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


def _gaps_in(template: str) -> list[tuple[str, Optional[str], Optional[str]]]:
    """Name, format and conversion of each gap; those of a text have none."""
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as error:
        raise _Misfit(str(error)) from None
    return [(name, spec, how) for _, name, spec, how in parts if name is not None]


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
_PLAIN: dict[Any, Builder] = {str: _text, bool: _flag, int: _whole, float: _number}
# ``X | None`` of Python 3.10 and later has an origin of its own.
_UNIONS = (Union, getattr(types, "UnionType", Union))
