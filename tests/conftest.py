"""Hypothesis profile: the same examples on every machine, no deadlines; readable parameters."""

import pytest
from hypothesis import HealthCheck, settings

from tests.readable import readable

settings.register_profile(
    "reproducible",
    derandomize=True,
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("reproducible")


def pytest_make_parametrize_id(config: pytest.Config, val: object) -> str | None:
    return readable(val)


collect_ignore = ["toy_family.py"]
"""Importing it registers a family, which only the test of that family wants."""
