"""Table 1 and the catalogue's other KKS values, proved by hand: experiment and prices for each."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from persuasion_lp import VotingGame, catalog
from tests.published.kks_proofs import PROOFS
from tests.published.proofs import Masses, Path, assert_attained, assert_bounded, threshold

F = Fraction


def claimed(slug: str, procedure: str, order: tuple[int, ...] | None) -> Fraction:
    """Value of a claim; the best order's stands for orders without one of their own."""
    claims = {
        (claim.procedure, claim.settings.get("order")): claim.value
        for claim in catalog.get(slug).claims
    }
    value = claims.get((procedure, order), claims.get((procedure, None)))
    assert isinstance(value, Fraction)
    return value


def assert_prior(slug: str, prior: Masses) -> None:
    """The catalogue's prior is the one of the proof."""
    game = catalog.get(slug).problem()
    numbers = game.rational_numbers
    found = numbers[0].ravel() if isinstance(game, VotingGame) else numbers.prior
    if set("".join(prior)) <= {"L", "H"}:
        cells = [tuple("LH".index(letter) for letter in word) for word in prior]
        places = [int(np.ravel_multi_index(cell, game.prior.shape)) for cell in cells]
    else:
        places = list(range(len(prior)))
    assert [found[place] for place in places] == list(prior.values())
    assert sum(found) == sum(prior.values())


@pytest.mark.parametrize("name", PROOFS)
def test_experiment_and_prices_meet_at_the_claim(name: str) -> None:
    (slug, procedure, order), (prior, receivers), experiment, multipliers, prices = PROOFS[name]
    value = claimed(slug, procedure, order)
    assert_prior(slug, prior)
    assert_attained(procedure, prior, receivers, experiment, value)
    assert_bounded(procedure, prior, receivers, multipliers, prices, value)


ONE_OR_THREE_PRICES = {"HHH": F(271, 81), "HLL": F(91, 81), "LHL": F(91, 81), "LLH": F(1)}
ONE_OR_THREE_MULTIPLIERS = {
    (0, ()): F(100, 81),
    (1, (0,)): F(100, 81),
    (2, (0, 0)): F(0),
} | {known: F(10, 9) for known in [(1, (1,)), (2, (1, 1)), (2, (1, 0)), (2, (0, 1))]}


@pytest.mark.parametrize(
    ("slug", "all_high"),
    [("kks-corollary-1-independent-pairs", 1), ("kks-corollary-1-three-receivers", 2)],
)
def test_one_high_state_or_three(slug: str, all_high: int) -> None:
    """The same prices for both priors; in each step 1/9 of what a receiver needs is pooled."""
    one = F(1, 3 + all_high)
    prior = {"HHH": all_high * one, "HLL": one, "LHL": one, "LLH": one}
    receivers = [threshold(i, F(9, 10), prior) for i in range(3)]
    value = claimed(slug, "sequential", (0, 1, 2))
    pooled_1, pooled_2, pooled_after = (prior["HHH"] + one) / 9, prior["HHH"] / 9, one / 9
    experiment: dict[Path, Masses] = {
        (1, 1, 1): {"HHH": prior["HHH"], "HLL": pooled_2},
        (1, 0, 1): {"LLH": pooled_1, "HLL": pooled_1 / 9},
        (1, 0, 0): {"HLL": one - pooled_2 - pooled_1 / 9},
        (0, 1, 1): {"LLH": pooled_after, "LHL": pooled_after / 9},
        (0, 1, 0): {"LHL": one - pooled_after / 9},
        (0, 0, 1): {"LLH": one - pooled_1 - pooled_after},
    }
    assert_prior(slug, prior)
    assert_attained("sequential", prior, receivers, experiment, value)
    assert_bounded(
        "sequential", prior, receivers, ONE_OR_THREE_MULTIPLIERS, ONE_OR_THREE_PRICES, value
    )
    marginal = prior["HHH"] + one
    assert claimed(slug, "first_best", None) == 3 * marginal / F(9, 10) > value


def test_the_order_1_3_2_attains_first_best() -> None:
    """Corollary 1's order is 3, 2, 1, by Δ^R; the catalogue's experiment in the order 1, 3, 2."""
    slug = "kks-corollary-1-order"
    weights = {"LLL": 1, "LHH": 1, "HHL": 1, "HHH": 4}
    prior = {word: F(weight, 7) for word, weight in weights.items()}
    cutoffs = [F(7, 8), F(49, 50), F(5, 6)]
    marginals = [sum(prior[w] for w in prior if w[i] == "H") for i in range(3)]
    distances = [c - x for c, x in zip(cutoffs, marginals, strict=True)]
    assert sorted(range(3), key=lambda i: distances[i]) == [2, 1, 0]
    first_best = sum(x / c for c, x in zip(cutoffs, marginals, strict=True))
    order = (0, 2, 1)
    receivers = [threshold(i, cutoffs[i], prior) for i in order]
    carried, left = F(88, 875), F(1, 7) - F(88, 875)
    experiment: dict[Path, Masses] = {
        (1, 1, 1): {"HHH": F(4, 7), "HHL": carried, "LLL": F(12, 875)},
        (1, 0, 1): {"HHL": left, "LLL": left / 49},
        (1, 0, 0): {"LLL": F(5, 49) - F(12, 875) - left / 49},
        (0, 1, 1): {"LHH": F(1, 7), "LLL": F(1, 343)},
        (0, 1, 0): {"LLL": F(1, 35) - F(1, 343)},
        (0, 0, 0): {"LLL": F(1, 7) - F(5, 49) - F(1, 35)},
    }
    assert_prior(slug, prior)
    assert claimed(slug, "first_best", None) == first_best
    assert_attained("sequential", prior, receivers, experiment, claimed(slug, "sequential", order))
    assert claimed(slug, "sequential", order) == first_best > claimed(slug, "sequential", (2, 1, 0))


