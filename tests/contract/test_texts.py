"""Texts that remember their template and values, also on their way between two processes."""

import ast
import copy
import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from geosam_processing.contract import (
    ContractError,
    LogEvent,
    ObjectsEvent,
    ProgressEvent,
    Text,
    UnansweredPrompt,
)
from geosam_processing.contract.errors import UserError
from geosam_processing.contract.messages import from_json, to_json
from scripts.update_translations import PACKAGE, template_of

NESTED = Text("Not used: {}. Score {}", Text("{} cannot compute", "GTX 980"), 0.25)


def sent(kind: Any, message: Any) -> Any:
    return from_json(kind, json.loads(json.dumps(to_json(message))))


def test_reads_as_english() -> None:
    assert NESTED == "Not used: GTX 980 cannot compute. Score 0.25"
    assert NESTED.template == "Not used: {}. Score {}"
    assert NESTED.values == ("GTX 980 cannot compute", "0.25")
    assert isinstance(NESTED.values[0], Text)
    assert NESTED.values[0].template == "{} cannot compute"


def test_without_values_it_stands_as_it_is() -> None:
    text = Text("Braces {} of a file {name}")
    assert (text, text.template, text.values) == ("Braces {} of a file {name}",) * 2 + ((),)
    assert Text(NESTED) is NESTED


def test_an_error_among_the_values_keeps_its_template() -> None:
    text = Text("Left out ({})", UserError("Chip {} is damaged", 7))
    assert text == "Left out (Chip 7 is damaged)"
    assert isinstance(text.values[0], Text) and text.values[0].values == ("7",)


def test_secrets_of_addresses_are_hidden() -> None:
    address = "https://me:secret@example.org/a.tif"
    for text in (Text("Reading {}", address), Text(f"Reading {address}")):
        assert "secret" not in text and "example.org/a.tif" in text


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_copies_are_alike(way: Any) -> None:
    found = way(NESTED)
    assert found == NESTED and found.template == NESTED.template
    assert found.values[0].template == "{} cannot compute"


@pytest.mark.parametrize("kind", [ProgressEvent, LogEvent])
def test_messages_carry_template_and_values(kind: Any) -> None:
    message = kind(1, 2, NESTED) if kind is ProgressEvent else kind(NESTED, "warning")
    found = sent(kind, message)
    assert found == message
    assert found.text.template == NESTED.template
    assert found.text.values[0].template == "{} cannot compute"


def test_texts_in_lists_are_carried() -> None:
    event = ObjectsEvent(unanswered=(UnansweredPrompt(1, NESTED), UnansweredPrompt(2, "plain")))
    first, second = sent(ObjectsEvent, event).unanswered
    assert first.reason.template == NESTED.template and second.reason == "plain"


@pytest.mark.parametrize(
    ("template", "values", "message"),
    [
        ("{} and {}", ["a"], "do not fit"),
        ("none", ["a"], "do not fit"),
        ("{0}", ["a"], "do not fit"),
        ("{:>9999999999}", ["a"], "do not fit"),
        ("{.__class__}", ["a"], "do not fit"),
        ("{", ["a"], "text: "),
        ("{}", [1], "a number instead of text"),
        ("{}", "a", "instead of a list"),
        (1, [], "a number instead of text"),
    ],
)
def test_a_template_that_its_values_do_not_fit_is_refused(
    template: Any, values: Any, message: str
) -> None:
    with pytest.raises(ContractError, match=message):
        from_json(LogEvent, {"text": {"template": template, "values": values}})


def test_braces_of_a_template_stay() -> None:
    text = Text(r"Use (?P<year>\d{{4}}), not {}", "x")
    assert sent(LogEvent, LogEvent(text)).text == r"Use (?P<year>\d{4}), not x"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_no_text_for_users_has_its_values_in_its_template(path: Path) -> None:
    """An f-string cannot be translated: its values belong after the template."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            template = template_of(node, ast.unparse(node.func))
            assert not isinstance(template, ast.JoinedStr), f"{path}:{node.lineno}"
