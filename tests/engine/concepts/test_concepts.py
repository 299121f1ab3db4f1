"""Objects by words and examples, with a model that knows kinds by their color."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.affinity import affine_transform

from geosam_processing.contract import (
    Concept,
    ConceptExample,
    ConceptObject,
    ConceptsRequest,
    ConceptsResult,
    ContractError,
    LogEvent,
)
from geosam_processing.engine import errors
from geosam_processing.engine.concepts.run import segment_concepts
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.run import RunContext
from tests.engine.concepts.color_adapter import COLORS, MOST_OBJECTS, ColorAdapter
from tests.engine.stand_in_adapter import (
    NORTH_UP,
    PATCH,
    encode_request,
    install,
    write_raster,
)

Square = tuple[int, int, tuple[float, ...]]
SIDE = 8
RED, BLUE, GREEN = COLORS["red"], COLORS["blue"], COLORS["green"]
# Left, top and color; the second red one is cut by patches.
SCENE: tuple[Square, ...] = (
    (8, 8, RED),
    (88, 24, RED),
    (40, 8, BLUE),
    (8, 80, BLUE),
    (80, 80, GREEN),
)


@pytest.fixture
def adapter(monkeypatch: pytest.MonkeyPatch) -> ColorAdapter:
    adapter = ColorAdapter()
    install(monkeypatch, adapter)
    return adapter


def encoded(folder: Path, squares: Any, width: int = 128, height: int = 128, **more: Any) -> Path:
    values = np.full((3, height, width), 10, dtype=np.uint8)
    for left, top, color in squares:
        values[:, top : top + SIDE, left : left + SIDE] = np.reshape(color, (3, 1, 1))
    raster = write_raster(folder / "scene.tif", width, height, values=values)
    encode(encode_request(raster, folder / "features", **more))
    return folder / "features"


def outline(square: Square) -> shapely.Polygon:
    left, top, _ = square
    box = shapely.box(left, top, left + SIDE, top + SIDE)
    return affine_transform(box, NORTH_UP.to_shapely())


def example(square: Square, concept: str, positive: bool = True) -> ConceptExample:
    return ConceptExample(concept, shapely.to_wkb(outline(square), hex=True), positive)


def found_on(
    features: Path,
    *concepts: Concept | str,
    lines: list[LogEvent] | None = None,
    **more: Any,
) -> tuple[list[ConceptObject], ConceptsResult]:
    objects: list[ConceptObject] = []
    kinds = tuple(Concept(each, each) if isinstance(each, str) else each for each in concepts)
    result = segment_concepts(
        ConceptsRequest(str(features), kinds, **more),
        RunContext(
            results=lambda event: objects.extend(event.objects),
            log=(lambda event: None) if lines is None else lines.append,
        ),
    )
    assert [each.key for each in objects] == list(range(1, result.object_count + 1))
    return objects, result


def squares_in(objects: list[ConceptObject], squares: Any = SCENE) -> dict[str, list[int]]:
    """Of each kind the numbers of the squares that its objects are."""
    kinds: dict[str, list[int]] = {}
    for item in objects:
        shape = shapely.from_wkb(item.wkb)
        (number,) = [n for n, square in enumerate(squares) if iou(shape, outline(square)) > 0.9]
        kinds.setdefault(item.concept, []).append(number)
    return {kind: sorted(numbers) for kind, numbers in kinds.items()}


def iou(one: shapely.Geometry, other: shapely.Geometry) -> float:
    return float(one.intersection(other).area / one.union(other).area)


def test_each_phrase_finds_its_objects_once(adapter: ColorAdapter, tmp_path: Path) -> None:
    objects, result = found_on(encoded(tmp_path, SCENE), "red", "blue")
    assert squares_in(objects) == {"red": [0, 1], "blue": [2, 3]}
    assert result.patch_count == 9
    for item in objects:
        assert item.score > 0.99 and item.presence > 0.99 and item.model == "stand_in"
        assert item.area == pytest.approx((2 * SIDE) ** 2, rel=0.07)
        assert (item.examples, item.touches_edge) == (0, False)
    assert max(item.patches for item in objects) > 1


def test_a_phrase_without_objects_is_counted_and_told(
    adapter: ColorAdapter, tmp_path: Path
) -> None:
    lines: list[LogEvent] = []
    squares = [square for square in SCENE if square[2] != GREEN]
    _, result = found_on(encoded(tmp_path, squares), "green", "red", lines=lines)
    green, red = result.counts
    assert (green.concept, green.object_count, green.searched, green.found) == ("green", 0, 9, 0)
    assert 0 < green.best_score < 0.5 and green.area == 0
    assert red.object_count == 2 and red.best_score == pytest.approx(1, abs=0.01)
    assert red.area == pytest.approx(2 * (2 * SIDE) ** 2, rel=0.07)
    warnings = [line.text for line in lines if line.level == "warning"]
    assert any(text.startswith("green: no objects. The best score was 0.0") for text in warnings)


def test_examples_alone_find_what_is_like_them(adapter: ColorAdapter, tmp_path: Path) -> None:
    thing = Concept("thing")
    objects, result = found_on(
        encoded(tmp_path, SCENE), thing, examples=(example(SCENE[0], "thing"),), spread=False
    )
    # Only the patches that show the example are searched.
    assert squares_in(objects) == {"thing": [0]}
    assert objects[0].examples == 1
    (count,) = result.counts
    assert count.searched == count.with_examples == 1


def test_counterexamples_exclude(adapter: ColorAdapter, tmp_path: Path) -> None:
    # Of nearly one color: the phrase alone takes both.
    pink = tuple(value + 20 for value in RED)
    squares = [(8, 8, RED), (40, 8, pink)]
    features = encoded(tmp_path, squares, PATCH, PATCH)
    both, _ = found_on(features, "red")
    assert squares_in(both, squares) == {"red": [0, 1]}
    one, _ = found_on(features, "red", examples=(example(squares[1], "red", False),))
    assert squares_in(one, squares) == {"red": [0]}


def test_points_stand_for_their_object(adapter: ColorAdapter, tmp_path: Path) -> None:
    point = shapely.Point(*(NORTH_UP * (12, 12)))
    given = (ConceptExample("thing", shapely.to_wkb(point, hex=True)),)
    features = encoded(tmp_path, SCENE, precision="float32")
    objects, _ = found_on(features, Concept("thing"), examples=given, spread=False)
    assert squares_in(objects) == {"thing": [0]}
    (boxes,) = [prompt.boxes for prompt in adapter.asked if prompt.boxes is not None]
    assert boxes.tolist() == [[8, 8, 16, 16]]


def test_area_and_minimum_area_limit(adapter: ColorAdapter, tmp_path: Path) -> None:
    features = encoded(tmp_path, SCENE)
    left = shapely.box(*(NORTH_UP * (0, 128)), *(NORTH_UP * (60, 0)))
    objects, result = found_on(features, "red", "blue", area=shapely.to_wkb(left, hex=True))
    assert squares_in(objects) == {"red": [0], "blue": [2, 3]}
    assert result.patch_count == 6
    assert not found_on(features, "red", minimum_area=5000)[0]
    with pytest.raises(errors.FeaturesError, match="outside every patch"):
        found_on(features, "red", area=shapely.to_wkb(shapely.box(0, 0, 1, 1), hex=True))


def test_patches_with_as_many_objects_as_possible_are_named(
    adapter: ColorAdapter, tmp_path: Path
) -> None:
    squares = [(left, top, RED) for left in range(0, 60, 12) for top in range(0, 60, 12)]
    assert 0.9 * MOST_OBJECTS < len(squares) < MOST_OBJECTS
    lines: list[LogEvent] = []
    _, result = found_on(encoded(tmp_path, squares, PATCH, PATCH), "red", lines=lines)
    assert result.saturated == ("chip_000000",) and result.counts[0].saturated == 1
    assert any("chip_000000" in line.text for line in lines if line.level == "warning")


def test_damaged_patches_are_named_and_the_others_searched(
    adapter: ColorAdapter, tmp_path: Path
) -> None:
    features = encoded(tmp_path, SCENE)
    next(iter(sorted(features.rglob("*.trunk.pt")))).write_bytes(b"damaged")
    objects, result = found_on(features, "green")
    assert result.lost == ("chip_000000",) and squares_in(objects) == {"green": [4]}


def test_folders_and_models_without_words_say_what_to_do(
    adapter: ColorAdapter, tmp_path: Path
) -> None:
    features = encoded(tmp_path, SCENE, concepts=False)
    with pytest.raises(errors.FeaturesError, match="no features for words and examples.*CONCEPTS"):
        found_on(features, "red")
    (tmp_path / "other").mkdir()
    with_them = encoded(tmp_path / "other", SCENE)
    adapter.concepts = None
    with pytest.raises(errors.ModelError, match="points and boxes only"):
        found_on(with_them, "red")


def test_cancelling_stops_before_the_next_patch(adapter: ColorAdapter, tmp_path: Path) -> None:
    features = encoded(tmp_path, SCENE)
    with pytest.raises(errors.Cancelled):
        segment_concepts(
            ConceptsRequest(str(features), (Concept("red", "red"),)),
            RunContext(cancelled=lambda: len(adapter.asked) == 2),
        )
    assert len(adapter.asked) == 2


@pytest.mark.parametrize(
    "change, text",
    [
        ({"concepts": ()}, "Give words or examples"),
        ({"concepts": (Concept("a", "b"), Concept("a", "c"))}, "a is given twice"),
        ({"concepts": (Concept("a"),)}, "Nothing describes the kind a"),
        ({"examples": (example(SCENE[0], "x"),)}, "of the kind x, which is none"),
        ({"minimum_score": 2.0}, r"Invalid minimum score \(2.0\)"),
    ],
)
def test_requests_that_cannot_run(change: dict[str, Any], text: str) -> None:
    values = {"features": "f", "concepts": (Concept("a", "roof"),), **change}
    with pytest.raises(ContractError, match=text):
        ConceptsRequest(**values)
