"""A real encoding in the engine process, cancelled on its way and then finished."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch
from rasterio.transform import from_origin

from geosam_processing import contract
from geosam_processing.client.client import EngineCancelled, EngineClient, EngineError, Listener
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.models.sam_architectures import build_sam

pytestmark = pytest.mark.slow

MODEL = "geosam_nano"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[EngineClient]:
    monkeypatch.delenv("GEOSAM_ENGINE_PYTHON", raising=False)
    client = EngineClient(sys.executable)
    yield client
    client.close()


@pytest.fixture
def encode_request(tmp_path: Path) -> contract.EncodeRequest:
    """Nine by nine patches, for a small model with random weights."""
    raster = tmp_path / "scene.tif"
    values = np.random.default_rng(1).integers(0, 255, (3, 1024, 1024), dtype=np.uint8)
    with rasterio.open(
        raster,
        "w",
        width=1024,
        height=1024,
        count=3,
        dtype="uint8",
        crs="EPSG:32632",
        transform=from_origin(500000, 5000000, 1, 1),
    ) as target:
        target.write(values)
    checkpoint = tmp_path / "own.pt"
    torch.manual_seed(1)
    torch.save(build_sam(MODEL).state_dict(), checkpoint)
    return contract.EncodeRequest(
        contract.Raster(str(raster)),
        contract.Model(MODEL, str(checkpoint)),
        str(tmp_path / "features"),
        "scene",
        stride=64,
        flush_every=2,
        device=contract.Device("cpu"),
    )


def test_cancelled_encoding_keeps_what_is_done(
    client: EngineClient, encode_request: contract.EncodeRequest
) -> None:
    begun = threading.Event()

    def on_progress(event: contract.ProgressEvent) -> None:
        if event.done >= 2:
            begun.set()

    with pytest.raises(EngineCancelled):
        client.call(
            contract.ENCODE, encode_request, Listener(progress=on_progress), cancelled=begun.is_set
        )
    kept = FeatureFolder.open(encode_request.output)
    assert 2 <= len(kept.chips) < 81
    assert kept.model_id == MODEL


def test_engine_killed_while_encoding_keeps_what_is_done(
    client: EngineClient, encode_request: contract.EncodeRequest
) -> None:
    def on_progress(event: contract.ProgressEvent) -> None:
        if event.done >= encode_request.flush_every + 1:
            assert client._process is not None
            client._process.kill()

    with pytest.raises(EngineError, match="signal 9"):
        client.call(contract.ENCODE, encode_request, Listener(progress=on_progress))
    kept = FeatureFolder.open(encode_request.output)
    assert encode_request.flush_every <= len(kept.chips) < 81
