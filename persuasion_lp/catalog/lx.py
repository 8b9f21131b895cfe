"""Li and Xu, *Information Acquisition Towards Unanimous Consent*.

Difficulty is uniform on [0, 1] unless ``cells`` says that it is the grid of cell means of that many
cells of it. Values of optimal menus with interior thresholds are rational: the marginal state of
the chain fixes p, and everything else is linear in p and p².
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from persuasion_lp.catalog.instance import Claim, Instance
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.states import StateGrid

__all__ = ["INSTANCES", "MENUS", "MenuInstance", "PublishedTest"]

F = Fraction

_LX = "Li and Xu, Information Acquisition Towards Unanimous Consent, arXiv 2405.18521"


@dataclass(frozen=True)
class PublishedTest:
    """Probability of a proposal and expected difficulty given one."""

    p: Fraction
    q: Fraction


@dataclass(frozen=True)
class MenuInstance:
    """A manager's problem with the values and tests of its procedures.

    ``printed`` are tests that the paper prints, and what a menu of them pays; they need not be
    optimal.
    """

    slug: str
    title: str
    where: str
    payment: Fraction
    types: tuple[Fraction, ...]
    type_probs: tuple[Fraction, ...]
    values: dict[str, Fraction]
    tests: tuple[PublishedTest, ...] = ()
    printed: tuple[PublishedTest, ...] = ()
    printed_value: Fraction | None = None
    cells: int | None = None
    rounded: dict[str, str] = field(default_factory=dict)

    def problem(self) -> ManagerProblem:
        """The manager's problem.

        Uniform difficulty: the highest type gets a threshold test, p = 1 − t and r = pq =
        (1 − t²)/2. What binds below him is the obedience r = xwp of the lowest type served; his
        trust in the manager, r − wp = E[θ] − w, if E[θ] > w; and every type's indifference to the
        test below his own. So all p and r are linear in those of the highest type, the manager's
        payoff is quadratic in t, and its maximum over t rational. With one type, obedience fixes t;
        a pessimistic type is never served (Theorem 1). With one test, t maximizes what the types
        who accept it bring (Theorem 2).

        With types 1.2 and 1.6 the price function max(0, (97/100)(s − 241/485)) of Problem (A),
        which no menu beats, has the mean 7442/60625 on U[0, 1] and 491/4000 on 40 cell means.
        """
        difficulty: StateDistribution | StateGrid = StateDistribution.uniform()
        if self.cells is not None:
            difficulty = StateGrid([F(2 * k + 1, 2 * self.cells) for k in range(self.cells)])
        return ManagerProblem(difficulty, self.payment, self.types, self.type_probs)

    def entry(self) -> Instance:
        """The catalogue entry; brackets of continuous menus are refined to 1e-10."""
        claims = tuple(
            Claim(
                procedure,
                value,
                "proved here",
                settings={"tol": 1e-10} if procedure == "menu" and self.cells is None else {},
            )
            for procedure, value in self.values.items()
        )
        return Instance(self.slug, self.title, _LX, self.where, self.problem, claims)


_TWO = {
    "payment": F(1, 2),
    "types": (F("1.2"), F("1.6")),
    "type_probs": (F("0.02"), F("0.98")),
}
_THREE_A = {
    "payment": F("0.4318"),
    "types": (F("1.496"), F("1.7064"), F("1.9038")),
    "type_probs": (F("0.00304"), F("0.00218"), F("0.99478")),
}
_THREE_B = {
    "payment": F("0.3982"),
    "types": (F("1.6259"), F("1.8125"), F("2.4368")),
    "type_probs": (F("0.00439"), F("0.00731"), F("0.98830")),
}

MENUS = (
    MenuInstance(
        "lx-two-tests",
        "two types, uniform difficulty: the printed menu pays 491/4000, the best one more",
        "§4.2.1: the threshold test at 1/2 and the interval test on [.5375, .6625]",
        **_TWO,  # type: ignore[arg-type]
        values={"menu": F(7442, 60625), "single_test": F(49, 400)},
        tests=(PublishedTest(F(1220, 9409), F(3, 5)), PublishedTest(F(244, 485), F(363, 485))),
        printed=(PublishedTest(F(1, 8), F(3, 5)), PublishedTest(F(1, 2), F(3, 4))),
        printed_value=F(491, 4000),
    ),
    MenuInstance(
        "lx-two-tests-40-cells",
        "the same on the means of 40 cells, where the printed tests are optimal",
        "§4.2.1 on the means of 40 cells, where the printed tests are optimal",
        **_TWO,  # type: ignore[arg-type]
        values={"menu": F(491, 4000), "single_test": F(49, 400), "commitment": F(491, 4000)},
        tests=(PublishedTest(F(1, 8), F(3, 5)), PublishedTest(F(1, 2), F(3, 4))),
        cells=40,
    ),
    MenuInstance(
        "lx-three-tests-a",
        "three types, three distinct tests",
        "§B.1, three types: two interval tests and a threshold test",
        **_THREE_A,  # type: ignore[arg-type]
        values={
            "menu": F(
                10076605661882852396550665323,
                62596625957031250000000000000,
            )
        },
        tests=(
            PublishedTest(F(1375, 4318), F(403733, 625000)),
            PublishedTest(
                F(4028053947107647609833162541, 10532186526356425823593750000),
                F(16645429574064120823251814054323527, 25175337169422797561457265881250000),
            ),
            PublishedTest(F(173911207882937, 304421281250000), F(434931354617063, 608842562500000)),
        ),
        rounded={"menu": "0.1610"},
    ),
    MenuInstance(
        "lx-three-tests-b",
        "three types, three distinct tests, E[θ] further above the payment",
        "§B.1, three types with E[θ] further above the payment",
        **_THREE_B,  # type: ignore[arg-type]
        values={
            "menu": F(
                21545077867822108263875300539,
                119384935060385775000000000000,
            )
        },
        tests=(
            PublishedTest(F(5090000, 12461669), F(32371669, 50000000)),
            PublishedTest(
                F(1987598510455962509993576044393, 3631131967566666139812224446875),
                F(105945647839529293307073969716307427, 159007880836477000799486083551440000),
            ),
            PublishedTest(F(1855659036589, 3055281575000), F(4254904113411, 6110563150000)),
        ),
        rounded={"menu": "0.1805"},
    ),
    MenuInstance(
        "lx-theorem-1-optimistic",
        "one known type, ex-ante optimistic and constrained: threshold 1/5",
        "Theorem 1 (1): constrained, threshold 1/5",
        payment=F(2, 5),
        types=(F(3, 2),),
        type_probs=(F(1),),
        values={"menu": F(4, 25), "single_test": F(4, 25)},
        tests=(PublishedTest(F(4, 5), F(3, 5)),),
    ),
    MenuInstance(
        "lx-theorem-1-pessimistic",
        "one known type, ex-ante pessimistic: never launched",
        "Theorem 1 (2): never launched",
        payment=F(2, 5),
        types=(F(6, 5),),
        type_probs=(F(1),),
        values={"menu": F(0), "single_test": F(0)},
    ),
)


def _two_workers() -> ManagerProblem:
    """Payments (1/4, 1/4), capabilities 12/5 (probability 1/4) or 16/5, five difficulties.

    A proposal is accepted by L up to 3/5, by H up to 4/5. With one L the test (p, r) = (p, 3p/5)
    leaves L nothing and H a surplus (times 16/5) of p/5; with two H it is on the frontier, and a
    surplus s brings the manager 18/125 − 2s/5. H reports L unless 3s/4 + p/20 ≥ 3p/20, that is
    s ≥ 2p/15. So p brings 3/8 · p/10 and costs 9/16 · 2/5 · 2p/15 = 3p/100: p is as large as can
    be, 4/5, and the value 3/100 + 57/1000. A plan for two L would bring p/160, and cost 9/16 · 2/5
    · p/15 = 3p/200, as it tempts H too. Tests that depend on the pivotal worker alone pay 129/1600:
    then who meets one L and who meets two L must get the same.
    """
    states = StateGrid([F(k, 10) for k in (1, 3, 5, 7, 9)])
    chances: Any = [[F(1, 4), F(3, 4)]] * 2
    types = [[F(12, 5), F(16, 5)]] * 2
    return ManagerProblem.for_workers(states, [F(1, 4)] * 2, types, chances)


INSTANCES = (
    *(menu.entry() for menu in MENUS),
    Instance(
        "lx-two-workers",
        "two workers: tests that depend on both reports",
        _LX,
        "§5.2, several workers, without the pivotal reduction; the numbers are ours",
        _two_workers,
        (
            Claim("profile_menu", F(87, 1000), "proved here"),
            Claim("menu", F(129, 1600), "proved here"),
        ),
    ),
)
