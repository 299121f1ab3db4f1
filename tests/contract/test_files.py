"""Files that are there as a whole or not at all."""

import os
from pathlib import Path

import pytest

from geosam_processing.contract.files import write_whole


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
