"""Feature folders of several scales."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.affinity import affine_transform

from geosam_processing.contract import (
    ContractError,
    DiscoverRequest,
    EncodeRequest,
    FoundObject,
    PatchesEvent,
    PreviewRequest,
    ProgressEvent,
)
from geosam_processing.engine.discovery.discover import discover
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.features.scales import scale_folder, scales_of
from geosam_processing.engine.previewing.preview import preview
from geosam_processing.engine.run import RunContext
from tests.engine.component_adapter import ComponentAdapter
from tests.engine.rasters import DEGREES, NORTH_UP
from tests.engine.stand_in_adapter import PATCH, encode_request, write_raster

pytestmark = pytest.mark.slow

SIDE = 4 * PATCH


@pytest.fixture
def request_of(components: ComponentAdapter, tmp_path: Path) -> Any:
    """Writes a dark raster with a bright square of two patches and asks to encode it."""

    def make(**changes: Any) -> EncodeRequest:
        values = np.full((3, SIDE, SIDE), 10, dtype=np.uint8)
        values[:, 60:200, 64:204] = 245
        transform = changes.pop("transform", NORTH_UP)
        crs = changes.pop("crs", "EPSG:32633")
        raster = tmp_path / "scene.tif"
        if not raster.exists():
            write_raster(raster, SIDE, SIDE, transform, crs, values=values)
        output = changes.pop("output", tmp_path / "features")
        settings = {"precision": "float32", "scales": (1, 2, 4), **changes}
        return encode_request(raster, output, **settings)

    return make


def test_coarser_scales_lie_in_the_folder_of_the_finest(request_of: Any) -> None:
    request = request_of()
    result = encode(request)
    folder = Path(request.output)
    assert scales_of(folder) == {1: folder, 2: folder / "scale_2", 4: folder / "scale_4"}
    folders = {scale: FeatureFolder.open(path) for scale, path in scales_of(folder).items()}
    assert {scale: len(each.chips) for scale, each in folders.items()} == {1: 49, 2: 9, 4: 1}
    for scale, each in folders.items():
        assert each.chips[0].transform.a == pytest.approx(2.0 * scale)
        assert each.bounds == pytest.approx(folders[1].bounds)
        assert each.crs_text == folders[1].crs_text
    assert result.patch_count == 59
    assert [sum(p.scale == scale for p in result.patches) for scale in (1, 2, 4)] == [49, 9, 1]


def test_finest_scale_is_as_without_the_others(request_of: Any, tmp_path: Path) -> None:
    several = encode(request_of())
    alone = encode(request_of(output=tmp_path / "alone", scales=(1,)))

    def checksums(folder: str) -> list[str]:
        return [chip.checksum for chip in FeatureFolder.open(folder).chips]

    assert checksums(several.output) == checksums(alone.output)


def test_scales_can_be_added_later(request_of: Any) -> None:
    encode(request_of(scales=(1,)))
    result = encode(request_of(scales=(1, 2)))
    assert (result.patch_count, result.reused_count) == (58, 49)


def test_stopped_run_continues_in_every_scale(request_of: Any) -> None:
    done: list[ProgressEvent] = []
    with pytest.raises(Exception, match="cancelled"):
        encode(request_of(), RunContext(progress=done.append, cancelled=lambda: len(done) >= 52))
    result = encode(request_of())
    assert result.patch_count == 59
    assert result.reused_count >= 50


def test_progress_counts_the_patches_of_all_scales(request_of: Any) -> None:
    done: list[ProgressEvent] = []
    encode(request_of(), RunContext(progress=done.append))
    assert [event.done for event in done] == list(range(1, 60))
    assert {event.total for event in done} == {59}


def test_scales_of_a_raster_in_degrees_share_its_crs(request_of: Any) -> None:
    encoded = encode(request_of(transform=DEGREES, crs="EPSG:4326"))
    for path in scales_of(Path(encoded.output)).values():
        assert FeatureFolder.open(path).crs_text == "EPSG:4326"


def test_range_of_values_is_that_of_the_finest(request_of: Any) -> None:
    encoded = encode(request_of(value_range=None))
    assert encoded.value_range == (10, 245)
    coarse = FeatureFolder.open(scale_folder(Path(encoded.output), 4))
    features = coarse.load(coarse.chips[0])
    assert float(features.image_embedding.min()) == 0


def test_preview_counts_all_scales(request_of: Any) -> None:
    request = request_of()
    events: list[PatchesEvent] = []
    result = preview(
        PreviewRequest(request, patch_limit=55, seconds_per_patch=2.0),
        RunContext(results=events.append),
    )
    assert (result.patch_count, result.seconds) == (59, 118)
    assert [patch.scale for event in events for patch in event.patches] == [1] * 49 + [2] * 6
    encode(request)
    again = preview(PreviewRequest(request, features=request.output, seconds_per_patch=2.0))
    assert (again.cached_count, again.seconds) == (59, 0)


def test_object_larger_than_a_patch_is_found_at_a_coarse_scale(request_of: Any) -> None:
    encoded = encode(request_of())
    objects: list[FoundObject] = []
    discover(
        DiscoverRequest(encoded.output, spacing=8, minimum_score=0.5, minimum_stability=0.3),
        RunContext(results=lambda event: objects.extend(event.objects)),
    )
    (found,) = objects
    truth = affine_transform(shapely.box(64, 60, 204, 200), NORTH_UP.to_shapely())
    shape = shapely.from_wkb(found.wkb)
    assert shape.intersection(truth).area / shape.union(truth).area > 0.95
    # The finer scale has the better outline where it sees all of the object.
    assert found.scale == 1


@pytest.mark.parametrize("scales", [(), (2, 4), (1, 1), (1, 4, 2), (1, 0), (1, 65)])
def test_invalid_scales_are_refused(request_of: Any, scales: tuple[int, ...]) -> None:
    with pytest.raises(ContractError, match="Invalid scales .* such as 1,2,4"):
        request_of(scales=scales)
