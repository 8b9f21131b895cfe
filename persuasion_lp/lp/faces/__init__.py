"""What an optimum hides: optimal faces, projections, and how optima move, in exact rationals."""
