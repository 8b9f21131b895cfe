"""The command line: ``persuasion-lp``, also ``python -m persuasion_lp``.

Whatever a file or an argument says reaches the terminal on one line that ends, without anything a
terminal would act on.
"""

from __future__ import annotations

import argparse
import os
import reprlib
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from itertools import islice
from typing import Any, NoReturn, TextIO, assert_never

from persuasion_lp import __version__, catalog
from persuasion_lp.arrays import FrozenList, FrozenMapping
from persuasion_lp.core.family import family_of
from persuasion_lp.errors import PersuasionError, SolveError
from persuasion_lp.files import read_instance
from persuasion_lp.lp.certificate_file import verify_file
from persuasion_lp.lp.engine.worker import left_behind
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.rational import shown
from persuasion_lp.shown import printable, shortened
from persuasion_lp.solve import has_exact_answer, solve
from persuasion_lp.storage import check_target, write_text

__all__ = ["main"]

_HEADER = ("instance", "procedure", "order", "computed", "published", "difference", "gap", "ms", "")

_INTERRUPTED = 130
"""The exit code of what Ctrl-C ends: 128 and the number of the signal."""

_EXIT_CODES = """\
exit codes:
  0    everything asked for holds, or whoever reads the output has read enough
  1    a published number is not reproduced, or a certificate proves nothing
  2    the command cannot be carried out: what was asked for, a file, or the output
  3    no proved answer: a limit was reached, or no proof was found
  130  interrupted
"""

_LINE = 1000
"""Characters shown of what a certificate file says about its program."""

_LINES = 20
"""Lines shown of it."""


class _Brief(reprlib.Repr):
    """Long lists and texts in part, read-only ones too."""

    def repr_FrozenList(self, listed: FrozenList, level: int) -> str:  # noqa: N802
        return self.repr_list(list(listed), level)

    def repr_FrozenMapping(self, given: FrozenMapping[Any, Any], level: int) -> str:  # noqa: N802
        return self.repr_dict(dict(given), level)


_BRIEF = _Brief()
_BRIEF.maxlevel, _BRIEF.maxlist, _BRIEF.maxdict, _BRIEF.maxstring = 2, 100, 20, 100


class _Parser(argparse.ArgumentParser):
    """A parser whose help lists the exit codes, and whose errors are printable."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            **given,
            epilog=_EXIT_CODES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def error(self, message: str) -> NoReturn:
        super().error(shortened(message, _LINE))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = _Parser(
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
    answer.add_argument(
        "--time-limit", type=float, metavar="SECONDS", help="seconds for each procedure"
    )
    answer.add_argument(
        "-o", "--output", metavar="FILE", help="write the answers to a file, not to the screen"
    )
    answer.add_argument("--force", action="store_true", help="replace an output that is there")
    chosen = parser.parse_args(arguments)
    if isinstance(sys.stdout, TextIOWrapper):  # an encoding may lack characters of a citation
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = _run(chosen)
        if sys.stdout is not None:  # as it is where the shell closed it
            sys.stdout.flush()
    except PersuasionError as error:
        _complain(str(error))
        return 3 if isinstance(error, SolveError) else 2
    except BrokenPipeError:  # whoever reads, as `head` does, has read enough
        _let_go(sys.stdout)
        return 0
    except OSError as error:  # files are written elsewhere, and named
        _let_go(sys.stdout)
        _complain(f"the output cannot be written: {error.strerror or type(error).__name__}")
        return 2
    except KeyboardInterrupt:
        if left_behind():  # a solver that does not stop; it has nothing to lose
            os._exit(_INTERRUPTED)
        return _INTERRUPTED
    return code


def _complain(reason: str) -> None:
    """Say on the error stream why nothing else is said, if anyone listens."""
    try:
        print(printable(f"persuasion-lp: {reason}"), file=sys.stderr)
    except OSError:
        _let_go(sys.stderr)


def _let_go(stream: TextIO) -> None:
    """Send what is left of a stream that takes no more nowhere: it would be tried again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run(chosen: argparse.Namespace) -> int:
    match chosen.command:
        case "list":
            return _list()
        case "verify":
            return _verify(chosen.file)
        case "solve":
            return _solve(chosen)
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
    for key, value in islice(found.about.items(), _LINES):
        print(_one_line(f"{key}: {value if isinstance(value, str) else _BRIEF.repr(value)}"))
    if len(found.about) > _LINES:
        print(f"and {len(found.about) - _LINES} more that the file says")
    print(f"{found.columns} columns, {found.rows} rows, value {shown(found.value)}")
    for failure in found.failures:
        print(_one_line(f"refused: {failure}"), file=sys.stderr)
    print("proved" if found.ok else "NOT PROVED")
    return 0 if found.ok else 1


def _one_line(text: str) -> str:
    """What a file says, on a line that ends, without anything a terminal would act on."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return shortened(text, _LINE).encode(encoding, "backslashreplace").decode(encoding)


def _solve(chosen: argparse.Namespace) -> int:
    settings: dict[str, Any] = {}
    if chosen.time_limit is not None:
        settings["options"] = SolverOptions(time_limit=chosen.time_limit)
    if chosen.output is not None:
        check_target(chosen.output, overwrite=chosen.force)
    problem: Any = read_instance(chosen.file)
    listed = list(family_of(problem).procedures)
    if chosen.exact:
        listed = [name for name in listed if has_exact_answer(problem, name)] or listed[:1]
    names: list[Any] = listed if chosen.procedure is None else [chosen.procedure]
    answers: list[str] = []
    for name in names:
        answers.append(repr(solve(problem, name, exact=chosen.exact, **settings)))
        if chosen.output is None:
            print(answers[-1])
    if chosen.output is not None:
        write_text(chosen.output, "\n".join(answers) + "\n", overwrite=chosen.force)
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
