"""The examples in the documentation, for tests that run them as they stand."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def code_blocks(page: str, language: str = "python") -> list[str]:
    """The code blocks of ``docs/<page>``, from top to bottom."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
