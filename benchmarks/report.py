"""Results as a document for JSON, and the document as tables.

Whatever is printed is in the document: medians with least and most, ratios to the baseline taken
within rounds, exponents fitted to the three largest sizes, and what was asked. Where the truth is
known, also errors and their exponents, fitted to all sizes: how near a grid comes to the optimum
goes up and down with what it happens to hold.
"""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

import persuasion_lp as plp
from benchmarks.registry import PHASES, Spec
from benchmarks.runner import Measurement
from persuasion_lp.lp.process import SOLVER

__all__ = [
    "EXACT",
    "FITTED",
    "SCHEMA",
    "check_document",
    "document",
    "error_exponent",
    "exponent",
    "machine",
    "tables",
    "versions",
]

SCHEMA = 3
"""Raised when the document changes in a way that its readers must know of."""

FITTED = 3
"""Sizes, the largest ones, to which an exponent is fitted: small ones show fixed costs only."""

EXACT = 1e-12
"""Errors up to this are none: brackets that are as narrow as promised are not wider."""

USED = ("highspy", "cvxpy", "scipy", "numpy", "linopy", "pulp", "numba")
"""Packages whose versions are noted."""

_TOP = ("schema", "created", "machine", "versions", "settings", "results", "growth", "asks")


def document(
    specs: Sequence[Spec], measurements: Iterable[Measurement], settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Everything measured, in plain types ready for JSON."""
    by_spec: dict[str, list[Measurement]] = {spec.name: [] for spec in specs}
    for m in measurements:
        by_spec[m.spec].append(m)
    return {
        "schema": SCHEMA,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
        "settings": dict(settings),
        "results": [_result(spec, m, by_spec) for spec in specs for m in by_spec[spec.name]],
        "growth": [row for spec in specs for row in _growth(spec, by_spec[spec.name])],
        "asks": [row for spec in specs for row in _asked(spec, by_spec[spec.name])],
    }


def check_document(doc: Mapping[str, Any]) -> None:
    """Raise ``ValueError`` unless a document (read back from JSON, say) is whole."""
    missing = [key for key in _TOP if key not in doc]
    if missing:
        raise ValueError(f"the document lacks {', '.join(missing)}")
    if doc["schema"] != SCHEMA:
        raise ValueError(f"schema {doc['schema']}, must be {SCHEMA}")
    if not (doc["results"] and doc["machine"] and doc["versions"]):
        raise ValueError("the document holds no results, machine or versions")
    for row in doc["results"]:
        where = f"{row['spec']}, {row['size']}, {row['contender']}"
        if not math.isfinite(row["value"]):
            raise ValueError(f"{where}: value {row['value']}")
        for name in (*PHASES, "total"):
            samples = row["seconds"][name]["samples"]
            if len(samples) != row["rounds"] or not all(0 <= s < math.inf for s in samples):
                raise ValueError(f"{where}: {name} took {samples} s in {row['rounds']} rounds")
        if not 0 < row["ratio"]["median"] < math.inf:
            raise ValueError(f"{where}: ratio {row['ratio']}")


def exponent(sizes: Sequence[int], seconds: Sequence[float], *, exponential: bool) -> float | None:
    """Fit how times grow with size, to the :data:`FITTED` largest sizes; ``None`` for fewer.

    Parameters
    ----------
    sizes, seconds
        From small to large.
    exponential
        Whether to fit seconds ~ 2^(b·size) rather than seconds ~ size^b.

    Examples
    --------
    >>> round(exponent([10, 100, 1000], [1.0, 10.0, 100.0], exponential=False), 9)
    1.0
    >>> round(exponent([2, 3, 4], [1.0, 4.0, 16.0], exponential=True), 9)
    2.0
    """
    if len(sizes) < FITTED:
        return None
    x = np.asarray(sizes[-FITTED:], dtype=np.float64)
    slope, _ = np.polyfit(x if exponential else np.log2(x), np.log2(seconds[-FITTED:]), 1)
    return float(slope)


def error_exponent(sizes: Sequence[int], errors: Sequence[float]) -> float | None:
    """Fit errors ~ size^b to all sizes; ``None`` for fewer than :data:`FITTED` errors.

    Examples
    --------
    >>> round(error_exponent([8, 16, 32], [0.08, 0.02, 0.005]), 9)
    -2.0
    >>> error_exponent([8, 16, 32], [0.0, 1e-14, 0.0])
    """
    there = [(n, error) for n, error in zip(sizes, errors, strict=True) if error > EXACT]
    if len(there) < FITTED:
        return None
    n, error = np.log2(there).T
    return float(np.polyfit(n, error, 1)[0])


def tables(doc: Mapping[str, Any]) -> str:
    """Print a document: times by phase, ratios and growth for each spec, then what was asked."""
    lines = [
        ", ".join(f"{name} {v}" for name, v in doc["versions"].items()),
        f"{doc['machine']['processor']}, {doc['machine']['cores']} cores",
        "milliseconds, medians; (least–most); × is the total divided by the baseline's, by rounds",
        "MiB: the peak above what the process held before; other processes are not seen",
    ]
    growth = {(row["spec"], row["contender"], row["of"]): row for row in doc["growth"]}
    for name in dict.fromkeys(row["spec"] for row in doc["results"]):
        rows = [row for row in doc["results"] if row["spec"] == name]
        lines += ["", name, *_aligned([_HEAD, *map(_cells, rows)])]
        fits = [
            f"{contender} {fit['exponent']:.2f}"
            for contender in dict.fromkeys(row["contender"] for row in rows)
            if (fit := growth.get((name, contender, "seconds")))
        ]
        if fits:
            kind = growth[name, rows[0]["contender"], "seconds"]["kind"]
            lines.append(f"growth ({kind}): {', '.join(fits)}")
        if rows[0]["errors"] is not None:
            lines += _aligned([_ERROR_HEAD, *map(_error_cells, rows)])
            fits = [
                f"{contender}, {of} {fit['exponent']:.2f}"
                for (spec, contender, of), fit in growth.items()
                if spec == name and of != "seconds"
            ]
            lines.append(f"growth of errors: {'; '.join(fits) or 'there are none'}")
    if doc["asks"]:
        lines += ["", "asked", *_aligned([_ASK_HEAD, *map(_ask_cells, doc["asks"])])]
    return "\n".join(lines)


def _spread(samples: Sequence[float]) -> dict[str, Any]:
    return {"median": median(samples), "least": min(samples), "most": max(samples)}


def _result(
    spec: Spec, m: Measurement, by_spec: Mapping[str, Sequence[Measurement]]
) -> dict[str, Any]:
    (base,) = (
        other
        for other in by_spec[spec.name]
        if other.size == m.size and other.contender == spec.baseline.name
    )
    ratios = [own["total"] / its["total"] for own, its in zip(m.samples, base.samples, strict=True)]
    seconds = {}
    for name in m.samples[0]:
        samples = [sample[name] for sample in m.samples]
        seconds[name] = {**_spread(samples), "samples": samples}
    return {
        "spec": m.spec,
        "size": m.size,
        "measured_in": spec.measured_in,
        "contender": m.contender,
        "value": m.value,
        "lower": m.lower,
        "upper": m.upper,
        "truth": spec.truth,
        "errors": None if spec.truth is None else _errors(m, spec.truth),
        "columns": m.columns,
        "nonzeros": m.nonzeros,
        "peak": m.peak,
        "rounds": len(m.samples),
        "seconds": seconds,
        "ratio": {**_spread(ratios), "to": base.contender},
    }


def _growth(spec: Spec, measurements: Sequence[Measurement]) -> Iterable[dict[str, Any]]:
    for contender in spec.contenders:
        own = [m for m in measurements if m.contender == contender.name]
        sizes = [m.size for m in own]
        totals = [median(sample["total"] for sample in m.samples) for m in own]
        fitted = exponent(sizes, totals, exponential=spec.exponential)
        kind = "log2 per further one of" if spec.exponential else "power of the"
        row = {
            "spec": spec.name,
            "contender": contender.name,
            "kind": f"{kind} {spec.measured_in}",
        }
        if fitted is not None:
            yield {**row, "of": "seconds", "sizes": sizes[-FITTED:], "exponent": fitted}
        if spec.truth is None or not own:
            continue
        errors = [_errors(m, spec.truth) for m in own]
        for of in errors[0]:
            fitted = error_exponent(sizes, [found[of] for found in errors])
            if fitted is not None:
                yield {**row, "of": of, "sizes": sizes, "exponent": fitted}


def _errors(m: Measurement, truth: float) -> dict[str, float]:
    """Distance of the value from the truth, and of a bracket's ends."""
    if m.lower is None or m.upper is None:
        return {"value": abs(m.value - truth)}
    return {"below": truth - m.lower, "above": m.upper - truth, "width": m.upper - m.lower}


def _asked(spec: Spec, measurements: Sequence[Measurement]) -> Iterable[dict[str, Any]]:
    for ask in spec.asks:
        own = [
            m
            for m in measurements
            if m.contender == ask.contender and (m.nonzeros or 0) >= ask.nonzeros
        ]
        for m in own if ask.nonzeros else own[-1:]:
            found = _spread([ask.measure(sample) for sample in m.samples])
            yield {
                "spec": spec.name,
                "ask": ask.name,
                "contender": ask.contender,
                "size": m.size,
                "nonzeros": m.nonzeros,
                "unit": ask.unit,
                **found,
                "at_most": ask.at_most,
                "met": None if ask.at_most is None else found["median"] <= ask.at_most,
            }


def machine() -> dict[str, Any]:
    """What this runs on."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        named = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        processor = named[0].split(":", 1)[1].strip() if named else processor
    return {"system": platform.platform(), "processor": processor, "cores": os.cpu_count()}


def versions() -> dict[str, str]:
    """Of Python, the solver and the packages compared."""
    found = {
        "persuasion_lp": plp.__version__,
        "python": platform.python_version(),
        "HiGHS": SOLVER.removeprefix("HiGHS "),
    }
    return found | {name: version(name) for name in USED if find_spec(name)}


_HEAD = (
    *("size", "contender", "columns", "nonzeros", *PHASES),
    *("total", "", "×", "", "MiB", "rounds"),
)
_ERROR_HEAD = ("size", "contender", "value − truth", "truth − lower", "upper − truth", "width")
_ASK_HEAD = ("spec", "what", "contender", "size", "nonzeros", "median", "", "asked", "")


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    times = row["seconds"]
    total, ratio = times["total"], row["ratio"]
    return (
        str(row["size"]),
        row["contender"],
        _count(row["columns"]),
        _count(row["nonzeros"]),
        *(_number(1e3 * times[name]["median"]) for name in (*PHASES, "total")),
        f"({_number(1e3 * total['least'])}–{_number(1e3 * total['most'])})",
        _number(ratio["median"]),
        f"({_number(ratio['least'])}–{_number(ratio['most'])})",
        "" if row["peak"] is None else f"{row['peak'] / 2**20:.0f}",
        str(row["rounds"]),
    )


def _error_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    numbers = [row["value"] - row["truth"]]
    numbers += [row["errors"][of] for of in ("below", "above", "width") if of in row["errors"]]
    cells = [f"{number:.1e}" for number in numbers]
    return (str(row["size"]), row["contender"], *cells, *[""] * (4 - len(cells)))


def _ask_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    asked = "" if row["at_most"] is None else f"≤ {row['at_most']:g} {row['unit']}"
    return (
        row["spec"],
        row["ask"],
        row["contender"],
        str(row["size"]),
        _count(row["nonzeros"]),
        f"{_number(row['median'])} {row['unit']}",
        f"({_number(row['least'])}–{_number(row['most'])})",
        asked,
        {None: "", True: "met", False: "NOT MET"}[row["met"]],
    )


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


def _number(x: float) -> str:
    """Three digits, without an exponent."""
    if not 0 < abs(x) < 1000:
        return f"{x:.0f}"
    return f"{x:.{max(0, 2 - math.floor(math.log10(abs(x))))}f}"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns of equal width: words to the left, numbers to the right."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    left = [any(cell[:1].isalpha() for cell in column[1:]) for column in columns]
    return [
        "  "
        + "  ".join(
            cell.ljust(width) if words else cell.rjust(width)
            for cell, width, words in zip(row, widths, left, strict=True)
        ).rstrip()
        for row in rows
    ]
