"""Runs on several processes and computers, measured.

python -m benchmarks.scale             prints tables for benchmarks/SCALE.md; takes a few minutes
python -m benchmarks.scale clusters    only this section
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from benchmarks import clusters

SECTIONS: dict[str, Callable[[], list[str]]] = {"clusters": clusters.report}


def main(names: list[str]) -> None:
    """Measure and print sections, all of them without ``names``."""
    for name in names or list(SECTIONS):
        print(f"## {name.capitalize()}\n")
        print("\n".join(SECTIONS[name]()) + "\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
