"""The tiny SAM3 that these tests share."""

from __future__ import annotations

import pytest
import torch

from geosam_processing.engine.models.sam3.adapter import Sam3Adapter, load_sam3
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
from tests.engine.models.sam3 import tiny_sam3
from tests.engine.parity import model_images, picture


@pytest.fixture(scope="session", autouse=True)
def extra() -> None:
    pytest.importorskip(
        "transformers", reason="transformers is not installed: it is one of the packages for tests"
    )
    # Before what imports torchvision through transformers.
    ensure_torchvision()


@pytest.fixture(scope="session")
def tiny() -> tiny_sam3.TinySam3:
    return tiny_sam3.build()


@pytest.fixture(scope="session")
def adapter(tiny: tiny_sam3.TinySam3) -> Sam3Adapter:
    return load_sam3(tiny.transformers_state(), torch.device("cpu"))


@pytest.fixture(scope="session")
def images() -> torch.Tensor:
    return model_images(picture(1008, 1008))
