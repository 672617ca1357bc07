"""Where a node of the exported graph comes from: module path, torch op, file and line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from dataflowc.diagnostics import SourceLocation

if TYPE_CHECKING:
    from torch.fx import Node

_FRAME = re.compile(r'File "([^"]+)", line (\d+)')
_LIBRARY_PARTS = frozenset({"site-packages", "dist-packages"})
_TORCH_FOLDER = Path(torch.__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """Shortens file names: absolute paths depend on the machine and never reach the IR.

    `folder` is the model file's folder and `shown` how the user wrote it. Files in it are named by it, others relative to
    the current directory, and files of libraries by their last component.
    """

    folder: Path | None = None
    shown: Path = Path()

    @staticmethod
    def beside(path: str) -> SourceFiles:
        """For a model in the file `path`."""
        given = Path(path)
        return SourceFiles(given.resolve().parent, Path() if given.is_absolute() else given.parent)

    def short(self, filename: str) -> str:
        """`filename` without anything that depends on the machine."""
        path = Path(filename)
        if not path.is_absolute():
            return filename
        resolved = path.resolve()
        if not _LIBRARY_PARTS & set(resolved.parts):
            if self.folder is not None and resolved.is_relative_to(self.folder):
                return (self.shown / resolved.relative_to(self.folder)).as_posix()
            if resolved.is_relative_to(Path.cwd()):
                return resolved.relative_to(Path.cwd()).as_posix()
        return resolved.name


def source_of(node: Node, files: SourceFiles) -> SourceLocation:
    """The source of `node`; empty fields where the export recorded nothing."""
    frames = _FRAME.findall(node.meta.get("stack_trace") or "")
    own = [frame for frame in frames if not Path(frame[0]).is_relative_to(_TORCH_FOLDER)] or frames
    file, line = (files.short(own[-1][0]), int(own[-1][1])) if own else ("", 0)
    return SourceLocation(layer_of(node), torch_op_of(node), file, line)


def layer_of(node: Node) -> str:
    """Path of the innermost module around `node`, as in the state dict; empty for the model itself."""
    stack = list((node.meta.get("nn_module_stack") or {}).values())
    path = stack[-1][0] if stack else ""
    return re.sub(r"@\d+", "", re.sub(r"^L\['self'\]\.?", "", path))


def torch_op_of(node: Node) -> str:
    """The torch function the user called, such as `conv2d`."""
    function = node.meta.get("torch_fn")
    if function:
        return str(function[1]).rsplit(".", 1)[-1]
    target = node.meta.get("original_aten") or node.target
    return aten_name(target)


def aten_name(target: object) -> str:
    """`mul` for `aten.mul.Tensor`; other targets by their own name."""
    packet = getattr(target, "overloadpacket", None)
    return str(getattr(packet if packet is not None else target, "__name__", target))