def test_the_vote_with_equal_cutoffs() -> None:
    """What 2 accepts when he votes first; each partner knows the coalition."""
    prior = {"LLH": F(3, 7), "LHL": F(2, 7), "HHL": F(2, 7)}
    assert_prior("kks-equal-cutoffs", prior)
    coalitions = {
        (0, 1): {"HHL": F(6, 21), "LHL": F(2, 21), "LLH": F(2, 21)},
        (1, 2): {"LLH": F(6, 21), "LHL": F(4, 21)},
    }
    for state, mass in prior.items():
        assert sum(masses.get(state, F(0)) for masses in coalitions.values()) <= mass

    def share(voter: int, *who: tuple[int, int]) -> Fraction:
        masses = [item for coalition in who for item in coalitions[coalition].items()]
        high = sum((mass for word, mass in masses if word[voter] == "H"), F(0))
        return high / sum(mass for _, mass in masses)

    assert share(0, (0, 1)) == share(2, (1, 2)) == share(1, (0, 1), (1, 2)) == F(3, 5)
    assert share(1, (1, 2)) < F(3, 5)
    won = sum(sum(masses.values()) for masses in coalitions.values())
    high = [sum(mass for word, mass in prior.items() if word[i] == "H") for i in range(3)]
    cutoff = F(3, 5)
    assert won == claimed("kks-equal-cutoffs", "sequential", (1, 0, 2)) == high[1] / cutoff
    assert claimed("kks-equal-cutoffs", "sequential", (0, 1, 2)) == high[0] / cutoff
    assert claimed("kks-equal-cutoffs", "simultaneous", None) == high[0] / cutoff


def test_closed_forms_of_binary_states() -> None:
    """First best is Σ x_i / c_i."""
    half, third = F(1, 2), F(1, 3)
    expected = {
        "kks-corollary-1": half / F(3, 5) + half / F(7, 10) + half / F(9, 10),
        "kks-theorem-2": third / half + third / F(3, 5) + third / F(4, 5),
        "kks-proposition-4-i": 2 * third / F(2, 3),
        "kks-proposition-4-ii": 2 * F(1, 5) / F(3, 4),
    }
    for slug, value in expected.items():
        assert claimed(slug, "first_best", None) == value
    assert claimed("kks-corollary-1", "simultaneous", None) == 3 * half / F(9, 10)


@pytest.mark.parametrize(
    ("slug", "alpha", "corners", "entries"),
    [
        ("kks-proposition-4-i", F(2, 3), [F(1, 2), F(1, 6), F(1, 6), F(1, 6)], (F(1, 6), 0, 0)),
        (
            "kks-proposition-4-ii",
            F(3, 4),
            [F(7, 10), F(1, 10), F(1, 10), F(1, 10)],
            (F(1, 20), F(1, 60), F(1, 60)),
        ),
    ],
)
def test_the_joint_distribution_of_section_8_1(
    slug: str, alpha: Fraction, corners: list[Fraction], entries: tuple[Fraction, ...]
) -> None:
    prior = dict(zip(["LL", "LH", "HL", "HH"], corners, strict=True))
    b, d, e = map(F, entries)
    experiment: dict[Path, Masses] = {
        (1, 1): {"HH": prior["HH"], "HL": b, "LH": b},
        (1, 0): {"HL": prior["HL"] - b, "LL": d},
        (0, 1): {"LH": prior["LH"] - b, "LL": e},
        (0, 0): {"LL": prior["LL"] - d - e},
    }
    receivers = [threshold(i, alpha, prior) for i in range(2)]
    assert_prior(slug, prior)
    value = claimed(slug, "simultaneous", None)
    assert_attained("simultaneous", prior, receivers, experiment, value)
    assert value == claimed(slug, "first_best", None)


def test_a_prior_that_is_not_the_catalogue_s_is_noticed() -> None:
    with pytest.raises(AssertionError):
        assert_prior("kks-any-correlation", {"LH": F(3, 10), "HL": F(7, 10)})
    with pytest.raises(AssertionError):
        assert_prior("kks-any-correlation", {"LH": F(7, 10)})
