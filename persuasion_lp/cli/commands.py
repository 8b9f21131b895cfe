"""What each command does: from its arguments to an exit code; public functions only."""

from __future__ import annotations

import argparse
import inspect
import json
import reprlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from importlib.resources import files as packaged
from itertools import islice
from pathlib import Path
from typing import Any

from persuasion_lp import catalog, theorems
from persuasion_lp.arrays import FrozenList, FrozenMapping
from persuasion_lp.cli.output import deliver, in_format, one_line, print_table
from persuasion_lp.cli.sweeping import sweep_file
from persuasion_lp.cli.waiting import waiting
from persuasion_lp.compare import compare
from persuasion_lp.core.family import family_of
from persuasion_lp.core.settings import setting_names
from persuasion_lp.errors import InputError, OptionError, VerificationError
from persuasion_lp.explorer.launching import explore
from persuasion_lp.files import InstanceFile, Run, is_saved, load, read_file
from persuasion_lp.inputs import check_choice
from persuasion_lp.lp.certificate_file import verify_file
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.rational import shown
from persuasion_lp.solve import has_exact_answer, solve
from persuasion_lp.storage import check_target

__all__ = ["COMMANDS", "KINDS", "TEMPLATES"]

KINDS = {
    "game": "receivers who take one action each (PersuasionGame)",
    "groups": "groups of alike receivers, by counts (ExchangeableGame)",
    "beliefs": "one common belief, payoffs any functions of it (BeliefGame)",
    "vote": "voters who look ahead, any quota (VotingGame)",
    "menu": "a manager's menu of tests (ManagerProblem)",
    "anonymous": "players who are alike, by their number (AnonymousGame)",
    "bayesian": "players whose payoffs depend on each other (BayesianGame)",
    "means": "a payoff of the posterior mean (PosteriorMeanGame)",
}
"""Kinds of problems that there are templates of."""

TEMPLATES = {**KINDS, "sweep": "many instances at once, for the command sweep"}
"""What ``new`` prints."""

_LINES = 20
"""Lines shown of what a certificate file says of its program."""

_HEADER = ("instance", "procedure", "order", "computed", "published", "difference", "gap", "ms", "")


class _Brief(reprlib.Repr):
    """Long lists and texts in part, read-only ones too."""

    def repr_FrozenList(self, listed: FrozenList, level: int) -> str:  # noqa: N802
        return self.repr_list(list(listed), level)

    def repr_FrozenMapping(self, given: FrozenMapping[Any, Any], level: int) -> str:  # noqa: N802
        return self.repr_dict(dict(given), level)


_BRIEF = _Brief()
_BRIEF.maxlevel, _BRIEF.maxlist, _BRIEF.maxdict, _BRIEF.maxstring = 2, 100, 20, 100


def new(chosen: argparse.Namespace) -> int:
    """Print a commented file to fill in."""
    check_choice("KIND", chosen.kind, TEMPLATES)
    template = packaged("persuasion_lp.cli") / "templates" / f"{chosen.kind}.toml"
    deliver(template.read_text("utf-8"), chosen.output, force=chosen.force)
    return 0


def check(chosen: argparse.Namespace) -> int:
    """Read a file and say what it states, without solving anything."""
    file = read_file(chosen.file)
    print(file.problem.describe(), end="")
    runs = ", ".join(run.procedure for run in file.runs) or "all procedures"
    print(f"\nwell formed; solve runs {runs}")
    return 0


def solve_file(chosen: argparse.Namespace) -> int:
    """Solve the problem of a file, under one procedure, those that it names, or all."""
    for target in (chosen.output, chosen.save):
        if target is not None:
            check_target(target, overwrite=chosen.force)
    file = read_file(chosen.file)
    runs = list(_runs(file, chosen))
    if chosen.save is not None and len(runs) != 1:
        raise OptionError("--save", "needs one procedure: name it with --procedure")
    at_once = chosen.output is None and chosen.format != "json"
    answers = []
    for run in runs:
        with waiting(f"solving {run.procedure}"):
            procedure: Any = run.procedure
            answers.append(solve(file.problem, procedure, **run.settings))
        if at_once:
            print(in_format(answers[-1:], file, chosen.format), end="", flush=True)
    if not at_once:
        deliver(in_format(answers, file, chosen.format), chosen.output, force=chosen.force)
    if chosen.save is not None:
        answers[0].save(chosen.save, overwrite=chosen.force)
    return 0


