"""Errors as values: a code, what failed, where in the user's PyTorch source, and what to do.

Codes are stable: DF1xx front door, DF2xx IR, DF3xx schedule and fit, DF4xx HLS code, DF5xx external tools,
DF9xx internal. Every `DataflowcError` carries the exit code the command line returns for it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xdsl.dialects.builtin import ModuleOp


class ExitCode(IntEnum):
    """Exit codes of the `dataflowc` command."""

    OK = 0
    USER_ERROR = 1
    USAGE = 2
    TOOL_MISSING = 3
    INFEASIBLE = 4
    INTERNAL = 70


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """A place in the user's model: module path, torch op, file (as given) and 1-based line; empty or 0 if unknown."""

    layer: str = ""
    op: str = ""
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        what = " ".join(part for part in (self.op, f"in {self.layer}" if self.layer else "") if part)
        return " ".join(part for part in (place, f"({what})" if what else "") if part) or "unknown location"


class DataflowcError(Exception):
    """A failure the user can act on.

    `code` is a stable DFnnn string, `message` one sentence, `where` the source location, `notes` further lines,
    `hint` what to do next.
    """

    exit_code: ExitCode = ExitCode.USER_ERROR

    def __init__(
        self,
        code: str,
        message: str,
        *,
        where: SourceLocation | None = None,
        notes: Sequence[str] = (),
        hint: str = "",
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.where = where
        self.notes = tuple(notes)
        self.hint = hint

    def render(self) -> str:
        """The plain-text form the command line prints."""
        lines = [f"error[{self.code}]: {self.message}"]
        if self.where is not None:
            lines.append(f"  --> {self.where}")
        lines += [f"  note: {note}" for note in self.notes]
        if self.hint:
            lines.append(f"  help: {self.hint}")
        return "\n".join(lines)


class UserError(DataflowcError):
    """Bad input: a file, a model, an option."""


class UsageError(DataflowcError):
    """The command line itself is wrong."""

    exit_code = ExitCode.USAGE


class UnsupportedOp(DataflowcError):
    """The model uses operations that cannot be lowered; all of them are listed in `notes`."""


class ToolFailure(DataflowcError):
    """An external tool is missing."""

    exit_code = ExitCode.TOOL_MISSING


class InfeasibleTarget(DataflowcError):
    """The design does not fit: which resource, by how much, which node."""

    exit_code = ExitCode.INFEASIBLE


class CheckFailed(DataflowcError):
    """A receipt failed: the build was checked and found wrong."""


class InternalError(DataflowcError):
    """A defect of dataflowc itself.

    `module` is IR and `passes` the pass specs that lead from it to the failure, once known: they go into the
    repro bundle.
    """

    exit_code = ExitCode.INTERNAL
    module: ModuleOp | None = None
    passes: tuple[str, ...] = ()


def nearest(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names closest to `name`, best first; for «did you mean»."""
    return difflib.get_close_matches(name, list(known), n=count, cutoff=0.4)
