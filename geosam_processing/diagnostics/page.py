"""A report as a page of HTML, to read and to attach to a bug report. Standard library only."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from ..contract.redaction import redacted

# Understood by browsers and by QGIS's own results viewer alike.
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font-family: sans-serif; font-size: 11pt; margin: 24px; color: #222222; }}
h1 {{ font-size: 17pt; color: #2f6f5e; }}
h2 {{ font-size: 12pt; color: #2f6f5e; margin-top: 18px; margin-bottom: 4px; }}
p.problem {{ background-color: #fff3c4; padding: 8px; }}
p.good {{ background-color: #e3f1ec; padding: 8px; }}
td {{ padding: 2px 14px 2px 0; vertical-align: top; }}
td.key {{ color: #555555; white-space: nowrap; }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


@dataclass(frozen=True)
class Section:
    """Pairs of a name and its value under a heading."""

    title: str
    rows: Sequence[tuple[str, str]]


def page(title: str, problems: Sequence[str], sections: Sequence[Section]) -> str:
    """The page, without secrets and the user's name."""
    parts = [_paragraph("problem", problem) for problem in problems]
    if not problems:
        parts.append(_paragraph("good", "All is well."))
    for section in sections:
        if section.rows:
            rows = "\n".join(
                f'<tr><td class="key">{_shown(name)}</td><td>{_shown(value)}</td></tr>'
                for name, value in section.rows
            )
            parts.append(f"<h2>{_shown(section.title)}</h2>\n<table>\n{rows}\n</table>")
    return _PAGE.format(title=_shown(title), body="\n".join(parts))


def _paragraph(kind: str, text: str) -> str:
    return f'<p class="{kind}">{_shown(text)}</p>'


def _shown(text: str) -> str:
    return html.escape(redacted(text)).replace("\n", "<br>\n")
