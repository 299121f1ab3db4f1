"""What an encoding would make and cost."""

from __future__ import annotations

import base64
import html
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
from pyproj import Transformer

from geosam_processing.contract import (
    ExampleObject,
    PatchesEvent,
    PatchPreview,
    PreviewRequest,
    PreviewResult,
    Recommendation,
)
from geosam_processing.contract.fields import PATCH_FIELDS
from geosam_processing.engine.compute import machine
from geosam_processing.engine.notebook.arguments import (
    Layer,
    Source,
    box_in,
    crs_of,
    layer_of,
    path_of,
)
from geosam_processing.engine.notebook.encoding import request_of
from geosam_processing.engine.notebook.progress import watched
from geosam_processing.engine.notebook.tables import objects_of
from geosam_processing.engine.previewing.preview import preview as preview_patches
from geosam_processing.engine.run import RunContext

_PERCENT = 100


@dataclass(frozen=True)
class Preview:
    """What an encoding would make and cost.

    Attributes:
        result: all numbers.
        patches: outlines of the patches, with the fields of Preview patches.
        picture: the raster as the model sees it, with its patches, as PNG.
    """

    result: PreviewResult
    patches: geopandas.GeoDataFrame
    picture: bytes

    @property
    def recommendation(self) -> Recommendation | None:
        """Resolution (meters) and stride (pixels) for the objects; None without objects."""
        return self.result.recommendation

    @property
    def comparisons(self) -> pd.DataFrame:
        """A row for each resolution and stride that were compared."""
        return pd.DataFrame(self.result.comparisons)

    def __repr__(self) -> str:
        return f"<Preview: {self._title()}>"

    def _repr_html_(self) -> str:
        picture = base64.b64encode(self.picture).decode()
        advice = self.recommendation
        line = (
            f"Recommended: {advice.resolution:.3g} m, stride {advice.stride} "
            f"({advice.covered_share:.0%} of the objects are complete in a patch)<br>"
            if advice
            else ""
        )
        return (
            f"<div><b>{html.escape(self._title())}</b><br>{line}"
            f'<img width="480" src="data:image/png;base64,{picture}"></div>'
        )

    def _title(self) -> str:
        found = self.result
        time = "" if found.seconds is None else f", {found.seconds:.0f} s"
        return (
            f"{found.patch_count} patches of {found.model}, {found.resolution:.3g} m, "
            f"stride {found.stride}{time}, {found.disk_bytes / 1e6:.0f} MB"
        )


def preview(
    input: Source,
    objects: Layer | None = None,
    *,
    share: float = 95.0,
    margin: int = 16,
    features: Source | None = None,
    seconds_per_patch: float | None = None,
    compare_resolutions: Sequence[float] = (),
    compare_strides: Sequence[int] = (),
    patch_limit: int = 20_000,
    context: RunContext | None = None,
    **encoding: Any,
) -> Preview:
    """Show what ``encode`` would make of a raster, and recommend a resolution and a stride.

    Args:
        input: a file, or what GDAL opens.
        objects: examples of the objects that are to be segmented, in any CRS.
        share: percent of the objects that have to be complete in a patch.
        margin: distance of an object to the edge of its patch in pixels.
        features: a feature folder whose patches need no more time.
        seconds_per_patch: if not set, one patch is encoded to measure it.
        compare_resolutions: in meters.
        compare_strides: in pixels.
        patch_limit: the most patches in the table.
        context: own callbacks instead of a progress bar and the log.
        encoding: keywords of ``encode``, such as ``model``, ``stride`` or ``resolution``.

    Raises:
        ContractError, LayerError: an argument is invalid.
        RasterError, ModelError, FeaturesError: the raster, model or folder cannot be used.
    """
    examples = () if objects is None else _examples(objects, input)
    patches: list[PatchPreview] = []
    crs = ""

    def take(event: PatchesEvent) -> None:
        nonlocal crs
        crs = event.crs
        patches.extend(event.patches)

    with (
        tempfile.TemporaryDirectory(prefix="geosam_preview_") as folder,
        watched("Previewing", context, take) as run,
        machine.large_run(),
    ):
        picture = Path(folder, "preview.png")
        request = PreviewRequest(
            encode=request_of(input, ".", **encoding),
            features=path_of(features) if features else "",
            patch_limit=patch_limit,
            objects=examples,
            share=share / _PERCENT,
            margin=margin,
            picture=str(picture),
            seconds_per_patch=seconds_per_patch,
            compare=bool(compare_resolutions or compare_strides),
            compare_resolutions=tuple(compare_resolutions),
            compare_strides=tuple(compare_strides),
        )
        result = preview_patches(request, run)
        table = objects_of(patches, PatchPreview, PATCH_FIELDS, crs or result.crs)
        return Preview(result, table, picture.read_bytes())


def _examples(objects: Layer, input: Source) -> tuple[ExampleObject, ...]:
    crs = crs_of(input)
    frame = layer_of(objects, crs, "objects")
    transformer = Transformer.from_crs(frame.crs, crs, always_xy=True)
    return tuple(
        ExampleObject(key, box_in(geometry, transformer))
        for key, geometry in enumerate(frame.geometry)
        if geometry is not None and not geometry.is_empty
    )
