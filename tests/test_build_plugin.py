"""The plugin's ZIP is what plugins.qgis.org takes, and the same bytes every time."""

import configparser
import posixpath
import re
import zipfile
from pathlib import Path

import pytest

from scripts import build_plugin

PROJECT = {
    "email": "someone@example.org",
    "repository": "https://example.org/geosam",
    "homepage": "https://example.org/geosam",
    "tracker": "https://example.org/geosam/issues",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_plugin.build(tmp_path_factory.mktemp("dist"), PROJECT)


def test_keeps_the_rules_of_the_plugin_repository(archive: Path) -> None:
    assert build_plugin.problems(archive) == []


def test_without_a_published_project_only_its_metadata_are_missing(tmp_path: Path) -> None:
    (problem,) = build_plugin.problems(build_plugin.build(tmp_path))
    assert problem == "its metadata lacks email, tracker, repository"


def test_same_files_make_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    again = build_plugin.build(tmp_path, PROJECT)
    assert (again.name, again.read_bytes()) == (archive.name, archive.read_bytes())


def test_no_link_of_a_page_leads_out_of_it(archive: Path) -> None:
    with zipfile.ZipFile(archive) as pages:
        names = set(pages.namelist())
        for name in names:
            text = pages.read(name).decode() if name.endswith((".md", ".html")) else ""
            folder = posixpath.dirname(name)
            targets = re.findall(r'(?:href|src)="([^"#]+)', text)
            if name.endswith(".md"):
                targets = re.findall(r"\]\(([^)#\s]+)", text)
            for target in targets:
                if "://" not in target:
                    assert posixpath.normpath(f"{folder}/{target}") in names, (name, target)


def test_takes_along_what_the_plugin_needs(archive: Path) -> None:
    names = set(zipfile.ZipFile(archive).namelist())
    package = build_plugin.ROOT / "geosam_processing"
    modules = {f"geosam_processing/{path.relative_to(package)}" for path in package.rglob("*.py")}
    icons = {f"geosam_processing/icons/{path.name}" for path in package.glob("icons/*.svg")}
    docs = build_plugin.ROOT / "docs"
    pages = {f"geosam_processing/docs/{path.stem}.html" for path in docs.glob("*.md")}
    requirements = {
        f"geosam_processing/engine/requirements/{path.name}"
        for path in package.glob("engine/requirements/*.txt")
    }
    assert names >= modules | icons | pages | requirements
    assert "geosam_processing/models/geosam_nano.pt" in names
    assert "geosam_processing/models/geosam_nano.md" in names


def test_licence_is_one_and_the_same_everywhere(archive: Path) -> None:
    root = build_plugin.ROOT
    licence = (root / "LICENSE").read_bytes()
    with zipfile.ZipFile(archive) as contents:
        assert contents.read("geosam_processing/LICENSE") == licence
        metadata = configparser.ConfigParser()
        metadata.read_string(contents.read("geosam_processing/metadata.txt").decode())
    assert metadata["general"]["license"] == "GPL-2.0-or-later"
    assert metadata["general"]["email"] == PROJECT["email"]
    assert 'license = "GPL-2.0-or-later"' in (root / "pyproject.toml").read_text("utf-8")


@pytest.mark.parametrize(
    "name, mode, problem",
    [
        ("geosam_processing/.hidden", 0o644, "hidden"),
        ("other/file.py", 0o644, "is not inside"),
        ("geosam_processing/../x.py", 0o644, "is not inside"),
        ("geosam_processing/__pycache__/x.pyc", 0o644, "left-over"),
        ("geosam_processing/library.so", 0o644, "is a program"),
        ("geosam_processing/tool.py", 0o755, "may be executed"),
    ],
)
def test_finds_what_the_plugin_repository_refuses(
    archive: Path, tmp_path: Path, name: str, mode: int, problem: str
) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(archive.read_bytes())
    with zipfile.ZipFile(bad, "a") as contents:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        contents.writestr(entry, b"")
    assert any(problem in each for each in build_plugin.problems(bad))
