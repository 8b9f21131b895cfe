"""A strict grammar of the LaTeX that tables for papers may use: what it accepts compiles."""

from __future__ import annotations

import re

__all__ = ["faults"]

_COMMANDS = {
    "subsection*",
    "paragraph",
    "begin",
    "end",
    "caption",
    "centering",
    "toprule",
    "midrule",
    "bottomrule",
    "textbackslash",
    "textasciicircum",
    "textasciitilde",
    "textquotedbl",
    "dots",
    "times",
    "le",
    "ge",
    "theta",
}
_ESCAPED = set("{}$&#%_\\")
_PART = re.compile(r"\\[a-zA-Z]+\*?|\\.|[{}$&#%_^~\n]|[^\\{}$&#%_^~\n]+", re.DOTALL)


def faults(text: str) -> list[str]:
    """Why LaTeX would stop, or print something else than was written; empty if it would not."""
    found: list[str] = []
    depth, mathematics = 0, False
    for part in _PART.findall(text):
        if part == "{":
            depth += 1
        elif part == "}":
            depth -= 1
            if depth < 0:
                found.append("a brace is closed that was not opened")
        elif part == "$":
            mathematics = not mathematics
        elif part == "^" and not mathematics:
            found.append("a power outside mathematics")
        elif part in ("#", "%", "_", "~"):
            found.append(f"an unescaped {part}")
        elif part.startswith("\\"):
            name = part[1:]
            if name not in _COMMANDS and name not in _ESCAPED:
                found.append(f"unknown command {part}")
        elif part == "\n" and mathematics:
            found.append("mathematics runs over a line")
        elif not mathematics and re.search(r'[<>|"]', part):
            found.append(f"{part!r} prints as something else")
    if depth or mathematics:
        found.append("a brace or a dollar is left open")
    for body in re.findall(
        r"\\begin\{tabular\}\{([lr]+)\}\n\\toprule\n(.*?)\\bottomrule\n\\end\{tabular\}",
        text,
        re.DOTALL,
    ):
        columns, rows = body
        for row in rows.replace("\\midrule\n", "").splitlines():
            if not row.endswith(r" \\"):
                found.append(f"a row does not end: {row}")
            if len(re.findall(r"(?<!\\)&", row)) != len(columns) - 1:
                found.append(f"a row has not {len(columns)} cells: {row}")
    names = re.findall(r"\\begin\{(\w+)\}", text)
    return found + [
        f"{name} is not closed"
        for name in names
        if text.count(rf"\begin{{{name}}}") != text.count(rf"\end{{{name}}}")
    ]
