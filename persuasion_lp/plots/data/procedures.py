"""Procedures side by side: of each the bracket that is proved, and what to judge it by.

One line is what the sender gets when nothing is said. The other is first best, the most that any
procedure could pay: itself a bracket, drawn at its upper end. Families without it have the state
revealed to everybody instead, which may be worth less than a procedure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from persuasion_lp.compare import Comparison, compare
from persuasion_lp.extras import load
from persuasion_lp.inputs import is_a
from persuasion_lp.plots.fitting import check_fits

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["procedures"]

FIRST_BEST = "first_best"


def procedures(of: Any) -> pd.DataFrame:
    """Every procedure with its bracket, and the two lines to judge them by.

    Parameters
    ----------
    of
        A :class:`Comparison`, or a problem, which is compared.

    Returns
    -------
    pandas.DataFrame
        Columns ``part``, ``name``, ``lower``, ``value``, ``upper``, ``order``. Parts: ``procedure``
        (``upper`` is NaN where nothing bounds it, ``order`` a tuple of receivers' names, or
        ``None``), ``reference`` (no information; first best, or full information).

    Raises
    ------
    InputError
        For something that is not compared.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("procedures", of)
    comparison = of if is_a(of, Comparison) else compare(of)
    names = getattr(comparison.problem, "names", ())
    rows: list[dict[str, Any]] = []
    for name, result in comparison.results.items():
        order = getattr(result, "order", None)
        rows.append(
            {
                "part": "procedure",
                "name": name,
                "lower": result.lower,
                "value": result.value,
                "upper": result.upper,
                "order": None if order is None else tuple(names[i] for i in order),
            }
        )
    some = next(iter(comparison.results.values()))
    rows.append(_line("no information", some.no_information))
    best = comparison.results.get(FIRST_BEST)
    if best is None or best.upper is None:
        rows.append(_line("full information", some.full_information))
    else:
        ends = {"lower": best.lower, "value": best.value, "upper": best.upper}
        rows.append({"part": "reference", "name": "first best", "order": None, **ends})
    frame = pd.DataFrame(rows, columns=["part", "name", "lower", "value", "upper", "order"])
    return frame.astype({"lower": float, "value": float, "upper": float})


def _line(name: str, value: float) -> dict[str, Any]:
    ends = dict.fromkeys(("lower", "value", "upper"), value)
    return {"part": "reference", "name": name, "order": None, **ends}
