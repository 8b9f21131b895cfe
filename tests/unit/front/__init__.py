"""What a caller meets first: solve, compare, settings, benchmarks, requirements."""
