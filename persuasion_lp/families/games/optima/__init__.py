"""What an optimum of a game hides: ranges, frontiers, side constraints, traces, credibility."""
