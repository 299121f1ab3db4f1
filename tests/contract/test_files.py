"""Files that are there as a whole or not at all."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from geosam_processing.contract.files import PartFile, is_temporary, whole_file, write_whole


@pytest.mark.parametrize(("content", "written"), [("ü", b"\xc3\xbc"), (b"\x00", b"\x00")])
def test_writes_and_replaces(content: str, written: bytes, tmp_path: Path) -> None:
    path = tmp_path / "note"
    path.write_text("old")
    write_whole(path, content)
    assert path.read_bytes() == written and list(tmp_path.iterdir()) == [path]


def test_failure_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    path = tmp_path / "note"
    path.write_text("old")
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="the disk is full"):
        write_whole(path, "new")
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_name_of_an_unfinished_file_is_new_each_time(tmp_path: Path) -> None:
    names = []
    for _ in range(2):
        with whole_file(tmp_path / ("x" * 250)) as file:
            names += [path.name for path in tmp_path.iterdir() if is_temporary(path.name)]
            file.write(b"content")
    assert len(set(names)) == 2 and len(list(tmp_path.iterdir())) == 1


def test_interrupted_file_is_removed(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), whole_file(tmp_path / "note"):
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="needs the right to make links")
@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_part_that_leads_elsewhere_is_not_continued(
    link: Callable[[Path, Path], None], tmp_path: Path
) -> None:
    outside, target = tmp_path / "outside", tmp_path / "model.pt"
    outside.write_bytes(b"mine")
    (tmp_path / "model.pt.part.json").write_text('{"url": "https://here", "validator": ""}')
    link(outside, tmp_path / "model.pt.part")
    part = PartFile(target, "https://here")
    assert part.size == 0
    with part.open() as file:
        file.write(b"theirs")
    assert outside.read_bytes() == b"mine"
