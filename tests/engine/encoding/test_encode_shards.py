"""Shards: together they are one run, in any order, however each ended the first time."""

from __future__ import annotations

import itertools
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyarrow.parquet as parquet
import pytest
import shapely

from geosam_processing.contract import (
    ID_COLUMN,
    EncodeResult,
    MergeFeaturesRequest,
    MergeFeaturesResult,
    PolygonFile,
    ProgressEvent,
    Shard,
)
from geosam_processing.engine import errors
from geosam_processing.engine.encoding.encode import encode
from geosam_processing.engine.encoding.merge_shards import merge_features
from geosam_processing.engine.features.folder import FeatureFolder
from geosam_processing.engine.features.folder_lock import FolderLock
from geosam_processing.engine.run import RunContext
from tests.engine.feature_folders import opens_whole
from tests.engine.stand_in_adapter import PATCH, StandInAdapter, encode_request, write_raster

pytestmark = pytest.mark.slow


@pytest.fixture
def raster(tmp_path: Path) -> Path:
    """Seven columns and four rows of patches, one of which has no data."""
    values = np.random.default_rng(3).integers(1, 256, (3, 160, 256), dtype=np.uint8)
    values[:, -PATCH:, -PATCH:] = 0
    return write_raster(tmp_path / "ortho.tif", 256, 160, values=values, nodata=0)


def shard_of(raster: Path, output: Path, number: int, count: int, **changes: Any) -> EncodeResult:
    return encode(encode_request(raster, output, shard=Shard(number, count), **changes))


def merged(*folders: Path, **changes: Any) -> MergeFeaturesResult:
    return merge_features(MergeFeaturesRequest(tuple(map(str, folders)), **changes))


def files(output: Path) -> dict[str, bytes]:
    """The chips and manifests of a folder and its scales, without the parts."""
    paths = [path for pattern in ("*.pt", "manifest.parquet") for path in output.rglob(pattern)]
    return {str(path.relative_to(output)): path.read_bytes() for path in paths}


def one_run(raster: Path, output: Path, **changes: Any) -> dict[str, bytes]:
    """What one run without shards writes into a folder, which is removed again."""
    encode(encode_request(raster, output, **changes))
    found = files(output)
    shutil.rmtree(output)
    return found


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_merged_shards_are_one_run(
    adapter: StandInAdapter, raster: Path, output: Path, count: int
) -> None:
    expected = one_run(raster, output)
    numbers = list(range(1, count + 1))
    np.random.default_rng(count).shuffle(numbers)
    results = [shard_of(raster, output, number, count) for number in numbers]
    assert not (output / "manifest.parquet").exists()
    parts = sorted(path.name for path in (output / "manifest.parts").iterdir())
    assert parts == [f"{n:04d}-of-{count:04d}.parquet" for n in range(1, count + 1)]
    result = merged(output)
    assert files(output) == expected
    assert (result.part_count, result.patch_count, result.skipped_count) == (count, 27, 1)
    assert sum(each.patch_count for each in results) == 27
    assert (result.copied_count, result.missing, result.crs) == (0, (), "EPSG:32633")
    opens_whole(output, 27)


def test_scales_are_merged_as_well(adapter: StandInAdapter, raster: Path, output: Path) -> None:
    expected = one_run(raster, output, scales=(1, 2))
    for number in (2, 3, 1):
        shard_of(raster, output, number, 3, scales=(1, 2))
    assert merged(output).part_count == 6
    assert files(output) == expected
    assert "scale_2/manifest.parquet" in expected


def test_shards_of_several_folders_are_copied(
    adapter: StandInAdapter, raster: Path, output: Path, tmp_path: Path
) -> None:
    expected = one_run(raster, output, scales=(1, 2))
    for number in (1, 2, 3):
        folder = tmp_path / "machines" / f"machine {number}"
        shard_of(raster, folder, number, 3, scales=(1, 2))
    shards = files(tmp_path / "machines")
    events: list[ProgressEvent] = []
    request = MergeFeaturesRequest((str(tmp_path / "machines"),), str(output))
    result = merge_features(request, RunContext(progress=events.append))
    assert files(output) == expected
    assert files(tmp_path / "machines") == shards
    count = len([name for name in expected if name.endswith(".pt")])
    assert (result.copied_count, events[-1].done, events[-1].total) == (count, count, count)
    shutil.rmtree(tmp_path / "machines")
    opens_whole(output, 27)


def test_several_folders_need_an_output(
    adapter: StandInAdapter, raster: Path, tmp_path: Path
) -> None:
    for number in (1, 2):
        shard_of(raster, tmp_path / f"machine {number}", number, 2)
    with pytest.raises(errors.OutputError, match="2 folders. Give an output folder"):
        merged(tmp_path / "machine 1", tmp_path / "machine 2")


