"""Phrases as the numbers that SAM3's text encoder takes: CLIP's byte pair encoding."""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path

from geosam_processing.engine.errors import ModelError
from geosam_processing.engine.models.sam3.vocabulary import Merges, read_merges

LENGTH = 32
_START, _END = 49406, 49407
_WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+"


class PhraseError(ModelError):
    """A phrase cannot be used."""


def tokens_of(phrase: str, folder: Path | None = None) -> list[int]:
    """Return the tokens of a phrase with their marks of start and end, at most ``LENGTH``.

    Args:
        folder: where the vocabulary may be if its package is not installed.

    Raises:
        PhraseError: the phrase is empty or too long.
        ModelError: there is no vocabulary, or it is not CLIP's.
    """
    import regex

    text = " ".join(unicodedata.normalize("NFC", phrase).split()).lower()
    ranks, numbers = _numbered(read_merges(folder))
    tokens = [numbers[part] for word in regex.findall(_WORDS, text) for part in _parts(word, ranks)]
    if not tokens:
        raise PhraseError("A phrase is empty: give words, such as roof")
    if len(tokens) > LENGTH - 2:
        raise PhraseError(
            "The phrase {} has {} tokens, but at most {} are "
            "possible: name the objects with a few words",
            f"{phrase!r}",
            len(tokens),
            LENGTH - 2,
        )
    return [_START, *tokens, _END]


def _parts(word: str, ranks: dict[tuple[str, str], int]) -> list[str]:
    """A word in parts of the vocabulary; the pair that was learned first is joined first."""
    letters = [_byte_letters()[byte] for byte in word.encode("utf-8")]
    parts = [*letters[:-1], letters[-1] + "</w>"]
    while len(parts) > 1:
        pairs = list(zip(parts, parts[1:]))
        best = min(pairs, key=lambda pair: ranks.get(pair, len(ranks)))
        if best not in ranks:
            break
        joined: list[str] = []
        for part in parts:
            # A part that was just joined is no first half of the next pair.
            if joined and (joined[-1], part) == best:
                joined[-1] += part
            else:
                joined.append(part)
        parts = joined
    return parts


@functools.lru_cache(maxsize=1)
def _numbered(merges: Merges) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    """Ranks of the merges, and the number of each part."""
    letters = list(_byte_letters().values())
    parts = [
        *letters,
        *(letter + "</w>" for letter in letters),
        *(first + second for first, second in merges),
    ]
    ranks = {pair: rank for rank, pair in enumerate(merges)}
    return ranks, {part: number for number, part in enumerate(parts)}


@functools.cache
def _byte_letters() -> dict[int, str]:
    """A visible letter for each byte: itself where it is one, else one from 256 on."""
    visible = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    letters = {byte: chr(byte) for byte in visible}
    others = [byte for byte in range(256) if byte not in letters]
    letters.update({byte: chr(256 + index) for index, byte in enumerate(others)})
    return letters
