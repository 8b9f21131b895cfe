"""Upper hulls of long sequences, against the regression of all their slopes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from scipy.optimize import isotonic_regression

from persuasion_lp.arrays import Floats
from persuasion_lp.beliefs import hull
from persuasion_lp.beliefs.hull import hull_vertices


def sequences() -> Iterator[tuple[str, Floats, Floats]]:
    """Long sequences of every kind, on even and on random grids."""
    rng = np.random.default_rng(5)
    for trial in range(24):
        n = int(rng.choice([4_100, 12_000, 52_000, 90_001]))
        even = np.linspace(0, 1, n)
        x = even if trial % 3 else np.unique(rng.random(n))
        bowl = -((x - 0.4) ** 2)
        some = rng.random(x.size) < rng.random()
        yield "noise", x, rng.random(x.size)
        yield "concave", x, bowl
        yield "walk", x, np.cumsum(rng.normal(size=x.size))
        yield "steps", x, np.floor(7 * x) - x
        yield (
            "dented",
            x,
            bowl - np.where(some, rng.random(x.size) * 10.0 ** -rng.integers(1, 13), 0),
        )
        yield "nearly linear", x, 3 * x + 1e-9 * rng.random(x.size)
        holes = bowl.copy()
        for _ in range(int(rng.integers(1, 6))):
            a, b = np.sort(rng.integers(0, x.size, 2))
            holes[a:b] -= rng.random() * 10.0 ** -rng.integers(0, 9)
        yield "holes", x, holes


def test_long_sequences_have_the_hull_of_the_plain_regression() -> None:
    """Chords and windows leave nothing out: at every point the same height, nothing above it."""
    for kind, x, f in sequences():
        found = hull_vertices(x, f)
        plain = isotonic_regression(
            np.diff(f) / np.diff(x), weights=np.diff(x), increasing=False
        ).blocks
        height = np.interp(x, x[found], f[found])
        scale = 3e-15 * max(1.0, float(np.abs(f).max()))
        assert np.abs(height - np.interp(x, x[plain], f[plain])).max() <= scale, kind
        assert (f - height).max() <= scale, kind


def test_a_window_that_is_too_narrow_is_widened(monkeypatch: pytest.MonkeyPatch) -> None:
    """One dent whose bridge spans much of a concave sequence, seen through two slopes at a time."""
    monkeypatch.setattr(hull, "WINDOW", 1)
    monkeypatch.setattr(hull, "FEW", 0)
    monkeypatch.setattr(hull, "BENT", 0.0)
    x = np.linspace(0, 1, 60_000)
    f = -((x - 0.5) ** 2)
    f[20_000:35_000] -= 1
    height = np.interp(x, x[hull_vertices(x, f)], f[hull_vertices(x, f)])
    assert (f <= height + 1e-15).all()
    assert hull_vertices(x, f).size < 46_000
