"""``benchmarks/README.md`` and its picture, from a document of results."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.report import tables

__all__ = ["DRAWN", "draw", "text"]

DRAWN = ("peers/public", "scale/public", "scale/private", "peers/envelope")
"""Specs in the picture."""

_TEXT = """# Benchmarks

Written by `make bench` from what it measured ({created}); `make bench-quick` takes less than two
minutes. Each contender does the whole work, from plain numbers to an answer, in turn with the
others; every answer is recomputed and compared before its time counts. A run that was interrupted
goes on where it stopped: `python -m benchmarks --resume`.

![Seconds against size, medians](times.png)

Both axes are logarithmic where sizes are points; where they are receivers the one of sizes is
linear, and a straight line is a constant factor per further receiver.

```text
{tables}
```
"""


def text(doc: Mapping[str, Any]) -> str:
    """The page."""
    return _TEXT.format(created=doc["created"][:10], tables=tables(doc))


def draw(doc: Mapping[str, Any], path: Path) -> None:
    """Times against sizes, a panel for each of :data:`DRAWN` that was measured."""
    from matplotlib.figure import Figure

    names = [name for name in DRAWN if any(row["spec"] == name for row in doc["results"])]
    figure = Figure(figsize=(7.0, 3.1 * ((len(names) + 1) // 2)), layout="constrained")
    for place, name in enumerate(names, start=1):
        ax = figure.add_subplot((len(names) + 1) // 2, 2, place)
        rows = [row for row in doc["results"] if row["spec"] == name]
        marks = "os^Dv<>Px*"
        for k, contender in enumerate(dict.fromkeys(row["contender"] for row in rows)):
            own = [row for row in rows if row["contender"] == contender]
            sizes = [row["size"] for row in own]
            seconds = [row["seconds"]["total"]["median"] for row in own]
            style: dict[str, Any] = (
                {"color": "black", "linewidth": 1.6} if k == 0 else {"linewidth": 0.9}
            )
            style |= {"linestyle": ("-", "--", ":", "-.")[k % 4]}
            ax.plot(sizes, seconds, marker=marks[k % len(marks)], ms=3.5, label=contender, **style)
        ax.set(title=name, xlabel=rows[0]["measured_in"], ylabel="seconds", yscale="log")
        if rows[0]["measured_in"] == "points":
            ax.set_xscale("log")
        else:
            ax.set_xticks(sorted({row["size"] for row in rows}))
        ax.grid(visible=True, alpha=0.25)
        ax.legend(
            fontsize=6.5,
            frameon=False,
            ncols=2,
            loc="upper center",
            bbox_to_anchor=(0.5, -0.22),
        )
    figure.savefig(path, dpi=150, metadata={"Software": None})
