"""Make the sample scene, encode it, segment it from points and from boxes, measure, draw."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from demo import own_raster
from demo.accuracy import Accuracy
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
    """Run the demo, on the raster that is given, if one is; return the exit status."""
    try:
        if sys.argv[1:]:
            own_raster.run(Path(sys.argv[1]), FOLDER)
        else:
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
    accuracies: dict[str, Accuracy] = {}
    for kind, prompts in PROMPTS.items():
        output = FOLDER / f"objects_from_{kind}.gpkg"
        output.unlink(missing_ok=True)
        seconds, answered = timed(
            "geosam:segmentprompts", FEATURES=FEATURES, PROMPTS=SCENE / prompts, OUTPUT=output
        )
        require(output)
        timings.append(
            f"{answered.get('OBJECT_COUNT', '?')} {kind} answered in {seconds:.1f} s "
            f"({answered.get('UNANSWERED_COUNT', '?')} without a polygon)"
        )
        accuracies[kind] = compare(kind, output)
    picture = make_picture(accuracies)
    report(timings, accuracies, picture)


def compare(kind: str, objects: Path) -> Accuracy:
    """Compare polygons with the objects of the scene; leaves a page."""
    page = FOLDER / f"accuracy_of_{kind}.html"
    page.unlink(missing_ok=True)
    _, results = timed(
        "geosam:assessaccuracy",
        OBJECTS=objects,
        REFERENCE=SCENE / "objects.gpkg",
        SCORE_FIELD="score",
        RASTER=SCENE / "scene.tif",
        PAGE=page,
    )
    require(page)
    return Accuracy.of({**results, "PAGE": str(page)})


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


def make_picture(accuracies: dict[str, Accuracy]) -> Path:
    """Draw the polygons over the raster; answers the picture's path."""
    from demo.picture import draw  # matplotlib takes seconds to import

    panels = {
        f"{accuracy.matched_count} of {accuracy.reference_count} objects from {kind}, "
        f"mean IoU {accuracy.mean_iou:.2f}": (
            FOLDER / f"objects_from_{kind}.gpkg",
            SCENE / PROMPTS[kind],
        )
        for kind, accuracy in accuracies.items()
    }
    picture = FOLDER / "polygons.png"
    draw(SCENE / "scene.tif", panels, picture)
    return picture


def report(timings: list[str], accuracies: dict[str, Accuracy], picture: Path) -> None:
    """Print what was done, where it is, and how good it is."""
    print("\nDone.")
    for line in timings:
        print(f"  {line}")
    print("\nResults")
    pages = (accuracy.page for accuracy in accuracies.values())
    for path in (SCENE, FEATURES, *sorted(FOLDER.glob("objects_from_*.gpkg")), picture, *pages):
        print(f"  {path}")
    print("\nAgreement with the scene's known objects (at an IoU of 0.5)")
    for kind, accuracy in accuracies.items():
        print(f"  {kind:<7} {accuracy}")


if __name__ == "__main__":
    sys.exit(main())
