"""Build the plugin's ZIP as plugins.qgis.org takes it: the same bytes from the same files.

    python3 scripts/build_plugin.py [--output dist] [--repository URL --email ADDRESS]

The ZIP holds the package with the bundled model, the graphical models, the pages that the
algorithms' help opens, and the compiled translations. Where the project lives is not a fact of
the source: ``--repository`` writes it into the ZIP's metadata. Without it the ZIP installs in
QGIS, but the plugin repository refuses it, and this says so. Standard library only.
"""

from __future__ import annotations

import argparse
import configparser
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from scripts import help_pages  # noqa: E402

PLUGIN = "geosam_processing"
METADATA = "metadata.txt"
LARGEST = 25_000_000  # bytes; what the plugin repository takes
# What travels, by folder of the package; everything else stays.
PACKAGED = ("*.py", METADATA, "LICENSE", "icons/*.svg", "engine/requirements/*.txt")
MODELS = ("*.pt", "*.md", "*.json", "*.model3")
REQUIRED_METADATA = (
    "name",
    "description",
    "version",
    "qgisMinimumVersion",
    "author",
    "email",
    "about",
    "tracker",
    "repository",
)
LINKS = ("tracker", "repository", "homepage")
# A year before which ZIP has no time; fixed, so that the bytes are.
TIME = (1980, 1, 1, 0, 0, 0)


def build(output: Path, project: dict[str, str] | None = None) -> Path:
    """Write ``geosam_processing-VERSION.zip`` into ``output``.

    Args:
        project: metadata that is added: email, repository, tracker, homepage.

    Returns:
        The ZIP.
    """
    contents = {name: path.read_bytes() for name, path in packaged_files()}
    contents.update(compiled_translations())
    documentation = ROOT / "docs"
    for name, page in help_pages.pages(documentation).items():
        contents[f"docs/{name}"] = page
    contents[METADATA] = completed(contents[METADATA], project or {})
    output.mkdir(parents=True, exist_ok=True)
    target = output / f"{PLUGIN}-{metadata_of(contents[METADATA])['version']}.zip"
    handle, unfinished = tempfile.mkstemp(dir=output, suffix=".zip")
    with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as archive:
        # The repository takes the plugin's name from the first entry.
        for name in sorted(contents):
            entry = zipfile.ZipInfo(f"{PLUGIN}/{name}", TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, also where this runs on Windows
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, contents[name], compresslevel=9)
    os.chmod(unfinished, 0o644)
    os.replace(unfinished, target)
    return target


def packaged_files() -> Iterator[tuple[str, Path]]:
    """What the ZIP takes along as it is: the name below the plugin's folder, and the file."""
    package = ROOT / PLUGIN
    for pattern in PACKAGED:
        # Modules at any depth, the rest where the pattern says.
        found = package.rglob(pattern) if pattern == "*.py" else package.glob(pattern)
        for path in found:
            yield path.relative_to(package).as_posix(), path
    for pattern in MODELS:
        for path in (ROOT / "models").glob(pattern):
            yield f"models/{path.name}", path
    docs = ROOT / "docs"
    pictures = {picture.as_posix() for picture in help_pages.pictures(docs)}
    for path in (ROOT / "models").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        pictures |= set(re.findall(r"\(\.\./docs/(pictures/[^)]+)\)", text))
    for picture in pictures:
        yield f"docs/{picture}", docs / picture


def compiled_translations() -> dict[str, bytes]:
    """The .qm files made of i18n/*.ts by lrelease, by name.

    Raises:
        SystemExit: there is no lrelease, or a file that it does not take.
    """
    sources = sorted((ROOT / PLUGIN / "i18n").glob("*.ts"))
    if not sources:
        return {}
    program = next(filter(None, map(shutil.which, ("lrelease", "lrelease-qt5", "lrelease6"))), None)
    if program is None:
        raise SystemExit("lrelease is missing: install it (Debian: qttools5-dev-tools)")
    made = {}
    with tempfile.TemporaryDirectory() as folder:
        for source in sources:
            target = Path(folder, source.stem + ".qm")
            command = [program, "-silent", str(source), "-qm", str(target)]
            answer = subprocess.run(command, capture_output=True, text=True, check=False)
            if answer.returncode or not target.exists():
                raise SystemExit(f"lrelease cannot compile {source}: {answer.stderr.strip()}")
            made[f"i18n/{target.name}"] = target.read_bytes()
    return made


