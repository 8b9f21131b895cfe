"""Several workers, and tests that depend on what all of them report."""
