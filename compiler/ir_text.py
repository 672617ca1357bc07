"""IR on disk and IR in errors: numbered dumps, and the op and source line behind an exception."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from dataflowc.diagnostics import SourceLocation, UserError

if TYPE_CHECKING:
    from xdsl.dialects.builtin import ModuleOp
    from xdsl.ir import Operation


def module_text(module: ModuleOp) -> str:
    """The textual IR of `module`, ending in a newline."""
    from xdsl.printer import Printer

    stream = StringIO()
    Printer(stream=stream).print_op(module)
    return stream.getvalue().rstrip("\n") + "\n"


class IrDump:
    """Writes `NN-name.mlir` into a folder, one file per pass; does nothing when the folder is None."""

    def __init__(self, directory: Path | None) -> None:
        self.directory = directory
        self._count = 0

    def write(self, name: str, module: ModuleOp) -> Path | None:
        """Write the module after the pass `name`; the path. Raises UserError if the folder cannot be written."""
        if self.directory is None:
            return None
        path = self.directory / f"{self._count:02d}-{re.sub(r'[^A-Za-z0-9.]+', '-', name).strip('-')}.mlir"
        self._count += 1
        text = module_text(module)
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        except OSError as error:
            raise UserError("DF208", f"cannot write the IR to '{path}': {error.strerror}") from error
        return path

    def write_failed(self, name: str, module: ModuleOp) -> list[str]:
        """Write the module as a failed pass left it; the notes that say so. Such a module may not be printable."""
        try:
            path = self.write(f"{name}.failed", module)
        except UserError as error:
            return [error.message]
        except Exception as error:  # an op without a parent, an erased operand: the first failure is the one to report
            return [f"the module as it was left cannot be printed: {error}"]
        return [] if path is None else [f"the module as it was left: {path}"]


def source_location(op: Operation) -> SourceLocation | None:
    """The PyTorch source of `op`, or of the closest op around it that knows its own; None if none does."""
    from dataflowc.dialects.attributes import SourceAttr

    current: Operation | None = op
    while current is not None:
        source = current.attributes.get("source")
        if isinstance(source, SourceAttr):
            return SourceLocation(source.layer.data, source.op.data, source.file.data, source.line.data)
        current = current.parent_op()
    return None


def failing_op(error: BaseException) -> Operation | None:
    """The op that was being worked on when `error` was raised.

    Looks through the frames of the traceback and of its causes, the innermost first, for a local `op` or `self` that is
    an operation; one that knows its PyTorch source wins over one that does not.
    """
    from xdsl.ir import Operation

    found: Operation | None = None
    for frame_locals in _frames(error):
        for name in ("op", "self", "node", "task"):
            op = frame_locals.get(name)
            if isinstance(op, Operation):
                if source_location(op) is not None:
                    return op
                found = found or op
    return found


def _frames(error: BaseException) -> list[dict[str, object]]:
    """Locals of all frames, the innermost cause first."""
    frames: list[dict[str, object]] = []
    if error.__cause__ is not None:
        frames += _frames(error.__cause__)
    own: list[dict[str, object]] = []
    trace = error.__traceback__
    while trace is not None:
        own.append(trace.tb_frame.f_locals)
        trace = trace.tb_next
    return frames + own[::-1]
