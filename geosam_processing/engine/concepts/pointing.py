"""The user's examples as outlines: polygons as they are, points by segmenting their object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import shapely

from geosam_processing.contract import OUTLINES, ConceptExample, Prompt
from geosam_processing.contract.texts import Text
from geosam_processing.engine import errors
from geosam_processing.engine.concepts.examples import Example
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.segmentation.placing import PatchFinder, prompt_batch
from geosam_processing.engine.segmentation.shaping import shape_of

if TYPE_CHECKING:
    from geosam_processing.engine.models.adapter import ModelAdapter


def examples_of(
    given: Sequence[ConceptExample],
    folder: FeatureFolder,
    adapter: ModelAdapter,
    context: RunContext,
) -> list[Example]:
    """The examples with their outlines; those without one are logged."""
    finder = PatchFinder(folder.chips)
    examples = []
    for number, each in enumerate(given, start=1):
        geometry = shapely.from_wkb(each.wkb)
        if geometry.geom_type in ("Point", "MultiPoint"):
            geometry = _object_at(geometry, finder, folder, adapter, context)
        elif not geometry.is_valid:
            geometry = shapely.make_valid(geometry)
        if geometry is None or geometry.area == 0:
            context.say(
                Text(
                    "Example {} ({}) is left out: it has no area, or nothing was "
                    "found at its point",
                    number,
                    each.concept,
                ),
                "warning",
            )
            continue
        examples.append(Example(each.concept, geometry, each.positive))
    return examples


def _object_at(
    points: shapely.Geometry,
    finder: PatchFinder,
    folder: FeatureFolder,
    adapter: ModelAdapter,
    context: RunContext,
) -> shapely.Geometry | None:
    """The object at one or more points, None if there is none."""
    places = tuple((float(x), float(y)) for x, y in shapely.get_coordinates(points))
    prompt = Prompt(0, places, (1,) * len(places))
    for index in finder.find(prompt)[0]:
        chip = folder.chips[index]
        try:
            features = folder.load(chip)
        except errors.ChipError as error:
            context.say(error.text, "warning")
            continue
        batch = prompt_batch([finder.place(index, prompt, adapter.patch_size)])
        logits, scores = adapter.decode(features, batch, multimask=True)
        best = int(scores[0].argmax())
        return shape_of(logits[0, best].float().cpu(), chip, adapter.patch_size, OUTLINES[0])
    return None
