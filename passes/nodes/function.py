"""The function around a schedule: names of what comes in, and the new signature on off-chip arrays."""

from __future__ import annotations

from xdsl.dialects import func
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, FunctionType, StringAttr
from xdsl.ir import Block, Region, SSAValue

from dataflowc.dialects.dataflow import ScheduleOp
from dataflowc.passes.nodes.channels import Channels


def argument_names(main: func.FuncOp) -> list[tuple[str, str]]:
    """(role, name) of every argument; `input` and `argN` where the text does not say."""
    entries = list(main.arg_attrs or ())
    names = []
    for position, argument in enumerate(main.body.block.args):
        entry = entries[position].data if position < len(entries) else {}
        role, name = entry.get("dataflow.role"), entry.get("dataflow.name")
        fallback = argument.name_hint or f"arg{position}"
        names.append(
            (
                role.data if isinstance(role, StringAttr) else "input",
                name.data if isinstance(name, StringAttr) else fallback,
            )
        )
    return names


def result_names(main: func.FuncOp) -> list[str]:
    """The name of every result; `yN` where the text does not say."""
    entries = list(main.res_attrs or ())
    names = []
    for position in range(len(results_of(main))):
        entry = entries[position].data if position < len(entries) else {}
        name = entry.get("dataflow.name")
        names.append(name.data if isinstance(name, StringAttr) else f"y{position}")
    return names


def results_of(main: func.FuncOp) -> list[SSAValue]:
    """What the function returns."""
    last = main.body.block.last_op
    assert isinstance(last, func.ReturnOp)
    return list(last.arguments)


def replace_function(main: func.FuncOp, channels: Channels) -> None:
    """Put a function of the same name around the finished schedule in place of `main`."""
    types = list(channels.block.arg_types)
    body = Block(arg_types=types)
    for argument, inner in zip(body.args, channels.block.args, strict=True):
        argument.name_hint = inner.name_hint
    body.add_op(ScheduleOp(body.args, Region(channels.block)))
    body.add_op(func.ReturnOp())
    attributes = ArrayAttr(
        DictionaryAttr({"dataflow.role": StringAttr(role), "dataflow.name": StringAttr(name)})
        for role, name in channels.arguments
    )
    new = func.FuncOp(main.sym_name.data, FunctionType.from_lists(types, []), Region(body), arg_attrs=attributes)
    parent = main.parent
    assert parent is not None
    parent.insert_op_before(new, main)
    main.detach()
    main.erase()
