"""The best tests for several workers who report, proved in rational arithmetic."""

from __future__ import annotations

import time
from dataclasses import dataclass

from persuasion_lp.arrays import FrozenMapping
from persuasion_lp.core.exact import ExactResult, enclosed, nearest, proved_result
from persuasion_lp.core.settings import Settings
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.profile.optimum import optimum
from persuasion_lp.families.menus.profile.result import (
    ProfileCertificate,
    ProfileResult,
    ProfileTest,
    recomputed,
)
from persuasion_lp.lp.faces.edited import in_floats
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["ProfileSettings", "exact_profiles", "has_workers", "solve_profiles"]


@dataclass(frozen=True, kw_only=True)
class ProfileSettings(Settings):
    """Settings of tests that depend on all reports.

    Attributes
    ----------
    options
        Time limit.
    memory_limit
        Bytes that a program may take.
    """

    options: SolverOptions | None = None
    memory_limit: int = MEMORY_LIMIT


def has_workers(problem: ManagerProblem) -> bool:
    """Whether a plan is one for several workers, its states and types finite."""
    return problem.workers is not None and problem.finite


def solve_profiles(problem: ManagerProblem, settings: ProfileSettings) -> ProfileResult:
    """The best tests.

    Raises
    ------
    WorkerTypeError
        For a plan that was not stated by :meth:`ManagerProblem.for_workers` with finite types.
    PriorError
        For a continuous difficulty.
    SizeError, ExactSizeError, ExactnessError
        If the program is too large, or not solved in rationals.
    """
    started = time.perf_counter()
    data, solution, branches = optimum(problem, settings.memory_limit)
    masses = solution.values("m")
    tests = tuple(
        ProfileTest.of(data, profile, masses[k]) for k, profile in enumerate(data.profiles)
    )
    value = solution.value
    below, above = enclosed(value)
    economic = recomputed(data, tests)
    scale = float(abs(data.states - data.payment) @ data.masses)
    certificate = ProfileCertificate(None, economic, nearest(value), below, above, scale or 1.0)
    certificate.enforce()
    return ProfileResult(
        problem=problem,
        procedure="profile_menu",
        value=nearest(value),
        tests=tests,
        certificate=certificate,
        lp=in_floats(solution.program),
        programs=branches,
        times=FrozenMapping({"solve": time.perf_counter() - started}),
    )


def exact_profiles(problem: ManagerProblem, settings: ProfileSettings) -> ExactResult:
    """The same in fractions: the best program and its proof."""
    _, solution, branches = optimum(problem, settings.memory_limit)
    return proved_result(problem, "profile_menu", None, solution, programs=branches)