def _runs(file: InstanceFile, chosen: argparse.Namespace) -> Iterator[Run]:
    """The procedures asked for, with the settings that the command line adds."""
    added = _settings(chosen)
    problem = file.problem
    if chosen.procedure is not None:
        stated = [run for run in file.runs if run.procedure == chosen.procedure]
        for run in stated or [Run(chosen.procedure, {})]:
            yield Run(run.procedure, {**run.settings, **added})
        return
    listed = list(file.runs)
    if not listed:
        names = list(family_of(problem).procedures_for(problem))
        if chosen.exact:
            names = [name for name in names if has_exact_answer(problem, name)] or names[:1]
        listed = [Run(name, {}) for name in names]
    for run in listed:
        known = setting_names(family_of(problem).spec(run.procedure).settings)
        own = {name: value for name, value in added.items() if name in (*known, "exact")}
        if run.procedure != "sequential":
            own.pop("order", None)
        yield Run(run.procedure, {**run.settings, **own})


def _settings(chosen: argparse.Namespace) -> dict[str, Any]:
    added: dict[str, Any] = {}
    if chosen.time_limit is not None:
        added["options"] = SolverOptions(time_limit=chosen.time_limit)
    if chosen.order is not None:
        added["order"] = _order(chosen.order)
    if chosen.tol is not None:
        added["tol"] = chosen.tol
    if chosen.exact:
        added["exact"] = True
    return added


def _order(text: str) -> Any:
    """``best``, or receivers by number."""
    if text == "best":
        return text
    try:
        return tuple(int(part) for part in text.replace(",", " ").split())
    except ValueError:
        rule = "must be best, or the receivers in order, such as 1,0"
        raise OptionError("--order", rule, value=text) from None


def compare_file(chosen: argparse.Namespace) -> int:
    """All procedures of a file's problem side by side."""
    file = read_file(chosen.file)
    settings: dict[str, Any] = {}
    if chosen.time_limit is not None:
        settings["options"] = SolverOptions(time_limit=chosen.time_limit)
    with waiting("solving all procedures"):
        compared = compare(file.problem, **settings)
    if chosen.format == "json":
        text = json.dumps(compared.to_dict(), indent=1) + "\n"
    else:
        text = in_format([compared], file, chosen.format)
    deliver(text, chosen.output, force=chosen.force)
    return 0


ASKED = {"game": None, "problem": None, "simultaneous": "simultaneous", "result": "menu"}
"""First parameter of a theorem: the problem, or the answer under a procedure."""


PICTURES = frozenset({"figure_2"})
"""What describes a problem and gives no value."""


def closed_forms() -> dict[str, Callable[[Any], Any]]:
    """Theorems that give a value, by name: ``proposition-1``, ``lx.theorem-2``."""
    found: dict[str, Callable[[Any], Any]] = {}
    for prefix, module in (("", theorems), ("lx.", theorems.lx)):
        for name in module.__all__:
            function = getattr(module, name)
            if not inspect.isfunction(function):
                continue
            first, *others = inspect.signature(function).parameters.values()
            needed = [other for other in others if other.default is other.empty]
            if first.name in ASKED and not needed and name not in PICTURES:
                found[prefix + name.replace("_", "-")] = partial(_asked, function, first.name)
    return found


def _asked(function: Callable[[Any], Any], about: str, problem: Any) -> Any:
    """What a theorem says of a problem, or of the answer that it is about."""
    procedure: Any = ASKED[about]
    return function(problem if procedure is None else solve(problem, procedure))


def theorem(chosen: argparse.Namespace) -> int:
    """What theorems say of a file's problem, beside what is computed."""
    problem = read_file(chosen.file).problem
    forms = closed_forms()
    if chosen.name is not None:
        check_choice("NAME", chosen.name, forms)
        forms = {chosen.name: forms[chosen.name]}
    verdicts: list[str] = []
    for name, form in forms.items():
        try:
            claimed = form(problem)
        except InputError:
            if chosen.name is not None:
                raise
            continue
        print(f"{name}: {claimed.source}")
        for procedure in claimed.claims:
            settings = (
                {}
                if claimed.order is None or procedure != "sequential"
                else {"order": claimed.order}
            )
            with waiting(f"solving {procedure}"):
                answer = solve(problem, procedure, **settings)
            agreement = answer.compare(claimed)
            verdicts.append(agreement.verdict)
            print(f"  {agreement.verdict}: {agreement.statement}, computed {answer.value:.9g}")
    if not verdicts:
        print("no theorem speaks of this problem")
    return 1 if "fails" in verdicts else 0


