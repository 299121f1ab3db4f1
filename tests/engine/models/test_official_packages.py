"""Networks built without hydra and torchvision are those of the official builders."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest
import torch

from geosam_processing.contract.catalogue import CATALOGUE
from geosam_processing.engine.models.official_packages import WithoutRandomValues, without_own_init
from geosam_processing.engine.models.sam2 import build_sam2_network
from geosam_processing.engine.models.sam_architectures import build_sam

pytestmark = pytest.mark.slow

SAM2_MODELS = [entry.id for entry in CATALOGUE.values() if entry.family == "sam2"]
CPU = torch.device("cpu")
_SUFFIXES = {"tiny": "t", "small": "s", "base_plus": "b+", "large": "l"}


def by_hydra(model_id: str) -> Any:
    from sam2.build_sam import build_sam2

    version, size = model_id.split("_hiera_")
    return build_sam2(f"configs/{version}/{version}_hiera_{_SUFFIXES[size]}.yaml", device="cpu")


def plain_attributes(module: Any) -> dict[str, Any]:
    """Numbers and texts that a network and its modules hold."""
    return {
        f"{path}.{name}": value if isinstance(value, (int, float, str)) else list(value)
        for path, each in module.named_modules()
        for name, value in vars(each).items()
        if isinstance(value, (int, float, Sequence))  # a text, too, and the lists of hydra
    }


@pytest.mark.parametrize("model_id", SAM2_MODELS)
def test_networks_of_sam2_are_those_of_hydra(model_id: str) -> None:
    # What is compared are names, sizes and settings; the tiny ones are seeded as well.
    if model_id.endswith("tiny"):
        torch.manual_seed(0)
        ours = build_sam2_network(model_id, CPU)
        torch.manual_seed(0)
        theirs = by_hydra(model_id)
        for name, value in theirs.state_dict().items():
            assert torch.equal(ours.state_dict()[name], value)
    else:
        with WithoutRandomValues():
            ours, theirs = build_sam2_network(model_id, CPU), by_hydra(model_id)
    shapes = [{n: v.shape for n, v in each.state_dict().items()} for each in (ours, theirs)]
    assert shapes[0] == shapes[1]
    assert str(ours) == str(theirs)
    assert plain_attributes(ours) == plain_attributes(theirs)
    assert not ours.training


def test_random_values_are_left_out_and_others_stay() -> None:
    torch.manual_seed(0)
    before = torch.random.get_rng_state()
    with WithoutRandomValues():
        layer = torch.nn.Linear(300, 300)
        norm = torch.nn.LayerNorm(8)
        with torch.no_grad():
            layer.weight.fill_(1e30)  # as memory may hold
        torch.nn.init.trunc_normal_(layer.weight, std=0.02)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert layer.weight.shape == (300, 300)
    assert torch.equal(norm.weight, torch.ones(8))
    assert float(torch.nn.Linear(300, 300).weight.detach().std()) > 0


def test_starting_loads_nothing_that_is_not_needed() -> None:
    program = """
import sys, torch
from geosam_processing.engine.models.sam import load_sam
from geosam_processing.engine.models.sam2 import build_sam2_network, load_sam2
from geosam_processing.engine.models.sam_architectures import build_sam
from geosam_processing.engine.segmentation import segment

cpu = torch.device("cpu")
load_sam("geosam_nano", build_sam("geosam_nano").state_dict(), cpu)
load_sam2("sam2.1_hiera_tiny", build_sam2_network("sam2.1_hiera_tiny", cpu).state_dict(), cpu)
slow = {"torchvision", "hydra", "omegaconf", "sympy", "torch._dynamo", "matplotlib", "scipy"}
assert not slow & set(sys.modules), slow & set(sys.modules)
# Whoever imports the packages afterwards gets all of them.
from geosam_processing.engine.models.torchvision_operators import ensure_torchvision
ensure_torchvision()
from segment_anything import SamPredictor, sam_model_registry
from sam2.build_sam import build_sam2
build_sam2("configs/sam2.1/sam2.1_hiera_t.yaml", device="cpu")
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_missing_package_is_named() -> None:
    with (
        pytest.raises(ModuleNotFoundError, match="not_installed") as caught,
        without_own_init("not_installed"),
    ):
        pass
    assert caught.value.name == "not_installed"


def test_a_network_of_sam_has_its_own_weights() -> None:
    torch.manual_seed(0)
    first = build_sam("geosam_nano").state_dict()
    torch.manual_seed(0)
    second = build_sam("geosam_nano").state_dict()
    assert all(torch.equal(value, second[name]) for name, value in first.items())
