"""Hypothesis profile: the same examples on every machine, no deadlines."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "reproducible",
    derandomize=True,
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("reproducible")

collect_ignore = ["toy_family.py"]
"""Importing it registers a family, which only the test of that family wants."""
