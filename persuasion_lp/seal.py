"""A certificate belongs to the answer that it was issued for.

Answer and certificate carry one :class:`Seal`, put on both when the answer is made. It remembers
the fields of both. ``dataclasses.replace`` hands the seal on with the fields that are kept, so a
changed field no longer is what the seal remembers, and the certificate fails:

================  =================================================================
of a certificate  its fields are those that the seal remembers
of an answer      the same, and its certificate carries the same seal
================  =================================================================

Numbers and text are compared by value; of everything else only the very object will do, which is
enough since none can be written to. Copies and pickles keep the seal: what is one object stays one.
Seconds of computing are not part of an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from functools import cache, wraps
from numbers import Number
from typing import Any

from persuasion_lp.arrays import ReadOnly

__all__ = ["Seal", "SealedAnswer", "SealedCertificate"]

NOT_SEALED = frozenset({"certificate", "seal", "times"})
"""Fields that a seal does not remember."""


@dataclass(frozen=True, eq=False)
class Seal(ReadOnly):
    """What an answer and its certificate were when the certificate was issued.

    Attributes
    ----------
    answer, certificate
        Class and fields of each.
    broken
        What has been changed since, in words; empty if nothing was.
    """

    answer: tuple[Any, ...]
    certificate: tuple[Any, ...]
    broken: str = ""

    def __post_init__(self) -> None:
        """What is remembered is read-only already."""

    @property
    def failures(self) -> tuple[str, ...]:
        """What has been changed, as failures of a certificate."""
        return (self.broken,) if self.broken else ()

    def break_(self, what: str, changed: Iterable[str]) -> Seal:
        """The same seal, broken; a broken one stays as it is."""
        listed = tuple(changed)
        if self.broken or not listed:
            return self
        verb = "differs" if len(listed) == 1 else "differ"
        return replace(self, broken=f"the certificate was {what}: {', '.join(listed)} {verb}")


@dataclass(frozen=True, eq=False, repr=False)
class Sealed(ReadOnly):
    """An answer or a certificate.

    Attributes
    ----------
    seal
        What both were when the certificate was issued; ``None`` as long as it is not.
    """

    seal: Seal | None = field(default=None, kw_only=True, repr=False, compare=False)


class SealedCertificate(Sealed):
    """A certificate whose broken seal is a failure, whatever else it checks."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        checks = vars(cls).get("failures")
        if not isinstance(checks, property) or checks.fget is None:
            return
        own = checks.fget

        @wraps(own)
        def failures(self: SealedCertificate) -> tuple[str, ...]:
            found = tuple(own(self))
            return self.seal.failures + found if self.seal and self.seal.broken else found

        type.__setattr__(cls, "failures", property(failures))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.seal is not None:
            changed = _changed(self, self.seal.certificate)
            seal = self.seal.break_("changed after it was issued", changed)
            object.__setattr__(self, "seal", seal)


class SealedAnswer(Sealed):
    """An answer, with a certificate that was issued for it and no other."""

    def __post_init__(self) -> None:
        super().__post_init__()
        certificate: SealedCertificate = vars(self)["certificate"]
        seal = certificate.seal or self.seal
        if seal is None:
            seal = Seal(_remembered(self), _remembered(certificate))
        else:
            changed = _changed(self, seal.answer)
            if self.seal is not None and certificate.seal is not self.seal:
                changed += ("certificate",)
            unbroken, seal = seal, seal.break_("issued for another answer", changed)
            if seal is not unbroken:
                certificate = replace(certificate, seal=seal)
        vars(self).update(certificate=certificate, seal=seal)
        vars(certificate)["seal"] = seal


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields that a seal remembers."""
    return tuple(f.name for f in fields(kind) if f.name not in NOT_SEALED)


def _remembered(thing: Sealed) -> tuple[Any, ...]:
    """Class and fields."""
    kind: Any = type(thing)
    return kind, *map(vars(thing).__getitem__, _names(kind))


def _changed(thing: Sealed, remembered: tuple[Any, ...]) -> tuple[str, ...]:
    """Names of the fields that are not what is remembered."""
    kind: Any = type(thing)
    named = zip(("its class", *_names(kind)), _remembered(thing), remembered, strict=False)
    return tuple(name for name, now, then in named if not _same(now, then))


def _same(now: Any, then: Any) -> bool:
    if now is then:
        return True
    if isinstance(now, tuple) and isinstance(then, tuple):
        return len(now) == len(then) and all(map(_same, now, then))
    return isinstance(now, Number | str) and isinstance(then, Number | str) and bool(now == then)
