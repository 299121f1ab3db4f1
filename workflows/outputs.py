"""Outputs that several workflows have."""

from __future__ import annotations

from workflows.builder import Workflow


def add_features(workflow: Workflow) -> None:
    workflow.add_output(
        "encode", "OUTPUT", "FEATURES", "Features", "The feature folder, for further prompts."
    )


def add_unanswered(workflow: Workflow) -> None:
    workflow.add_output(
        "segment", "UNANSWERED", "UNANSWERED", "Unanswered prompts", "Prompts without a polygon."
    )
