"""How example objects lie in the patches of a preview, and what is recommended for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geosam_processing.contract import EncodeRequest, ObjectFit, PreviewRequest, Recommendation
from geosam_processing.contract.texts import Text
from geosam_processing.engine.encoding.plan import EncodePlan, resolution_of
from geosam_processing.engine.previewing.object_windows import object_windows
from geosam_processing.engine.previewing.recommend import ObjectsOnGrid, recommend
from geosam_processing.engine.raster.letterbox import SMALL
from geosam_processing.engine.raster.view import RasterView, open_source
from geosam_processing.engine.run import RunContext


@dataclass(frozen=True)
class ObjectPreview:
    """The objects of a request, whose settled ``encode`` has patches of ``patch_size`` pixels.

    ``log`` takes a text, and "warning" for one that is; ``require_not_cancelled`` raises Cancelled.
    """

    request: PreviewRequest
    encode: EncodeRequest
    patch_size: int
    context: RunContext

    def on(self, view: RasterView) -> tuple[ObjectsOnGrid, NDArray[np.bool_]]:
        """The objects on a view, and which of the request's those are: [N]."""
        windows = object_windows(self._boxes, self._raster_crs, view.transform, view.crs_text)
        return ObjectsOnGrid.cut(windows, view.width, view.height)

    def covered_share(self, objects: ObjectsOnGrid, stride: int) -> float | None:
        """Share, 0 to 1, that is whole in a patch with the margin; None if there are none."""
        if not len(objects.windows):
            return None
        return objects.covered_share(self.patch_size, stride, self.request.margin)

    def fits(
        self, objects: ObjectsOnGrid, inside: NDArray[np.bool_], plan: EncodePlan
    ) -> tuple[ObjectFit, ...]:
        """How each object of the request lies in the patches of a plan; ``on`` gave the rest."""
        if not len(inside):
            return ()
        size, stride = plan.patch_size, plan.stride
        best = objects.best_patches(size, stride)
        counts = objects.containing_counts(size, stride)
        margin_counts = objects.with_margin(self.request.margin).containing_counts(size, stride)
        sides = (objects.windows[:, 2:] - objects.windows[:, :2]).max(axis=1, initial=0) / size
        found = iter(zip(best, counts, sides, margin_counts))
        fits = []
        for each, is_inside in zip(self.request.objects, inside):
            if is_inside:
                index, count, side, with_margin = next(found)
                chip_id = plan.patches[int(index)].chip_id
                fits.append(
                    ObjectFit(each.key, chip_id, int(count), float(side), bool(with_margin > 0))
                )
            else:
                fits.append(ObjectFit(each.key, "", 0, None, False))
        if not inside.any():
            self.context.say(
                Text(
                    "None of the objects ({}) touches the raster or its extent, so nothing "
                    "is recommended: check the CRS of their layer, or choose another extent",
                    len(inside),
                ),
                "warning",
            )
        elif not inside.all():
            self.context.say(
                Text(
                    "{} of {} objects lie outside the raster or its extent and do not count",
                    np.count_nonzero(~inside),
                    len(inside),
                ),
                "warning",
            )
        return tuple(fits)

    def recommendation(self, covered: float | None) -> Recommendation | None:
        """What is recommended, with the reasoning in the log; None if nothing can be.

        ``covered`` is the share that is covered as things are set, None if no object counts.
        """
        if covered is None:
            return None
        share, margin = self.request.share, self.request.margin
        with open_source(self.encode.raster) as own:
            finest = resolution_of(own)
        first = finest / 2 if self._are_small(finest) else finest
        found = recommend(self._at, first, self.patch_size, share, margin)
        self.context.say(
            Text(
                "As it is set, {} of the objects lie whole inside a patch, {} pixels "
                "or more from its edge; {} are wanted",
                f"{covered:.1%}",
                margin,
                f"{share:.1%}",
            )
        )
        if found is None:
            self.context.say(
                Text(
                    "No resolution and stride reach that with a margin of {} pixels: give a "
                    "smaller MARGIN or SHARE",
                    margin,
                ),
                "warning",
            )
            return None
        if found.resolution < finest * 0.999:
            why = Text(
                "finer than the raster's own: so small objects are outlined better when enlarged"
            )
        elif found.resolution <= finest * 1.001:
            why = Text("the raster's own, and no finer one would add detail")
        else:
            why = Text("the finest at which they are small enough for a patch")
        self.context.say(
            Text(
                "Recommended: a resolution of {} m ({}) with a stride of "
                "{} pixels, the largest that covers enough: {}",
                f"{found.resolution:g}",
                why,
                found.stride,
                f"{found.covered_share:.1%}",
            )
        )
        return found

    @cached_property
    def _boxes(self) -> NDArray[np.float64]:
        boxes = [each.box for each in self.request.objects]
        return np.array(boxes, dtype=float).reshape(-1, 4)

    @cached_property
    def _raster_crs(self) -> str:
        with open_source(self.encode.raster) as own:
            return own.crs_text

    def _are_small(self, resolution: float) -> bool:
        """Whether half of the objects or more are better enlarged than seen at a resolution."""
        windows = self._at(resolution).windows
        sides = (windows[:, 2:] - windows[:, :2]).max(axis=1, initial=0)
        return len(sides) > 0 and float(np.median(sides)) < SMALL * self.patch_size

    def _at(self, resolution: float) -> ObjectsOnGrid:
        self.context.require_not_cancelled()
        encode = replace(self.encode, target_resolution=resolution)
        with open_source(encode.raster, encode.target_crs, encode.target_resolution) as view:
            return self.on(view)[0]
