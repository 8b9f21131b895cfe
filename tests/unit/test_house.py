"""The floors of the package: an import goes down, never up, never in a circle.

Every import counts, those inside functions too, and those under ``if TYPE_CHECKING``: the package
needs none of its own modules there, so none is exempt. What is not seen is a name given to
``importlib``: :mod:`persuasion_lp.theorems` forwards in this way, on purpose, what has moved to the
laboratory since.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

import persuasion_lp

PACKAGE = "persuasion_lp"

FLOORS: tuple[tuple[str, ...], ...] = (
    ("errors", "reading", "shown"),
    ("arrays", "checks", "extras", "inputs", "limits", "seal", "storage", "words"),
    ("lp",),
    ("beliefs",),
    ("primitives",),
    ("core",),
    ("families",),
    ("keywords", "solve", "compare", "files", "tracing"),
    ("catalog", "theorems"),
    ("laboratory", "plots", "sweep"),
    ("cli", "explorer", "__main__"),
)
"""From the ground up. Within a floor neighbours may import each other, if not in a circle."""

NEIGHBOURS = frozenset(
    {
        *(("menus", "means"), ("votes", "games"), ("beliefs", "games"), ("exchangeable", "games")),
        ("bayesian", "games"),
    }
)
"""Families that may import another family."""

PROGRAMME = frozenset(
    {
        "certificate",
        "decoding",
        "discretization",
        "exact",
        "forms",
        "improvement",
        "optimum",
        "ordering",
        "pacman",
        "procedures",
        "programme",
        "programmes",
        "recursion",
        "result",
        "runs",
        "solve",
        "stages",
        "tree",
    }
)
"""Modules of a family that economics knows nothing of, whatever follows in their names."""

BELOW_PROBLEMS = frozenset(
    {"errors", "shown", "arrays", "checks", "extras", "inputs", "seal", "words"}
    | {"beliefs", "primitives"}
)
"""What a ``problem.py`` may import beside modules of its own family."""

MAY_TELL_CLASSES_APART = frozenset({"theorems", "laboratory", "catalog"})
"""Floors that may ask for a problem's class; the others ask the registry."""

MOST_LINES = 400
MOST_FILES = 16

Sources = Mapping[str, str]
"""By module, its text; a package is named ``a.b.__init__``."""

Arrow = tuple[str, str]


def plain(module: str) -> str:
    """A module's name as it is imported."""
    return module.removesuffix(".__init__")


def within(module: str) -> tuple[str, ...]:
    """The parts of a name below the package."""
    return tuple(plain(module).split("."))[1:]


def imports_of(module: str, sources: Sources) -> Iterator[str]:
    """Modules of the package that a module imports, in any place."""
    known = {plain(name) for name in sources}
    package = module.split(".")[:-1]
    for node in ast.walk(ast.parse(sources[module])):
        if isinstance(node, ast.Import):
            names = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            names = [(base, alias.name) for alias in node.names]
        else:
            continue
        for base, name in names:
            if base.split(".")[0] == PACKAGE:
                full = f"{base}.{name}"
                yield full if full in known else base


def arrows(sources: Sources) -> list[Arrow]:
    """Who imports whom."""
    return sorted({(plain(one), other) for one in sources for other in imports_of(one, sources)})


def floor_of(module: str) -> int | None:
    """Number of the floor, from below; ``None`` for the package itself and what has no floor."""
    parts = within(module)
    for height, rooms in enumerate(FLOORS):
        if parts and parts[0] in rooms:
            return height
    return None


def homeless(sources: Sources) -> list[str]:
    """Modules that belong to no floor."""
    return sorted(m for m in sources if within(m) and floor_of(m) is None)


def upward(sources: Sources) -> list[Arrow]:
    """Imports that run up the floors, or to the package itself from below its top floor."""
    found = []
    for one, other in arrows(sources):
        low, high = floor_of(one), floor_of(other)
        if low is None:
            continue
        if high is None:
            high = len(FLOORS) - 1
        if high > low:
            found.append((one, other))
    return found


def circles(sources: Sources) -> list[tuple[str, ...]]:
    """Modules that import each other round a circle; one tuple for each such set of modules.

    Importing a module runs the packages it is in: a package that imports from within itself is
    no circle, a module that imports its own package is one if the package imports the module.
    """
    ahead: dict[str, set[str]] = {}
    for one, other in arrows(sources):
        if one != other:
            ahead.setdefault(one, set()).add(other)
    reach = {module: _reached(module, ahead) for module in ahead}
    sets = {
        tuple(sorted(other for other in reach[one] if one in reach.get(other, ())))
        for one in ahead
        if one in reach[one]
    }
    return sorted(sets)


