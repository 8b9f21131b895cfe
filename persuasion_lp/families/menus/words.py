"""Managers' problems and menus in words: which tests, who takes them, what they pay."""

from __future__ import annotations

from collections.abc import Iterator

from persuasion_lp.core.said import benchmarks, payoff_table, proof_of
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.result import MenuResult
from persuasion_lp.words import Cell, Report, Section, Table, table

__all__ = ["manager_words", "menu_words", "type_names"]

CONSTRAINTS = {
    "IC-W": "must not mimic",
    "excluded": "must not take the test of",
    "OB-W": "must want to take the test at all",
    "OB-M": "must be worth proposing to",
    "FSB": "the test must be feasible",
}


def manager_words(problem: ManagerProblem) -> Report:
    """What a manager's problem is."""
    return Report(_TITLE, (stated(problem),))


def menu_words(result: MenuResult) -> Report:
    """What a menu, or a single test, says."""
    what = "the optimal menu" if result.procedure == "menu" else "the optimal single test"
    return Report(
        f"{_TITLE}: {what}",
        (
            stated(result.problem),
            Section("What the manager offers", tuple(_offers(result))),
            Section("What each type chooses and gets", tuple(_choices(result))),
            Section("What it is worth", (_worth(result),)),
            Section("Which constraints bind, and at what price", tuple(_binding(result))),
            Section("How it is proved", (proof_of(result),)),
        ),
    )


_TITLE = "A manager, a worker and tests of difficulty"


def type_names(problem: ManagerProblem) -> tuple[str, ...]:
    """Types by their names, or their capabilities, in the caller's order."""
    if problem.types is None:
        return ()
    return problem.type_labels or tuple(f"{x:.6g}" for x in problem.types)


def stated(problem: ManagerProblem) -> Section:
    """Difficulty, payment and types."""
    said = (
        f"Difficulty is {problem.difficulty!r}. The worker is paid {problem.payment:.6g} when the "
        "plan is launched, and knows his capability."
    )
    if problem.types is None or problem.type_probs is None:
        return Section("The problem", (f"{said} Types: {problem!r}.",))
    rows = zip(
        type_names(problem), problem.types.tolist(), problem.type_probs.tolist(), strict=True
    )
    return Section(
        "The problem", (said, table("Types", ("type", "capability", "probability"), rows))
    )


def _offers(result: MenuResult) -> Iterator[str | Table]:
    if not result.tests:
        yield "Nothing: the plan is never launched."
        return
    names = type_names(result.problem)
    rows = [
        (
            k + 1,
            test.kind,
            test.interval[0],
            test.interval[1],
            test.p,
            test.q,
            ", ".join(names[j] for j in test.takers) or "a range of types",
        )
        for k, test in enumerate(result.tests)
    ]
    heads = ("test", "kind", "proposes from", "to", "p", "q", "taken by")
    yield "A test proposes with probability p; difficulty is q on average when it does."
    yield table("Tests", heads, rows)


def _choices(result: MenuResult) -> Iterator[str | Table]:
    names = type_names(result.problem)
    if not names:
        yield "Types are continuous: each test names the types that take it."
        return
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            "none" if choice < 0 else f"test {choice + 1}",
            float(result.worker_payoffs[j]),
            float(result.manager_payoffs[j]),
        )
        for j, (name, choice) in enumerate(zip(names, result.choices.tolist(), strict=True))
    ]
    yield table("Types", ("type", "takes", "gets", "pays the manager"), rows)


def _worth(result: MenuResult) -> Table:
    name = "this menu" if result.procedure == "menu" else "this test"
    return payoff_table("The manager's payoff", benchmarks(result, name))


def _binding(result: MenuResult) -> Iterator[str | Table]:
    names = type_names(result.problem)
    rows = [
        (
            bound.constraint,
            "" if bound.type is None else names[bound.type],
            CONSTRAINTS[bound.constraint],
            "" if bound.other is None else names[bound.other],
            bound.multiplier,
        )
        for bound in sorted(result.binding, key=lambda bound: -bound.multiplier)
    ]
    if not rows:
        yield "No constraint has a price."
        return
    heads = ("constraint", "type", "says", "of", "price")
    yield table("Constraints that bind", heads, rows)