def verify(chosen: argparse.Namespace) -> int:
    """Re-check a certificate, or prove a saved answer anew."""
    if is_saved(chosen.file):
        try:
            with waiting("proving the answer"):
                answer = load(chosen.file)
        except VerificationError as refused:
            print(one_line(f"refused: {refused}"), file=sys.stderr)
            print("NOT PROVED")
            return 1
        print(repr(answer))
        print("proved")
        return 0
    found = verify_file(chosen.file)
    for key, value in islice(found.about.items(), _LINES):
        print(one_line(f"{key}: {value if isinstance(value, str) else _BRIEF.repr(value)}"))
    if len(found.about) > _LINES:
        print(f"and {len(found.about) - _LINES} more that the file says")
    print(f"{found.columns} columns, {found.rows} rows, value {shown(found.value)}")
    for failure in found.failures:
        print(one_line(f"refused: {failure}"), file=sys.stderr)
    print("proved" if found.ok else "NOT PROVED")
    return 0 if found.ok else 1


def reproduce(chosen: argparse.Namespace) -> int:
    """Solve published instances and compare with the published numbers."""
    slug = chosen.slug
    instances = list(catalog.INSTANCES.values()) if slug is None else [catalog.get(slug)]
    found: list[catalog.Reproduction] = []
    for instance in instances:
        with waiting(f"reproducing {instance.slug}"):
            found += catalog.reproduce(instance, exact=chosen.exact)
    print_table([_HEADER, *(_cells(row) for row in found)])
    failed = [row for row in found if not row.agrees]
    for row in failed:
        reason = row.error or f"published {row.claim.value}"
        print(f"{row.instance.slug} {row.claim.procedure}: {reason}", file=sys.stderr)
    print(f"\n{len(found) - len(failed)} of {len(found)} published values reproduced")
    return 1 if failed else 0


def _cells(row: catalog.Reproduction) -> tuple[str, ...]:
    claim = row.claim
    published = str(claim.value) + (f" ({claim.printed})" if claim.printed else "")
    return (
        row.instance.slug,
        claim.procedure,
        "" if row.order is None else " ".join(map(str, row.order)),
        "-"
        if row.computed is None
        else f"{row.computed:.12g}"
        if row.exact is None
        else str(row.exact),
        published,
        "-" if row.difference is None else f"{row.difference:.1e}",
        "-" if row.gap is None else f"{row.gap:.1e}",
        f"{1e3 * row.seconds:.1f}",
        "ok" if row.agrees else "DISAGREES",
    )


def explore_file(chosen: argparse.Namespace) -> int:
    """Show the explorer in a browser."""
    return explore(chosen.file, port=chosen.port, browser=not chosen.no_browser)


def list_instances(chosen: argparse.Namespace) -> int:
    """List the published instances."""
    if chosen.json:
        listed = [
            {
                "slug": instance.slug,
                "title": instance.title,
                "citation": instance.citation,
                "where": instance.where,
            }
            for instance in catalog.INSTANCES.values()
        ]
        print(json.dumps(listed, indent=1, ensure_ascii=False))
        return 0
    for instance in catalog.INSTANCES.values():
        print(f"{instance.slug}\n    {instance.title}\n    {instance.citation}; {instance.where}")
    return 0


def export(chosen: argparse.Namespace) -> int:
    """Write the linear program of a procedure as an MPS or LP file."""
    if chosen.output is not None:
        check_target(chosen.output, overwrite=chosen.force)
    problem = read_file(chosen.file).problem
    with waiting(f"solving {chosen.procedure}"):
        answer = solve(problem, chosen.procedure)
    if answer.lp is None:
        raise OptionError("--procedure", "has no linear program here", value=chosen.procedure)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("program.lp" if chosen.as_lp else "program.mps")
        answer.lp.write(path)
        deliver(path.read_text("utf-8"), chosen.output, force=chosen.force)
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "new": new,
    "check": check,
    "solve": solve_file,
    "compare": compare_file,
    "theorem": theorem,
    "verify": verify,
    "reproduce": reproduce,
    "list": list_instances,
    "export": export,
    "sweep": sweep_file,
    "explore": explore_file,
}
"""By name, in the order of the help."""