def test_chip_that_is_damaged_is_not_copied(
    adapter: StandInAdapter, raster: Path, output: Path, tmp_path: Path
) -> None:
    shard_of(raster, tmp_path / "machine", 1, 1)
    chip = tmp_path / "machine" / "ortho" / "features" / "chip_000003.pt"
    chip.write_bytes(chip.read_bytes()[:-1])
    with pytest.raises(errors.FeaturesError, match=r"chip_000003 \(Its file is damaged\).*: 1/1"):
        merged(tmp_path / "machine", output=str(output))
    result = merged(tmp_path / "machine", output=str(output), allow_missing=True)
    assert [patch.chip_id for patch in result.missing] == ["chip_000003"]
    opens_whole(output, 26)


def test_missing_patches_are_an_error_that_names_their_shards(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    for number in (1, 3):
        shard_of(raster, output, number, 4)
    with pytest.raises(errors.FeaturesError, match=r"^14 patches .*: 2/4, 4/4$"):
        merged(output)
    assert not (output / "manifest.parquet").exists()
    result = merged(output, allow_missing=True)
    assert (result.patch_count, result.skipped_count, len(result.missing)) == (13, 1, 14)
    assert {patch.shard for patch in result.missing} == {"2/4", "4/4"}
    first = result.missing[0]
    assert (first.row, first.column, first.scale, first.reason) == (0, 4, 1, "It is not encoded")
    left = 500000 + 4 * PATCH  # pixels of 2 m, four strides of half a patch
    assert shapely.from_wkb(first.wkb).bounds == (left, 5000000 - 128, left + 128, 5000000)
    opens_whole(output, 13)
    # The rest can be added later.
    expected = one_run(raster, output.with_name("other"))
    for number in (2, 4):
        shard_of(raster, output, number, 4)
    merged(output)
    assert FeatureFolder.open(output).chips[5].chip_id == "chip_000005"
    assert {k: v for k, v in files(output).items() if k.endswith(".pt")} == {
        k: v for k, v in expected.items() if k.endswith(".pt")
    }


def test_file_that_was_removed_is_missing(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    for number in (1, 2):
        shard_of(raster, output, number, 2)
    (output / "ortho" / "features" / "chip_000000.pt").unlink()
    with pytest.raises(errors.FeaturesError, match=r"^1 patches .*Its file is missing.*: 1/2$"):
        merged(output)


def test_shards_of_other_settings_are_refused(
    adapter: StandInAdapter, raster: Path, output: Path, tmp_path: Path
) -> None:
    shard_of(raster, output, 1, 2)
    with pytest.raises(errors.FeaturesError, match="stride: 32 -> 64"):
        shard_of(raster, output, 2, 2, stride=PATCH)
    shard_of(raster, tmp_path / "other", 2, 2, stride=PATCH)
    with pytest.raises(errors.FeaturesError, match=r"different settings \(stride: 32 -> 64\)"):
        merged(output, tmp_path / "other", output=str(tmp_path / "all"))


def test_folder_without_shards_is_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.FeaturesError, match="holds no shards"):
        merged(tmp_path)


def test_shards_that_are_not_merged_are_named_when_opened(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    shard_of(raster, output, 1, 2)
    with pytest.raises(errors.FeaturesError, match="run Merge feature shards"):
        FeatureFolder.open(output)


def test_damaged_part_is_named(adapter: StandInAdapter, raster: Path, output: Path) -> None:
    shard_of(raster, output, 1, 1)
    part = output / "manifest.parts" / "0001-of-0001.parquet"
    part.write_bytes(part.read_bytes()[:-50])
    with pytest.raises(errors.FeaturesError, match="0001-of-0001.parquet is damaged"):
        merged(output)


def test_shard_without_patches_or_data_has_an_empty_part(
    adapter: StandInAdapter, tmp_path: Path, output: Path
) -> None:
    values = np.zeros((3, PATCH, 2 * PATCH), dtype=np.uint8)
    values[:, :, :PATCH] = 9
    raster = write_raster(tmp_path / "half.tif", 2 * PATCH, PATCH, values=values, nodata=0)
    counts = [shard_of(raster, output, n, 5, stride=PATCH).patch_count for n in range(1, 6)]
    assert sorted(counts) == [0, 0, 0, 0, 1]
    assert merged(output).patch_count == 1
    # Each can be run again.
    assert shard_of(raster, output, 1, 5, stride=PATCH).reused_count == 0


def test_a_shard_reuses_its_chips(adapter: StandInAdapter, raster: Path, output: Path) -> None:
    first = shard_of(raster, output, 1, 2)
    count = len(adapter.images)
    again = shard_of(raster, output, 1, 2)
    assert again.reused_count == first.patch_count == count == len(adapter.images)


def test_a_run_of_all_patches_reuses_the_chips_of_shards(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    shard_of(raster, output, 1, 2)
    count = len(adapter.images)
    assert encode(encode_request(raster, output)).reused_count == count


@pytest.mark.parametrize(
    ("held", "asked", "refused"),
    [
        (None, None, True),
        (Shard(1, 4), Shard(1, 4), True),
        (Shard(1, 4), None, True),
        (None, Shard(1, 4), True),
        (Shard(1, 4), Shard(1, 2), True),
        (Shard(1, 4), Shard(2, 4), False),
    ],
)
def test_locks(tmp_path: Path, held: Shard | None, asked: Shard | None, refused: bool) -> None:
    folder = tmp_path / "new"
    with FolderLock(folder, held):
        if refused:
            with pytest.raises(errors.OutputError, match="Another run is encoding"):
                FolderLock(folder, asked)
        else:
            FolderLock(folder, asked).release()
    # Nothing is left of any.
    assert not folder.exists()
    with FolderLock(folder, asked):
        pass


def test_many_shards_start_at_once(tmp_path: Path) -> None:
    """None takes another's look at its lock for a run."""
    folder, failures = tmp_path / "new", list[BaseException]()
    (folder / "manifest.parts").mkdir(parents=True)
    (folder / ".geosam.lock").touch()  # as a killed run leaves it
    barrier = threading.Barrier(8)

    def start(number: int) -> None:
        barrier.wait()
        try:
            for _ in range(20):
                FolderLock(folder, Shard(number, 8)).release()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=start, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


_KILLED = """
import os, signal, sys
from pathlib import Path
import pytest
from geosam_processing.contract import Shard
from geosam_processing.engine.encoding.encode import encode
from tests.engine.stand_in_adapter import StandInAdapter, encode_request, install

class Killing(StandInAdapter):
    def encode(self, images):
        if len(self.images) == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().encode(images)

raster, output, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
children = []
for number in range(1, count + 1):
    child = os.fork()
    if not child:
        with pytest.MonkeyPatch.context() as patch:
            install(patch, Killing())
            encode(encode_request(raster, output, shard=Shard(number, count)))
        os._exit(0)
    children.append(child)
for child in children:
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="it has no SIGKILL")
@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_shards_that_were_killed_go_on(
    adapter: StandInAdapter, raster: Path, output: Path, count: int
) -> None:
    """All run at once in one folder, and each is killed in its third patch."""
    expected = one_run(raster, output)
    command = [sys.executable, "-c", textwrap.dedent(_KILLED), str(raster), str(output), str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.split() == [str(-signal.SIGKILL)] * count
    reused = [shard_of(raster, output, n, count).reused_count for n in range(count, 0, -1)]
    assert all(reused)
    merged(output)
    assert files(output) == expected
    assert not list(output.rglob("*.part"))


def prune_file(folder: Path, *geometries: shapely.Geometry) -> PolygonFile:
    frame = geopandas.GeoDataFrame(
        {ID_COLUMN: range(len(geometries))}, geometry=list(geometries), crs="EPSG:32633"
    )
    path = folder / "prompts.gpkg"
    frame.to_file(path)
    return PolygonFile(str(path), "EPSG:32633")


def test_pruning_encodes_patches_with_features_only(
    adapter: StandInAdapter, raster: Path, output: Path, tmp_path: Path
) -> None:
    at = shapely.Point(500000 + 2 * 40, 5000000 - 2 * 10)  # pixel (40, 10), in two patches
    prune = prune_file(tmp_path, at, shapely.Point(0, 0))
    result = encode(encode_request(raster, output, prune=prune))
    assert [patch.chip_id for patch in result.patches] == ["chip_000000", "chip_000001"]
    # Another layer adds its patches.
    more = prune_file(tmp_path, shapely.Point(500000 + 2 * 250, 5000000 - 2 * 10))
    encode(encode_request(raster, output, prune=more))
    names = [chip.chip_id for chip in FeatureFolder.open(output).chips]
    assert names == ["chip_000000", "chip_000001", "chip_000006"]


def test_pruned_shards_are_one_run(
    adapter: StandInAdapter, raster: Path, output: Path, tmp_path: Path
) -> None:
    x, y = 500000.0, 5000000.0
    line = shapely.LineString([(x + 20, y - 20), (x + 480, y - 300)])
    prune = prune_file(tmp_path, line)
    expected = one_run(raster, output, prune=prune)
    for number in (3, 1, 2):
        shard_of(raster, output, number, 3, prune=prune)
    assert merged(output).missing == ()
    assert files(output) == expected
    assert 2 < len(expected) < 27
    (output / "manifest.parts" / "0002-of-0003.parquet").unlink()
    (output / "manifest.parquet").unlink()
    missing = merged(output, allow_missing=True).missing
    assert missing and {patch.shard for patch in missing} == {"2/3"}


def test_pruning_without_a_feature_in_the_raster_is_refused(
    adapter: StandInAdapter, raster: Path, output: Path, tmp_path: Path
) -> None:
    prune = prune_file(tmp_path, shapely.Point(0, 0))
    with pytest.raises(errors.RasterError, match="Choose one that overlaps it"):
        encode(encode_request(raster, output, prune=prune))


def test_shards_read_pixels_at_their_borders_twice_only(
    adapter: StandInAdapter, raster: Path, output: Path
) -> None:
    for number in (1, 2):
        shard_of(raster, output, number, 2)
    tables = [parquet.read_table(path) for path in (output / "manifest.parts").iterdir()]
    names = [set(table.column("chip_id").to_pylist()) for table in tables]
    assert not any(one & other for one, other in itertools.combinations(names, 2))
