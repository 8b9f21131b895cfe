r"""Numbers of a document that can be moved, and the document in which they were.

Thresholds, cutoffs, payments, types, quotas and values of a payoff move by themselves.
Probabilities do not: they sum to 1. A prior over several states moves by weights, which are divided
by their sum. A prior over the states of two receivers with two states each moves by both
probabilities of H, a and b, and by the correlation

    r ≥ 0:   Pr(H, H) = a b + r (min(a, b) − a b)
    r ≤ 0:   Pr(H, H) = a b + r (a b − max(0, a + b − 1)),

so that 0 is independence, and 1 and −1 are as much as a and b allow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from persuasion_lp.inputs import is_a
from persuasion_lp.primitives.content import Document
from persuasion_lp.reading import fraction_of
from persuasion_lp.sweep.places import place_of, replaced

__all__ = ["MOST_SLIDERS", "Moved", "Slider", "moved_document", "sliders_of"]

MOST_SLIDERS = 24
"""More are not shown: a page of them moves nobody."""

Moved: TypeAlias = Mapping[str, Fraction]
"""Sliders that were moved, by key."""

PAYMENT = (Fraction(1, 50), Fraction(49, 50))
TYPES = (Fraction(1, 2), Fraction(4))
CORRELATION = "prior: correlation"
FIRST, SECOND = "prior: first", "prior: second"


@dataclass(frozen=True)
class Slider:
    """A number that can be moved.

    Attributes
    ----------
    key
        Its path in the document, or what of the prior it is.
    label
        In words.
    value
        As the document has it.
    low, high
        How far it moves.
    group
        Sliders that stand together.
    whole
        Whether it takes whole numbers only.
    """

    key: str
    label: str
    value: Fraction
    low: Fraction
    high: Fraction
    group: str
    whole: bool = False

    @property
    def step(self) -> Fraction:
        """The least it moves by."""
        if self.whole:
            return Fraction(1)
        return Fraction(1, 100) if self.high - self.low <= 2 else Fraction(1, 20)


def sliders_of(document: Document) -> tuple[Slider, ...]:
    """The numbers of a document that can be moved, at most :data:`MOST_SLIDERS`."""
    found = [*_receivers(document), *_votes(document), *_prior(document), *_menus(document)]
    found += _payoff(document)
    return tuple(found[:MOST_SLIDERS])


def moved_document(document: Document, moved: Moved) -> Document:
    """The document with other numbers; keys that are no sliders of it are passed over."""
    known = {slider.key: slider for slider in sliders_of(document)}
    now = {key: moved.get(key, slider.value) for key, slider in known.items()}
    changed = dict(document)
    if moved.keys() & {CORRELATION, FIRST, SECOND} & known.keys():
        changed["prior"] = _joint(now[FIRST], now[SECOND], now[CORRELATION])
    for field in ("prior", "type_probs"):
        weights = [key for key in known if key.startswith((f"{field}[", f"{field}."))]
        if not any(key in moved for key in weights):
            continue
        total = sum(now[key] for key in weights)
        for key in weights:
            share = now[key] / total if total else Fraction(0)
            changed = replaced(changed, place_of(key, changed), str(share))
    for key, value in moved.items():
        own = key in known and known[key].group not in ("prior", "probabilities of types")
        if own or (key == "prior" and key in known):
            number: Any = int(value) if known[key].whole else str(value)
            changed = replaced(changed, place_of(key, changed), number)
    return changed


def _receivers(document: Document) -> Iterator[Slider]:
    field = "receivers" if "receivers" in document else "payoffs"
    for i, receiver in enumerate(_listed(document.get(field))):
        if not is_a(receiver, Mapping):
            continue
        name = str(receiver.get("name", f"receiver {i}"))
        at = f"{field}[{i}]"
        if "threshold" in receiver:
            yield from _unit(f"{at}.threshold", f"{name}: threshold", receiver["threshold"])
        for k, cutoff in enumerate(_listed(receiver.get("cutoffs"))):
            yield from _unit(f"{at}.cutoffs[{k}]", f"{name}: cutoff {k + 1}", cutoff)


def _votes(document: Document) -> Iterator[Slider]:
    cutoffs = _listed(document.get("cutoffs"))
    for i, cutoff in enumerate(cutoffs):
        yield from _unit(f"cutoffs[{i}]", f"voter {i}: cutoff", cutoff)
    quota = fraction_of(document.get("quota"))
    if quota is not None and len(cutoffs) > 1:
        most = Fraction(len(cutoffs))
        yield Slider("quota", "approvals that win", quota, Fraction(1), most, "cutoffs", whole=True)


def _prior(document: Document) -> Iterator[Slider]:
    prior: Any = document.get("prior")
    if is_a(prior, (list, tuple)) and len(prior) == 2 and all(_pair(row) for row in prior):
        (low, right), (left, high) = (tuple(fraction_of(x) for x in row) for row in prior)
        if low is not None and right is not None and left is not None and high is not None:
            yield from _marginals(low, right, left, high)
        return
    one = fraction_of(prior)
    if one is not None:
        yield Slider("prior", "prior", one, Fraction(0), Fraction(1), "prior")
        return
    weights = list(_weights("prior", prior))
    if not (is_a(prior, Mapping) and "states" in prior) and 1 < len(weights) <= MOST_SLIDERS:
        for key, value in weights:
            label = f"weight of {key.removeprefix('prior').strip('.')}"
            yield Slider(key, label, value, Fraction(0), Fraction(1), "prior")


def _marginals(low: Fraction, right: Fraction, left: Fraction, high: Fraction) -> Iterator[Slider]:
    """Of a joint prior, rows the first state, columns the second one."""
    total = low + right + left + high
    if not total:
        return
    first, second = (left + high) / total, (right + high) / total
    unit = (Fraction(0), Fraction(1))
    yield Slider(FIRST, "first state is H", first, *unit, "prior")
    yield Slider(SECOND, "second state is H", second, *unit, "prior")
    r = _correlation(first, second, high / total)
    yield Slider(CORRELATION, "correlation", r, Fraction(-1), Fraction(1), "prior")


def _correlation(a: Fraction, b: Fraction, both: Fraction) -> Fraction:
    apart = both - a * b
    room = min(a, b) - a * b if apart > 0 else a * b - max(Fraction(0), a + b - 1)
    return apart / room if room else Fraction(0)


def _joint(a: Fraction, b: Fraction, r: Fraction) -> list[list[str]]:
    room = min(a, b) - a * b if r > 0 else a * b - max(Fraction(0), a + b - 1)
    both = a * b + r * room
    return [[str(1 - a - b + both), str(b - both)], [str(a - both), str(both)]]


def _menus(document: Document) -> Iterator[Slider]:
    if document.get("problem") != "ManagerProblem":
        return
    payment = fraction_of(document.get("payment"))
    if payment is not None:
        yield Slider("payment", "payment", payment, *PAYMENT, "payment and types")
    for k, x in enumerate(_listed(document.get("types"))):
        value = fraction_of(x)
        if value is not None:
            high = max(TYPES[1], value)
            yield Slider(f"types[{k}]", f"type {k}", value, TYPES[0], high, "payment and types")
    for k, p in enumerate(_listed(document.get("type_probs"))):
        value = fraction_of(p)
        if value is not None:
            yield Slider(
                f"type_probs[{k}]",
                f"weight of type {k}",
                value,
                Fraction(0),
                Fraction(1),
                "probabilities of types",
            )


def _payoff(document: Document) -> Iterator[Slider]:
    payoff: Any = document.get("payoff")
    if not is_a(payoff, Mapping):
        return
    values = [fraction_of(value) for value in _listed(payoff.get("values"))]
    known = [value for value in values if value is not None]
    if len(known) != len(values) or not known:
        return
    low, high = min(known) - 1, max(known) + 1
    points = [str(x) for x in _listed(payoff.get("breakpoints"))]
    for k, value in enumerate(known):
        at = points[k] if k < len(points) else str(k)
        yield Slider(f"payoff.values[{k}]", f"payoff at {at}", value, low, high, "payoff")


def _unit(key: str, label: str, given: Any) -> Iterator[Slider]:
    value = fraction_of(given)
    if value is not None and 0 <= value <= 1:
        yield Slider(key, label, value, Fraction(0), Fraction(1), "cutoffs")


def _weights(path: str, given: Any) -> Iterator[tuple[str, Fraction]]:
    value = fraction_of(given)
    if value is not None:
        yield path, value
    elif is_a(given, Mapping):
        for name, entry in given.items():
            yield from _weights(f"{path}.{name}", entry)
    else:
        for k, entry in enumerate(_listed(given)):
            yield from _weights(f"{path}[{k}]", entry)


def _listed(given: Any) -> list[Any]:
    return list(given) if is_a(given, (list, tuple)) else []


def _pair(row: Any) -> bool:
    pair = is_a(row, (list, tuple)) and len(row) == 2
    return pair and all(fraction_of(x) is not None for x in row)
