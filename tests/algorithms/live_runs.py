"""Runs of ``geosam:segmentlive`` and what tests ask of them."""

from typing import Any

from tests.algorithms.scene import Run


def segment(layer: Any, feedback: Any = None, cancel_at: Any = None, **parameters: Any) -> Run:
    return Run(
        "geosam:segmentlive",
        {
            "INPUT": layer,
            "DEVICE": False,
            "OUTPUT": "memory:",
            "UNANSWERED": "memory:",
            **parameters,
        },
        cancel_at,
        feedback,
    )


def counts(run: Run) -> tuple[int, int]:
    return run.results["ENCODED_COUNT"], run.results["CACHED_COUNT"]
