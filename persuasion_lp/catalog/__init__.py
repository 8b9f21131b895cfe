"""Published instances: one source for tests, README, command line and benchmarks.

>>> from persuasion_lp import catalog, solve
>>> instance = catalog.get("kks-example-2")
>>> claim = instance.claims[1]
>>> claim.procedure, claim.value, claim.printed
('sequential', Fraction(35, 24), '1.458')
>>> claim.agrees(solve(instance.problem(), claim.procedure, **claim.settings).value)
True
"""

from types import MappingProxyType

from persuasion_lp.catalog import (
    bayesian,
    belief_functions,
    kks,
    kks_counterexamples,
    lx,
    many_receivers,
    posterior_means,
    single_receiver,
)
from persuasion_lp.catalog.instance import Claim, Instance
from persuasion_lp.catalog.reproduction import Reproduction, reproduce
from persuasion_lp.errors import InstanceError
from persuasion_lp.inputs import is_a, one_of

__all__ = ["INSTANCES", "Claim", "Instance", "Reproduction", "get", "reproduce"]

_TOPICS = (
    kks,
    kks_counterexamples,
    lx,
    single_receiver,
    many_receivers,
    belief_functions,
    posterior_means,
    bayesian,
)

INSTANCES = MappingProxyType(
    {instance.slug: instance for topic in _TOPICS for instance in topic.INSTANCES}
)
"""Every instance by its slug."""


def get(slug: str) -> Instance:
    """Find an instance by its slug.

    Raises
    ------
    InstanceError
        If there is none of this name; the error names the nearest there are.
    """
    if not (is_a(slug, str) and slug in INSTANCES):
        rule = one_of(INSTANCES, slug, where="catalog.INSTANCES")
        raise InstanceError("slug", rule, value=slug)
    return INSTANCES[slug]
