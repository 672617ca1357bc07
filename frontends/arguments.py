"""Names: of models, and of the arguments and results of the imported function."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, StringAttr
from xdsl.dialects.func import FuncOp

from dataflowc.dialects.names import identifier


def annotate_arguments(function: FuncOp, weights: Sequence[str], inputs: Sequence[str], outputs: Sequence[str]) -> None:
    """Give the arguments (weights first) and results their role and name, as attributes and as printed names."""
    named = [*((name, "weight") for name in weights), *((name, "input") for name in inputs)]
    function.arg_attrs = ArrayAttr(
        DictionaryAttr({"dataflow.role": StringAttr(role), "dataflow.name": StringAttr(name)}) for name, role in named
    )
    function.res_attrs = ArrayAttr(DictionaryAttr({"dataflow.name": StringAttr(name)}) for name in outputs)
    for argument, (name, _) in zip(function.body.block.args, named, strict=True):
        argument.name_hint = identifier(name)


def model_name(text: str) -> str:
    """`text` as a C identifier in lower case words: `ResNet18` -> `res_net18`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()
    name = re.sub(r"[^0-9a-z]+", "_", words).strip("_") or "model"
    return f"m_{name}" if name[0].isdigit() else name
