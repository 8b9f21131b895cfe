"""Beliefs that a signal on one receiver's own state moves."""

from __future__ import annotations

import numpy as np

from persuasion_lp.beliefs.updating import own_state_factors

HIGH = np.array([False, False, True, True])
"""States LL, LH, HL, HH of two receivers: whether the first one's is H."""


def test_by_hand_the_other_receivers_belief_follows() -> None:
    """A prior of 1/8, 1/8, 1/4, 1/2; the belief in ω_1 = H falls from 3/4 to 3/8.

    The states with ω_1 = H are multiplied by 1/2, the others by (5/8)/(1/4) = 5/2: 5/16, 5/16, 1/8,
    1/4. The belief in ω_2 = H falls from 5/8 to 9/16, as Pr(H | L) = 1/2 and Pr(H | H) = 2/3 say.
    """
    prior = np.array([1 / 8, 1 / 8, 1 / 4, 1 / 2])
    posterior = prior * own_state_factors(HIGH, 3 / 4, 3 / 8)
    assert posterior.tolist() == [5 / 16, 5 / 16, 1 / 8, 1 / 4]
    assert posterior[[1, 3]].sum() == 9 / 16


def test_two_values_of_a_signal_average_to_the_prior() -> None:
    prior = np.array([0.1, 0.2, 0.3, 0.4])
    up = prior * own_state_factors(HIGH, 0.7, 0.9)
    down = prior * own_state_factors(HIGH, 0.7, 0.4)
    np.testing.assert_allclose(up * 0.6 + down * 0.4, prior, rtol=1e-15)


def test_several_beliefs_at_once_each_about_its_own_state() -> None:
    high = np.array([HIGH, ~HIGH])
    found = own_state_factors(high, [0.5, 0.25], [1.0, 0.5])
    assert found[0].tolist() == [0.0, 0.0, 2.0, 2.0]
    assert found[1].tolist() == [2.0, 2.0, 0.5 / 0.75, 0.5 / 0.75]
    assert own_state_factors(HIGH, [0.5, 0.25], 0.5).shape == (2, 4)


def test_what_is_impossible_stays_so() -> None:
    assert own_state_factors(HIGH, 1.0, 1.0).tolist() == [0.0, 0.0, 1.0, 1.0]
    assert own_state_factors(HIGH, 0.0, 0.0).tolist() == [1.0, 1.0, 0.0, 0.0]
