r"""Reports set as text, Markdown, LaTeX or HTML.

Names are the user's and may hold anything printable: each format escapes what it would read as its
own. LaTeX needs ``booktabs`` alone; numbers are set in mathematics, so that a minus is one.
"""

from __future__ import annotations

import html
import re
import textwrap
from fractions import Fraction

from persuasion_lp.words.report import Cell, Report, Table, number

__all__ = ["as_html", "as_latex", "as_markdown", "as_text"]

WIDTH = 88
"""Characters of a line of text."""

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"$<$",
    ">": r"$>$",
    "|": r"$|$",
    '"': r"\textquotedbl{}",
    "≤": r"$\le$",
    "≥": r"$\ge$",
    "×": r"$\times$",
    "θ": r"$\theta$",
    "…": r"\dots{}",
    "–": "--",
}

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|$])")

_EXPONENT = re.compile(r"e([+-])0*(\d+)$")


def as_text(report: Report) -> str:
    """Lines of at most :data:`WIDTH` characters, but for wide tables."""
    lines = [report.title, "=" * min(len(report.title), WIDTH)]
    for section in report.sections:
        lines += ["", section.heading, "-" * len(section.heading)]
        for k, part in enumerate(section.parts):
            if isinstance(part, str):
                lines += textwrap.wrap(part, WIDTH)
            else:
                lines += [""] * (k > 0) + _text_table(part)
    return "\n".join(lines) + "\n"


def as_markdown(report: Report) -> str:
    """Headings, sentences and pipe tables."""
    lines = [f"## {_markdown(report.title)}", ""]
    for section in report.sections:
        lines += [f"### {_markdown(section.heading)}", ""]
        for part in section.parts:
            if isinstance(part, str):
                lines += [_markdown(part), ""]
                continue
            rules = ["--:" if part.numeric(k) else "---" for k in range(len(part.columns))]
            rows = [list(map(_markdown, row)) for row in (part.columns, *_entries(part))]
            rows.insert(1, rules)
            lines += [f"**{_markdown(part.caption)}**", ""]
            lines += ["| " + " | ".join(row) + " |" for row in rows]
            lines += ["", *([f"{_more(part)}", ""] if part.left_out else [])]
    return "\n".join(lines)


def as_latex(report: Report) -> str:
    """A fragment with a ``table`` for each table; needs ``booktabs``."""
    lines = [rf"\subsection*{{{_latex(report.title)}}}"]
    for section in report.sections:
        lines += ["", rf"\paragraph{{{_latex(section.heading)}.}}"]
        for part in section.parts:
            lines += [_latex(part)] if isinstance(part, str) else ["", *_latex_table(part), ""]
    return "\n".join(lines) + "\n"


def as_html(report: Report) -> str:
    """A fragment for a notebook."""
    lines = [f"<div><h4>{html.escape(report.title)}</h4>"]
    for section in report.sections:
        lines.append(f"<h5>{html.escape(section.heading)}</h5>")
        for part in section.parts:
            if isinstance(part, str):
                lines.append(f"<p>{html.escape(part)}</p>")
                continue
            heads = "".join(f"<th>{html.escape(head)}</th>" for head in part.columns)
            lines.append(f"<table><caption>{html.escape(part.caption)}</caption>")
            lines.append(f"<thead><tr>{heads}</tr></thead><tbody>")
            for row in _entries(part):
                cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in row)
                lines.append(f"<tr>{cells}</tr>")
            lines.append("</tbody></table>")
            if part.left_out:
                lines.append(f"<p>{_more(part)}</p>")
    return "\n".join([*lines, "</div>"])


def _entries(shown: Table) -> list[list[str]]:
    return [[cell if isinstance(cell, str) else number(cell) for cell in row] for row in shown.rows]


def _more(shown: Table) -> str:
    return f"and {shown.left_out} more rows"


def _text_table(shown: Table) -> list[str]:
    rows = [list(shown.columns), *_entries(shown)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(shown.columns))]
    right = [shown.numeric(k) for k in range(len(shown.columns))]
    lines = [
        "  ".join(
            cell.rjust(width) if at_right else cell.ljust(width)
            for cell, width, at_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    more = [_more(shown)] if shown.left_out else []
    return [f"{shown.caption}:", *(f"  {line}" for line in [*lines, *more])]


def _markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _latex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in text)


def _latex_table(shown: Table) -> list[str]:
    kinds = "".join("r" if shown.numeric(k) else "l" for k in range(len(shown.columns)))
    rows = [" & ".join(map(_latex_cell, row)) + r" \\" for row in shown.rows]
    caption = _latex(shown.caption) + (f" ({_more(shown)})" if shown.left_out else "")
    return [
        r"\begin{table}[htbp]",
        r"\centering",
        rf"\caption{{{caption}}}",
        rf"\begin{{tabular}}{{{kinds}}}",
        r"\toprule",
        " & ".join(map(_latex, shown.columns)) + r" \\",
        r"\midrule",
        *rows,
        r"\bottomrule",
        r"\end{tabular}",
        r"\end{table}",
    ]


def _latex_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return _latex(cell)
    if cell is None:
        return "--"
    text = number(cell)
    if isinstance(cell, Fraction):
        return f"${text}$"
    return f"${_EXPONENT.sub(lambda m: _power(m[1], m[2]), text)}$"


def _power(sign: str, digits: str) -> str:
    return rf"\times 10^{{{sign.strip('+')}{digits}}}"
