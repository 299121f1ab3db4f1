"""The packages of SAM3 work without the dependencies that Install engine leaves out."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from geosam_processing.environment.installer import LEFT_OUT
from geosam_processing.environment.interpreter import REQUIREMENTS
from tests.engine.models.sam3 import tiny_sam3

REPOSITORY = Path(__file__).parents[4]

# Modules of the packages that are left out.
_BLOCKED = [name.replace("-", "_") for name in LEFT_OUT["sam3"]]
_FIND = """
import sys
from pathlib import Path

sys.modules.update(dict.fromkeys(sys.argv[2:]))
import torch

from geosam_processing.engine.models.checkpoint import read_state
from geosam_processing.engine.models.sam3.adapter import load_sam3
from geosam_processing.engine.models.sam3.concepts import ConceptPrompt

adapter = load_sam3(read_state(Path(sys.argv[1])), torch.device("cpu"))
features = adapter.encode(torch.rand(1, 3, 1008, 1008))[0]
(masks,) = adapter.concepts.detect(features.trunk, [ConceptPrompt("roof")])
print(len(masks.scores))
"""


def pinned(*names: str) -> set[str]:
    lines = "".join((REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8") for name in names)
    return {canonicalize_name(name) for name in re.findall(r"^([\w.-]+)==", lines, re.MULTILINE)}


def test_only_what_is_known_is_left_out():
    available = pinned("engine", "torch", "models", "sam3", "build")
    needed = set()
    for package in pinned("sam3"):
        for line in importlib.metadata.requires(package) or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                needed.add(canonicalize_name(requirement.name))
    missing = needed - available
    assert missing == set(LEFT_OUT["sam3"])


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_objects_are_found_while_they_cannot_be_imported(tiny, tmp_path, suffix):
    state = tiny_sam3.meta_state(tiny)
    path = tiny_sam3.write_checkpoint(tmp_path / f"sam3{suffix}", state)
    command = [sys.executable, "-c", _FIND, str(path), *_BLOCKED]
    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert run.stdout.split() == [str(tiny_sam3.QUERIES)], run.stderr
