"""Settings of Sphinx, and what is generated before the pages are read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sphinx.util.nodes import make_refnode

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from docs import generate  # noqa: E402
from persuasion_lp import __version__  # noqa: E402

project = "persuasion_lp"
author = "The persuasion_lp founders"
copyright = f"2026, {author}"  # noqa: A001
version = release = __version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "numpydoc",
    "myst_nb",
]
exclude_patterns = [
    "_build",
    "jupyter_execute",
    "generated/catalogue/table.md",
    "generated/grids/table.md",
]
templates_path = ["_templates"]
nitpicky = True

autosummary_generate = True
autosummary_ignore_module_all = False
autodoc_typehints = "none"
autodoc_member_order = "groupwise"
numpydoc_show_class_members = False

myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120

html_theme = "pydata_sphinx_theme"
html_title = "persuasion_lp"
html_theme_options = {"show_toc_level": 2, "navigation_with_keys": False}
html_show_sourcelink = False


ROOMS = (
    "persuasion_lp",
    "persuasion_lp.errors",
    "persuasion_lp.theorems",
    "persuasion_lp.laboratory",
)
"""Where users reach what docstrings call by its short name."""


def short_name(app: Any, environment: Any, node: Any, content: Any) -> Any:
    """Resolve ``ManagerProblem`` and ``GameResult.exact`` to where users reach them."""
    if node.get("refdomain") != "py":
        return None
    domain = environment.get_domain("py")
    target = node["reftarget"].lstrip("~")
    parts = target.split(".")
    tails = [".".join(parts[k:]) for k in range(len(parts))]
    for room in ROOMS:
        for tail in tails:
            name = f"{room}.{tail}"
            if name in domain.objects:
                entry = domain.objects[name]
                return make_refnode(
                    app.builder, node["refdoc"], entry.docname, entry.node_id, content, name
                )
    return None


nitpick_ignore_regex = [
    ("py:data", "TIE_TOLERANCE|CALLABLE_ULPS"),
    ("py:.*", r"persuasion_lp\.(arrays|core|families|laboratory|lp|primitives|beliefs)\..*"),
]
"""Rooms of the house that users do not enter: named in docstrings, without a page."""


def setup(app: Any) -> None:
    """Write the generated pages before any page is read."""
    app.connect("builder-inited", lambda _: generate.write(HERE / "generated"))
    app.connect("missing-reference", short_name)
