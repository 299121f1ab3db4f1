"""Run the campaigns and show what came of them.

    python3 -m scripts.campaign [--seed N] [--share 0.01] [--only kills,pipe] [--write]

Runs in the engine's Python; takes about an hour with all trials. --share takes a part of them.
--write puts the table into docs/reliability.md.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

# Forked copies must not wait for threads that they do not have.
os.environ["OMP_NUM_THREADS"] = "1"

from scripts.campaign.outcomes import BROKEN, CRASH, Tally, head

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"
QGIS_PYTHON = os.environ.get("QGIS_PYTHON", "/usr/bin/python3")
# How many trials each has.
KILLS, FULL_DISKS, MANIFESTS, CHIPS, CACHE, PIPE = 200, 20, 500, 200, 1500, 500
AT_ONCE, TOGETHER = 40, (2, 3, 8)
_TABLE = re.compile(r"(<!-- campaign -->\n).*?(<!-- end of campaign -->)", re.DOTALL)


class Campaigns:
    """All campaigns on one scene."""

    def __init__(self, work: Path, seed: int, share: float) -> None:
        self._work, self._seed, self._share = work, seed, share

    def all(self) -> dict[str, Callable[[], Iterator[Tally]]]:
        return {
            "mutations": self.mutations,
            "pipe": self.pipe,
            "full": self.full_disks,
            "kills": self.kills,
            "concurrency": self.concurrency,
        }

    def mutations(self) -> Iterator[Tally]:
        from scripts.campaign import encodings, mutations

        folder, seed = self._reference("real", 9, 7, encodings.encode_really), self._seed
        yield mutations.manifests(folder, self._work / "manifests", self._part(MANIFESTS), seed)
        for of_geo_sam in (False, True):
            work = self._work / f"chips_{of_geo_sam}"
            yield mutations.chips(folder, work, self._part(CHIPS), seed, of_geo_sam)
        yield mutations.cache_entries(self._work / "cache", self._part(CACHE), seed)

    def pipe(self) -> Iterator[Tally]:
        from scripts.campaign import pipe

        yield pipe.requests(self._work, self._part(PIPE), self._seed)

    def full_disks(self) -> Iterator[Tally]:
        from scripts.campaign import encodings, kills

        reference = encodings.content_of(self._reference("light", 4, 3, encodings.encode_lightly))
        scene, rounds = self._work / "light" / "scene.tif", self._part(FULL_DISKS)
        yield kills.on_full_disks(scene, reference, self._work, rounds * 10, self._seed)
        self._reference("real", 9, 7, encodings.encode_really)
        tally = Tally("Segment on a full disk, 16 outputs")
        command = [QGIS_PYTHON, "-m", "scripts.campaign.full_disks"]
        command += [str(self._work / "real"), str(rounds), str(self._seed)]
        environment = {
            **os.environ,
            "GEOSAM_ENGINE_PYTHON": sys.executable,
            "QT_QPA_PLATFORM": "offscreen",
            "QGIS_CUSTOM_CONFIG_PATH": str(self._work / "profile"),
            "XDG_RUNTIME_DIR": str(self._work),
        }
        count(tally, command, environment)
        yield tally

    def kills(self) -> Iterator[Tally]:
        from scripts.campaign import encodings, kills

        reference = encodings.content_of(self._reference("light", 4, 3, encodings.encode_lightly))
        scene = self._work / "light" / "scene.tif"
        yield kills.killed(scene, reference, self._work, self._part(KILLS), self._seed)

    def concurrency(self) -> Iterator[Tally]:
        from scripts.campaign import encodings, kills

        reference = encodings.content_of(self._reference("light", 4, 3, encodings.encode_lightly))
        scene = self._work / "light" / "scene.tif"
        yield kills.at_once(scene, reference, self._work, self._part(AT_ONCE), TOGETHER)

    def _part(self, count: int) -> int:
        return max(round(count * self._share), 1)

    def _reference(
        self, name: str, columns: int, rows: int, encode: Callable[[Path, Path], None]
    ) -> Path:
        """The folder of an encoding that nothing disturbed, made by a copy of this process."""
        from scripts.campaign import encodings, isolated

        output = self._work / name / "reference"
        if not encodings.manifest_of(output).exists():
            output.parent.mkdir()
            scene = encodings.write_scene(output.parent / "scene.tif", columns, rows)
            # Not here: copies must not come from a process that ran a model.
            copy = isolated.fork(lambda send: encode(scene, output))
            list(copy.lines(600))
            copy.end()
        return output


def count(tally: Tally, command: Sequence[str], environment: dict[str, str]) -> None:
    """Count the trials of a program that writes a line of JSON for each."""
    # A file for the errors: nobody reads a pipe of them meanwhile, and GDAL fills it.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=said, text=True
        )
        for line in process.stdout or ():
            if line.startswith("["):
                tally.add(*json.loads(line))
        if process.wait():
            said.seek(0)
            last = said.read()[-500:]
            tally.add(CRASH, f"The program ended with {process.returncode}: {last}")


def main() -> int:
    """The command line; answers the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--only", default="")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    import torch

    torch.set_num_threads(1)
    tallies: list[Tally] = []
    with tempfile.TemporaryDirectory(prefix="geosam_campaign_") as work:
        campaigns = Campaigns(Path(work), options.seed, options.share)
        for name, run in campaigns.all().items():
            if options.only and name not in options.only.split(","):
                continue
            for tally in run():
                tallies.append(tally)
                print(tally.row(), *tally.examples, sep="\n  ", flush=True)
    table = "\n".join([head(), *(tally.row() for tally in tallies)])
    print(table)
    if options.write:
        day = datetime.datetime.now(datetime.timezone.utc).date()
        text = f"Seed {options.seed}, {day}.\n\n{table}\n"
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(
            _TABLE.sub(lambda found: found[1] + text + found[2], page), encoding="utf-8"
        )
    return 1 if any(tally.counts[each] for tally in tallies for each in BROKEN) else 0


if __name__ == "__main__":
    sys.exit(main())
