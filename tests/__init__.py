"""Tests of persuasion_lp."""
