"""What a report must not tell, and how it is shown."""

import os
from pathlib import Path

import pytest

from geosam_processing.contract.redaction import redacted, telling_variables, without_secrets
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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/vsicurl/https://h/a.tif?token=S3CRET", "/vsicurl/https://h/a.tif?token=***"),
        ("https://h/a?sv=1&sig=S3CRET&x=2 failed", "https://h/a?sv=1&sig=***&x=2 failed"),
        (
            "/vsicurl?header.Authorization=Bearer%20S3CRET&url=https%3A%2F%2Fh%2Fa.tif",
            "/vsicurl?header.Authorization=***&url=https%3A%2F%2Fh%2Fa.tif",
        ),
        (
            "type=xyz&url=https://h/{z}/{x}/{y}?apikey%3DS3CRET%26v%3D2&zmax=19",
            "type=xyz&url=https://h/{z}/{x}/{y}?apikey%3D***%26v%3D2&zmax=19",
        ),
        ("http-header:x-login=S3CRET&type=xyz", "http-header:x-login=***&type=xyz"),
        (
            "PG:dbname='db' user='joe' password='S3CR ET' host=h",
            "PG:dbname='db' user=*** password=*** host=h",
        ),
        ("PG:dbname=db password=S3CRET host=h", "PG:dbname=db password=*** host=h"),
        ("Authorization: Basic am9lOlMzQ1JFVA==", "Authorization: ***"),
        ("curl sent bearer S3CRETTOKEN", "curl sent bearer ***"),
        ("X-Amz-Signature=S3CRET&X-Amz-Date=1", "X-Amz-Signature=***&X-Amz-Date=1"),
        ("/data/key=1/monkey=2.tif", "/data/key=1/monkey=2.tif"),
        ("OPACITY=0.5&styles=default&layers=a", "OPACITY=0.5&styles=default&layers=a"),
        ("the number of tokens: 5", "the number of tokens: 5"),
        ("https://h/a.tif?version=2", "https://h/a.tif?version=2"),
        ("/home/jane.doe/a.tif", "/home/jane.doe/a.tif"),
    ],
)
def test_secrets_of_addresses_are_taken_out(text: str, shown: str) -> None:
    assert without_secrets(text) == shown
    assert without_secrets(shown) == shown
    assert "S3CR" not in redacted(text)


def test_variables_that_matter_without_secrets() -> None:
    variables = {
        "GEOSAM_DEVICE": "cpu",
        "HTTPS_PROXY": "http://joe:secret@proxy:3128",
        "PIP_PASSWORD": "secret",
        "UV_PUBLISH_TOKEN": "secret",
        "GDAL_HTTP_USERPWD": "joe:secret",
        "GDAL_HTTP_HEADERS": "X-Login: secret",
        "GDAL_HTTP_COOKIE": "secret",
        "GDAL_HTTP_BEARER": "secret",
        "GDAL_HTTP_SSLCERT_OF_TOMORROW": "secret",
        "GDAL_HTTP_TIMEOUT": "30",
        "GDAL_HTTP_PROXY": "http://joe:secret@proxy:3128",
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
        "GDAL_HTTP_BEARER": "***",
        "GDAL_HTTP_SSLCERT_OF_TOMORROW": "***",
        "GDAL_HTTP_TIMEOUT": "30",
        "GDAL_HTTP_PROXY": "http://***@proxy:3128",
    }


def test_page_escapes_and_redacts_everything() -> None:
    home = str(Path.home())
    text = page(
        "Report", [f"<b>{home}</b>\nsecond"], [Section(home, [(home, home)]), Section("None", [])]
    )
    assert "&lt;b&gt;~&lt;/b&gt;<br>\nsecond" in text and "jane" not in text
    assert "All is well" not in text and "<h2>None</h2>" not in text
    assert "All is well" in page("Report", [], [])
