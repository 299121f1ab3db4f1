"""Taking out of a text what is nobody's business: who the user is, and secrets.

Standard library only.
"""

import getpass
import os
import re
from collections.abc import Mapping

HIDDEN = "***"
# Characters of a message that is shown; a traceback is shorter.
LONGEST = 20_000

# As addresses write them, "=" and "&" may be coded once more in an address inside an address.
_EQUALS, _END = r"(?:=|%3D)", r"(?=[&;|,\s\"'<>)\]}]|%26|$)"
_SECRET_KEY = (
    r"(?:[\w.-]*(?:token|passw(?:or)?d|passphrase|pwd|secret|api[_-]?key|access[_-]?key|bearer"
    r"|credential|cookie|userpwd|signature|authorization|apikey|subscription[_-]?key)[\w.-]*"
    r"|(?:http-header|header)[.:][\w-]+|(?<!/)(?:sig|key|auth|user|username|authcfg))"
)
_PAIR = re.compile(
    rf"(?<![\w.-])({_SECRET_KEY}\s*{_EQUALS}\s*)('[^']*'|\"[^\"]*\"|.+?{_END})", re.IGNORECASE
)
# In a header the secret follows the kind of login.
_HEADER = re.compile(
    r"\b((?:proxy-)?authorization|cookie|x-api-key)(\s*:\s*)[^\r\n\"'<>]+", re.IGNORECASE
)
_BEARER = re.compile(r"\b(bearer|basic)((?:\s|%20|\+)+)[\w.~+/=-]{6,}", re.IGNORECASE)
_CREDENTIALS = re.compile(r"(\w+://)[^/\s\"'<>]+@|[^/\s:\"'<>]+:[^/\s\"'<>]+@")
_QUERY = re.compile(r"(\w+://[^\s?\"'<>|]*\?)[^\s\"'<>|]+")
_SECRET_NAME = re.compile(
    r"TOKEN|PASS|PWD|SECRET|KEY|AUTH|CREDENTIAL|COOKIE|HEADER|BEARER|SIG|GDAL_HTTP_USER",
    re.IGNORECASE,
)
# Of GDAL's settings for requests, those that hold no secret; there may be more every year.
_HARMLESS_GDAL_HTTP = re.compile(
    r"GDAL_HTTP_(\w*TIMEOUT|MAX_\w+|RETRY_\w+|VERSION|MULTI\w+|LOW_SPEED_\w+|TCP_\w+|UNSAFESSL"
    r"|USERAGENT|MERGE_\w+|PROXY|SSL_VERIFYSTATUS|USE_CAPI_STORE)"
)
# Variables that decide where programs look and what they do.
_TELLING = re.compile(
    r"(GEOSAM|CUDA|NVIDIA|OMP|MKL|TORCH|PYTORCH|PIP|UV|QGIS|QT|GDAL|PROJ|PYTHON|LD|CONDA)_?\w*"
    r"|(HTTPS?|ALL|NO)_PROXY|LANG|LC_\w+|VIRTUAL_ENV|SSL_CERT_FILE|REQUESTS_CA_BUNDLE",
    re.IGNORECASE,
)


def without_secrets(text: str) -> str:
    """``text`` without passwords, tokens and keys of addresses, headers and connections.

    Twice the same text is once the same: what is hidden is found again and hidden again.
    """
    text = _CREDENTIALS.sub(rf"\1{HIDDEN}@", text)
    text = _HEADER.sub(rf"\1\2{HIDDEN}", text)
    text = _PAIR.sub(rf"\1{HIDDEN}", text)
    return _BEARER.sub(rf"\1\2{HIDDEN}", text)


def presentable(text: str) -> str:
    """A text for the user, such as an error: without secrets, and not longer than anyone reads.

    What is too long loses its middle, as a value in it may have any length.
    """
    if len(text) > LONGEST:
        half = LONGEST // 2
        text = f"{text[:half]} ... ({len(text)} characters) ... {text[-half:]}"
    return without_secrets(text)


def redacted(text: str) -> str:
    """As ``without_secrets``, without the user's home and name, and without whole queries."""
    text = _QUERY.sub(rf"\1{HIDDEN}", without_secrets(text))
    home = os.path.expanduser("~")
    for folder in {home, os.path.realpath(home)}:
        for spelling in {folder, folder.replace("\\", "/"), folder.replace("\\", "\\\\")}:
            if len(spelling) > 1:
                text = re.sub(rf"{re.escape(spelling)}(?![\w.-])", "~", text, flags=_CASE)
    for name in {_user_name(), os.path.basename(home)}:
        if name:
            text = re.sub(
                rf"(?<=[\\/]){re.escape(name)}(?=[\\/\s\"':;,)]|$)", "user", text, flags=_CASE
            )
    return text


_CASE = re.IGNORECASE if os.name == "nt" else 0


def telling_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment variables that matter here, redacted."""
    return {
        name: HIDDEN if _is_secret(name) else redacted(value)
        for name, value in sorted(environment.items())
        if _TELLING.fullmatch(name) and value
    }


def _is_secret(name: str) -> bool:
    if name.upper().startswith("GDAL_HTTP_"):
        return not _HARMLESS_GDAL_HTTP.fullmatch(name.upper())
    return bool(_SECRET_NAME.search(name))


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user may have no name
        return ""
