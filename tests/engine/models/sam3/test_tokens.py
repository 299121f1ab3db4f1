"""Phrases as tokens, against the tokenizer of transformers with the same vocabulary."""

from __future__ import annotations

import pytest

from geosam_processing.engine.errors import ModelError
from geosam_processing.engine.models.sam3 import tokens
from geosam_processing.engine.models.sam3.tokens import PhraseError, tokens_of


@pytest.fixture(scope="module")
def official():
    from transformers import CLIPTokenizer

    ranks, numbers = tokens._vocabulary()
    vocabulary = {**numbers, "<|startoftext|>": 49406, "<|endoftext|>": 49407}
    return CLIPTokenizer(vocab=vocabulary, merges=list(ranks))


@pytest.mark.parametrize(
    "phrase",
    [
        "roof",
        "Swimming  Pool",
        "center-pivot irrigation field (green)",
        "farmer's 2nd greenhouse; 12 cars",
        "Überdachung für Straßenbäume",
        "太陽光パネル",
        "don't we'll",
        "e\u0301tang",
        "aaaaaaaaaaaa hahahaha",
    ],
)
def test_equals_the_tokenizer_of_transformers(official, phrase):
    assert tokens_of(phrase) == official(phrase)["input_ids"]


def test_a_known_phrase():
    # As in every description of CLIP.
    assert tokens_of("a photo of a cat") == [49406, 320, 1125, 539, 320, 2368, 49407]


def test_long_and_empty_phrases_are_refused():
    assert len(tokens_of("roof " * 30)) == 32
    with pytest.raises(PhraseError, match="has 31 tokens, but at most 30"):
        tokens_of("roof " * 31)
    with pytest.raises(PhraseError, match="empty"):
        tokens_of("  ")


def test_missing_vocabulary_says_what_to_run(monkeypatch):
    monkeypatch.setattr(tokens.importlib.util, "find_spec", lambda name: None)
    tokens._vocabulary.cache_clear()
    with pytest.raises(ModelError, match="Install engine"):
        tokens_of("roof")
