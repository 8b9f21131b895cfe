"""The command line: ``persuasion-lp``, also ``python -m persuasion_lp``.

Exit codes: 0 when everything asked for holds, or when whoever reads the output has read enough, 1
when a published number is not reproduced or a certificate proves nothing, 2 when the command itself
cannot be carried out, 130 when it is interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any, assert_never

from persuasion_lp import __version__, catalog
from persuasion_lp.core.family import family_of
from persuasion_lp.errors import PersuasionError
from persuasion_lp.files import read_instance
from persuasion_lp.lp.certificate_file import verify_file
from persuasion_lp.lp.engine.worker import left_behind
from persuasion_lp.lp.rational import shown
from persuasion_lp.solve import has_exact_answer, solve

__all__ = ["main"]

_HEADER = ("instance", "procedure", "order", "computed", "published", "difference", "gap", "ms", "")

_INTERRUPTED = 130
"""The exit code of what Ctrl-C ends: 128 and the number of the signal."""

_LINE = 1000
"""Characters shown of what a certificate file says about its program."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="persuasion-lp",
        description="Persuasion problems as linear programs, solved to a certified optimum.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    reproduce = commands.add_parser(
        "reproduce", help="solve published instances and compare with the published numbers"
    )
    reproduce.add_argument("slug", nargs="?", help="one instance; all of them if left out")
    reproduce.add_argument(
        "--exact", action="store_true", help="prove the values in rational arithmetic"
    )
    commands.add_parser("list", help="list the published instances")
    check = commands.add_parser(
        "verify", help="re-check a certificate file with rational arithmetic alone, no solver"
    )
    check.add_argument("file")
    answer = commands.add_parser("solve", help="solve the problem of an instance file")
    answer.add_argument("file")
    answer.add_argument("--procedure", help="one procedure; all that the problem has if left out")
    answer.add_argument(
        "--exact", action="store_true", help="give value and proof in rational arithmetic"
    )
    chosen = parser.parse_args(arguments)
    try:
        code = _run(chosen)
        sys.stdout.flush()
    except PersuasionError as error:
        print(f"persuasion-lp: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever reads, as `head` does, has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        if left_behind():  # a solver that does not stop; it has nothing to lose
            os._exit(_INTERRUPTED)
        return _INTERRUPTED
    return code


def _run(chosen: argparse.Namespace) -> int:
    match chosen.command:
        case "list":
            return _list()
        case "verify":
            return _verify(chosen.file)
        case "solve":
            return _solve(chosen.file, chosen.procedure, exact=chosen.exact)
        case "reproduce":
            return _reproduce(chosen.slug, exact=chosen.exact)
        case _:
            assert_never(chosen.command)


def _list() -> int:
    for instance in catalog.INSTANCES.values():
        print(f"{instance.slug}\n    {instance.title}\n    {instance.citation}; {instance.where}")
    return 0


def _verify(path: str) -> int:
    found = verify_file(path)
    for key, value in found.about.items():
        print(_one_line(f"{key}: {value}"))
    print(f"{found.columns} columns, {found.rows} rows, value {shown(found.value)}")
    for failure in found.failures:
        print(f"refused: {failure}", file=sys.stderr)
    print("proved" if found.ok else "NOT PROVED")
    return 0 if found.ok else 1


def _one_line(text: str) -> str:
    """What a file says, on a line that ends, without anything a terminal would act on."""
    cut = text if len(text) <= _LINE else f"{text[:_LINE]}..."
    clean = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in cut)
    encoding = sys.stdout.encoding or "utf-8"
    return clean.encode(encoding, "backslashreplace").decode(encoding)


def _solve(path: str, procedure: str | None, *, exact: bool) -> int:
    problem: Any = read_instance(path)
    listed = list(family_of(problem).procedures)
    if exact:
        listed = [name for name in listed if has_exact_answer(problem, name)] or listed[:1]
    names: list[Any] = listed if procedure is None else [procedure]
    for name in names:
        print(repr(solve(problem, name, exact=True) if exact else solve(problem, name)))
    return 0


def _reproduce(slug: str | None, *, exact: bool) -> int:
    instances = list(catalog.INSTANCES.values()) if slug is None else [catalog.get(slug)]
    found = [row for instance in instances for row in catalog.reproduce(instance, exact=exact)]
    _print_table([_HEADER, *(_cells(row) for row in found)])
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


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for row in rows:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
