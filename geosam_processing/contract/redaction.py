"""Taking out of a text what is nobody's business: who the user is, and secrets.

Standard library only.
"""

import getpass
import os
import re
from collections.abc import Mapping

HIDDEN = "***"

_CREDENTIALS = re.compile(r"(\w+://)[^/\s\"'<>]+@|[^/\s:\"'<>]+:[^/\s\"'<>]+@")
_QUERY = re.compile(r"(\w+://[^\s?\"'<>]*\?)[^\s\"'<>]+")
_SECRET_NAME = re.compile(r"TOKEN|PASS|PWD|SECRET|KEY|AUTH|CREDENTIAL|COOKIE|HEADER", re.IGNORECASE)
# Variables that decide where programs look and what they do.
_TELLING = re.compile(
    r"(GEOSAM|CUDA|NVIDIA|OMP|MKL|TORCH|PYTORCH|PIP|UV|QGIS|QT|GDAL|PROJ|PYTHON|LD|CONDA)_?\w*"
    r"|(HTTPS?|ALL|NO)_PROXY|LANG|LC_\w+|VIRTUAL_ENV|SSL_CERT_FILE|REQUESTS_CA_BUNDLE",
    re.IGNORECASE,
)


def redacted(text: str) -> str:
    """``text`` without the user's home and name in paths, and secrets in URLs."""
    text = _CREDENTIALS.sub(rf"\1{HIDDEN}@", text)
    text = _QUERY.sub(rf"\1{HIDDEN}", text)
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
        name: HIDDEN if _SECRET_NAME.search(name) else redacted(value)
        for name, value in sorted(environment.items())
        if _TELLING.fullmatch(name) and value
    }


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user may have no name
        return ""
