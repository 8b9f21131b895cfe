"""What ``solve`` is asked beside a procedure: side constraints, or a credibility."""

from __future__ import annotations

from typing import Any

from persuasion_lp.errors import OptionError
from persuasion_lp.families.games.optima.constrained import constrained
from persuasion_lp.families.games.optima.credibility import credible
from persuasion_lp.inputs import is_a

__all__ = ["studied_answer"]


def studied_answer(
    problem: Any, procedure: str, constraints: Any, credibility: Any, settings: dict[str, Any]
) -> Any:
    """The answer under side constraints, or at a credibility.

    Raises
    ------
    OptionError
        For settings that do not go with it.
    """
    allowed = {"order", "sense"} if credibility is None else set()
    for name, value in settings.items():
        if name not in allowed:
            other = "constraints" if credibility is None else "credibility"
            raise OptionError(name, f"does not go with {other}=", value=value)
    if credibility is None:
        return constrained(problem, procedure, constraints, **settings)
    if constraints is not None:
        raise OptionError("credibility", "does not go with constraints=", value=credibility)
    if not (is_a(procedure, str) and procedure == "simultaneous"):
        rule = "is for one public message, the procedure 'simultaneous'"
        raise OptionError("credibility", rule, value=credibility)
    return credible(problem, credibility)
