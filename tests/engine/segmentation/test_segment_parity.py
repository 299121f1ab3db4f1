"""Encode, store, segment: the same masks as the official predictors, with the same weights."""

from __future__ import annotations

import copy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely
import torch
from rasterio.features import rasterize

from geosam_processing import contract
from geosam_processing.contract import MaskOptions, ObjectsEvent, Prompt
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.models import registry
from geosam_processing.engine.models.sam import SamAdapter
from geosam_processing.engine.models.sam2 import Sam2Adapter, build_sam2_network
from geosam_processing.engine.models.sam_architectures import SamArchitecture, build_sam_from
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
from geosam_processing.engine.overlap import mask_intersection_over_union
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.segment import segment
from tests.engine.parity import PROMPTS, picture
from tests.engine.rasters import NORTH_UP, ROTATED
from tests.engine.stand_in_adapter import encode_request, write_raster

pytestmark = pytest.mark.slow

TINY = SamArchitecture(
    image_size=256,
    embed_dim=32,
    depth=2,
    num_heads=2,
    global_attn_indexes=(1,),
    window_size=5,
    mlp_ratio=2.0,
    decoder_mlp_dim=64,
)
# The IoU that each precision of the stored features keeps at least.
KEPT = {"float32": 0.999, "float16": 0.995}


def install(monkeypatch: pytest.MonkeyPatch, adapter: Any) -> None:
    entry = SimpleNamespace(
        id=adapter.model_id, family=adapter.family, patch_size=adapter.patch_size
    )
    resolved = SimpleNamespace(entry=entry, path=Path("/models/own.pt"), sha256="own")
    monkeypatch.setattr(registry, "resolve", lambda model: resolved)
    monkeypatch.setattr(
        registry, "load", lambda resolved, device, log, compute_precision=None: adapter
    )


def encoded(folder: Path, image: np.ndarray, precision: str, grid: Any = NORTH_UP) -> Path:
    height, width, _ = image.shape
    raster = write_raster(
        folder / "scene.tif", width, height, grid, values=image.transpose(2, 0, 1)
    )
    output = folder / f"features {precision}"
    request = encode_request(
        raster, output, model=contract.Model("vit_b"), precision=precision, stride=128
    )
    encode(request)
    return output


def prompts_in_pixels(size: int) -> dict[int, tuple[list[Any], list[int], Any]]:
    return {
        key: (
            [(x * size, y * size) for x, y in points],
            labels,
            None if box is None else [value * size for value in box],
        )
        for key, (points, labels, box) in enumerate(PROMPTS.values())
    }


def our_masks(folder: Path, shape: tuple[int, int], choice: str, grid: Any = NORTH_UP) -> Any:
    """Masks burnt from the polygons, and the objects; an unanswered prompt has no mask."""
    objects: dict[int, contract.SegmentedObject] = {}
    prompts = []
    for key, (points, labels, box) in prompts_in_pixels(max(shape)).items():
        bounds = None
        if box is not None:
            (left, top), (right, bottom) = grid * box[:2], grid * box[2:]
            bounds = (left, bottom, right, top)
        prompts.append(Prompt(key, tuple(grid * point for point in points), tuple(labels), bounds))
    request = contract.SegmentRequest(
        str(folder), tuple(prompts), masks=MaskOptions(choice), device=contract.Device("cpu")
    )

    def receive(event: ObjectsEvent) -> None:
        objects.update({item.key: item for item in event.objects})

    segment(request, RunContext(results=receive))
    masks = {key: np.zeros(shape, dtype=bool) for key in prompts_in_pixels(1)}
    for key, item in objects.items():
        burnt = rasterize([shapely.from_wkb(item.wkb)], shape, transform=grid)
        masks[key] = burnt.astype(bool)
    return masks, objects


def official_mask(predictor: Any, prompt: Any, choice: str) -> tuple[np.ndarray, float]:
    """The mask that ``choice`` means, by an official predictor in a call of its own."""
    points, labels, box = prompt
    lone = len(points) == 1 and box is None
    multimask = choice not in ("auto", "single") or (choice == "auto" and lone)
    masks, scores, low_resolution = predictor.predict(
        point_coords=np.array(points, dtype=np.float32) if points else None,
        point_labels=np.array(labels) if points else None,
        box=None if box is None else np.array(box, dtype=np.float32),
        multimask_output=multimask,
    )
    masks = np.asarray(masks) > 0
    # Sizes are compared at low resolution, where those of random masks may tie.
    areas = (np.asarray(low_resolution) > 0).sum(axis=(1, 2))
    (filled,) = np.nonzero(areas)
    if not len(filled):
        return np.zeros(masks.shape[1:], dtype=bool), 0.0
    ranks = {"smallest": -areas, "largest": areas}.get(choice, scores)
    kept = filled[np.argmax(ranks[filled])]
    return masks[kept], float(scores[kept])


