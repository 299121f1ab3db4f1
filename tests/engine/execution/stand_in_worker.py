"""Loaded by schedulers and workers before they start: every model is a stand-in there.

The variable GEOSAM_STAND_IN_DELAY is how many seconds a patch takes. A patch all of whose pixels
are ``FAILING`` raises an error.
"""

from __future__ import annotations

import os
import threading
import time
from types import SimpleNamespace
from typing import Any

import torch

from geosam_processing.engine.models.adapter import PatchFeatures
from tests.engine.component_adapter import ComponentAdapter
from tests.engine.stand_in_adapter import StandInAdapter, install

FAILING = 77.0
DELAY = "GEOSAM_STAND_IN_DELAY"


class SlowAdapter(ComponentAdapter):
    def encode(self, images: torch.Tensor) -> list[PatchFeatures]:
        for image in images:
            time.sleep(float(os.environ.get(DELAY, "0")))
            if float(image.min()) == float(image.max()) == FAILING:
                raise ZeroDivisionError("nobody foresaw this")
        return super().encode(images)


def end_with_parent() -> None:
    """End this process when the tests have gone, however they ended."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def dask_setup(server: Any) -> None:
    end_with_parent()
    adapter: StandInAdapter = SlowAdapter()
    install(SimpleNamespace(setattr=setattr), adapter)  # type: ignore[arg-type]
