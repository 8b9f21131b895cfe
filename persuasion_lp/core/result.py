"""What every answer has, whatever the family."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from persuasion_lp.core.certificate import Certificate
from persuasion_lp.core.closed_form import Agreement, ClosedForm
from persuasion_lp.core.exact import ExactResult
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.words.described import Format

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Result"]


class Result(Protocol):
    """A certified answer to a problem under one procedure.

    What a family adds is its own; what is listed here means the same in all of them.
    """

    @property
    def problem(self) -> Any:
        """The problem, as it was passed to ``solve``."""

    @property
    def procedure(self) -> str:
        """The procedure."""

    @property
    def value(self) -> float:
        """What the answer pays the sender (the manager)."""

    @property
    def lower(self) -> float:
        """Lower end of the bracket on the optimum."""

    @property
    def upper(self) -> float | None:
        """Upper end; ``None`` where nothing bounds the optimum from above."""

    @property
    def certificate(self) -> Certificate:
        """The proof: linear program, economics, bracket."""

    @property
    def lp(self) -> LinearProgram | None:
        """The linear program; ``None`` where none was solved."""

    @property
    def times(self) -> Mapping[str, float]:
        """Seconds by phase."""

    @property
    def experiment(self) -> Any:
        """What the sender does: from states to recommendations, posteriors, means or tests."""

    @property
    def prices(self) -> Any:
        """Marginal value of the prior, one number for each of its states."""

    @property
    def no_information(self) -> float:
        """The sender's payoff when nothing is said."""

    @property
    def full_information(self) -> float:
        """The sender's payoff when the state is revealed."""

    def exact(self) -> ExactResult:
        """The optimal value and solution as fractions, proved."""

    def compare(self, theorem: ClosedForm) -> Agreement:
        """Compare the value with what a theorem says about it."""

    def save(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the answer to a file from which it is proved anew."""

    def describe(self, format: Format = "text") -> str:  # noqa: A002
        """What the answer says, in words and tables."""

    def to_frame(self) -> pd.DataFrame:
        """The experiment as a table."""

    def to_dict(self) -> dict[str, Any]:
        """Everything in plain Python types, ready for JSON."""
