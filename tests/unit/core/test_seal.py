"""A certificate belongs to the answer that it was issued for, in every family and procedure."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp.checks import Checked
from persuasion_lp.families.games.improvement import sequential_improvement
from persuasion_lp.lp.highs import solve_lp
from persuasion_lp.seal import SealedAnswer
from tests.answers import ANSWERS, COPIES, answer, exact_answer

OTHERS: dict[type, Any] = {
    float: lambda x: x + 1e-9 * max(1.0, abs(x)),
    int: lambda k: k + 1,
    bool: lambda b: not b,
    str: lambda text: text + "'",
    Fraction: lambda q: q + Fraction(1, 10**30),
    type(None): lambda _: (0, 1),
}


def other(value: Any) -> Any:
    """Something else: another number or text, otherwise a copy, which is another object."""
    if type(value) in OTHERS:
        return OTHERS[type(value)](value)
    return (*value, None) if isinstance(value, tuple) else copy.deepcopy(value)


def sealed_fields(result: Any) -> list[str]:
    return [f.name for f in fields(result) if f.name not in ("certificate", "seal", "times")]


def all_answers() -> list[Any]:
    """One of every procedure, in floats and where there is one in fractions; of solvers too."""
    found: list[Any] = [answer(*key) for key in ANSWERS]
    found += [exact for key in ANSWERS if (exact := exact_answer(*key)) is not None]
    signal = answer("two judges", "simultaneous")
    return [*found, sequential_improvement(signal), solve_lp(signal.lp)]


@pytest.mark.parametrize("again", COPIES)
def test_every_field_of_every_answer_is_sealed(again: Callable[[Any], Any]) -> None:
    """Whichever is replaced, in an answer or in a copy of it, the certificate names it."""
    for whole in map(again, all_answers()):
        assert whole.certificate.ok, whole
        for name in sealed_fields(whole):
            changed = replace(whole, **{name: other(getattr(whole, name))})
            assert not changed.certificate.ok, (type(whole), name)
            assert changed.certificate.failures[0] == (
                f"the certificate was issued for another answer: {name} differs"
            )
            with pytest.raises(plp.errors.CertificateError, match="another answer"):
                changed.certificate.enforce()
        assert whole.certificate.ok


def test_parts_of_a_certificate_are_sealed() -> None:
    for whole in all_answers():
        for field in fields(whole.certificate):
            if field.name == "seal" or getattr(whole.certificate, field.name) is None:
                continue
            moved = other(getattr(whole.certificate, field.name))
            changed = replace(whole.certificate, **{field.name: moved})
            expected = f"the certificate was changed after it was issued: {field.name} differs"
            assert changed.failures[0] == expected
            assert not replace(whole, certificate=changed).certificate.ok


def test_what_is_replaced_together_is_named_together() -> None:
    result = answer("two judges", "simultaneous")
    changed = replace(result, value=2.0, experiment=copy.copy(result.experiment))
    assert changed.certificate.failures[0].endswith(": value, experiment differ")


def test_what_broke_a_seal_first_is_what_it_says() -> None:
    result = answer("two judges", "simultaneous")
    broken = replace(result, value=2.0)
    for again in (replace(broken, procedure="flexible"), replace(broken, value=result.value)):
        assert again.certificate.failures == broken.certificate.failures


def test_certificates_are_not_passed_on() -> None:
    """Neither to another answer, nor to one made anew; nor is one made up accepted."""
    one, two = answer("two judges", "simultaneous"), answer("two judges", "sequential")
    assert "procedure" in replace(one, certificate=two.certificate).certificate.failures[0]
    bare = {f.name: getattr(one, f.name) for f in fields(one) if f.name != "seal"}
    assert type(one)(**bare).certificate.ok
    assert not type(one)(**{**bare, "value": 2.0}).certificate.ok
    given = {f.name: getattr(one.certificate, f.name) for f in fields(one.certificate)}
    made_up = type(one.certificate)(**{**given, "lower": 2.0, "upper": 2.0, "seal": None})
    assert made_up.ok
    assert not replace(one, value=2.0, certificate=made_up).certificate.ok
    belief = answer("two beliefs", "sequential")
    assert not replace(belief, certificate=one.certificate).certificate.ok


def test_replaced_beliefs_tests_and_orders_are_seen() -> None:
    belief = answer("two beliefs", "sequential")
    first, *rest = belief.experiment.stages
    moved = replace(first, beliefs=np.flip(first.beliefs, axis=0))
    tree = replace(belief.experiment, stages=(moved, *rest))
    assert not replace(belief, experiment=tree).certificate.ok
    menu = answer("plan", "menu")
    assert not replace(menu, tests=menu.tests[:-1]).certificate.ok
    order = answer("two judges", "sequential").order
    assert not replace(answer("two judges", "sequential"), order=order[::-1]).certificate.ok


@pytest.mark.parametrize("again", COPIES)
def test_copies_keep_the_seal_whole_or_broken(again: Callable[[Any], Any]) -> None:
    for whole in all_answers():
        broken = replace(whole, **{sealed_fields(whole)[0]: object()})
        assert again(whole).certificate.ok
        assert not again(again(broken)).certificate.ok
        assert replace(again(whole)).certificate.ok
        assert not replace(again(broken)).certificate.ok


def test_seconds_are_no_part_of_an_answer() -> None:
    assert replace(answer("two judges", "simultaneous"), times={}).certificate.ok


def test_equal_numbers_are_the_same_answer() -> None:
    result = answer("two judges", "sequential")
    same = replace(result, value=np.float64(result.value), order=(*result.order,))
    assert same.certificate.ok


def test_a_tampered_exact_pair_is_refused_whatever_it_is_sealed_to() -> None:
    exact = exact_answer("two judges", "simultaneous")
    assert not replace(exact, value=exact.value + 1).certificate.verify().ok
    assert exact.certificate.verify().ok
    forged = replace(exact.certificate.solution, value=exact.value + 1)
    certificate = replace(exact.certificate, solution=forged, seal=None)
    assert exact.certificate.ok
    assert certificate.failures == tuple(certificate.verify().failures)
    assert not certificate.ok


@dataclass(frozen=True)
class Bare(Checked):
    """A certificate that checks one number and knows of no seal."""

    number: float

    @property
    def failures(self) -> tuple[str, ...]:
        """Whether it is negative."""
        return ("negative",) if self.number < 0 else ()


@dataclass(frozen=True, eq=False)
class Plain(SealedAnswer):
    """An answer."""

    value: float
    certificate: Bare


def test_a_family_need_not_know_of_seals() -> None:
    plain = Plain(1.0, Bare(1.0))
    assert plain.certificate.ok
    assert plain.certificate == Bare(1.0)
    assert "seal" not in repr(plain)
    assert not replace(plain, value=2.0).certificate.ok
    assert Plain(1.0, Bare(-1.0)).certificate.failures == ("negative",)
    assert replace(plain, certificate=Bare(-1.0)).certificate.failures == (
        "the certificate was issued for another answer: certificate differs",
        "negative",
    )


def test_every_certificate_of_the_package_is_sealable() -> None:
    for whole in all_answers():
        assert isinstance(whole.certificate, Checked)
        assert isinstance(whole, SealedAnswer)
