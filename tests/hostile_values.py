"""Values that no field asks for: by kind, each made afresh."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse, stats

import persuasion_lp as plp

__all__ = ["HOSTILE", "DefinedByCode", "SilentError"]


class SilentError(Exception):
    """An exception that cannot be printed, and cannot be unpickled."""

    def __init__(self, one: object, two: object) -> None:
        super().__init__()

    def __str__(self) -> str:
        raise RuntimeError("no words")


def raising(*names: str) -> Any:
    """An object of which the named methods raise."""

    def refuse(self: Any, *_: Any, **__: Any) -> Any:
        raise SilentError(1, 2)

    return type("Raising", (), dict.fromkeys(names, refuse))()


def nameless() -> Any:
    """An object that does not say of which class it is, as proxies may not."""
    return type("Nameless", (), {"__class__": property(raise_division)})()


def deep(levels: int) -> Any:
    """A list in a list in a list, and so on."""
    found: Any = 0.5
    for _ in range(levels):
        found = [found]
    return found


def endless() -> Any:
    """A list that holds itself."""
    found: list[Any] = [0.5]
    found.append(found)
    return found


class DefinedByCode:
    """A distribution of a user's own, of which one method misbehaves."""

    def __init__(self, method: str, gives: Any) -> None:
        self.method, self.gives = method, gives
        self.dist = type("Dist", (), {"name": "own"})()

    def _answer(self, method: str, otherwise: Any) -> Any:
        if method != self.method:
            return otherwise
        return self.gives() if callable(self.gives) else self.gives

    def cdf(self, t: Any) -> Any:
        """F."""
        return self._answer("cdf", np.clip(np.asarray(t, dtype=float), 0, 1))

    def ppf(self, u: Any) -> Any:
        """F^{-1}."""
        return self._answer("ppf", np.asarray(u, dtype=float))

    def pdf(self, t: Any) -> Any:
        """F."""
        return np.ones(np.shape(t))

    def support(self) -> Any:
        """Ends of the support."""
        return self._answer("support", (0.0, 1.0))


def raise_silent() -> Any:
    """Raise what cannot be printed."""
    raise SilentError(1, 2)


def raise_division(*_: Any) -> Any:
    """Raise as arithmetic does."""
    return 1 // 0


class OwnDistribution(plp.StateDistribution):
    """A distribution of a user's own whose methods give what is no number."""

    low, high, mean, error = 0.0, 1.0, 0.5, 0.0

    def __init__(self, gives: Any) -> None:
        self.gives = gives

    def cdf(self, t: Any) -> Any:
        """F."""
        return self.gives

    def quantile(self, u: Any) -> Any:
        """F^{-1}."""
        return self.gives

    def tail_moment(self, t: Any) -> Any:
        """M."""
        return self.gives


METHODS = (
    "__repr__",
    "__str__",
    "__bool__",
    "__iter__",
    "__array__",
    "__eq__",
    "__len__",
    "__float__",
    "__index__",
    "__getattr__",
    "__getattribute__",
    "__call__",
    "__hash__",
    "__reduce__",
    "__contains__",
    "__getitem__",
)

