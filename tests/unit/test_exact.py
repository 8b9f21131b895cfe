"""Exact answers: by hand, after repair, and refused when one entry is wrong."""

from __future__ import annotations

import dataclasses
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from persuasion_lp import (
    BeliefGame,
    PersuasionGame,
    PiecewiseLinear,
    Receiver,
    catalog,
    errors,
    solve,
)
from persuasion_lp.arrays import written
from persuasion_lp.cli import main
from persuasion_lp.lp import LPBuilder, certificate_file, exact, highs
from persuasion_lp.lp.certificate_file import certificate_json, verify, verify_file
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.rational import RationalProgram, optimality_failures

F = Fraction
OBJECT = np.dtype(object)


def twins(seed: int = 0) -> tuple[RationalProgram, LinearProgram]:
    """A program with rows of every sense and bounded columns, in rationals and in floats."""
    rng = np.random.default_rng(seed)
    c = rng.integers(-5, 6, 6)
    a = rng.integers(-4, 5, (3, 6))
    inside = rng.integers(0, 3, 6)
    out = []
    for dtype in (OBJECT, np.dtype(float)):
        builder = LPBuilder(dtype)
        x = builder.columns("x", (6,), objective=[F(int(k), 3) for k in c], upper=[F(7, 2)] * 6)
        for k, sense in enumerate(("<=", "==", ">=")):
            rows = builder.rows(sense, (1,), sense, F(int(a[k] @ inside)))  # type: ignore[arg-type]
            builder.entries(rows, x, [int(entry) for entry in a[k]])
        out.append(builder)
    return out[0].build_rational(offset=F(1, 7)), out[1].build(offset=1 / 7)


@pytest.mark.parametrize("seed", range(10))
def test_a_program_with_every_sense_is_solved_exactly(seed: int) -> None:
    program, lp = twins(seed)
    solution = exact.solve_exactly(program, lp)
    assert optimality_failures(program, solution.x, solution.y, solution.value) == []
    assert float(solution.value) == pytest.approx(_float_value(lp), abs=1e-9)


def _float_value(lp: LinearProgram) -> float:
    from persuasion_lp.lp import solve_lp

    return solve_lp(lp).value


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("perturbed", ["objective", "rhs", "objective rhs"])
def test_a_basis_that_is_not_optimal_is_repaired(seed: int, perturbed: str) -> None:
    """The basis comes from another objective (primal feasible), other right-hand sides, or both."""
    program, lp = twins(seed)
    honest = exact.solve_exactly(program, lp)
    other = lp
    for name in perturbed.split():
        numbers = getattr(lp, name)
        moved = numbers + np.random.default_rng(seed).uniform(-0.4, 0.4, numbers.shape)
        other = dataclasses.replace(other, **{name: moved})
    assert exact.solve_exactly(program, other).value == honest.value


