"""Make the sample scene, encode it, segment it from points and from boxes, measure, draw."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from demo.measure import Match, measure
from demo.qgis_process import DemoError, enable_plugin, run_algorithm

REPOSITORY = Path(__file__).parent.parent
FOLDER = Path(os.path.relpath(REPOSITORY / "build" / "demo"))
# Says what the folder was made with.
ORIGIN = FOLDER / "origin.txt"
SCENE = FOLDER / "scene"
FEATURES = FOLDER / "features"
# Half a patch of the bundled model, so that every object of up to that size is whole
# in some patch.
STRIDE = 256
PROMPTS = {"points": "points.gpkg", "boxes": "boxes.gpkg"}


def main() -> int:
    """Run the demo; answers the exit status."""
    try:
        run()
    except DemoError as error:
        print(f"The demo failed: {error}", file=sys.stderr)
        return 1
    return 0


def run() -> None:
    """The steps of the demo.

    Raises:
        DemoError: a step failed, or left no result.
    """
    begin_anew_if_outdated()
    make_scene()
    enable_plugin()
    seconds, encoded = timed(
        "geosam:encoderaster", INPUT=SCENE / "scene.tif", STRIDE=STRIDE, OUTPUT=FEATURES
    )
    require(FEATURES / "manifest.parquet")
    timings = [
        f"{encoded.get('PATCH_COUNT', '?')} patches encoded in {seconds:.1f} s "
        f"({encoded.get('REUSED_COUNT', '?')} of them reused), start of QGIS included"
    ]
    matches: dict[str, Match] = {}
    for kind, prompts in PROMPTS.items():
        output = FOLDER / f"objects_from_{kind}.gpkg"
        output.unlink(missing_ok=True)
        seconds, _ = timed(
            "geosam:segmentprompts", FEATURES=FEATURES, PROMPTS=SCENE / prompts, OUTPUT=output
        )
        require(output)
        matches[kind] = measure(output, SCENE / "objects.gpkg")
        timings.append(f"{len(matches[kind].ious)} {kind} answered in {seconds:.1f} s")
    picture = make_picture(matches)
    report(timings, matches, picture)


def begin_anew_if_outdated() -> None:
    """Drop what an earlier version's scene or model left, which cannot be continued."""
    digest = hashlib.sha256()
    for path in (*sorted(REPOSITORY.glob("training/*.py")), *REPOSITORY.glob("models/*.pt")):
        digest.update(path.read_bytes())
    if not ORIGIN.exists() or ORIGIN.read_text() != digest.hexdigest():
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        ORIGIN.write_text(digest.hexdigest())


def make_scene() -> None:
    """Write the sample scene, unless it is there: its files' times are part of the cache."""
    if SCENE.exists():
        print(f"Sample scene: {SCENE} (there already)")
        return
    print(f"Making the sample scene {SCENE} ...", flush=True)
    temporary = SCENE.with_name("scene.unfinished")
    shutil.rmtree(temporary, ignore_errors=True)
    command = [sys.executable, "-m", "training.sample_scene", str(temporary)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise DemoError(f"No sample scene: {answer.stderr}")
    temporary.rename(SCENE)


def timed(algorithm: str, **parameters: str | int | float | Path) -> tuple[float, dict[str, str]]:
    """Run an algorithm; its wall seconds and its outputs."""
    start = time.perf_counter()
    results = run_algorithm(algorithm, **parameters)
    return time.perf_counter() - start, dict(results)


def require(path: Path) -> None:
    """Raise DemoError if a result is not there."""
    if not path.exists():
        raise DemoError(f"{path} was not written")


def make_picture(matches: dict[str, Match]) -> Path:
    """Draw the polygons over the raster; answers the picture's path."""
    from demo.picture import draw  # matplotlib takes seconds to import

    panels = {
        f"{len(match.ious)} {kind}: mean IoU {match.mean:.2f}": (
            FOLDER / f"objects_from_{kind}.gpkg",
            SCENE / PROMPTS[kind],
        )
        for kind, match in matches.items()
    }
    picture = FOLDER / "polygons.png"
    draw(SCENE / "scene.tif", panels, picture)
    return picture


def report(timings: list[str], matches: dict[str, Match], picture: Path) -> None:
    """Print what was done, where it is, and how good it is."""
    print("\nDone.")
    for line in timings:
        print(f"  {line}")
    print("\nResults")
    for path in (SCENE, FEATURES, *sorted(FOLDER.glob("objects_from_*.gpkg")), picture):
        print(f"  {path}")
    print("\nMatch with the scene's known objects (IoU of polygons; no polygon counts 0)")
    for kind, match in matches.items():
        print(
            f"  {kind:<7} mean {match.mean:.3f}  median {match.median:.3f}  "
            f"({len(match.ious)} objects, {match.unanswered} unanswered)"
        )


if __name__ == "__main__":
    sys.exit(main())
