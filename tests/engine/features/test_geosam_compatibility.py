"""Feature folders go both ways between Geo-SAM v2 (the package ``geosam``) and us."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
import torch
from rasterio.features import rasterize

from geosam_processing import contract
from geosam_processing.contract import LogEvent, MaskOptions, ObjectsEvent, Prompt
from geosam_processing.engine import errors
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.features.manifest import GEOSAM_COLUMNS
from geosam_processing.engine.models.sam2 import build_sam2_network
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
from geosam_processing.engine.overlap import mask_intersection_over_union
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.segment import describe, segment
from tests.engine.parity import picture
from tests.engine.stand_in_adapter import NORTH_UP, encode_request, write_raster

pytestmark = pytest.mark.slow

SIZE = 1024
# Whole metres: Geo-SAM keeps coordinates in float32.
POINT = NORTH_UP * (400, 600)
BOX = (*(NORTH_UP * (200, 700)), *(NORTH_UP * (800, 250)))
PROMPTS = (Prompt(1, (POINT,), (1,)), Prompt(2, box=BOX), Prompt(3, (POINT,), (1,), BOX))


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights under their official name, as Download model saves them."""
    torch.manual_seed(0)
    state = build_sam2_network("sam2.1_hiera_tiny", torch.device("cpu")).state_dict()
    # Geo-SAM drops masks whose score is below 0.25, which random ones may be.
    state["sam_mask_decoder.iou_prediction_head.layers.2.bias"] += 2
    path = tmp_path_factory.mktemp("checkpoint") / "sam2.1_hiera_tiny.pt"
    torch.save({"model": state}, path)
    return path


