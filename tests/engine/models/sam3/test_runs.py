"""SAM3 through the engine's verbs: encode, segment, preview and live, and Geo-SAM's reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import torch
from rasterio.features import rasterize

from geosam_processing import contract
from geosam_processing.contract import MaskOptions, ObjectsEvent, Prompt
from geosam_processing.contract.preview import PreviewRequest
from geosam_processing.engine import errors
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.models import registry
from geosam_processing.engine.models.families import FAMILIES
from geosam_processing.engine.previewing.preview import preview
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.live import segment_live
from geosam_processing.engine.segmentation.segment import describe, segment
from tests.engine.models.sam3 import tiny_sam3
from tests.engine.parity import picture
from tests.engine.stand_in_adapter import NORTH_UP, encode_request, write_raster

pytestmark = pytest.mark.slow

SIZE = 1008
WIDTH, HEIGHT = 1300, 1008
EVERY_PART = MaskOptions("single", largest_part_only=False)
POINT = NORTH_UP * (400, 600)
PROMPTS = (
    Prompt(1, (POINT,), (1,)),
    Prompt(2, box=(*(NORTH_UP * (200, 700)), *(NORTH_UP * (800, 250)))),
)


@pytest.fixture(scope="module", autouse=True)
def tiny_maps() -> Iterator[None]:
    """Let features have as many channels as those of the tiny model."""
    with pytest.MonkeyPatch.context() as patch:
        tiny = replace(FAMILIES["sam3"], channels=(32, 4, 8))
        patch.setitem(FAMILIES, "sam3", tiny)
        yield


@pytest.fixture(scope="module")
def checkpoint(tiny: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "sam3.pt"
    return tiny_sam3.write_checkpoint(path, tiny_sam3.meta_state(tiny))


@pytest.fixture(scope="module")
def raster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    values = picture(HEIGHT, WIDTH).transpose(2, 0, 1)
    path = tmp_path_factory.mktemp("raster") / "scene.tif"
    return write_raster(path, WIDTH, HEIGHT, values=values)


def request_for(raster: Path, output: Path, checkpoint: Path, **more: Any) -> Any:
    return encode_request(
        raster,
        output,
        model=contract.Model(checkpoint=str(checkpoint)),
        device=contract.Device("cpu"),
        stride=512,
        **more,
    )


@pytest.fixture(scope="module")
def features(raster: Path, checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("features")
    encode(request_for(raster, folder, checkpoint))
    return folder


def objects_in(features: Path) -> dict[int, contract.SegmentedObject]:
    found: dict[int, contract.SegmentedObject] = {}

    def receive(event: ObjectsEvent) -> None:
        found.update({item.key: item for item in event.objects})

    request = contract.SegmentRequest(
        str(features), PROMPTS, device=contract.Device("cpu"), masks=EVERY_PART
    )
    segment(request, RunContext(results=receive))
    return found


def test_folder_names_the_model(features: Path) -> None:
    description = describe(contract.DescribeFeaturesRequest(str(features)))
    assert (description.model, description.patch_count) == ("sam3", 2)


def test_objects_are_those_of_the_model_asked_directly(
    features: Path, checkpoint: Path, raster: Path
) -> None:
    from geosam_processing.engine.models.adapter import PromptBatch

    adapter = registry.load(
        registry.resolve(contract.Model(checkpoint=str(checkpoint))), contract.Device("cpu")
    )
    image = torch.from_numpy(picture(HEIGHT, WIDTH)[:, :SIZE].copy()).permute(2, 0, 1)[None]
    direct = adapter.encode(image.float())[0]
    prompts = PromptBatch(torch.tensor([[[400.0, 600.0]]]), torch.tensor([[1]]))
    logits, _ = adapter.decode(direct, prompts, multimask=False)
    full = torch.nn.functional.interpolate(logits, (SIZE, SIZE), mode="bilinear")[0, 0] > 0
    item = objects_in(features)[1]
    found = rasterize([shapely.from_wkb(item.wkb)], (SIZE, SIZE), transform=NORTH_UP).astype(bool)
    assert item.chip_id == "chip_000000" and item.model == "sam3"
    assert 0.001 < found.mean() < 0.999
    expected = full.numpy()
    assert (found & expected).sum() / (found | expected).sum() > 0.999


def test_run_continues_and_keeps_what_words_need(
    raster: Path, checkpoint: Path, features: Path, tmp_path: Path
) -> None:
    opened = FeatureFolder.open(features)
    assert opened.has_concepts
    trunk = opened.load_trunk(opened.chips[0])
    assert trunk.shape == (1, tiny_sam3.WIDTH, 72, 72) and trunk.dtype == torch.float16
    again = encode(request_for(raster, features, checkpoint))
    assert (again.reused_count, again.patch_count) == (2, 2)
    encode(request_for(raster, tmp_path, checkpoint, concepts=False))
    without = FeatureFolder.open(tmp_path)
    assert not without.has_concepts and not list(tmp_path.rglob("*.trunk.pt"))
    with pytest.raises(errors.FeaturesError, match="no features for words and examples"):
        without.load_trunk(without.chips[0])


def test_preview_plans_patches_of_1008_pixels(raster: Path, checkpoint: Path) -> None:
    events: list[Any] = []
    request = PreviewRequest(request_for(raster, Path("."), checkpoint))
    result = preview(request, RunContext(results=events.append))
    assert (result.model, result.patch_count) == ("sam3", 2)


def test_live_answers_as_the_folder_does(
    raster: Path, checkpoint: Path, features: Path, tmp_path: Path
) -> None:
    found: list[contract.SegmentedObject] = []
    request = contract.SegmentLiveRequest(
        contract.LiveSource(contract.Raster(str(raster))),
        tuple(contract.LivePrompt(prompt) for prompt in PROMPTS),
        contract.Model(checkpoint=str(checkpoint)),
        contract.LiveCache(str(tmp_path), 1000),
        contract.Device("cpu"),
        masks=MaskOptions("single"),
    )
    result = segment_live(request, RunContext(results=lambda event: found.extend(event.objects)))
    assert result.object_count == 2 and {item.model for item in found} == {"sam3"}
    again = segment_live(request, RunContext(results=lambda event: None))
    assert not again.encoded and again.cached


def test_geo_sam_opens_the_folder_at_1008(
    features: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entry by entry, by Geo-SAM's own reader and writer."""
    monkeypatch.setenv("YOLO_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("YOLO_OFFLINE", "true")
    from geosam_processing.engine.models.torchvision_operators import ensure_torchvision

    ensure_torchvision()
    engines = pytest.importorskip("geosam.engines")
    from geosam.models import EncodedImageFeatures, ModelSpec

    manifest = engines.FeatureQueryEngine.load_manifest(
        engines.FeatureQueryEngine.resolve_manifest_path(features)
    )
    assert set(manifest.columns) >= engines.MANIFEST_REQUIRED_COLUMNS
    row = manifest.iloc[0]
    encoded = EncodedImageFeatures.load(row["feature_path"])
    described = encoded.describe()
    width = tiny_sam3.NECK_WIDTH
    assert described == {
        "model_type": "sam3",
        "checkpoint_path": row["checkpoint_path"],
        "feature_kind": "sam2",
        "src_shape": (SIZE, SIZE),
        "dst_shape": (SIZE, SIZE),
        "structure": {
            "image_embed_shape": (1, width, 72, 72),
            "high_res_feat_shapes": [(1, width // 8, 288, 288), (1, width // 4, 144, 144)],
        },
    }
    spec = ModelSpec("sam3", row["checkpoint_path"], imgsz=1008)
    assert spec.resolved_supports_feature_reuse and spec.resolved_imgsz == encoded.dst_shape
    # What Geo-SAM writes of the same features has the same entries of the same types.
    theirs = torch.load(encoded.save(tmp_path / "theirs.pt"), weights_only=True)
    ours = torch.load(row["feature_path"], weights_only=True)
    assert ours.keys() - theirs.keys() == {"geosam_processing"}
    for key in theirs.keys() - {"features"}:
        assert ours[key] == theirs[key] and type(ours[key]) is type(theirs[key])
    for name, tensors in theirs["features"].items():
        pairs = zip(
            [tensors] if name == "image_embed" else tensors,
            [ours["features"][name]] if name == "image_embed" else ours["features"][name],
            strict=True,
        )
        assert all(np.array_equal(a.numpy(), b.numpy()) for a, b in pairs)


def test_words_and_examples_run_on_the_folder(features: Path) -> None:
    """Of random weights only the scores: their masks are noise of thousands of rings."""
    from geosam_processing.engine.concepts.run import segment_concepts

    example = shapely.box(*(NORTH_UP * (400, 700)), *(NORTH_UP * (600, 550)))
    request = contract.ConceptsRequest(
        str(features),
        (contract.Concept("roof", "roof"), contract.Concept("thing")),
        (contract.ConceptExample("thing", shapely.to_wkb(example, hex=True)),),
        minimum_score=1.0,
    )
    result = segment_concepts(request)
    roof, thing = result.counts
    assert (result.patch_count, result.object_count) == (2, 0)
    assert (roof.searched, thing.searched) == (2, 2)
    # Both patches show the example.
    assert (roof.with_examples, thing.with_examples) == (0, 2)
    assert 0 < roof.best_score <= roof.best_presence < 1
