"""The programmes of a manager's problem: the same optimum in rays, state by state, by cut-offs."""
