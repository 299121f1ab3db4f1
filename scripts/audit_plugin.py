"""Scan the plugin's ZIP as plugins.qgis.org does, with bandit and detect-secrets.

    python3 scripts/audit_plugin.py dist/geosam_processing-VERSION.zip

The scanners are installed into build/audit on first use. Their findings block a plugin there,
so that any is an error here. Standard library only.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SCANNERS = ("bandit==1.9.4", "detect-secrets==1.5.0")
# Rules that the plugin repository reports without blocking, or lets an upload skip.
SKIPPED = {
    "B404": "subprocess is imported: the engine is a process",
    "B603": "programs are started from lists of arguments, never through a shell",
}


def scanner_environment() -> Path:
    """The folder of programs of an environment that has the scanners."""
    environment = ROOT / "build" / "audit"
    programs = environment / ("Scripts" if sys.platform == "win32" else "bin")
    stamp = environment / "scanners.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != "\n".join(SCANNERS):
        call([sys.executable, "-m", "venv", "--clear", str(environment)])
        call([str(programs / "python"), "-m", "pip", "install", "--quiet", *SCANNERS])
        stamp.write_text("\n".join(SCANNERS), encoding="utf-8")
    return programs


def findings(archive: Path) -> list[str]:
    """What the scanners object to, a line each."""
    programs = scanner_environment()
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(archive) as contents:
            contents.extractall(folder)
        skipped = ",".join(SKIPPED)
        bandit = scan([programs / "bandit", "-r", ".", "-f", "json", "-q", "-s", skipped], folder)
        secrets = scan(
            [programs / "detect-secrets", "scan", "--all-files", "--exclude-files", "metadata.txt"],
            folder,
        )
    found = [
        f"{issue['filename']}:{issue['line_number']}: {issue['test_id']} {issue['issue_text']}"
        for issue in bandit["results"]
    ]
    for name, secrets_there in secrets["results"].items():
        found += [f"{name}:{each['line_number']}: {each['type']}" for each in secrets_there]
    return found


def scan(command: list[Any], folder: str) -> Any:
    """What a scanner reports as JSON; its exit status tells only whether it found something."""
    answer = subprocess.run(
        [str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False
    )
    try:
        return json.loads(answer.stdout)
    except ValueError:
        raise SystemExit(f"{command[0]} failed: {answer.stderr[-2000:]}") from None


def call(command: list[str]) -> None:
    if subprocess.run(command, check=False).returncode:
        raise SystemExit(f"{' '.join(command)} failed (see above)")


def main() -> int:
    """The command line; answers the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    found = findings(parser.parse_args().archive)
    for rule, reason in SKIPPED.items():
        print(f"Skipped {rule}: {reason}")
    print("\n".join(found) or "Nothing found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
