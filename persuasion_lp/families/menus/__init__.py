"""A manager offers a privately informed worker a menu of tests."""

from persuasion_lp.core.exact import ExactResult
from persuasion_lp.core.family import Family, ProblemForm, ProcedureSpec, register
from persuasion_lp.families.means.solve import MeansSettings
from persuasion_lp.families.menus.commitment import exact_commitment, solve_commitment
from persuasion_lp.families.menus.forms.rational import RationalManager
from persuasion_lp.families.menus.ordering import ordering
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.profile.result import ProfileResult
from persuasion_lp.families.menus.profile.solve import (
    ProfileSettings,
    exact_profiles,
    has_workers,
    solve_profiles,
)
from persuasion_lp.families.menus.profile.words import profile_words
from persuasion_lp.families.menus.proof.exact import exact_menu
from persuasion_lp.families.menus.proof.exact_single import exact_single_test
from persuasion_lp.families.menus.proof.known import known_bracket
from persuasion_lp.families.menus.result import MenuResult
from persuasion_lp.families.menus.solve import (
    MenuSettings,
    SingleTestSettings,
    solve_menu,
    solve_single_test,
)
from persuasion_lp.families.menus.words import manager_words, menu_words

__all__ = ["MENUS"]


def _exact_menu(problem: ManagerProblem, settings: MenuSettings) -> ExactResult:
    return exact_menu(problem)


def _exact_single_test(problem: ManagerProblem, settings: SingleTestSettings) -> ExactResult:
    return exact_single_test(problem)


def _exact(problem: ManagerProblem) -> bool:
    return problem.exact


def _document() -> type[ProblemForm]:
    """Loaded when a file is read or written."""
    from persuasion_lp.families.menus.forms.document import ManagerDocument

    return ManagerDocument


MENUS = register(
    Family(
        kind=ManagerProblem,
        procedures={
            "menu": ProcedureSpec(MenuSettings, solve_menu, _exact_menu, _exact),
            "single_test": ProcedureSpec(
                SingleTestSettings, solve_single_test, _exact_single_test, _exact
            ),
            "commitment": ProcedureSpec(MeansSettings, solve_commitment, exact_commitment, _exact),
            "profile_menu": ProcedureSpec(
                ProfileSettings, solve_profiles, exact_profiles, has_workers, has_workers
            ),
        },
        form=RationalManager,
        ordering=ordering,
        document=_document,
        known=known_bracket,
        words={
            ManagerProblem: manager_words,
            MenuResult: menu_words,
            ProfileResult: profile_words,
        },
    )
)
