"""The `dataflowc` command: arguments, errors and exit codes. The work is in `dataflowc.commands`.

Only the standard library is imported before the arguments are parsed, so that `--help` and usage errors are quick.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

from dataflowc import __version__
from dataflowc.diagnostics import DataflowcError, ExitCode, InternalError
from dataflowc.options import CSIM_MODES

COMMANDS = ("compile", "estimate", "targets", "passes", "doctor", "explain")
LEVELS = ("linalg", "tasks", "nodes", "scheduled")
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it (128 + SIGINT)."""

EPILOG = """\
`dataflowc model.py` is short for `dataflowc compile model.py`.

exit codes: 0 done, 1 error in the input or a failed check, 2 usage, 3 a tool is missing, 4 does not fit the target,
70 defect of dataflowc (a folder that reproduces it is named)"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = make_parser().parse_args(with_command(given))
    logging.basicConfig(
        level=logging.INFO if options.verbose else logging.ERROR if options.quiet else logging.WARNING,
        format="%(name)s: %(message)s",
        stream=sys.stderr,
    )
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _terminate)
    try:
        from dataflowc import commands

        return int(getattr(commands, f"run_{options.command}")(options))
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; nothing was written\n")
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return int(ExitCode.OK)
    except DataflowcError as error:
        return _report(error, options)
    except Exception as error:
        failure = InternalError("DF900", f"unexpected {type(error).__name__}: {error}", hint="please report it")
        failure.__cause__ = error
        return _report(failure, options)


def with_command(arguments: Sequence[str]) -> list[str]:
    """`arguments` with `compile` put in front where no sub-command, help or version is asked for."""
    if arguments and arguments[0] not in (*COMMANDS, "-h", "--help", "--version"):
        return ["compile", *arguments]
    return list(arguments)


def make_parser() -> argparse.ArgumentParser:
    """The parser of all sub-commands."""
    parser = argparse.ArgumentParser(
        prog="dataflowc",
        description="Turn a PyTorch model into a checked HLS C++ project for an FPGA.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"dataflowc {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="machine-readable result on stdout")
    common.add_argument("-q", "--quiet", action="store_true", help="no tables and no progress")
    common.add_argument("-v", "--verbose", action="store_true", help="say more on stderr")
    _add_compile(commands, common)
    estimate = commands.add_parser(
        "estimate", parents=[common], help="cycles of HLS C++; resources of a model or project folder"
    )
    estimate.add_argument("source", help="kernel.cpp, model.py[:symbol], .pt2, .mlir, or a project folder")
    _add_device(estimate)
    estimate.add_argument("--clock", metavar="NS", type=float, help="clock period in ns, instead of --clock-mhz")
    estimate.add_argument("--part", help="the part of a known target, instead of --target")
    estimate.add_argument("--top", help="the top function of a C++ file (default: the one that no other calls)")
    estimate.add_argument(
        "--tripcount", metavar="NAME=N", action="append", default=[], help="iterations of a loop with a variable bound"
    )
    commands.add_parser("targets", parents=[common], help="the devices and boards that are known")
    commands.add_parser("passes", parents=[common], help="the passes of a compilation, in order")
    commands.add_parser("doctor", parents=[common], help="which tools are there, and what that makes possible")
    explain = commands.add_parser("explain", parents=[common], help="what an error code means")
    explain.add_argument("code", help="a code such as DF301")
    return parser


def _add_compile(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    parser = commands.add_parser("compile", parents=[common], help="compile a model (the default)")
    parser.add_argument("source", help="model.py[:symbol], .pt2 or .mlir")
    parser.add_argument("-o", "--output", type=Path, help="project folder (default: build), or file for other --emit")
    _add_device(parser)
    parser.add_argument(
        "--emit", choices=(*LEVELS, "cpp", "project"), default="project", help="what to write (default: project)"
    )
    parser.add_argument("--stop-after", metavar="STAGE", help="stop after a stage or pass and print the IR")
    parser.add_argument("--dump-ir", metavar="DIR", type=Path, help="write the IR after every pass into DIR")
    parser.add_argument("--time-passes", action="store_true", help="print what each pass took and changed")
    csim = parser.add_mutually_exclusive_group()
    csim.add_argument("--csim-mode", choices=CSIM_MODES, default="auto", help="how to C-simulate (default: auto)")
    csim.add_argument(
        "--no-csim", dest="csim_mode", action="store_const", const="off", help="no C-simulation; receipts say so"
    )
    parser.add_argument("--jobs", "-j", type=_positive, default=2, help="compiler processes (default: 2)")
    parser.add_argument(
        "--keep-failed", action="store_true", help="keep a project that failed a check in OUTPUT.failed"
    )


def _add_device(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--target", default="vck190", help="a name from `dataflowc targets` or ./my.toml")
    parser.add_argument("--clock-mhz", type=float, help="clock in MHz (default: the target's)")


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not at least 1")
    return value


def _report(error: DataflowcError, options: argparse.Namespace) -> int:
    """Print `error` and return its exit code; an internal one leaves a repro bundle."""
    if error.exit_code is ExitCode.INTERNAL:
        from dataflowc.repro import write_bundle

        bundle = write_bundle(error, vars(options))
        error.notes = (*error.notes, f"what reproduces it is in {bundle}")
    sys.stderr.write(f"{error.render()}\n")
    return int(error.exit_code)


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    """A polite kill unwinds the stack, so that nothing half-written stays."""
    raise SystemExit(128 + signal.SIGTERM)