@pytest.fixture(scope="module")
def features(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One patch, encoded by us as users get it."""
    folder = tmp_path_factory.mktemp("ours")
    values = picture(SIZE, SIZE).transpose(2, 0, 1)
    raster = write_raster(folder / "scene.tif", SIZE, SIZE, values=values)
    request = encode_request(
        raster,
        folder / "features",
        model=contract.Model(checkpoint=str(checkpoint)),
        device=contract.Device("cpu"),
        stride=512,
    )
    encode(request)
    return folder / "features"


@pytest.fixture(scope="module")
def geosam_folder(features: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same features as Geo-SAM v2 would have written them."""
    folder = tmp_path_factory.mktemp("geosam")
    opened = FeatureFolder.open(features)
    (folder / "features").mkdir()
    rows = []
    for chip in opened.chips:
        loaded = opened.load(chip)
        path = folder / "features" / f"{chip.chip_id}.pt"
        payload = {
            "model_type": "sam2",
            "checkpoint_path": opened.checkpoint_path,
            "src_shape": chip.shape,
            "dst_shape": chip.dst_shape,
            "feature_kind": "sam2",
            "features": {
                "image_embed": loaded.image_embedding,
                "high_res_feats": list(loaded.high_resolution),
            },
        }
        torch.save(payload, path)
        rows.append(
            {
                "feature_path": str(path),
                "chip_id": chip.chip_id,
                "source_path": opened.source_path,
                "checkpoint_path": opened.checkpoint_path,
                "model_type": "sam2",
                "transform": json.dumps(list(chip.transform)[:6]),
                "shape": json.dumps(list(chip.shape)),
                "crs": opened.crs_text,
                "dst_shape": json.dumps(list(chip.dst_shape)),
                "chip_center_x": chip.centre[0],
                "chip_center_y": chip.centre[1],
                "geometry": chip.polygon,
            }
        )
    manifest = geopandas.GeoDataFrame(rows, geometry="geometry", crs=opened.crs_text)
    assert tuple(manifest.columns) == GEOSAM_COLUMNS
    manifest.to_parquet(folder / "manifest.parquet")
    return folder


def answers_of(
    folder: Path, lines: list[LogEvent] | None = None, model: contract.Model | None = None
) -> dict[int, contract.SegmentedObject]:
    objects: dict[int, contract.SegmentedObject] = {}

    def receive(event: ObjectsEvent) -> None:
        assert not event.unanswered
        objects.update({item.key: item for item in event.objects})

    request = contract.SegmentRequest(
        str(folder),
        PROMPTS,
        model=model,
        device=contract.Device("cpu"),
        masks=MaskOptions("single"),
    )
    segment(
        request,
        RunContext(results=receive, log=(lambda event: None) if lines is None else lines.append),
    )
    assert objects.keys() == {1, 2, 3}
    return objects


def mask_of(item: contract.SegmentedObject) -> np.ndarray:
    burnt = rasterize([shapely.from_wkb(item.wkb)], (SIZE, SIZE), transform=NORTH_UP)
    return np.asarray(burnt, dtype=bool)


@pytest.fixture(scope="module")
def geosam_engines(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """``geosam.engines``, kept from writing settings, going online and installing packages."""
    patch = pytest.MonkeyPatch()
    patch.setenv("YOLO_CONFIG_DIR", str(tmp_path_factory.mktemp("settings")))
    patch.setenv("YOLO_AUTOINSTALL", "false")
    patch.setenv("YOLO_OFFLINE", "true")
    # ultralytics imports torchvision.
    ensure_torchvision()
    yield pytest.importorskip(
        "geosam.engines", reason="geosam is not installed: it is one of the packages for tests"
    )
    patch.undo()


def test_our_folder_answers_in_geosam(
    features: Path, checkpoint: Path, geosam_engines: Any, tmp_path: Path
) -> None:
    from geosam.models import ModelSpec
    from geosam.query import BoundingBox, Points, PromptSet

    # Geo-SAM opens a checkpoint under its own name only, and compares names.
    named = tmp_path / "sam2.1_t.pt"
    shutil.copyfile(checkpoint, named)
    engine = geosam_engines.FeatureQueryEngine(
        features, ModelSpec(model_type="sam2", checkpoint_path=named, device="cpu")
    )
    points = Points([POINT], labels=[1], crs="EPSG:32633")
    box = BoundingBox(*BOX, crs="EPSG:32633")
    ours = answers_of(features)
    for key, query in ((1, points), (2, box), (3, PromptSet(points=points, bbox=box))):
        result = engine.query(query)
        assert result.chip_id == ours[key].chip_id
        assert result.mask_array.shape == (1, SIZE, SIZE)
        assert 0.001 < result.mask_array.mean() < 0.999
        assert mask_intersection_over_union(result.mask_array[0], mask_of(ours[key])) >= 0.99
    engine.close()


def test_geosams_folder_answers_in_ours(features: Path, geosam_folder: Path) -> None:
    description = describe(contract.DescribeFeaturesRequest(str(geosam_folder)))
    assert (description.model, description.patch_count) == ("sam2.1_hiera_tiny", 1)
    lines: list[LogEvent] = []
    answers, expected = answers_of(geosam_folder, lines), answers_of(features)
    assert {key: item.wkb for key, item in answers.items()} == {
        key: item.wkb for key, item in expected.items()
    }
    warnings = [line.text for line in lines if line.level == "warning"]
    assert any("cannot be checked" in text for text in warnings)


def test_moved_folders_answer(features: Path, geosam_folder: Path, tmp_path: Path) -> None:
    expected = answers_of(features)
    for name, folder in (("ours", features), ("theirs", geosam_folder)):
        moved = tmp_path / name
        shutil.copytree(folder, moved)
        for chip in FeatureFolder.open(moved).chips:
            if name == "ours":
                assert chip.path.is_relative_to(moved)
        # Out of the way, as on another machine.
        hidden = folder.rename(folder.with_name("hidden"))
        try:
            assert {key: item.wkb for key, item in answers_of(moved).items()} == {
                key: item.wkb for key, item in expected.items()
            }
        finally:
            hidden.rename(folder)


def test_checkpoint_that_lies_elsewhere_now(
    geosam_folder: Path, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOSAM_MODEL_FOLDER", str(tmp_path))
    elsewhere = tmp_path / "mine.pt"
    hidden = checkpoint.rename(elsewhere)
    try:
        with pytest.raises(errors.ModelError, match="sam2.1_hiera_tiny is missing"):
            answers_of(geosam_folder)
        answers_of(geosam_folder, model=contract.Model(checkpoint=str(elsewhere)))
    finally:
        hidden.rename(checkpoint)
