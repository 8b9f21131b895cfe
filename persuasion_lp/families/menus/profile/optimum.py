"""The best program for several workers, in rational arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from persuasion_lp.errors import (
    ExactnessError,
    ExactSizeError,
    InfeasibleError,
    WorkerTypeError,
)
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.profile.programme import (
    Profile,
    ProfileData,
    build_profiles,
    profiles_size,
)
from persuasion_lp.limits.deadline import check_time
from persuasion_lp.lp.exact import EXACT_ROWS
from persuasion_lp.lp.faces.edited import solved
from persuasion_lp.lp.rational import RationalProgram, RationalSolution
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["optimum"]

MOST_BRANCHES = 20_000
"""Programs solved to find which profiles are served, where E[θ] > W."""


def optimum(
    problem: ManagerProblem, memory_limit: int = MEMORY_LIMIT
) -> tuple[ProfileData, RationalSolution, int]:
    """Numbers, rational optimum, and how many programs that took.

    Raises
    ------
    WorkerTypeError
        For a plan that was not stated by :meth:`ManagerProblem.for_workers` with finite types.
    PriorError
        For a continuous difficulty.
    SizeError, ExactSizeError, ExactnessError
        If the program is too large, or not solved in rationals.
    """
    workers = problem.workers
    if workers is None:
        raise WorkerTypeError(
            "types",
            "must be of several workers, finitely many each; state them with "
            "ManagerProblem.for_workers(difficulty, payments, types, type_probs)",
        )
    numbers = problem.rational_numbers
    for index, (_, g) in enumerate(workers.listed):
        if sum(g) != 1:
            rule = "must sum to 1 exactly; write fractions"
            raise WorkerTypeError("type_probs", rule, index=index, value=float(sum(g)))
    counts = tuple(len(x) for x, _ in workers.listed)
    size = profiles_size(counts, numbers.states.size)
    size.check(memory_limit)
    if size.rows > EXACT_ROWS:
        counted = {"rows": size.rows, "columns": size.columns}
        raise ExactSizeError("linear program", counted="rows", limit=EXACT_ROWS, **counted)
    data = ProfileData(numbers.states, numbers.masses, workers.payments, workers.listed)
    if data.mean <= data.payment:
        return data, solved(build_profiles(data, {})), 1
    return _branched(data)


def _branched(data: ProfileData) -> tuple[ProfileData, RationalSolution, int]:
    """The best of all sets of profiles that are served, by bounds that are exact."""
    best: RationalSolution | None = None
    waiting: list[Mapping[Profile, bool]] = [{}]
    count = 0
    while waiting:
        check_time()
        served = waiting.pop()
        count += 1
        if count > MOST_BRANCHES:
            raise ExactSizeError(
                "search", counted="programs", limit=MOST_BRANCHES, programs=MOST_BRANCHES + 1
            )
        program = build_profiles(data, served)
        found = _if_feasible(program)
        if found is None or (best is not None and found.value <= best.value):
            continue
        open_ = _undecided(data, found, served)
        if open_ is None:
            best = found
            continue
        waiting += [{**served, open_: False}, {**served, open_: True}]
    if best is None:
        raise ExactSizeError("search", counted="programs", limit=MOST_BRANCHES, programs=count)
    return data, best, count


def _if_feasible(program: RationalProgram) -> RationalSolution | None:
    """The optimum; ``None`` if nobody trusts the manager at a profile that is to be served.

    Serving nobody is feasible where no profile must be served; elsewhere only what is required may
    fail, and more than the most that a test earns cannot be required: p = 1 meets it, but workers
    may not accept.
    """
    try:
        return solved(program)
    except (InfeasibleError, ExactnessError) as error:
        if "infeasible" in str(error) or isinstance(error, InfeasibleError):
            return None
        raise


def _undecided(
    data: ProfileData, found: RationalSolution, served: Mapping[Profile, bool]
) -> Profile | None:
    """A profile that is proposed to, and not yet trusted: the one that misses most."""
    masses = found.values("m")
    required = data.mean - data.payment
    missed = {
        profile: required - sum(masses[k] * (data.states - data.payment), Fraction(0))
        for k, profile in enumerate(data.profiles)
        if profile not in served and any(masses[k])
    }
    wrong = {profile: by for profile, by in missed.items() if by > 0}
    return max(wrong, key=lambda one: wrong[one]) if wrong else None