def _reached(module: str, ahead: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [module]
    while waiting:
        for other in ahead.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def family(module: str) -> str | None:
    """The family that a module belongs to."""
    parts = within(module)
    return parts[1] if len(parts) > 1 and parts[0] == "families" else None


def strange_neighbours(sources: Sources) -> list[Arrow]:
    """Imports from one family to another that is not its neighbour."""
    return [
        (one, other)
        for one, other in arrows(sources)
        if None not in (pair := (family(one), family(other)))
        and pair[0] != pair[1]
        and pair not in NEIGHBOURS
    ]


def impure_problems(sources: Sources) -> list[Arrow]:
    """Imports by which a ``problem.py`` learns of programmes, solvers or answers, at any remove."""
    ahead: dict[str, set[str]] = {}
    for one, other in arrows(sources):
        ahead.setdefault(one, set()).add(other)
    found = []
    for problem in sorted(m for m in sources if family(m) and within(m)[2:] == ("problem",)):
        own = {other for other in _reached(problem, ahead) if family(other)}
        for other in sorted(own | ahead.get(problem, set())):
            parts = within(other)
            if family(other):
                bad = len(parts) == 2 or parts[2].split("_")[0] in PROGRAMME
            else:
                bad = not parts or parts[0] not in BELOW_PROBLEMS
            if bad:
                found.append((problem, other))
    return found


def problem_classes(sources: Sources) -> dict[str, str]:
    """By class of problem, its family: the ``kind`` that the family registers."""
    kinds = {}
    for module, text in sources.items():
        of = family(module)
        if of is None or len(within(module)) != 2:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.keyword) and node.arg == "kind":
                kinds[ast.unparse(node.value)] = of
    return kinds


def classes_told_apart(sources: Sources) -> list[tuple[str, int, str]]:
    """Module, line and class, where a class of problems is asked for instead of the registry.

    ``isinstance``, ``issubclass`` and ``match`` on the class count.
    """
    kinds = problem_classes(sources)
    found: list[tuple[str, int, str]] = []
    for module, text in sources.items():
        parts = within(module)
        if parts and parts[0] in MAY_TELL_CLASSES_APART:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.MatchClass):
                asked: list[ast.expr] = [node.cls]
            elif (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("isinstance", "issubclass")
            ):
                asked = node.args[1:]
            else:
                continue
            found.extend(
                (plain(module), asked[0].lineno, name)
                for name in _names(asked)
                if family(module) != kinds.get(name, family(module))
            )
    return sorted(found)


def _names(nodes: Iterable[ast.expr]) -> list[str]:
    inside = [part for node in nodes for part in ast.walk(node)]
    return [part.id for part in inside if isinstance(part, ast.Name)] + [
        part.attr for part in inside if isinstance(part, ast.Attribute)
    ]


def long_files(sources: Sources) -> list[tuple[str, int]]:
    """Files with too many lines."""
    lines = {plain(module): len(text.splitlines()) for module, text in sources.items()}
    return sorted((module, count) for module, count in lines.items() if count > MOST_LINES)


def full_folders(sources: Sources) -> list[tuple[str, int]]:
    """Folders with too many files."""
    counts: dict[str, int] = {}
    for module in sources:
        folder = module.rpartition(".")[0]
        counts[folder] = counts.get(folder, 0) + 1
    return sorted((folder, count) for folder, count in counts.items() if count > MOST_FILES)


def sources_of_package() -> dict[str, str]:
    """The package as it stands."""
    root = Path(next(iter(persuasion_lp.__path__)))
    return {
        ".".join((PACKAGE, *path.relative_to(root).with_suffix("").parts)): path.read_text("utf-8")
        for path in sorted(root.rglob("*.py"))
    }


@pytest.fixture(scope="module")
def package() -> dict[str, str]:
    return sources_of_package()


def test_every_module_is_on_a_floor(package: Sources) -> None:
    assert homeless(package) == []


def test_no_import_runs_up(package: Sources) -> None:
    assert upward(package) == []


def test_no_circle(package: Sources) -> None:
    assert circles(package) == []


def test_families_import_their_neighbours_only(package: Sources) -> None:
    assert strange_neighbours(package) == []


def test_problems_import_no_programme(package: Sources) -> None:
    assert impure_problems(package) == []


def test_the_registry_tells_classes_apart(package: Sources) -> None:
    assert len(problem_classes(package)) >= 5
    assert classes_told_apart(package) == []


def test_files_are_short(package: Sources) -> None:
    assert long_files(package) == []


def test_folders_are_small(package: Sources) -> None:
    assert full_folders(package) == []


def test_all_imports_are_seen(package: Sources) -> None:
    assert len(arrows(package)) > 500


def made_up(**texts: str) -> dict[str, str]:
    """Sources by module, with ``__`` for a dot and ``__init`` for a package."""
    names = {name: name.replace("__init", "//init").replace("__", ".") for name in texts}
    return {
        f"{PACKAGE}.{names[name].replace('.//init', '.__init__').replace('//init', '.__init__')}": t
        for name, t in texts.items()
    }


