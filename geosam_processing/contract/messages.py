"""The dataclasses of the contract as what ``json`` writes and reads.

Both sides import this module, so it needs the standard library only and runs on
Python 3.9.
"""

import dataclasses
import functools
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
        ContractError: a field is missing or not one of ``kind``'s.
    """
    try:
        return typing.cast(T, _build(kind, value))
    except (TypeError, KeyError) as error:
        raise ContractError(f"Not a valid {kind.__name__}: {error}") from error


def _build(kind: Any, value: Any) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is Union:
        present = next(argument for argument in arguments if argument is not type(None))
        return None if value is None else _build(present, value)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(_build(arguments[0], item) for item in value)
        return tuple(_build(item_kind, item) for item_kind, item in zip(arguments, value))
    if dataclasses.is_dataclass(kind):
        kinds = _kinds_of(typing.cast(type, kind))
        return typing.cast(type, kind)(
            **{name: _build(kinds[name], item) for name, item in value.items()}
        )
    return float(value) if kind is float else value


@functools.cache
def _kinds_of(kind: type) -> dict[str, Any]:
    """The kinds of a dataclass's fields; looked up once, as a request may hold 100,000 of it."""
    return typing.get_type_hints(kind)
