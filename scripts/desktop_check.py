"""Use the plugin in QGIS's window, on a screen that nobody sees, and tell how it went.

    python3 scripts/desktop_check.py [--folder build/desktop]

The plugin is installed from its ZIP into a new profile; desktop_session.py does the clicking.
Runs in the engine's Python, needs xvfb and qgis. Pictures and report.json stay in the folder.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
SCREEN = "-screen 0 1280x860x24"
TIME = 300  # seconds


def check(folder: Path, scene: Path) -> dict[str, Any]:
    """What the session reports.

    Args:
        folder: for the profile, the pictures and the report; emptied before.
        scene: a folder with scene.tif and points.gpkg.

    Raises:
        SystemExit: QGIS did not come to the end.
    """
    from scripts import build_plugin

    shutil.rmtree(folder, ignore_errors=True)
    profile = folder / "profile"
    default = profile / "profiles" / "default"
    (folder / "runtime").mkdir(parents=True, mode=0o700)
    with zipfile.ZipFile(build_plugin.build(folder)) as archive:
        archive.extractall(default / "python" / "plugins")
    (default / "QGIS").mkdir()
    (default / "QGIS" / "QGIS3.ini").write_text(
        "[PythonPlugins]\ngeosam_processing=true\nprocessing=true\n"
        "[qgis]\ncheckVersion=false\nshowTips=false\n"
        # A language of its own would change the names of buttons.
        "[locale]\noverrideFlag=true\nuserLocale=en_US\n",
        encoding="utf-8",
    )
    for name in ("scene.tif", "points.gpkg"):
        shutil.copy(scene / name, folder)
    environment = {
        **os.environ,
        "XDG_RUNTIME_DIR": str(folder / "runtime"),
        "GEOSAM_DESKTOP": str(folder),
        "GEOSAM_ENGINE_PYTHON": os.environ.get("GEOSAM_ENGINE_PYTHON", sys.executable),
        "QGIS_LOG_FILE": str(folder / "qgis.log"),
    }
    for name in ("QT_QPA_PLATFORM", "QGIS_PLUGINPATH", "QGIS_CUSTOM_CONFIG_PATH"):
        environment.pop(name, None)
    command = ["xvfb-run", "--auto-servernum", "--server-args", SCREEN, "qgis", "--nologo"]
    command += ["--noversioncheck", "--profiles-path", str(profile)]
    command += ["--code", str(ROOT / "scripts" / "desktop_session.py")]
    with (folder / "output.log").open("wb") as output:
        window = subprocess.Popen(
            command, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            window.wait(TIME)
        except subprocess.TimeoutExpired:
            # The screen and QGIS as well.
            os.killpg(window.pid, signal.SIGTERM)
            window.wait()
    report = folder / "report.json"
    if not report.exists():
        raise SystemExit(f"QGIS did not come to the end: see {folder / 'output.log'}")
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def main() -> int:
    """The command line; answers the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "desktop")
    folder = parser.parse_args().folder
    from training.sample_scene import write_sample_scene

    scene = ROOT / "build" / "desktop-scene"
    scene.mkdir(parents=True, exist_ok=True)
    write_sample_scene(scene)
    report = check(folder, scene)
    print(json.dumps(report, indent=2))
    return 1 if report["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
