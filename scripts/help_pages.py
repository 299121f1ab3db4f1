"""The pages of docs/ as HTML that a browser opens from the plugin's folder, without a network.

They are what `make site` shows, without search and styles of its own. Standard library only, and
the same bytes from the same files: the plugin's ZIP takes them along. Markdown is read as far as
our pages use it: headings, paragraphs, lists, tables, code, quotes, notes, links and pictures.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

# Made of docstrings by a tool that the plugin does not have.
LEFT_OUT = {"reference/python.md"}
HEADER = (
    ("README.md", "GeoSAM Processing"),
    ("start/first-polygons.md", "First polygons"),
    ("howto/README.md", "How-to"),
    ("workflows.md", "Workflows"),
    ("troubleshooting.md", "Errors"),
)
STYLE = """\
body { font: 16px/1.55 system-ui, sans-serif; color: #1f2933; margin: 0 auto; max-width: 60em;
  padding: 0 1.2em 4em; }
nav { border-bottom: 1px solid #d5dbe1; padding: .8em 0; margin-bottom: 1.5em; }
nav a { margin-right: 1.4em; }
a { color: #00796b; }
code { font: .9em ui-monospace, monospace; background: #f1f4f6; padding: .1em .3em; }
pre { background: #f1f4f6; padding: .9em 1em; overflow-x: auto; }
pre code { padding: 0; }
table { border-collapse: collapse; margin: 1em 0; }
th, td { border: 1px solid #d5dbe1; padding: .35em .6em; text-align: left; vertical-align: top; }
img { max-width: 100%; height: auto; }
blockquote, .note { border-left: 4px solid #00796b; margin: 1em 0; padding: .1em 1em; }
"""

_FENCE = re.compile(r"^(\s*)```(\w*)\s*$")
_HEADING = re.compile(r"^(#{1,6}) (.+)$")
_ITEM = re.compile(r"^(\s*)([-*]|\d+\.) (.*)$")
_NOTE = re.compile(r'^!!! \w+(?: "(.*)")?$')
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CODE = re.compile(r"`([^`]+)`")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_EMPHASIS = re.compile(r"(?<![*\w])\*(?=\S)([^*]+?)(?<=\S)\*(?![*\w])")


def pages(docs: Path) -> dict[str, bytes]:
    """Every page of ``docs`` as HTML, by its path from there."""
    sources = {path.relative_to(docs).as_posix(): path for path in sorted(docs.rglob("*.md"))}
    known = set(sources) - LEFT_OUT
    return {
        html_name(name): page(sources[name].read_text(encoding="utf-8"), name, known).encode()
        for name in sorted(known)
    }


def pictures(docs: Path) -> Iterator[Path]:
    """The pictures that the pages show, from ``docs``."""
    found = set()
    for name in docs.rglob("*.md"):
        for _, target in _PICTURE.findall(name.read_text(encoding="utf-8")):
            folder = name.parent.relative_to(docs).as_posix()
            found.add(posixpath.normpath(posixpath.join(folder, target)))
    for target in sorted(found):
        yield Path(target)


def html_name(name: str) -> str:
    return f"{name[: -len('.md')]}.html"


def page(text: str, name: str, known: set[str]) -> str:
    """A page as HTML.

    Args:
        name: of its file, from the folder of all pages.
        known: names of the pages that links may lead to; other links become text.
    """
    blocks = _Blocks(name, known)
    folder = posixpath.dirname(name) or "."
    links = " ".join(
        f'<a href="{html_name(posixpath.relpath(target, folder))}">{title}</a>'
        for target, title in HEADER
        if target in known
    )
    body = "\n".join(blocks.converted(_COMMENT.sub("", text).splitlines()))
    title = html.escape(next(iter(re.findall(r"^# (.+)$", text, re.MULTILINE)), name))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title} - GeoSAM Processing</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
        f"<nav>{links}</nav>\n{body}\n</body>\n</html>\n"
    )


def anchor(heading: str) -> str:
    """The name by which links find a heading, as the site makes it."""
    plain = re.sub(r"[^\w\s-]", "", heading).strip().lower()
    return re.sub(r"[\s]+", "-", plain)


class _Blocks:
    """Converts the blocks of one page."""

    def __init__(self, name: str, known: set[str]) -> None:
        self._folder = posixpath.dirname(name)
        self._known = known

    def converted(self, lines: Sequence[str]) -> Iterator[str]:
        """HTML of the lines, block by block."""
        at = 0
        while at < len(lines):
            line = lines[at]
            if not line.strip():
                at += 1
            elif fence := _FENCE.match(line):
                end = _end(lines, at + 1, lambda each: bool(_FENCE.match(each)))
                code = "\n".join(each.removeprefix(fence[1]) for each in lines[at + 1 : end])
                yield f"<pre><code>{html.escape(code)}</code></pre>"
                at = end + 1
            elif heading := _HEADING.match(line):
                level = len(heading[1])
                yield f'<h{level} id="{anchor(heading[2])}">{self.inline(heading[2])}</h{level}>'
                at += 1
            elif line.startswith("|"):
                end = _end(lines, at, lambda each: not each.startswith("|"))
                yield from self._table(lines[at:end])
                at = end
            elif line.startswith(">"):
                end = _end(lines, at, lambda each: not each.startswith(">"))
                inner = [each[1:].removeprefix(" ") for each in lines[at:end]]
                yield "<blockquote>"
                yield from self.converted(inner)
                yield "</blockquote>"
                at = end
            elif note := _NOTE.match(line):
                end = _end(lines, at + 1, lambda each: bool(each.strip()) and each[:4] != "    ")
                yield f'<div class="note"><p><strong>{html.escape(note[1] or "Note")}</strong></p>'
                yield from self.converted([each[4:] for each in lines[at + 1 : end]])
                yield "</div>"
                at = end
            elif _ITEM.match(line):
                end = _end(lines, at, _ends_list)
                yield from self._list(lines[at:end])
                at = end
            else:
                end = _end(lines, at + 1, _ends_paragraph)
                yield f"<p>{self.inline(chr(10).join(map(str.strip, lines[at:end])))}</p>"
                at = end

    def _table(self, lines: Sequence[str]) -> Iterator[str]:
        rows = [_cells(line) for line in lines]
        head, *rest = rows
        yield "<table>"
        yield f"<tr>{''.join(f'<th>{self.inline(cell)}</th>' for cell in head)}</tr>"
        for row in rest[1:]:
            yield f"<tr>{''.join(f'<td>{self.inline(cell)}</td>' for cell in row)}</tr>"
        yield "</table>"

    def _list(self, lines: Sequence[str]) -> Iterator[str]:
        first = _ITEM.match(lines[0])
        if first is None:
            raise ValueError(f"{lines[0]!r} begins no list")
        kind, indent = ("ol" if first[2][0].isdigit() else "ul"), len(first[1])
        items: list[list[str]] = []
        for line in lines:
            item = _ITEM.match(line)
            if item and len(item[1]) == indent:
                items.append([item[3]])
            else:
                items[-1].append(line)
        yield f"<{kind}>"
        for own, *more in items:
            width = min(
                (len(each) - len(each.lstrip()) for each in more if each.strip()), default=0
            )
            content = "\n".join(self.converted([own, *(each[width:] for each in more)]))
            # One paragraph needs no space around it.
            if content.count("<p>") == 1 and content.startswith("<p>"):
                content = content.replace("<p>", "", 1).replace("</p>", "", 1)
            yield f"<li>{content}</li>"
        yield f"</{kind}>"

    def inline(self, text: str) -> str:
        """Text with its code, links, pictures and emphasis as HTML."""
        codes: list[str] = []

        def keep(match: re.Match[str]) -> str:
            codes.append(f"<code>{html.escape(match[1], quote=False)}</code>")
            return f"\0{len(codes) - 1}\0"

        shown = html.escape(_CODE.sub(keep, text), quote=False)
        shown = _PICTURE.sub(r'<img src="\2" alt="\1">', shown)
        shown = _LINK.sub(self._link, shown)
        shown = _STRONG.sub(r"<strong>\1</strong>", shown)
        shown = _EMPHASIS.sub(r"<em>\1</em>", shown)
        return re.sub(r"\0(\d+)\0", lambda match: codes[int(match[1])], shown)

    def _link(self, match: re.Match[str]) -> str:
        text, address = match.groups()
        target, mark, place = address.partition("#")
        if "://" in target:
            return f'<a href="{address}">{text}</a>'
        if target.endswith(".md"):
            path = posixpath.normpath(posixpath.join(self._folder, target))
            if path not in self._known:
                return text
            target = html_name(target)
        return f'<a href="{target}{mark}{place}">{text}</a>'


def _end(lines: Sequence[str], start: int, ends: Callable[[str], bool]) -> int:
    """The number of the first line from ``start`` on that ends a block."""
    return next((at for at in range(start, len(lines)) if ends(lines[at])), len(lines))


def _ends_paragraph(line: str) -> bool:
    return (
        not line.strip()
        or line.startswith(("|", ">", "!!! "))
        or bool(_FENCE.match(line) or _HEADING.match(line) or _ITEM.match(line))
    )


def _ends_list(line: str) -> bool:
    return bool(line.strip()) and line[0] != " " and not _ITEM.match(line)


def _cells(line: str) -> list[str]:
    parts = re.split(r"(?<!\\)\|", line.strip().strip("|"))
    return [part.strip().replace("\\|", "|") for part in parts]
