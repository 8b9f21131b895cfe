"""What importing the package brings along."""

from __future__ import annotations

import subprocess
import sys


def test_importing_stays_light() -> None:
    """Beyond ``scipy.sparse`` itself, which before scipy 1.15 brings ``csgraph`` along."""
    heavy = (
        "cvxpy, flint, matplotlib, pandas, scipy.optimize, scipy.sparse.csgraph, scipy.spatial, "
        "scipy.stats"
    )
    code = (
        "import sys, scipy.sparse; needed = {*sys.modules}; import persuasion_lp; "
        f"print([m for m in '{heavy}'.split(', ') if m in {{*sys.modules}} - needed])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