@pytest.mark.parametrize(
    "text",
    [
        "import persuasion_lp.solve",
        "import persuasion_lp.solve as door",
        "from persuasion_lp.solve import solve",
        "from persuasion_lp import solve",
        "from .. import solve",
        "from ..solve import solve",
        "def late():\n    from persuasion_lp.solve import solve",
        "if TYPE_CHECKING:\n    from persuasion_lp.solve import solve",
    ],
)
def test_import_that_runs_up(text: str) -> None:
    sources = made_up(solve="", lp__model=text)
    assert upward(sources) == [("persuasion_lp.lp.model", "persuasion_lp.solve")]


def test_import_that_runs_down() -> None:
    sources = made_up(solve="from persuasion_lp.lp import model", lp__init="", lp__model="")
    assert arrows(sources) == [("persuasion_lp.solve", "persuasion_lp.lp.model")]
    assert upward(sources) == []


def test_package_itself_is_the_top() -> None:
    text = "from persuasion_lp import __version__"
    sources = {f"{PACKAGE}.__init__": "import persuasion_lp.cli", **made_up(lp__file=text)}
    assert upward(sources) == [("persuasion_lp.lp.file", "persuasion_lp")]
    assert upward({f"{PACKAGE}.__init__": "", **made_up(cli=text)}) == []


def test_module_without_a_floor() -> None:
    assert homeless(made_up(attic="", solve="")) == ["persuasion_lp.attic"]


def test_circle() -> None:
    sources = made_up(
        lp__a="from persuasion_lp.lp.b import x",
        lp__b="def f():\n    from persuasion_lp.lp import c",
        lp__c="import persuasion_lp.lp.a",
        lp__d="import persuasion_lp.lp.a",
    )
    assert circles(sources) == [tuple(f"persuasion_lp.lp.{name}" for name in "abc")]


def test_circle_through_the_own_package() -> None:
    sources = made_up(
        lp__init="from persuasion_lp.lp.a import x",
        lp__a="from persuasion_lp.lp import y",
    )
    assert circles(sources) == [("persuasion_lp.lp", "persuasion_lp.lp.a")]


def test_neighbours() -> None:
    sources = made_up(
        families__games__tree="from persuasion_lp.families.votes.problem import VotingGame",
        families__votes__solve="from persuasion_lp.families.games import tree",
        families__votes__problem="",
        families__init="import persuasion_lp.families.games.tree",
    )
    games, votes = (f"persuasion_lp.families.{name}" for name in ("games", "votes"))
    assert strange_neighbours(sources) == [(f"{games}.tree", f"{votes}.problem")]


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        (
            "from persuasion_lp.families.games.programme import build",
            "families.games.programme",
        ),
        (
            "from persuasion_lp.families.games import exact_orders",
            "families.games.exact_orders",
        ),
        ("from persuasion_lp.families.games import GAMES", "families.games"),
        ("from persuasion_lp.families.games.own import x", "families.games.programme"),
        ("from persuasion_lp.lp.highs import solve_lp", "lp.highs"),
        ("from persuasion_lp.core.result import Result", "core.result"),
    ],
)
def test_problem_that_knows_programmes(text: str, reached: str) -> None:
    sources = made_up(
        families__games__problem=text,
        families__games__own="from persuasion_lp.families.games.programme import build",
        families__games__programme="",
        families__games__exact_orders="",
    )
    assert impure_problems(sources) == [
        ("persuasion_lp.families.games.problem", f"persuasion_lp.{reached}")
    ]


def test_problem_of_pure_economics() -> None:
    text = "import persuasion_lp.families.games.own, persuasion_lp.primitives.priors"
    sources = made_up(families__games__problem=text, families__games__own="import math")
    assert impure_problems(sources) == []


@pytest.mark.parametrize(
    "text",
    [
        "isinstance(problem, Game)",
        "isinstance(problem, (int, problems.Game))",
        "isinstance(problem, Vote | Game)",
        "issubclass(kind, Game)",
        "match problem:\n    case Game():\n        pass",
    ],
)
def test_class_told_apart(text: str) -> None:
    told = classes_told_apart(
        made_up(
            families__games__init="GAMES = register(Family(kind=Game, procedures={}))",
            families__games__own=text,
            families__votes__own=text,
            theorems__kks=text,
            solve=text,
        )
    )
    assert {module for module, _, _ in told} == {
        "persuasion_lp.families.votes.own",
        "persuasion_lp.solve",
    }
    assert {name for _, _, name in told} == {"Game"}


def test_long_file() -> None:
    sources = made_up(lp__model="x = 1\n" * (MOST_LINES + 1), solve="x = 1\n" * MOST_LINES)
    assert long_files(sources) == [("persuasion_lp.lp.model", MOST_LINES + 1)]


def test_full_folder() -> None:
    sources = made_up(**{f"lp__m{k}": "" for k in range(MOST_FILES + 1)}, beliefs__init="")
    assert full_folders(sources) == [("persuasion_lp.lp", MOST_FILES + 1)]
