"""What every certificate has, whatever the family: LP part, economic part, bracket."""

from __future__ import annotations

from typing import Any, Protocol

from persuasion_lp.lp.certificate import LPCertificate

__all__ = ["Certificate"]


class Certificate(Protocol):
    """The proof of an answer."""

    @property
    def lp(self) -> LPCertificate | None:
        """Certificate of the linear program; ``None`` where none was solved."""

    @property
    def economic(self) -> Any:
        """What has been recomputed from the answer and the problem alone."""

    @property
    def upper(self) -> float:
        """Proved upper bound on the optimum of what was solved."""

    @property
    def gap(self) -> float:
        """Distance of the upper bound from the value."""

    @property
    def scale(self) -> float:
        """Of the payoffs: what the tolerances of values are relative to."""

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words."""

    @property
    def ok(self) -> bool:
        """Whether every check holds."""
