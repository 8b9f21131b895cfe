"""Every finite rational entry of the catalogue, certified exactly and equal to the claim."""

from __future__ import annotations

import pytest

from persuasion_lp import catalog
from persuasion_lp.catalog import Claim, Instance
from persuasion_lp.solve import has_exact_answer
from tests.published.test_catalogue import CLAIMS
from tests.support import any_solve

FINITE = [
    case
    for case in CLAIMS
    if has_exact_answer(case.values[0].problem(), case.values[1].procedure)  # type: ignore[union-attr]
]


@pytest.mark.parametrize(("instance", "claim"), FINITE)
def test_exact_value(instance: Instance, claim: Claim) -> None:
    answer = any_solve(instance.problem(), claim.procedure, exact=True, **claim.settings)
    assert answer.value == claim.value
    assert answer.certificate.verify().ok


def test_a_claim_off_by_a_billionth_is_noticed() -> None:
    instance = catalog.get("kks-three-states")
    claim = instance.claims[1]
    answer = any_solve(instance.problem(), claim.procedure, exact=True, **claim.settings)
    assert answer.value != claim.value + 1 / 10**9
