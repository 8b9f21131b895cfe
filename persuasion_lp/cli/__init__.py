"""The command line: ``persuasion-lp``, also ``python -m persuasion_lp``."""

from persuasion_lp.cli.program import main

__all__ = ["main"]
