"""What a report must not tell, and how it is shown."""

import os
from pathlib import Path

import pytest

from geosam_processing.contract.redaction import redacted, telling_variables
from geosam_processing.diagnostics.page import Section, page


@pytest.fixture(autouse=True)
def user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/jane.doe")
    monkeypatch.setenv("LOGNAME", "jane.doe")


@pytest.mark.skipif(os.name == "nt", reason="folders of another system")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/jane.doe/models/sam.pt", "~/models/sam.pt"),
        ("/home/jane.doe", "~"),
        ("/home/jane.doerr/x", "/home/jane.doerr/x"),
        ("/media/jane.doe/disk/x", "/media/user/disk/x"),
        (r"cannot read C:\Users\jane.doe\sam.pt", r"cannot read C:\Users\user\sam.pt"),
        ("http://joe:secret@proxy:3128", "http://***@proxy:3128"),
        ("joe:secret@proxy:3128", "***@proxy:3128"),
        ("at http://joe:p@ss@proxy:3128/x", "at http://***@proxy:3128/x"),
        ("see jane@example.org", "see jane@example.org"),
        ("https://mirror/simple?token=abc&x=1 failed", "https://mirror/simple?*** failed"),
        ("4096 MB at https://example.org/a", "4096 MB at https://example.org/a"),
    ],
)
def test_names_and_secrets_are_taken_out(text: str, shown: str) -> None:
    assert redacted(text) == shown


def test_variables_that_matter_without_secrets() -> None:
    variables = {
        "GEOSAM_DEVICE": "cpu",
        "HTTPS_PROXY": "http://joe:secret@proxy:3128",
        "PIP_PASSWORD": "secret",
        "UV_PUBLISH_TOKEN": "secret",
        "GDAL_HTTP_USERPWD": "joe:secret",
        "GDAL_HTTP_HEADERS": "X-Login: secret",
        "GDAL_HTTP_COOKIE": "secret",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "EDITOR": "vi",
        "CUDA_VISIBLE_DEVICES": "",
    }
    assert telling_variables(variables) == {
        "GEOSAM_DEVICE": "cpu",
        "HTTPS_PROXY": "http://***@proxy:3128",
        "PIP_PASSWORD": "***",
        "UV_PUBLISH_TOKEN": "***",
        "GDAL_HTTP_USERPWD": "***",
        "GDAL_HTTP_HEADERS": "***",
        "GDAL_HTTP_COOKIE": "***",
    }


def test_page_escapes_and_redacts_everything() -> None:
    home = str(Path.home())
    text = page(
        "Report", [f"<b>{home}</b>\nsecond"], [Section(home, [(home, home)]), Section("None", [])]
    )
    assert "&lt;b&gt;~&lt;/b&gt;<br>\nsecond" in text and "jane" not in text
    assert "All is well" not in text and "<h2>None</h2>" not in text
    assert "All is well" in page("Report", [], [])