@pytest.mark.parametrize("seed", range(10))
def test_any_basis_can_be_repaired(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of all slacks, which is all there is when the solver has none: neither feasible."""
    program, lp = twins(seed)
    honest = exact.solve_exactly(program, lp)
    monkeypatch.setattr(exact, "final_basis", lambda *_, **__: None)
    assert exact.solve_exactly(program, lp).value == honest.value


@pytest.mark.parametrize("power", [9, 12, 18, 30])
def test_a_program_feasible_by_less_than_tolerances_is_solved(power: int) -> None:
    """One point, x = 1 + ε; then none, because x ≥ 1 + 2ε."""
    for excess in (F(0), F(1, 10**power)):
        out = []
        for dtype in (OBJECT, np.dtype(float)):
            builder = LPBuilder(dtype)
            x = builder.columns("x", (2,), objective=[F(1, 3), F(-1)])
            least = F(1) + F(1, 10**power)
            builder.entries(builder.rows("least", (1,), ">=", least + excess), x[:1], 1)
            builder.entries(builder.rows("most", (1,), "<=", least), x, 1)
            out.append(builder)
        pair = out[0].build_rational(offset=F(0)), out[1].build()
        if excess:
            with pytest.raises(errors.ExactnessError, match="infeasible"):
                exact.solve_exactly(*pair)
        else:
            assert exact.solve_exactly(*pair).value == least / 3


def test_nearly_equal_columns_do_not_stall_the_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    """Breakpoints 10^-15 apart: hundreds of columns the float basis cannot tell from each other."""
    pivots: list[None] = []
    exchange = exact._Simplex._exchange

    def counted(self: Any, *arguments: Any) -> None:
        pivots.append(None)
        assert len(pivots) < exact.MAX_PIVOTS
        exchange(self, *arguments)

    monkeypatch.setattr(exact._Simplex, "_exchange", counted)
    e = F(1, 10**15)
    functions: list[tuple[Any, Any]] = [
        ([0, "1/4", "5/6", 1], [-200, -3, 4]),
        ([0, "1/6", "2/3", 1], [1000, -1, -1000]),
        ([0, "1/12", F(1, 12) + 10**6 * e, F(2, 3) + e, "5/6", 1], [1000, -200, -4000, -1000, -4]),
        ([0, "1/3", "3/4", 1], [[-2000, 400], [3, -400], [3000, -400]]),
    ]
    payoffs = [
        PiecewiseLinear(b, [[v, v] if isinstance(v, int) else v for v in values])
        for b, values in functions
    ]
    game = BeliefGame("1/3", payoffs)
    first_best, flexible = (
        solve(game, procedure, exact=True).value for procedure in ("first_best", "flexible")
    )
    assert flexible == first_best


def test_the_most_violated_goes_first_until_bland_takes_over() -> None:
    amounts = {1: F(0), 3: F(1, 9), 4: F(-2), 6: F(1)}
    assert exact._chosen(amounts, first=False) == 4
    assert exact._chosen(amounts, first=True) == 3
    assert exact._chosen({1: F(0)}, first=False) is None


def test_a_failure_of_the_solver_is_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    program, lp = twins()
    honest = exact.solve_exactly(program, lp)

    def failing(*_: Any) -> None:
        raise errors.SolverFailureError("HiGHS failed")

    monkeypatch.setattr(highs._Scaled, "run", failing)
    assert exact.solve_exactly(program, lp).value == honest.value


def test_repairs_do_happen(monkeypatch: pytest.MonkeyPatch) -> None:
    """At least one of the wrong bases above needs both kinds of pivot."""
    used: set[str] = set()
    for name in ("_primal_pivot", "_dual_pivot"):
        honest = getattr(exact._Simplex, name)

        def counted(self: Any, *arguments: Any, _name: str = name, _honest: Any = honest) -> None:
            used.add(_name)
            _honest(self, *arguments)

        monkeypatch.setattr(exact._Simplex, name, counted)
    for seed in range(10):
        for perturbed in ("objective", "rhs", "objective rhs"):
            test_a_basis_that_is_not_optimal_is_repaired(seed, perturbed)
    assert used == {"_primal_pivot", "_dual_pivot"}


def test_numbers_are_taken_as_written() -> None:
    given = written("x", [0.1, 1e-3], errors.InputError)
    assert given.rationals().tolist() == [F(1, 10), F(1, 1000)]
    mixed = written("x", [["1/3", 0.25], [F(2, 7), 3]], errors.InputError)
    assert mixed.rationals().tolist() == [[F(1, 3), F(1, 4)], [F(2, 7), 3]]
    np.testing.assert_allclose(mixed.floats, [[1 / 3, 0.25], [2 / 7, 3]])


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        (F(1, 10**400), "large enough for a float"),
        (-F(1, 10**400), "large enough for a float"),
        ("1e-400", "large enough for a float"),
        (1e151, r"at most 1e\+150"),
        (-F(10**160), r"at most 1e\+150"),
        (F(10**400), "finite"),
        (float("-inf"), "finite"),
    ],
)
def test_numbers_that_floats_cannot_stand_for_are_refused(number: Any, rule: str) -> None:
    with pytest.raises(errors.PayoffError, match=rule) as caught:
        written("payoffs", [0, number], errors.PayoffError)
    assert caught.value.index == (1,)
    assert written("payoffs", [1e150, -F(1, 10**300), 0], errors.PayoffError).floats[2] == 0


@pytest.mark.parametrize("text", ["1/0", "a", "1/2/3", "", "1e999999999", "0x10", "9" * 500, "nan"])
def test_strings_that_are_no_rationals_are_named(text: str) -> None:
    with pytest.raises(errors.PriorError) as caught:
        PersuasionGame([text, "1/2"], [Receiver.threshold("1/2")])
    assert caught.value.index == (0,)


def test_the_prosecutor_exactly() -> None:
    game = PersuasionGame(["7/10", "3/10"], [Receiver.threshold("1/2")])
    answer = solve(game, "simultaneous", exact=True)
    assert answer.value == F(3, 5)
    assert answer.values("pi[0]").tolist() == [[F(2, 5), 0], [F(3, 10), F(3, 10)]]
    assert answer.duals("prior").tolist() == [0, 2]
    assert answer.duals("obedience[0|0]").tolist() == [-2]
    assert "3/5 = 0.6" in repr(answer)


def test_a_prior_that_is_not_exactly_one_is_refused_in_exact_mode_only() -> None:
    game = PersuasionGame(np.array([1, 1, 1]) / 3, [Receiver.threshold(0.5, about=[0, 0, 1])])
    assert solve(game, "simultaneous").value == pytest.approx(2 / 3)
    with pytest.raises(errors.PriorError, match="exactly"):
        solve(game, "simultaneous", exact=True)


@pytest.mark.parametrize(
    "receiver",
    [
        Receiver(["1/3", "2/3"], [["1/7", 0], [F(1, 2), 1], [0, 2]]),
        Receiver.from_utility([["1/3", 0], [0, "1/5"]], [0, 1]),
        Receiver.accepting([(["1/3", "2/3"], F(1, 2)), ([0, 1], "3/7")]),
    ],
)
@pytest.mark.parametrize(
    "procedure", ["simultaneous", "sequential", "intermediate", "flexible", "first_best"]
)
def test_every_receiver_and_procedure_has_an_exact_answer(
    receiver: Receiver, procedure: str
) -> None:
    game = PersuasionGame([["1/7", "2/7"], ["3/7", "1/7"]], [receiver, Receiver.threshold("5/9")])
    result = solve(game, procedure)
    answer = result.exact()
    assert isinstance(answer.value, Fraction)
    assert float(answer.value) == pytest.approx(result.value, abs=1e-12)
    assert answer.certificate.verify().ok


@pytest.mark.parametrize("shape", [(2, 2), (2, 2, 2)])
def test_payoffs_over_profiles_and_states_are_exact_too(shape: tuple[int, ...]) -> None:
    payoff = np.array([F(k * k % 11, 7) for k in range(2 ** len(shape))], dtype=object)
    receivers = [Receiver.threshold("3/5")] * (2 if len(shape) == 2 else 1)
    prior = [["1/3", "1/6"], ["1/4", "1/4"]]
    if len(shape) == 3:
        receivers = [Receiver.threshold("3/5", about=0)]
    game = PersuasionGame(prior, receivers, payoff=payoff.reshape(shape))
    result = solve(game, "first_best")
    assert float(result.exact().value) == pytest.approx(result.value, abs=1e-12)


def test_too_many_rows_are_refused_before_anything_is_solved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exact, "EXACT_ROWS", 2)
    with pytest.raises(errors.ExactSizeError) as caught:
        exact.solve_exactly(*twins())
    assert str(caught.value) == (
        "exact takes on at most 2 rows, but this linear program has 3 rows, 6 columns"
    )
    assert isinstance(caught.value, errors.TooLargeError)
    assert (caught.value.needed, caught.value.limit) == (3, 2)
    assert caught.value.sizes == {"rows": 3, "columns": 6}


def test_when_no_basis_can_be_repaired_it_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "final_basis", lambda *_, **__: None)
    monkeypatch.setattr(exact, "MAX_PIVOTS", 1)
    monkeypatch.setattr(exact, "PIVOTED_ROWS", 1)
    with pytest.raises(errors.ExactnessError, match="1 exact pivots did not reach an optimum"):
        exact.solve_exactly(*twins())


CERTIFICATE: dict[str, Any] = json.loads(
    solve(catalog.get("kks-example-2").problem(), "sequential", exact=True).certificate.to_json()
)


def changed(**changes: Any) -> str:
    return json.dumps({**CERTIFICATE, **changes})


def bumped(field: str, place: int) -> str:
    values = list(CERTIFICATE[field])
    if field == "entries":
        i, j, text = values[place]
        values[place] = [i, j, str(F(text) + F(1, 10**9))]
    else:
        values[place] = str(F(values[place]) + F(1, 10**9))
    return changed(**{field: values})


def test_an_honest_certificate_is_verified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "example-2.json"
    path.write_text(json.dumps(CERTIFICATE))
    found = verify_file(path)
    assert found.ok
    assert found.value == F(35, 24)
    assert main(["verify", str(path)]) == 0
    assert "value 35/24" in capsys.readouterr().out


@pytest.mark.parametrize("field", ["primal", "dual", "objective", "rhs", "entries"])
def test_a_certificate_altered_in_one_number_is_refused(field: str) -> None:
    for place in range(len(CERTIFICATE[field])):
        found = verify(bumped(field, place))
        assert not found.ok
        assert found.failures


@pytest.mark.parametrize(
    ("field", "place", "reason"),
    [("primal", 5, "row"), ("dual", 0, "value: the duals prove"), ("entries", 0, "row")],
)
def test_the_proof_does_not_rest_on_the_digest(field: str, place: int, reason: str) -> None:
    document = json.loads(bumped(field, place))
    del document["digest"]
    forged = json.dumps({**document, "digest": certificate_file._digest(document)})
    assert reason in " ".join(verify(forged).failures)


@pytest.mark.parametrize(("field", "place"), [("primal", 5), ("dual", 1), ("entries", 0)])
def test_the_command_line_refuses_an_altered_certificate(
    field: str, place: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "altered.json"
    path.write_text(bumped(field, place))
    assert main(["verify", str(path)]) == 1
    printed = capsys.readouterr()
    assert "NOT PROVED" in printed.out
    assert "refused:" in printed.err


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (json.dumps(CERTIFICATE)[:-40], "not a JSON document"),
        ("[" * 100_000, "not a JSON document"),
        ("[]", "not a certificate"),
        (changed(format="other"), "not a certificate"),
        (changed(version=2), "version 2 is unknown"),
        (changed(sense="minimize"), "sense"),
        (changed(value="1/0"), "zero denominator"),
        (changed(value="one"), "must be a rational number"),
        (changed(value=1.5), "must be a rational number"),
        (changed(value="9" * 200_000), "must be a rational number"),
        (changed(rhs="0"), "rhs must be a list"),
        (changed(primal=CERTIFICATE["primal"][:-1]), "primal must have"),
        (changed(senses=["=<"] * len(CERTIFICATE["rhs"])), "senses[0]"),
        (changed(entries=[[0, 0]]), "entries[0]"),
        (changed(entries=[[0, 10**9, "1"]]), "entries[0]"),
        (changed(entries=[[-1, 0, "1"]]), "entries[0]"),
        (changed(entries=[[0, 0, "1"], [0, 0, "1"]]), "a second time"),
        (changed(columns=[["pi", [10**9]]]), "columns[0]"),
        (changed(columns=[]), "columns must add up"),
    ],
)
def test_what_is_no_certificate_is_named(
    text: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(errors.VerificationError) as caught:
        verify(text)
    assert reason in str(caught.value)
    path = tmp_path / "broken.json"
    path.write_text(text)
    assert main(["verify", str(path)]) == 2
    assert reason in capsys.readouterr().err


def test_a_missing_file_is_an_error_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "/nowhere/certificate.json"]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_very_long_numbers_survive_the_file() -> None:
    builder = LPBuilder(OBJECT)
    x = builder.columns("x", (1,), objective=F(1))
    big = F(3**20_000, 7**9_000)
    builder.entries(builder.rows("cap", (1,), "<=", big), x, 1)
    program = builder.build_rational(offset=F(0))
    from persuasion_lp.lp.rational import RationalSolution

    found = verify(certificate_json(RationalSolution(program, (big,), (F(1),), big), {}))
    assert found.ok
    assert found.value == big


def test_a_float_cannot_slip_into_a_rational_program() -> None:
    builder = LPBuilder(OBJECT)
    builder.columns("x", (1,), objective=0.1)
    with pytest.raises(TypeError, match="no exact number"):
        builder.build_rational(offset=F(0))


def test_reproduce_exactly(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", "--exact", "kks-three-states"]) == 0
    assert capsys.readouterr().out.count("751/900") == 2
