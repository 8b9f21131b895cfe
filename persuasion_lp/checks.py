"""What all certificates share: they list what does not hold, and can refuse an answer."""

from __future__ import annotations

from persuasion_lp.errors import CertificateError
from persuasion_lp.seal import SealedCertificate

__all__ = ["VALUE_TOLERANCE", "Checked"]

VALUE_TOLERANCE = 1e-9
"""A value recomputed from an experiment may differ by this share of the size of the payoffs."""


class Checked(SealedCertificate):
    """A certificate, by its failures."""

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words; empty when the certificate holds."""
        raise NotImplementedError

    @property
    def ok(self) -> bool:
        """Whether every check holds at the named tolerances."""
        return not self.failures

    def enforce(self) -> None:
        """Raise :class:`CertificateError` unless every check holds."""
        if not self.ok:
            raise CertificateError("the answer is not proved: " + "; ".join(self.failures), self)
