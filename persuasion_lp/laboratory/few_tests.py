r"""The best menu of at most m distinct tests, in exact rationals.

Let V(x) be the value of the optimal menu when the types are x_1 ≤ … ≤ x_J. With at most m tests it
is

    max  V( 1, …, 1, x_{s_1}, …, x_{s_1}, x_{s_2}, …, x_{s_m} )      over  s_1 < … < s_m,

types from s_l up to s_{l+1} − 1 lowered to x_{s_l} and those below s_1 to 1, probabilities as they
are. At most: higher types take tests of higher p, so the types that take one test are neighbours,
and a menu of m tests stays feasible, each test with its takers, when they are lowered to the lowest
of them and those who take none to 1, who gets −u ≤ 0 from any test. At least: the lowered problem
has m types apart from 1, so a menu of m tests attains V. Offered to the types as they are, a type
above x_{s_l} may prefer another test, but of higher p, and

    u' − u  ≥  a_{s_l} (p' − p)  ≥  0

since x_{s_l} does not prefer it; a type below s_1 who takes a test brings u ≥ d ≥ 0.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.laboratory.workers import checked_count
from persuasion_lp.solve import solve

__all__ = ["value_with_tests"]


def value_with_tests(problem: ManagerProblem, most: int) -> Fraction:
    """Value of the best menu of at most so many distinct tests, proved in rationals.

    Three are as good as any number (LX, Theorem 3).

    Parameters
    ----------
    problem
        A problem with finitely many states and types, written down exactly.
    most
        Number m of tests. A menu is solved for every choice of m of the J types.

    Raises
    ------
    OptionError
        For a number of tests that is not positive.
    PriorError, WorkerTypeError
        See :attr:`ManagerProblem.rational_numbers`.

    Examples
    --------
    Three tests are worth more than two, if not by much:

    >>> from persuasion_lp import ManagerProblem, StateGrid
    >>> grid = StateGrid(["1/3", "7/10"], ["1/3", "2/3"])
    >>> plan = ManagerProblem(grid, "9/20", ["3/2", "7/4", 2], ["1/200", "1/200", "99/100"])
    >>> [str(value_with_tests(plan, most)) for most in (1, 2, 3)]
    ['199/1200', '499/3000', '5989/36000']
    """
    checked_count("most", most)
    numbers = problem.rational_numbers
    types = numbers.types
    best = Fraction(0)
    for chosen in combinations(range(len(types)), min(most, len(types))):
        lowered = [max((types[s] for s in chosen if s <= j), default=1) for j in range(len(types))]
        plan = ManagerProblem(
            problem.difficulty,
            numbers.payment,
            lowered,
            numbers.type_probs,
            unrestricted=problem.unrestricted,
        )
        best = max(best, solve(plan, "menu", exact=True).value)
    return best
