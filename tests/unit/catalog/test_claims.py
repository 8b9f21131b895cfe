"""Catalogue entries as data."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest

from persuasion_lp import catalog, errors
from persuasion_lp.catalog import Claim


def test_slugs_are_unique_and_citations_complete() -> None:
    assert len({instance.slug for instance in catalog.INSTANCES.values()}) == len(catalog.INSTANCES)
    for instance in catalog.INSTANCES.values():
        assert instance.title
        assert instance.citation
        assert instance.where
        assert instance.claims


def test_a_claim_agrees_exactly_and_in_print() -> None:
    claim = Claim("sequential", Fraction(37, 32), "printed in the paper", "1.156")
    assert claim.agrees(1.15625)
    assert not claim.agrees(1.15625 + 1e-8)


def test_a_printed_number_must_round_from_the_value() -> None:
    with pytest.raises(ValueError, match="does not round"):
        Claim("sequential", Fraction(37, 32), "printed in the paper", "1.157")


def test_an_irrational_value_is_a_closed_form() -> None:
    claim = Claim("simultaneous", 2**0.5, "proved here", "1.414")
    assert claim.agrees(1.41421356237)
    assert not claim.agrees(1.41421)
    with pytest.raises(ValueError, match="does not round"):
        Claim("simultaneous", 2**0.5, "proved here", "1.415")


def test_the_derivation_is_that_of_the_builder() -> None:
    assert catalog.get("kamenica-gentzkow-prosecutor").derivation.endswith("(3/10)/(1/2).")
    bare = dataclasses.replace(catalog.get("kks-example-1"), problem=lambda: None)
    assert bare.derivation == ""


def test_provenance_is_one_of_three() -> None:
    with pytest.raises(ValueError, match="provenance"):
        Claim("sequential", Fraction(1), "remembered")  # type: ignore[arg-type]


def test_an_unknown_slug_names_the_nearest_ones_and_where_all_are() -> None:
    with pytest.raises(errors.InstanceError, match=r"catalog\.INSTANCES.*kks-example-1'") as caught:
        catalog.get("kks-exmple-1")
    assert str(caught.value).count("kks-") <= 4
