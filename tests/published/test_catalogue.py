"""Every published value, by citation (the citation is in the entry)."""

from __future__ import annotations

import pytest

from persuasion_lp import catalog
from persuasion_lp.catalog import Claim, Instance
from tests.support import any_solve

CLAIMS = [
    pytest.param(instance, claim, id=f"{instance.slug}-{claim.procedure}-{k}")
    for instance in catalog.INSTANCES.values()
    for k, claim in enumerate(instance.claims)
]


@pytest.mark.parametrize(("instance", "claim"), CLAIMS)
def test_published_value(instance: Instance, claim: Claim) -> None:
    result = any_solve(instance.problem(), claim.procedure, **claim.settings)
    assert claim.agrees(result.value), f"{result.value} is not {claim.value}"
    assert result.certificate.ok
    assert 0 <= result.certificate.gap <= 1e-9


@pytest.mark.parametrize(("instance", "claim"), CLAIMS[:3])
def test_a_wrong_value_would_be_noticed(instance: Instance, claim: Claim) -> None:
    result = any_solve(instance.problem(), claim.procedure, **claim.settings)
    assert not claim.agrees(result.value + 1e-8)