def iou(left: np.ndarray, right: np.ndarray) -> float:
    return float(mask_intersection_over_union(left, right, empty=1.0))


@pytest.fixture(scope="module")
def network() -> Any:
    torch.manual_seed(0)
    return build_sam_from(TINY)


@pytest.fixture
def sam(network: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Our adapter is installed; the official predictor with the same weights comes back."""
    ensure_torchvision()
    from segment_anything import SamPredictor

    install(monkeypatch, SamAdapter("vit_b", copy.deepcopy(network), torch.device("cpu")))
    return SamPredictor(network)


@pytest.mark.parametrize("choice", ["auto", "best", "smallest", "largest", "single"])
def test_equals_sam_predictor(sam: Any, tmp_path: Path, choice: str) -> None:
    image = picture(256, 256)
    sam.set_image(image)
    masks, objects = our_masks(encoded(tmp_path, image, "float32"), (256, 256), choice)
    shares = []
    for key, prompt in prompts_in_pixels(256).items():
        expected, score = official_mask(sam, prompt, choice)
        assert iou(masks[key], expected) >= 0.999, key
        if key in objects:
            assert objects[key].score == pytest.approx(score, abs=1e-5)
        shares.append(expected.mean())
    # Something to compare: not all masks are empty or full.
    assert any(0.001 < share < 0.999 for share in shares)


@pytest.mark.parametrize("precision", KEPT)
def test_what_each_precision_keeps(sam: Any, tmp_path: Path, precision: str) -> None:
    image = picture(256, 256)
    sam.set_image(image)
    masks, _ = our_masks(encoded(tmp_path, image, precision), (256, 256), "single")
    for key, prompt in prompts_in_pixels(256).items():
        assert iou(masks[key], official_mask(sam, prompt, "single")[0]) >= KEPT[precision]


def test_patch_that_is_not_square(sam: Any, tmp_path: Path) -> None:
    """The letterbox is SAM's own; a chip as long as the patch is not resized."""
    image = picture(200, 256)
    sam.set_image(image)
    masks, _ = our_masks(encoded(tmp_path, image, "float32"), (200, 256), "single")
    for key, prompt in prompts_in_pixels(256).items():
        assert iou(masks[key], official_mask(sam, prompt, "single")[0]) >= 0.999


def test_rotated_raster(sam: Any, tmp_path: Path) -> None:
    """Points only: a box along the axes of the CRS is another one in pixels."""
    image = picture(256, 256)
    sam.set_image(image)
    folder = encoded(tmp_path, image, "float32", ROTATED)
    points, labels, _ = prompts_in_pixels(256)[1]
    prompt = Prompt(1, tuple(ROTATED * point for point in points), tuple(labels))
    objects: list[contract.SegmentedObject] = []
    request = contract.SegmentRequest(
        str(folder), (prompt,), masks=MaskOptions("single"), device=contract.Device("cpu")
    )
    segment(request, RunContext(results=lambda event: objects.extend(event.objects)))
    burnt = rasterize([shapely.from_wkb(objects[0].wkb)], (256, 256), transform=ROTATED)
    expected, _ = official_mask(sam, (points, labels, None), "single")
    assert iou(burnt.astype(bool), expected) >= 0.999


def test_equals_sam2_image_predictor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ensure_torchvision()
    from sam2.sam2_image_predictor import SAM2ImagePredictor

    torch.manual_seed(0)
    cpu = torch.device("cpu")
    network = build_sam2_network("sam2.1_hiera_tiny", cpu)
    install(monkeypatch, Sam2Adapter("sam2.1_hiera_tiny", copy.deepcopy(network), cpu))
    image = picture(1024, 1024)
    predictor = SAM2ImagePredictor(network)
    predictor.set_image(image)
    folder = encoded(tmp_path, image, "float32")
    for choice in ("auto", "largest"):
        masks, _ = our_masks(folder, (1024, 1024), choice)
        for key, prompt in prompts_in_pixels(1024).items():
            expected, _ = official_mask(predictor, prompt, choice)
            assert iou(masks[key], expected) >= 0.999, (choice, key)
