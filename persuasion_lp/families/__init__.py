"""Families of problems: one folder for each, registered when this package is imported."""

from persuasion_lp.families.bayesian import ANONYMOUS, BAYESIAN
from persuasion_lp.families.beliefs import BELIEFS
from persuasion_lp.families.exchangeable import EXCHANGEABLE
from persuasion_lp.families.games import GAMES
from persuasion_lp.families.means import MEANS
from persuasion_lp.families.menus import MENUS
from persuasion_lp.families.votes import VOTES

__all__ = ["ANONYMOUS", "BAYESIAN", "BELIEFS", "EXCHANGEABLE", "GAMES", "MEANS", "MENUS", "VOTES"]
