"""What importing the package brings along."""

from __future__ import annotations

import subprocess
import sys


def test_importing_stays_light() -> None:
    heavy = (
        "cvxpy, flint, matplotlib, pandas, scipy.optimize, scipy.sparse.csgraph, scipy.spatial, "
        "scipy.stats"
    )
    code = (
        f"import sys, persuasion_lp; print([m for m in '{heavy}'.split(', ') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
