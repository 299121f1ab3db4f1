"""Phrases as tokens, against the tokenizer of transformers with the same vocabulary."""

from __future__ import annotations

import json
import shutil

import pytest

from geosam_processing.engine.errors import ModelError
from geosam_processing.engine.models.sam3 import tokens, vocabulary
from geosam_processing.engine.models.sam3.tokens import PhraseError, tokens_of


@pytest.fixture(scope="module")
def official():
    from transformers import CLIPTokenizer

    ranks, numbers = tokens._numbered(vocabulary.read_merges(None))
    parts = {**numbers, "<|startoftext|>": 49406, "<|endoftext|>": 49407}
    return CLIPTokenizer(vocab=parts, merges=list(ranks))


PHRASES = [
    "roof",
    "Swimming  Pool",
    "center-pivot irrigation field (green)",
    "farmer's 2nd greenhouse; 12 cars",
    "Überdachung für Straßenbäume",
    "太陽光パネル",
    "don't we'll",
    "e\u0301tang",
    "aaaaaaaaaaaa hahahaha",
]


@pytest.mark.parametrize("phrase", PHRASES)
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


@pytest.fixture
def no_package(monkeypatch):
    monkeypatch.setattr(vocabulary.importlib.util, "find_spec", lambda name: None)


@pytest.fixture(scope="module")
def tokenizer_files(official, tmp_path_factory):
    """Files as transformers writes them, and CLIP's own."""
    folder = tmp_path_factory.mktemp("tokenizer")
    official.save_pretrained(folder)
    official.backend_tokenizer.model.save(str(folder))
    packed = vocabulary._package_file()
    assert packed is not None
    shutil.copy(packed, folder)
    return folder


@pytest.mark.parametrize("name", vocabulary.FILES)
def test_own_file_gives_the_same_tokens(tokenizer_files, tmp_path, monkeypatch, name):
    expected = [tokens_of(phrase) for phrase in PHRASES]
    shutil.copy(tokenizer_files / name, tmp_path)
    monkeypatch.setattr(vocabulary.importlib.util, "find_spec", lambda name: None)
    assert [tokens_of(phrase, tmp_path) for phrase in PHRASES] == expected


def test_pairs_joined_by_a_space_are_read(tmp_path, monkeypatch, official):
    listed = [" ".join(pair) for pair in vocabulary.read_merges(None)]
    monkeypatch.setattr(vocabulary.importlib.util, "find_spec", lambda name: None)
    content = json.dumps({"model": {"type": "BPE", "merges": listed}})
    (tmp_path / "tokenizer.json").write_text(content, encoding="utf-8")
    assert tokens_of("Swimming pool", tmp_path) == official("Swimming pool")["input_ids"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("merges.txt", b"#version: 0.2\ni n\nt h\n", "merges.txt is not the vocabulary of SAM3"),
        ("merges.txt", b"#version: 0.2\none two three\n", "merges.txt cannot be read"),
        ("tokenizer.json", b'{"model": {}}', "tokenizer.json cannot be read"),
        ("tokenizer.json", b"[", "tokenizer.json cannot be read"),
        ("bpe_simple_vocab_16e6.txt.gz", b"no archive", "gz cannot be read"),
    ],
)
def test_wrong_file_is_refused(tmp_path, no_package, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=message):
        tokens_of("roof", tmp_path)


def test_missing_vocabulary_says_what_to_do(tmp_path, no_package):
    with pytest.raises(ModelError, match="Install engine with SAM3, or put one of merges.txt") as e:
        tokens_of("roof", tmp_path)
    assert str(tmp_path) in str(e.value)
