"""Messages of wrong types are refused with the place of the fault."""

import dataclasses
import random
from typing import Any

import pytest

from geosam_processing import contract
from geosam_processing.contract import ContractError
from geosam_processing.contract.messages import from_json, to_json

ENCODE = {
    "raster": {"source": "a.tif"},
    "output": "out",
    "layer_name": "a",
    "model": {"model": "geosam_nano"},
}
SEGMENT = {
    "features": "f",
    "prompts": [{"key": 1, "points": [[1, 2.5]], "labels": [1], "box": [0, 0, 3, 3]}],
}
NUMBERS = [-1, 3.5, 10**400, float("nan"), float("inf")]
TEXTS = ["", "x" * 1000, "\ud800", "a\0b", "é"]
NONSENSE: list[Any] = [None, True, *NUMBERS, *TEXTS, [], {}, [None], [[]], {"a": 1}, [1, "a"]]


def test_what_is_written_is_read() -> None:
    for kind, value in ((contract.EncodeRequest, ENCODE), (contract.SegmentRequest, SEGMENT)):
        request: Any = from_json(kind, value)  # type: ignore[arg-type]
        assert from_json(kind, to_json(request)) == request  # type: ignore[comparison-overlap]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"raster": "a.tif"}, "EncodeRequest: raster: it is text instead of an object"),
        ({"raster": {"source": 3}}, "raster.source: it is a number instead of text"),
        ({"raster": {"source": "a", "bands": "123"}}, "bands: it is text instead of a list"),
        ({"raster": {"source": "a", "bands": [1.5]}}, "raster.bands.0: it is a number instead of"),
        ({"raster": {"source": "a", "extent": [1, 2]}}, "extent: it has 2 values instead of 4"),
        ({"raster": {"source": "\ud800"}}, "raster.source: it holds half a character"),
        ({"raster": {"source": "a\0"}}, "raster.source: it holds a NUL character"),
        ({"raster": {}}, "raster: missing 1 required positional argument: 'source'"),
        ({"stride": float("nan")}, "stride: it is a number instead of a whole number"),
        ({"stride": True}, "stride: it is true or false instead of a whole number"),
        ({"stride": 10**30}, "stride: the number is too large"),
        ({"include_nodata": 1}, "include_nodata: it is a number instead of true or false"),
        ({"colour": "red"}, "it has no field 'colour'"),
    ],
)
def test_misfit_is_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ContractError) as raised:
        from_json(contract.EncodeRequest, {**ENCODE, **change})
    assert words in str(raised.value)


def mutant(draw: random.Random, value: Any) -> Any:
    """``value`` with something else at one place of it."""
    if isinstance(value, dict) and value and draw.random() < 0.9:
        name = draw.choice(list(value))
        return {**value, name: mutant(draw, value[name])}
    if isinstance(value, list) and value and draw.random() < 0.8:
        place = draw.randrange(len(value))
        return [*value[:place], mutant(draw, value[place]), *value[place + 1 :]]
    return draw.choice(NONSENSE)


def test_nonsense_is_refused_or_a_request() -> None:
    draw = random.Random(1)
    whole = to_json(from_json(contract.EncodeRequest, ENCODE))
    prompts = to_json(from_json(contract.SegmentRequest, SEGMENT))
    refused = 0
    for _ in range(1000):
        kind, value = draw.choice(
            [(contract.EncodeRequest, whole), (contract.SegmentRequest, prompts)]
        )
        try:
            request: Any = from_json(kind, mutant(draw, as_lists(value)))  # type: ignore[arg-type]
        except ContractError as error:
            refused += 1
            assert len(str(error)) < 21_000
        else:
            assert dataclasses.is_dataclass(request)
    assert refused > 500


def as_lists(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, dict):
        return {name: as_lists(item) for name, item in value.items()}
    return [as_lists(item) for item in value] if isinstance(value, (list, tuple)) else value
