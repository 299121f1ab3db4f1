"""JSON files of others, of nobody and of vandals."""

from pathlib import Path

import pytest

from geosam_processing.contract.json_files import LARGEST, noted_in, read_json_object


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_object_is_read(mark: bytes, tmp_path: Path) -> None:
    path = tmp_path / "note.json"
    path.write_bytes(mark + '{"name": "Höhe", "size": 1.5}'.encode())
    assert read_json_object(path) == noted_in(path) == {"name": "Höhe", "size": 1.5}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"[]", "no JSON object"),
        (b"\xff\xfe", "no text in UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "nested too deeply"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": -Infinity}', "-Infinity is no number"),
        (b'{"a": 1e999}', "the number 1e999 is too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a number has 5000 digits"),
        (b'{"a": "' + b"x" * LARGEST + b'"}', "larger than 1024 kB"),
    ],
)
def test_other_content_is_refused(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "note.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=reason) as raised:
        read_json_object(path)
    assert len(str(raised.value)) < 200
    assert noted_in(path) == {}


def test_missing_file_notes_nothing(tmp_path: Path) -> None:
    assert noted_in(tmp_path / "none.json") == {}
