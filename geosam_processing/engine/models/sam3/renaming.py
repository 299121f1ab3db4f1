"""Tensors renamed by rules, which remember the name that they have in their file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    import torch

Replacement = Union[str, Callable[["re.Match[str]"], str]]
Rule = tuple["re.Pattern[str]", Replacement]


@dataclass(frozen=True)
class Named:
    """A tensor: its name in the network, its name in the file, and its values."""

    name: str
    file_name: str
    tensor: torch.Tensor


def compiled(*rules: tuple[str | re.Pattern[str], Replacement]) -> tuple[Rule, ...]:
    """Rules of patterns and what takes their place."""
    return tuple((re.compile(pattern), replacement) for pattern, replacement in rules)


def renamed(name: str, rules: Sequence[Rule]) -> str:
    """A name after all rules, each applied to what the rule before it made."""
    for pattern, replacement in rules:
        name = pattern.sub(replacement, name)
    return name
