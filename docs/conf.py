"""Settings of Sphinx, and what is generated before the pages are read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

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
exclude_patterns = ["_build", "generated/catalogue/table.md"]
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


def setup(app: Any) -> None:
    """Write the generated pages before any page is read."""
    app.connect("builder-inited", lambda _: generate.write(HERE / "generated"))
