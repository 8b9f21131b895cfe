"""Certificates in which one number is altered, or very long."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest

from persuasion_lp.lp import LPBuilder, certificate_file
from persuasion_lp.lp.certificate_file import certificate_json, verify
from tests.certificate_support import CERTIFICATE, bumped

F = Fraction
OBJECT = np.dtype(object)


@pytest.mark.parametrize("field", ["primal", "dual", "objective", "rhs", "entries"])
def test_a_certificate_altered_in_one_number_is_refused(field: str) -> None:
    for place in range(len(CERTIFICATE[field])):
        found = verify(bumped(field, place))
        assert not found.ok
        assert found.failures


@pytest.mark.parametrize(
    ("field", "place", "reason"),
    [("primal", 5, "row"), ("dual", 0, "value: the duals prove"), ("entries", 0, "row")],
)
def test_the_proof_does_not_rest_on_the_digest(field: str, place: int, reason: str) -> None:
    document = json.loads(bumped(field, place))
    del document["digest"]
    forged = json.dumps({**document, "digest": certificate_file._digest(document)})
    assert reason in " ".join(verify(forged).failures)


def test_very_long_numbers_survive_the_file() -> None:
    builder = LPBuilder(OBJECT)
    x = builder.columns("x", (1,), objective=F(1))
    big = F(3**20_000, 7**9_000)
    builder.entries(builder.rows("cap", (1,), "<=", big), x, 1)
    program = builder.build_rational(offset=F(0))
    from persuasion_lp.lp.rational import RationalSolution

    found = verify(certificate_json(RationalSolution(program, (big,), (F(1),), big), {}))
    assert found.ok
    assert found.value == big
