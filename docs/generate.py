"""Written when the site is built: a page for each published instance, notebooks and pictures."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from docs import pictures
from persuasion_lp import catalog
from persuasion_lp.catalog.instance import AGREEMENT_TOLERANCE, Claim, Instance
from persuasion_lp.core.documents.texts import as_toml
from persuasion_lp.errors import InstanceError
from persuasion_lp.files import document

__all__ = ["escaped", "page", "prose", "table", "write"]

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"

LITERAL = re.compile(r"``(.+?)``")


def write(folder: Path) -> None:
    """Write ``catalogue/<slug>.md``, ``catalogue/table.md``, ``notebooks/``, ``grids/`` anew."""
    shutil.rmtree(folder / "catalogue", ignore_errors=True)
    (folder / "catalogue").mkdir(parents=True)
    for instance in catalog.INSTANCES.values():
        (folder / "catalogue" / f"{instance.slug}.md").write_text(page(instance), "utf-8")
    listed = table(catalog.INSTANCES.values())
    (folder / "catalogue" / "table.md").write_text(listed, "utf-8")
    shutil.rmtree(folder / "notebooks", ignore_errors=True)
    shutil.copytree(NOTEBOOKS, folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
    pictures.write(folder)


def table(instances: Iterable[Instance]) -> str:
    """A list of links under each paper, as it stands in ``docs/catalogue.md``."""
    papers: dict[str, list[Instance]] = {}
    for instance in instances:
        papers.setdefault(instance.citation, []).append(instance)
    lines = []
    for paper, listed in papers.items():
        lines += [f"## {escaped(paper)}", ""]
        for one in listed:
            link = f"[`{one.slug}`](generated/catalogue/{one.slug}.md)"
            lines.append(f"- {link}: {escaped(one.title)}")
        lines.append("")
    return "\n".join(lines)


def page(instance: Instance) -> str:
    """What the catalogue says of an instance, in Markdown."""
    parts = [
        f"# {instance.slug}",
        f"{_sentence(instance.title)}",
        f"**Source.** {escaped(instance.citation)}; {escaped(instance.where)}.",
        "## Problem",
        _described(instance),
        *_as_file(instance),
        "## Values",
        _rows(
            ("procedure", "settings", "value", "as a decimal", "printed", "where from"),
            [_row(claim) for claim in instance.claims],
        ),
        f"A computed value agrees if it differs by at most {AGREEMENT_TOLERANCE:g}, relative to "
        "the value or to 1, if that is larger, and rounds to what is printed.",
    ]
    if instance.derivation:
        parts += ["## Derivation", prose(instance.derivation)]
    parts += [
        "## Solve it again",
        f"```console\n$ persuasion-lp reproduce {instance.slug}\n```",
        f'`plp.catalog.get("{instance.slug}").problem()` is the problem in Python.',
    ]
    return "\n\n".join(parts) + "\n"


def _sentence(text: str) -> str:
    return escaped(text[:1].upper() + text[1:]) + "."


def _described(instance: Instance) -> str:
    """What the problem says of itself, without its headings; functions without their addresses."""
    said = instance.problem().describe("markdown")
    body = "\n".join(line for line in said.splitlines() if not line.startswith("#"))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" at 0x[0-9a-f]+", "", body)).strip()


def _as_file(instance: Instance) -> list[str]:
    """The problem as an instance file, where it has one."""
    try:
        text = as_toml(document(instance.problem()))
    except InstanceError:
        return []
    return ["As an instance file:", f"```toml\n{text}```"]


def _row(claim: Claim) -> tuple[str, ...]:
    settings = ", ".join(f"{name}={value}" for name, value in claim.settings.items())
    exact = "" if isinstance(claim.value, float) else escaped(str(claim.value))
    return (
        f"`{claim.procedure}`",
        escaped(settings),
        exact,
        f"{float(claim.value):.9g}",
        claim.printed or "",
        claim.provenance,
    )


def _rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def prose(text: str) -> str:
    """A docstring in Markdown: paragraphs, indented displays, names in double backticks."""
    blocks = re.split(r"\n\s*\n", text)
    return "\n\n".join(
        f"```text\n{block}\n```"
        if all(line.startswith("    ") for line in block.splitlines())
        else _marked(block)
        for block in blocks
    )


def _marked(text: str) -> str:
    """Names in double backticks are names of instances, or code; the rest is as it is."""
    parts = LITERAL.split(text)
    return "".join(
        escaped(part)
        if k % 2 == 0
        else (f"[`{part}`]({part}.md)" if part in catalog.INSTANCES else f"`{part}`")
        for k, part in enumerate(parts)
    )


def escaped(text: str) -> str:
    """Text in which Markdown sees nothing but text."""
    return re.sub(r"([\\`*_{}\[\]<>#$|~])", r"\\\1", text)
