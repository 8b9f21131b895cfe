"""Hypothesis profile: the same examples on every machine, no deadlines; readable parameters."""

import gc

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


def pytest_collection_finish() -> None:
    """What collecting left is there to stay: the collector need not look through it each time."""
    gc.collect()
    gc.freeze()


collect_ignore = ["toy_family.py"]
"""Importing it registers a family, which only the test of that family wants."""
