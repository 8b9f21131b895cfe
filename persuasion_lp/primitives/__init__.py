"""What problems are made of: receivers, priors, grids and distributions of a state."""
