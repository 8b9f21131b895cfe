"""Beliefs: experiments, what receivers infer from them."""

from persuasion_lp.beliefs.experiment import Experiment, InformationSet, Stage

__all__ = ["Experiment", "InformationSet", "Stage"]
