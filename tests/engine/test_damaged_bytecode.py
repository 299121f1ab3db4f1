"""Compiled Python that a full disk cut off."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path

import pytest

from geosam_processing import contract
from geosam_processing.engine import server


@pytest.mark.parametrize("kept", [20, 40])
def test_file_to_delete_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    source = tmp_path / f"cut_off_after_{kept}.py"
    source.write_text("VALUE = [1, 2, 3]\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    importlib.import_module(source.stem)
    del sys.modules[source.stem]
    compiled = Path(importlib.util.cache_from_source(str(source)))
    compiled.write_bytes(compiled.read_bytes()[:kept])
    with pytest.raises((EOFError, ValueError)) as raised:
        importlib.import_module(source.stem)
    answer = server._answerable(raised.value)
    assert answer.code == contract.USER_ERROR
    assert f"{compiled} is damaged" in answer.message and "Delete" in answer.message
    assert server.imported(source.stem).VALUE == [1, 2, 3]
    assert compiled.stat().st_size > kept
    bug = server._answerable(EOFError("nobody foresaw this"))
    assert bug.code == contract.INTERNAL_ERROR