def completed(metadata: bytes, project: dict[str, str]) -> bytes:
    """The metadata with what is known of the project only where it is published."""
    lines = [f"{key}={value}" for key, value in project.items() if value]
    return metadata.rstrip() + b"\n" + "".join(f"{line}\n" for line in lines).encode()


def metadata_of(text: bytes) -> dict[str, str]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text.decode("utf-8"))
    return dict(parser["general"])


def problems(archive_path: Path) -> list[str]:
    """Each rule of the plugin repository that a ZIP breaks, but for whether its links answer."""
    found = []
    if archive_path.stat().st_size > LARGEST:
        found.append(f"it has {archive_path.stat().st_size} bytes, {LARGEST} are allowed")
    with zipfile.ZipFile(archive_path) as archive:
        names = archive.namelist()
        for entry in archive.infolist():
            path = PurePosixPath(entry.filename)
            if path.is_absolute() or ".." in path.parts or path.parts[0] != PLUGIN:
                found.append(f"{path} is not inside {PLUGIN}")
            if any(part.startswith(".") for part in path.parts):
                found.append(f"{path} is hidden")
            if "__pycache__" in path.parts or "__MACOSX" in path.parts or path.suffix == ".pyc":
                found.append(f"{path} is a left-over")
            if path.suffix in {".exe", ".dll", ".so", ".dylib", ".bat", ".sh", ".ps1", ".cmd"}:
                found.append(f"{path} is a program")
            if (entry.external_attr >> 16) & 0o111:
                found.append(f"{path} may be executed")
        for needed in ("__init__.py", METADATA, "LICENSE"):
            if f"{PLUGIN}/{needed}" not in names:
                found.append(f"{needed} is missing")
        metadata = metadata_of(archive.read(f"{PLUGIN}/{METADATA}"))
    missing = [key for key in REQUIRED_METADATA if not metadata.get(key)]
    if missing:
        found.append(f"its metadata lacks {', '.join(missing)}")
    for key in LINKS:
        if not re.match(r"https?://[^/\s]+\.[^/\s]+", metadata.get(key, "https://a.b")):
            found.append(f"its metadata has no link as {key}: {metadata[key]}")
    if "/" in metadata.get("author", ""):
        found.append("its author has a slash")
    if metadata.get("icon") and f"{PLUGIN}/{metadata['icon']}" not in names:
        found.append(f"its icon is missing: {metadata['icon']}")
    return found


def main() -> int:
    """The command line; answers the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "dist", help="folder for the ZIP")
    parser.add_argument("--repository", default="", help="where the source is published")
    parser.add_argument("--email", default="", help="how its maintainers are reached")
    parser.add_argument("--tracker", default="", help="default: issues of the repository")
    parser.add_argument("--homepage", default="", help="default: the repository")
    chosen = parser.parse_args()
    project = {
        "email": chosen.email,
        "repository": chosen.repository,
        "homepage": chosen.homepage or chosen.repository,
        "tracker": chosen.tracker or (chosen.repository and f"{chosen.repository}/issues"),
    }
    archive = build(chosen.output, project)
    print(f"{archive} ({archive.stat().st_size / 1e6:.1f} MB)")
    found = problems(archive)
    if found:
        print("QGIS installs it, but plugins.qgis.org would refuse it:")
        print("\n".join(f"- {problem}" for problem in found))
        print("Give REPOSITORY and EMAIL to make plugin when the project is published.")
    # An incomplete publication fails, a build for oneself does not.
    return 1 if found and chosen.repository else 0


if __name__ == "__main__":
    sys.exit(main())
