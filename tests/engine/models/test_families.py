"""A family that is registered in one place encodes, caches and segments."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from geosam_processing.contract import (
    LiveCache,
    LivePrompt,
    LiveSource,
    MaskOptions,
    Model,
    ObjectsEvent,
    Raster,
    SegmentLiveRequest,
    SegmentRequest,
)
from geosam_processing.contract.catalogue import CATALOGUE, ModelEntry
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.models.families import FAMILIES, Family
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.live import segment_live
from geosam_processing.engine.segmentation.segment import segment
from tests.engine.live_runs import SMALL, at, write_scene
from tests.engine.rasters import NORTH_UP
from tests.engine.stand_in_adapter import PATCH, encode_request
from tests.engine.threshold_adapter import BLOCK, ThresholdAdapter


class ToyAdapter(ThresholdAdapter):
    model_id = "toy_tiny"
    embedding_size = PATCH // BLOCK

    def __init__(self, state: dict[str, torch.Tensor]) -> None:
        super().__init__()
        self.family = "toy"
        self.factor = float(state["toy.weight"])


@pytest.fixture
def checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The checkpoint of a model of a third family, which exists as a record and an entry."""
    family = Family(
        load=lambda model_id, state, device, precision, folder: ToyAdapter(state),
        recognise=lambda state: "toy_tiny" if "toy.weight" in state else None,
        missing_package="nothing is missing",
        layout="sam",
        channels=(3,),
        patch_bytes=1 << 20,
        thresholds=(0.5, 0.5),
    )
    entry = ModelEntry(
        id="toy_tiny",
        family="toy",
        patch_size=PATCH,
        official_file="toy.pt",
        sha256=None,
        size=0,
        parameters=1,
        licence="GPL-2.0-or-later",
        title="Toy",
        url="https://example.org/toy.pt",
        embedding_size=PATCH // BLOCK,
    )
    monkeypatch.setitem(FAMILIES, "toy", family)
    monkeypatch.setitem(CATALOGUE, entry.id, entry)
    path = tmp_path / "toy.pt"
    torch.save({"toy.weight": torch.tensor(1.0)}, path)
    return path


@pytest.mark.slow
def test_a_new_family_encodes_and_segments(checkpoint: Path, tmp_path: Path) -> None:
    raster = write_scene(tmp_path, SMALL)
    model = Model(checkpoint=str(checkpoint))
    result = encode(encode_request(raster, tmp_path / "features", model=model))
    assert result.model == "toy_tiny"
    folder = FeatureFolder.open(tmp_path / "features")
    assert (folder.model_id, folder.model_type) == ("toy_tiny", "toy")
    events: list[ObjectsEvent] = []
    prompts = (at(NORTH_UP, 330, 200, 7),)
    request = SegmentRequest(str(tmp_path / "features"), prompts, masks=MaskOptions("single"))
    assert segment(request, RunContext(results=events.append)).object_count == 1
    (found,) = events[0].objects
    assert (found.key, found.model) == (7, "toy_tiny")
    assert found.area == pytest.approx(24 * 16 * 4, rel=0.01)


def test_a_new_family_is_cached_by_runs_on_demand(checkpoint: Path, tmp_path: Path) -> None:
    raster = write_scene(tmp_path, SMALL)
    request = SegmentLiveRequest(
        LiveSource(Raster(str(raster))),
        (LivePrompt(at(NORTH_UP, 330, 200, 1)),),
        Model(checkpoint=str(checkpoint)),
        LiveCache(str(tmp_path / "cache"), 10),
        masks=MaskOptions("single"),
    )
    first, second = segment_live(request), segment_live(request)
    assert first.object_count == second.object_count == 1
    assert first.encoded and not first.cached
    assert second.cached == first.encoded and not second.encoded


def test_no_other_module_asks_for_a_family() -> None:
    package = Path(__file__).parents[3] / "geosam_processing"
    names = [f'family == "{name}"' for name in FAMILIES] + [f'family != "{n}"' for n in FAMILIES]
    asking = [
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if any(name in path.read_text(encoding="utf-8") for name in names)
    ]
    assert not asking
