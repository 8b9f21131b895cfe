"""What problems and answers say of themselves, in every format."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from persuasion_lp import (
    BeliefGame,
    ManagerProblem,
    PersuasionGame,
    PiecewiseLinear,
    PosteriorMeanGame,
    Receiver,
    StateDistribution,
    StateGrid,
    VotingGame,
    compare,
    priors,
    solve,
)
from persuasion_lp.errors import OptionError
from persuasion_lp.words import Report, Section, listed, number, table
from persuasion_lp.words.setting import as_html, as_latex, as_markdown, as_text
from tests.latex_grammar import faults
from tests.support import any_solve

HOSTILE = r"50% & <b>$x_1^2$</b> {#} ~ | \alpha"

GAME = PersuasionGame(
    [[0, 0.5], [0.5, 0]],
    [
        Receiver.threshold(0.8, name="Ann", action_labels=["acquit", "convict"]),
        Receiver.from_utility([[4, 0], [0, 1]], [0, 1], name=HOSTILE, about=1),
    ],
    state_labels=["innocent", "guilty"],
)
PROBLEMS: dict[str, Any] = {
    "game": GAME,
    "vote": VotingGame(
        priors.from_table({"HHL": 0.5, "LLH": 0.5}), [0.7, 0.8, 0.8], 2, names=["A", "B", "C"]
    ),
    "beliefs": BeliefGame(0.5, [Receiver.threshold(0.6), PiecewiseLinear.steps(["4/5"], [0, 1])]),
    "three beliefs": BeliefGame(
        [0.5, 0.3, 0.2], Receiver.from_utility([[0, 0, 0], [-2, 1, 1]], [0, 1]), grid=4
    ),
    "menu": ManagerProblem(
        StateDistribution.uniform(), 0.5, [1.2, 1.6], [0.02, 0.98], type_labels=["slow", "quick"]
    ),
    "means": PosteriorMeanGame(
        StateGrid([0, 1], ["7/10", "3/10"]), PiecewiseLinear.steps(["1/2"], [0, 1])
    ),
}
PROCEDURES = [
    *(("game", p) for p in ("simultaneous", "sequential", "intermediate", "flexible")),
    ("game", "first_best"),
    *(("vote", p) for p in ("simultaneous", "sequential", "first_best")),
    *(("beliefs", p) for p in ("simultaneous", "sequential", "flexible", "first_best")),
    ("three beliefs", "simultaneous"),
    *(("menu", p) for p in ("menu", "single_test", "commitment")),
    ("means", "simultaneous"),
]


def said(described: Any) -> None:
    """Every format says something that its readers can set."""
    text = described.describe()
    assert text == described.describe(format="text")
    assert all(line == line.rstrip() for line in text.splitlines())
    assert "nan" not in text
    assert faults(described.describe(format="latex")) == []
    assert described.describe(format="markdown").startswith("## ")
    page = described._repr_html_()
    assert "<b>" not in page
    assert page.count("<table>") == page.count("</table>")


@pytest.mark.parametrize(("name", "procedure"), PROCEDURES)
def test_every_answer_describes_itself(name: str, procedure: str) -> None:
    result = any_solve(PROBLEMS[name], procedure)
    said(result)
    text = result.describe()
    assert "How it is proved" in text
    assert f"The value is {result.value:.9g}" in text
    assert "no information" in text


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_problem_describes_itself(name: str) -> None:
    said(PROBLEMS[name])
    assert "The problem" in PROBLEMS[name].describe()


@pytest.mark.parametrize("name", ["game", "vote", "beliefs", "means"])
def test_exact_answers_and_comparisons_describe_themselves(name: str) -> None:
    procedure = "simultaneous"
    exact = any_solve(PROBLEMS[name], procedure, exact=True)
    said(exact)
    assert str(exact.value) in exact.describe()
    both = compare(PROBLEMS[name])
    said(both)
    assert "Procedures side by side" in both.describe()


def test_what_the_two_judges_are_told() -> None:
    """KKS Example 1, checked by hand: the table of the second stage."""
    judges = PersuasionGame(
        [[0, 0.5], [0.5, 0]],
        [
            Receiver.threshold(0.8, name=name, action_labels=["acquit", "convict"])
            for name in ("first", "second")
        ],
        state_labels=["innocent", "guilty"],
    )
    text = re.sub(r" +", " ", solve(judges, "sequential", order=(0, 1)).describe())
    assert "first: convict second: acquit 0 0.9375" in text
    assert "first: convict second: convict 1 0.0625" in text
    assert "first: convict convict 0.15625 0.8" in text
    assert "first nothing convict rather than acquit 1.5625" in text
    assert "second first: convict convict rather than acquit 1.25" in text
    assert "first best 1.25 1.25 1.25" in text


def test_expected_utilities_where_they_are_known() -> None:
    result = solve(GAME, "simultaneous")
    first, second = result.receiver_payoffs
    assert first is None
    utility = [[4, 0], [0, 1]]
    by_hand = sum(
        probability * utility[actions[1]][state % 2]
        for actions, row in zip(
            result.experiment.actions.tolist(), result.experiment.joint, strict=True
        )
        for state, probability in zip(result.experiment.support.tolist(), row, strict=True)
    )
    assert second is not None
    assert second == pytest.approx(by_hand, abs=1e-15)
    assert second >= max(4 * 0.5, 0.5) - 1e-12  # no worse than without information


def test_prices_of_the_description_are_the_multipliers() -> None:
    result = solve(GAME, "sequential")
    priced = [float(x) for block in result.multipliers.values() for x in block.ravel() if x > 1e-9]
    section = result.describe().split("Obedience constraints that bind")[1]
    shown = section.split("Value per unit")[0]
    assert all(number(price) in shown for price in priced)


def test_another_format_is_refused() -> None:
    with pytest.raises(OptionError, match="did you mean 'latex'"):
        GAME.describe("LaTex")  # type: ignore[arg-type]


def test_names_are_escaped_in_every_format() -> None:
    report = Report(HOSTILE, (Section(HOSTILE, (HOSTILE, table(HOSTILE, [HOSTILE], [[HOSTILE]]))),))
    assert faults(as_latex(report)) == []
    assert "<b>" not in as_html(report)
    assert r"\|" in as_markdown(report)
    assert HOSTILE in as_text(report)


@pytest.mark.parametrize(
    "wrong",
    [
        "50%",
        "a_b",
        "{",
        "$x",
        r"\alpha",
        "a < b",
        "\\begin{tabular}{lr}\n\\toprule\na \\\\\n\\bottomrule\n\\end{tabular}",
        "\\begin{table}",
    ],
)
def test_the_grammar_refuses_what_does_not_compile(wrong: str) -> None:
    assert faults(wrong) != []


def test_numbers_are_short_and_exact() -> None:
    assert number(Fraction(37, 32)) == "37/32"
    assert number(-1e-300) == "0"
    assert number(1 / 3) == "0.333333"
    assert r"\times 10^{-9}" in as_latex(
        Report("t", (Section("s", (table("c", ["x"], [[1.25e-9]]),)),))
    )
    assert "$1.25\\times 10^{12}$" in as_latex(
        Report("t", (Section("s", (table("c", ["x"], [[1.25e12]]),)),))
    )


def test_long_tables_say_what_they_leave_out() -> None:
    report = Report("t", (Section("s", (table("c", ["x"], [[k] for k in range(100)]),)),))
    for setting in (as_text, as_markdown, as_latex, as_html):
        assert "60 more rows" in setting(report)
    assert listed([str(k) for k in range(9)]).endswith("… (9)")


def squeezed(text: str) -> str:
    """Text with single spaces."""
    return re.sub(r" +", " ", text)


def test_the_benchmarks_are_told_apart() -> None:
    """One judge, prior 1/2, cutoff 4/5: nothing 0, everything 1/2, the optimum 5/8."""
    judge = PersuasionGame([0.5, 0.5], [Receiver.threshold(0.8)])
    text = squeezed(solve(judge, "simultaneous").describe())
    assert "no information 0 0 0" in text
    assert "full information 0.5 0.5 0.5" in text
    assert "simultaneous procedure 0.625 0.625 0.625" in text


def test_private_messages_by_own_state() -> None:
    """The same judge: convicted for sure if guilty, with probability 1/4 if not."""
    judge = PersuasionGame(
        [0.5, 0.5],
        [Receiver.threshold(0.8, action_labels=["acquit", "convict"])],
        state_labels=["innocent", "guilty"],
    )
    text = squeezed(solve(judge, "first_best").describe())
    assert "acquit 0.375 0.75 0" in text
    assert "convict 0.625 0.25 1" in text


@pytest.mark.parametrize(
    ("high", "payoffs"), [(0.5, [0, 1, 2]), (0.7, [2, 1, 0]), (0.3, [0, 1, 0])]
)
def test_what_a_utility_keeps_from(high: float, payoffs: list[int]) -> None:
    """Three actions: which other one each is kept from, read off the rows themselves."""
    utility = [[0, 0], [-1, 1], [-4, 2]]
    chooser = Receiver.from_utility(utility, payoffs, action_labels=["none", "some", "all"])
    result = solve(PersuasionGame([1 - high, high], [chooser]), "simultaneous")
    section = squeezed(result.describe()).split("Obedience constraints that bind")[1]
    told = set(re.findall(r"(\w+) rather than (\w+)", section))
    block = result.multipliers["obedience[0|0]"]
    rows = result.programme.obedience[0]
    names = ["none", "some", "all"]
    by_hand = set()
    for q in np.flatnonzero(block > 1e-9):
        action, cone = int(rows.action[q]), rows.cone[q]
        for other in range(3):
            difference = np.subtract(utility[action], utility[other])
            if other != action and np.array_equal(cone, difference):
                by_hand.add((names[action], names[other]))
    assert told == by_hand
    assert told


def test_the_signal_of_a_belief_game() -> None:
    """KKS: cutoffs 3/5 and 4/5; the second signal splits 3/5 into 0 and 4/5."""
    game = BeliefGame(0.5, [Receiver.threshold(0.6), Receiver.threshold(0.8)])
    text = squeezed(solve(game, "sequential", order=(0, 1)).describe())
    assert "0.6 0 0.25" in text
    assert "0.6 0.8 0.75" in text


def test_what_types_get_and_pay() -> None:
    result = solve(PROBLEMS["menu"], "menu")
    text = squeezed(result.describe())
    for name, own, paid in zip(
        ("slow", "quick"), result.worker_payoffs, result.manager_payoffs, strict=True
    ):
        choice = result.choices[("slow", "quick").index(name)] + 1
        assert f"{name} test {choice} {number(float(own))} {number(float(paid))}" in text
