"""The program: arguments, exit codes, and what is said when something goes wrong.

``argparse`` is enough for eleven commands, comes with Python, and starts in no time; completion of
a shell is what ``shtab`` makes of its parser.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any, NoReturn, TextIO

from persuasion_lp import __version__
from persuasion_lp.cli.commands import COMMANDS, TEMPLATES
from persuasion_lp.cli.output import FORMATS, LINE
from persuasion_lp.cli.sweeping import add_sweep
from persuasion_lp.errors import PersuasionError, SolveError
from persuasion_lp.extras import load
from persuasion_lp.inputs import one_of
from persuasion_lp.lp.engine.worker import left_behind
from persuasion_lp.shown import printable, shortened

__all__ = ["main", "parser"]

_INTERRUPTED = 130
"""The exit code of what Ctrl-C ends: 128 and the number of the signal."""

_EXIT_CODES = """\
exit codes:
  0    everything asked for holds, or whoever reads the output has read enough
  1    a published number is not reproduced, a theorem fails, or a file proves nothing
  2    the command cannot be carried out: what was asked for, a file, or the output
  3    no proved answer: a limit was reached, or no proof was found
  130  interrupted
"""

_FIRST_STEPS = """\
your own problem:
  persuasion-lp new game -o mine.toml      a commented file to fill in
  persuasion-lp check mine.toml            what it states, in words
  persuasion-lp solve mine.toml            every procedure, solved and proved
  persuasion-lp solve mine.toml --procedure sequential --format latex -o table.tex
  persuasion-lp solve mine.toml --procedure sequential --save answer.json
  persuasion-lp verify answer.json         proved anew, nothing in the file believed

"""

_SHELLS = ("bash", "zsh", "tcsh")


class _Parser(argparse.ArgumentParser):
    """A parser whose help lists the exit codes, and whose errors are printable."""

    def __init__(self, **given: Any) -> None:
        first = "" if " " in str(given.get("prog", "")) else _FIRST_STEPS
        super().__init__(
            **given,
            epilog=first + _EXIT_CODES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def error(self, message: str) -> NoReturn:
        super().error(shortened(message, LINE))


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    top = _Parser(
        prog="persuasion-lp",
        description="Persuasion problems as linear programs, solved to a certified optimum.",
    )
    top.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    top.add_argument("--completion", choices=_SHELLS, help="print what completes a shell")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    new = commands.add_parser("new", help="print a commented instance file to fill in")
    kinds = "; ".join(f"{kind}: {what}" for kind, what in TEMPLATES.items())
    new.add_argument("kind", metavar="KIND", help=kinds)
    _add_output(new, "write the file, do not print it")

    check = commands.add_parser("check", help="read an instance file and say what it states")
    _add_file(check)

    solve = commands.add_parser("solve", help="solve the problem of an instance file")
    _add_file(solve)
    solve.add_argument(
        "--procedure", help="one procedure; those that the file names, or all, if left out"
    )
    solve.add_argument("--order", help="best, or the receivers in order: 1,0")
    solve.add_argument("--tol", type=float, help="width to which the bracket is refined")
    solve.add_argument(
        "--exact", action="store_true", help="give value and proof in rational arithmetic"
    )
    _add_time_limit(solve)
    _add_format(solve)
    solve.add_argument("--save", metavar="FILE", help="save the answer for `verify` and `load`")
    _add_output(solve, "write the answers to a file, not to the screen")

    compare = commands.add_parser("compare", help="all procedures side by side")
    _add_file(compare)
    _add_time_limit(compare)
    _add_format(compare)
    _add_output(compare, "write the table to a file, not to the screen")

    theorem = commands.add_parser("theorem", help="what theorems say of the problem of a file")
    _add_file(theorem)
    theorem.add_argument(
        "name", nargs="?", metavar="NAME", help="one theorem, such as lx.theorem-2"
    )

    verify = commands.add_parser(
        "verify", help="re-check a certificate without a solver, or prove a saved answer anew"
    )
    verify.add_argument("file")

    reproduce = commands.add_parser(
        "reproduce", help="solve published instances and compare with the published numbers"
    )
    reproduce.add_argument("slug", nargs="?", help="one instance; all of them if left out")
    reproduce.add_argument(
        "--exact", action="store_true", help="prove the values in rational arithmetic"
    )

    listing = commands.add_parser("list", help="list the published instances")
    listing.add_argument("--json", action="store_true", help="as JSON")

    export = commands.add_parser("export", help="write a procedure's linear program")
    _add_file(export)
    export.add_argument("--procedure", required=True)
    kind = export.add_mutually_exclusive_group(required=True)
    kind.add_argument("--mps", action="store_true", help="as an MPS file")
    kind.add_argument("--lp", action="store_true", dest="as_lp", help="as an LP file")
    _add_output(export, "write to a file, do not print")

    swept = commands.add_parser("sweep", help="solve many instances: a file with axes (new sweep)")
    _add_file(swept)
    add_sweep(swept)
    _add_output(swept, "a table of all rows: .csv, .parquet")

    explored = commands.add_parser("explore", help="sliders, pictures and proofs in a browser")
    explored.add_argument("file", nargs="?", metavar="FILE", help="shown first, if given")
    explored.add_argument("--port", type=int, help="where the server listens; 8501 if free")
    explored.add_argument("--no-browser", action="store_true", help="only print the address")
    return top


def _add_file(to: argparse.ArgumentParser) -> None:
    to.add_argument("file", metavar="FILE", help="a TOML or JSON file; - is the standard input")


def _add_time_limit(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "--time-limit", type=float, metavar="SECONDS", help="seconds for each procedure"
    )


def _add_format(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "--format", choices=[*FORMATS, "json"], default="brief", help="how answers are printed"
    )


def _add_output(to: argparse.ArgumentParser, what: str) -> None:
    to.add_argument("-o", "--output", metavar="FILE", help=what)
    to.add_argument("--force", action="store_true", help="replace an output that is there")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    top = parser()
    if given and not given[0].startswith("-") and given[0] not in COMMANDS:
        top.error(f"the command {one_of(COMMANDS, given[0])}; got {shortened(given[0])!r}")
    chosen = top.parse_args(given)
    if isinstance(sys.stdout, TextIOWrapper):  # an encoding may lack characters of a citation
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = _run(top, chosen)
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


def _run(top: argparse.ArgumentParser, chosen: argparse.Namespace) -> int:
    if chosen.completion is not None:
        shtab = load("shtab", extra="completion", feature="completion of a shell")
        print(shtab.complete(top, chosen.completion))
        return 0
    if chosen.command is None:
        top.error(f"a command is needed: {', '.join(COMMANDS)}")
    return COMMANDS[chosen.command](chosen)


def _complain(reason: str) -> None:
    """Say on the error stream why nothing else is said, if anyone listens."""
    try:
        print(printable(f"persuasion-lp: {reason}"), file=sys.stderr)
    except OSError:
        _let_go(sys.stderr)


def _let_go(stream: TextIO) -> None:
    """Send what is left of a stream that takes no more nowhere: it would be tried again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