_NUMBERS: dict[str, Callable[[], Any]] = {
    repr(value)[:40]: (lambda value=value: value)
    for value in (
        float("nan"),
        float("inf"),
        -float("inf"),
        0,
        -1,
        0.5,
        1,
        1.0,
        2,
        -0.0,
        1e308,
        1e-310,
        1e150,
        2**31,
        2**63,
        -(2**63),
        Decimal("0.5"),
        Decimal("1e999999999"),
        Decimal("-1e999999999"),
        Decimal("1e-999999999"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Fraction(1, 2),
        Fraction(1, 10**400),
        1j,
        complex(0.5, 0),
        True,
        False,
        np.float32(0.5),
        np.float16(0.5),
        np.int64(1),
        np.uint8(200),
        np.bool_(True),
        np.complex128(0.5 + 1j),
        np.datetime64("NaT"),
        np.datetime64("2020-01-01"),
        np.timedelta64(1, "s"),
        pd.NaT,
        pd.NA,
        pd.Timestamp("2020-01-01"),
        pd.Timedelta("1s"),
    )
} | {
    "4300 digits": lambda: 10**4300,
    "5000 digits": lambda: -(10**5000),
    "huge fraction": lambda: Fraction(10**5000, 3),
    "a million digits": lambda: 1 << 3_300_000,
    "longdouble": lambda: np.longdouble("1e400") if np.finfo(np.longdouble).max > 1e400 else 1.0,
}

_STRINGS: dict[str, Callable[[], Any]] = {
    "empty": lambda: "",
    "number": lambda: "0.5",
    "fraction": lambda: "1/2",
    "over zero": lambda: "1/0",
    "exponent": lambda: "1e999999999",
    "nan": lambda: "nan",
    "fullwidth": lambda: "０.５",
    "arabic": lambda: "٠.٥",
    "superscript": lambda: "²",
    "escape": lambda: "\x1b[31mred\x00\n",
    "surrogate": lambda: "\ud800",
    "right to left": lambda: "\u202efdp",
    "long": lambda: "a" * 10**6,
    "digits": lambda: "1" * 10**5,
    "False": lambda: "False",
    "bytes": lambda: b"0.5",
    "a procedure": lambda: "sequentail",
    "numpy string": lambda: np.str_("simultaneous"),
}

_COLLECTIONS: dict[str, Callable[[], Any]] = {
    "no list": list,
    "no tuple": tuple,
    "no mapping": dict,
    "no set": set,
    "list of nothing": lambda: [[]],
    "mapping": lambda: {0: 0.5, 1: 0.5},
    "set": lambda: {0.5},
    "ragged": lambda: [1, [2, 3]],
    "None": lambda: [None, None],
    "halves": lambda: [0.5, 0.5],
    "numbers and words": lambda: [0.5, "half"],
    "nan": lambda: [float("nan"), 0.5],
    "deep": lambda: deep(5000),
    "as deep as arrays": lambda: deep(70),
    "endless": endless,
    "range": lambda: range(3),
    "generator": lambda: (x for x in (0.5, 0.5)),
    "failing generator": lambda: (1 // x for x in (1, 0)),
    "long integers": lambda: [10**5000, 1],
    "long decimals": lambda: [Decimal("1e999999999"), 1],
    "truth values": lambda: [True, False],
    "masked": lambda: [0.5, np.ma.masked],
    "objects": lambda: [raising("__float__", "__repr__"), 0.5],
    "memory": lambda: memoryview(b"ab"),
    "pairs": lambda: [(0.5, 0.5), (1, 2, 3)],
}

_ARRAYS: dict[str, Callable[[], Any]] = {
    "0-d": lambda: np.array(0.5),
    "0-d nothing": lambda: np.array(None),
    "0-d words": lambda: np.array("simultaneous"),
    "two words": lambda: np.array(["simultaneous", "sequential"]),
    "two truths": lambda: np.array([True, False]),
    "empty": lambda: np.zeros((0, 3)),
    "halves": lambda: np.array([0.5, 0.5]),
    "short halves": lambda: np.array([0.5, 0.5], dtype=np.float32),
    "big endian": lambda: np.array([0.5, 0.5], dtype=">f8"),
    "complex": lambda: np.array([0.5 + 1j, 0.5]),
    "dates": lambda: np.array(["NaT", "2020-01-01"], dtype="M8[D]"),
    "durations": lambda: np.array([1, 2], dtype="m8[s]"),
    "structured": lambda: np.zeros(2, dtype=[("p", float)]),
    "bytes": lambda: np.array([b"0.5", b"0.5"]),
    "objects": lambda: np.array([0.5, None], dtype=object),
    "objects in objects": lambda: np.array([np.ones(2), 0.5], dtype=object),
    "masked": lambda: np.ma.masked_array([0.5, 0.5], mask=[True, False]),
    "masked words": lambda: np.ma.masked_array(["a", "b"], mask=[True, False]),
    "whole masked": lambda: np.ma.masked_array([0.5, 0.5]),
    "huge": lambda: np.broadcast_to(0.5, (1 << 20, 1 << 20)),
    "many axes": lambda: np.zeros((1,) * 30),
    "longdouble": lambda: np.array([1e300, 1], dtype=np.longdouble) ** 2,
    "matrix": lambda: sparse.csr_array(np.eye(2)),
    "not contiguous": lambda: np.arange(8.0)[::-3],
}

_TABLES: dict[str, Callable[[], Any]] = {
    "series": lambda: pd.Series([0.5, 0.5]),
    "states": lambda: pd.Series({"H": 0.25, "L": 0.75}),
    "labels": lambda: pd.Series({"good": 0.5, "bad": 0.5}),
    "two of one label": lambda: pd.Series([0.5, 0.5], index=["H", "H"]),
    "missing": lambda: pd.Series([0.5, None]),
    "missing integers": lambda: pd.Series([1, None], dtype="Int64"),
    "categories": lambda: pd.Series(["a", "b"], dtype="category"),
    "dates": lambda: pd.Series(pd.to_datetime(["2020-01-01", "NaT"])),
    "wide": lambda: pd.DataFrame([[0, 0.5], [0.5, 0]]),
    "long": lambda: pd.DataFrame({"state": ["L", "H"], "p": [0.5, 0.5]}),
    "no rows": pd.DataFrame,
}

_FUNCTIONS: dict[str, Callable[[], Any]] = {
    "raises": lambda: raise_division,
    "raises without words": lambda: lambda *_: raise_silent(),
    "exits by recursion": lambda: lambda *_: sys.getrecursionlimit() and deep_call(0),
    "nothing": lambda: lambda *_: None,
    "nan": lambda: lambda x, *_: np.full(np.shape(x), np.nan),
    "infinite": lambda: lambda x, *_: np.full(np.shape(x), np.inf),
    "complex": lambda: lambda x, *_: np.full(np.shape(x), 1j),
    "masked": lambda: lambda x, *_: np.ma.masked_array(np.zeros(np.shape(x)), mask=True),
    "dates": lambda: lambda x, *_: np.full(np.shape(x), np.datetime64("2020-01-01")),
    "wrong shape": lambda: lambda x, *_: np.zeros(7),
    "a word": lambda: lambda *_: "half",
    "long": lambda: lambda *_: 10**5000,
    "negative": lambda: lambda x, *_: -1.0 - np.zeros(np.shape(x)),
    "of no argument": lambda: lambda: 0.5,
    "class": lambda: int,
    "constant": lambda: lambda x, *_: 1.0 + np.zeros(np.shape(x)),
}


def deep_call(n: int) -> int:
    """Recurse until Python stops it."""
    return deep_call(n + 1)


_OBJECTS: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "ellipsis": lambda: ...,
    "object": object,
    "module": lambda: np,
    "class": lambda: plp.PersuasionGame,
    "receiver": lambda: plp.Receiver.threshold(0.8),
    "grid of states": lambda: plp.StateGrid([0.2, 0.6]),
    "game": lambda: plp.PersuasionGame([0.5, 0.5], [plp.Receiver.threshold(0.8)]),
    "options": lambda: plp.SolverOptions(),
    "uniform": lambda: plp.StateDistribution.uniform(),
    "scipy": lambda: stats.norm(),
    "scipy discrete": lambda: stats.poisson(2),
    "scipy without density": lambda: stats.uniform(0.5, 0.0),
    "scipy on [0, 1]": lambda: stats.triang(0.5),
    "line": lambda: plp.PiecewiseLinear([0, 1], [0, 1]),
    "raises everywhere": lambda: raising(*METHODS),
    "says no class": nameless,
    "own distribution": lambda: OwnDistribution(0.5),
    "own distribution, nan": lambda: OwnDistribution(float("nan")),
    "own distribution, words": lambda: OwnDistribution("half"),
}
_OBJECTS |= {f"raises in {name}": (lambda name=name: raising(name)) for name in METHODS}  # type: ignore[misc]
_OBJECTS |= {
    f"distribution, {method} {what}": (lambda m=method, g=gives: DefinedByCode(m, g))  # type: ignore[misc]
    for method in ("cdf", "ppf", "support")
    for what, gives in {
        "raises": raise_division,
        "raises without words": raise_silent,
        "nan": float("nan"),
        "None": None,
        "complex": 1j,
        "words": "half",
        "three": (0.0, 1.0, 2.0),
    }.items()
}

HOSTILE: dict[str, Callable[[], Any]] = {
    f"{kind}: {name}": make
    for kind, makers in {
        "number": _NUMBERS,
        "string": _STRINGS,
        "collection": _COLLECTIONS,
        "array": _ARRAYS,
        "table": _TABLES,
        "function": _FUNCTIONS,
        "object": _OBJECTS,
    }.items()
    for name, make in makers.items()
}
"""By name, what makes the value."""
