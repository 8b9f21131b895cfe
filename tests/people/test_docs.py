"""The documentation site: nothing exported is missing, links inside the tree lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import persuasion_lp as plp

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = DOCS / "reference"
MODULES = {
    "persuasion_lp": plp,
    "priors": plp.priors,
    "errors": plp.errors,
    "catalog": plp.catalog,
    "theorems": plp.theorems,
    "laboratory": plp.laboratory,
    "plots": plp.plots,
}
PAGES = sorted(
    page
    for page in DOCS.rglob("*.md")
    if not {"_build", "generated"} & set(page.relative_to(DOCS).parts)
)


def listed(text: str) -> set[str]:
    """Names in the summaries of a page."""
    documented = re.findall(r"automodule:: [\w.]+\.(\w+)$", text, re.MULTILINE)
    return {*re.findall(r"^   (\w+)$", text, re.MULTILINE), *documented}


def missing(name: str, text: str) -> set[str]:
    """Exported names of a module that its page does not list, nor another page of its own."""
    elsewhere = {module for module in MODULES if module != name}
    exported = set(MODULES[name].__all__) - elsewhere
    if name == "theorems":
        exported |= {*plp.theorems.lx.__all__, *plp.theorems.lr.__all__, *plp.theorems.bm.__all__}
        exported -= {"bm", "lr", "lx"} | set(plp.laboratory.__all__)
    if name == "persuasion_lp":
        exported -= set(plp.errors.__all__)
    if name == "plots":
        exported -= {"data"}
    return exported - listed(text)


@pytest.mark.parametrize("name", MODULES)
def test_nothing_exported_is_missing(name: str) -> None:
    assert missing(name, (REFERENCE / f"{name}.md").read_text("utf-8")) == set()


def test_what_is_missing_is_found() -> None:
    text = (REFERENCE / "priors.md").read_text("utf-8").replace("   from_table\n", "")
    assert missing("priors", text) == {"from_table"}


def dead_links(page: Path) -> list[str]:
    """Links of a page to files of the tree that are not there."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text)
    written = [target for target in targets if not target.startswith("generated/")]
    return [target for target in written if not (page.parent / target).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_links_lead_somewhere(page: Path) -> None:
    assert dead_links(page) == []


def test_dead_links_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[a](nowhere.md) [b](page.md#top) [c](https://example.org)", "utf-8")
    assert dead_links(page) == ["nowhere.md"]


def test_every_page_is_reached() -> None:
    """From a table of contents, or as the index."""
    entries = {
        (page.parent / entry.strip()).with_suffix(".md").resolve()
        for page in PAGES
        for tree in re.findall(r"```\{toctree\}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
        for entry in tree.splitlines()
        if entry.strip() and not entry.startswith((":", "generated"))
    }
    assert {page.resolve() for page in PAGES} - entries == {(DOCS / "index.md").resolve()}
