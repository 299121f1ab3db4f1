"""Objects followed through generated series with exact truth, and prompted on each date alone.

python -m benchmarks.series [--count N] [--first N] [--likeness L] [--rows FILE]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import geopandas
import numpy as np
import shapely
from shapely import MultiPolygon

from benchmarks.workplace import CPU
from geosam_processing.contract import (
    DEFAULT_LIKENESS,
    DEFAULT_SERIES_SCORE,
    LiveCache,
    Model,
    Prompt,
    Raster,
    SeriesEvent,
    SeriesInput,
    SeriesPrompt,
    SeriesRequest,
    SeriesRow,
)
from geosam_processing.contract.catalogue import BUNDLED_MODEL
from geosam_processing.engine.run import RunContext
from geosam_processing.engine.tracking.follow import segment_series
from training.series import (
    GONE,
    METRES,
    NOT_SEEN,
    SEED,
    SEEN,
    Series,
    generate_series,
    outline_of,
    write_series,
)

FOLLOWED, ALONE = "followed", "each date alone"
_DAYS_PER_YEAR = 365.2425


@dataclass(frozen=True)
class Limits:
    """What an object has to reach on a date, see ``SeriesRequest``."""

    score: float = DEFAULT_SERIES_SCORE
    contrast: float = 0.0
    overlap: float = 0.3
    likeness: float = DEFAULT_LIKENESS


@dataclass(frozen=True)
class Judged:
    """A row beside its truth.

    ``iou`` is 0 for an object that is there and was not found; None where it is not there.
    """

    seed: int
    way: str
    key: int
    date: str
    years: float
    behaviour: str
    kind: str
    truth: str
    true_area: float
    state: str
    area: float
    iou: float | None
    score: float | None
    contrast: float | None
    overlap: float | None
    likeness: float | None
    prompted: bool


def judged_series(seed: int, folder: Path, limits: Limits) -> list[Judged]:
    """The rows of both ways on the series of a seed."""
    series = generate_series(seed)
    paths = write_series(series, folder, seed)
    boxes = geopandas.read_file(paths["prompts"])
    inputs = tuple(
        SeriesInput(scene.day.isoformat(), Raster(str(paths[f"scene_{scene.day:%Y%m%d}"])))
        for scene in series.scenes
    )
    first = [
        SeriesPrompt(Prompt(key, box=box.bounds), date)
        for key, box, date in zip(boxes["object_id"], boxes.geometry, boxes["date"], strict=True)
    ]
    # The user's box of the first date, on all of them.
    every = [
        SeriesPrompt(one.prompt, each.date)
        for one in first
        for each in sorted(inputs, key=lambda each: each.date != one.date)
    ]
    judged = []
    for way, prompts in ((FOLLOWED, first), (ALONE, every)):
        rows: list[SeriesRow] = []

        def collect(event: SeriesEvent, rows: list[SeriesRow] = rows) -> None:
            rows.extend(event.rows)

        request = SeriesRequest(
            inputs=inputs,
            prompts=tuple(prompts),
            model=Model(BUNDLED_MODEL),
            device=CPU,
            method="prompts",
            minimum_score=limits.score,
            minimum_contrast=limits.contrast,
            minimum_overlap=limits.overlap,
            minimum_likeness=limits.likeness,
            cache=LiveCache(str(folder / "cache"), 4096),
        )
        segment_series(request, RunContext(results=collect))
        judged += [_judged(seed, way, series, row) for row in rows]
    return judged


def _judged(seed: int, way: str, series: Series, row: SeriesRow) -> Judged:
    (scene,) = [each for each in series.scenes if each.day.isoformat() == row.date]
    mask = scene.instances == row.key
    truth = scene.state(row.key)
    iou = None
    if truth == SEEN:
        found = shapely.from_wkb(row.wkb) if row.wkb else MultiPolygon()
        true = outline_of(mask)
        iou = float(found.intersection(true).area / found.union(true).area)
    followed = series.followed[row.key - 1]
    return Judged(
        seed=seed,
        way=way,
        key=row.key,
        date=row.date,
        years=(scene.day - series.scenes[0].day).days / _DAYS_PER_YEAR,
        behaviour=followed.behaviour,
        kind=followed.kind,
        truth=truth,
        true_area=float(mask.sum()) * METRES**2,
        state=row.state,
        area=row.area,
        iou=iou,
        score=row.score,
        contrast=row.contrast,
        overlap=row.overlap,
        likeness=row.likeness,
        prompted=row.prompted,
    )


def report(judged: Sequence[Judged]) -> str:
    """The figures as lines of text."""
    lines = []
    for way in (FOLLOWED, ALONE):
        rows = [each for each in judged if each.way == way]
        there = [each for each in rows if each.truth == SEEN]
        ious = [each.iou for each in there if each.iou is not None]
        gone = [each for each in rows if each.truth == GONE]
        hidden = [each for each in rows if each.truth == NOT_SEEN]
        errors = trend_errors(rows)
        lines += [
            f"{way}:",
            f"  mean IoU of {len(ious)} objects that are there: {np.mean(ious):.3f}",
            f"  of these said to be gone: {sum(each.state == GONE for each in there)}",
            f"  gone told: {sum(each.state == GONE for each in gone)} of {len(gone)}",
            f"  under clouds told: {sum(each.state == NOT_SEEN for each in hidden)} of "
            f"{len(hidden)}",
            f"  error of the trend, % of the mean area a year: median {np.median(errors):.2f}, "
            f"mean {np.mean(errors):.2f}",
        ]
        for number in range(1 + max(round(each.years) for each in rows)):
            of_date = [
                each.iou for each in there if round(each.years) == number and each.iou is not None
            ]
            lines.append(f"  year {number}: mean IoU {np.mean(of_date):.3f} of {len(of_date)}")
        for behaviour in sorted({each.behaviour for each in rows}):
            alike = [
                each.iou for each in there if each.behaviour == behaviour and each.iou is not None
            ]
            lines.append(f"  {behaviour}: mean IoU {np.mean(alike):.3f} of {len(alike)}")
    return "\n".join(lines)


def trend_errors(rows: Sequence[Judged]) -> list[float]:
    """Of each object the error of its trend, percent of its true mean area a year."""
    errors = []
    for key in sorted({(each.seed, each.key) for each in rows}):
        own = [each for each in rows if (each.seed, each.key) == key]
        known = [each for each in own if each.state != NOT_SEEN]
        true = [each for each in own if each.truth != NOT_SEEN]
        if len(known) < 2:
            continue
        slope = _slope([each.years for each in known], [each.area for each in known])
        expected = _slope([each.years for each in true], [each.true_area for each in true])
        mean = np.mean([each.true_area for each in true])
        errors.append(100 * abs(slope - expected) / mean)
    return [float(each) for each in errors]


def _slope(years: Sequence[float], areas: Sequence[float]) -> float:
    return float(np.polyfit(years, areas, 1)[0])


def main() -> None:
    """Print the figures of several series."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--count", type=int, default=6, help="number of series")
    parser.add_argument("--first", type=int, default=0, help="number of the first one")
    parser.add_argument("--score", type=float, default=Limits.score)
    parser.add_argument("--contrast", type=float, default=Limits.contrast)
    parser.add_argument("--overlap", type=float, default=Limits.overlap)
    parser.add_argument("--likeness", type=float, default=Limits.likeness)
    parser.add_argument("--rows", type=Path, help="a file for all rows, JSON")
    arguments = parser.parse_args()
    limits = Limits(arguments.score, arguments.contrast, arguments.overlap, arguments.likeness)
    judged: list[Judged] = []
    begin = time.perf_counter()
    for seed in range(SEED + arguments.first, SEED + arguments.first + arguments.count):
        with tempfile.TemporaryDirectory() as folder:
            judged += judged_series(seed, Path(folder), limits)
        print(f"series {seed}: {time.perf_counter() - begin:.0f} s", flush=True)
    if arguments.rows is not None:
        arguments.rows.write_text(json.dumps([asdict(each) for each in judged]), encoding="utf-8")
    print(report(judged))


if __name__ == "__main__":
    main()
