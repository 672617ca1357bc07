"""Where a node of the exported graph comes from: module path, torch op, file and line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from dataflowc.diagnostics import SourceLocation
from dataflowc.frontends.source_files import SourceFiles

if TYPE_CHECKING:
    from torch.fx import Node

_FRAME = re.compile(r'File "([^"]+)", line (\d+)')
_TORCH_FOLDER = Path(torch.__file__).resolve().parent


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
