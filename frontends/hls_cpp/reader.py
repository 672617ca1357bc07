"""`read_hls_cpp`: the entry of the C++ reader."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp, StringAttr, UnitAttr
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block as IrBlock
from xdsl.ir import Region

from dataflowc.dialects.dataflow import PortOp, ScheduleOp
from dataflowc.frontends.hls_cpp.builder import Builder, View
from dataflowc.frontends.hls_cpp.calls import global_scope
from dataflowc.frontends.hls_cpp.errors import bad_design
from dataflowc.frontends.hls_cpp.frames import Frame
from dataflowc.frontends.hls_cpp.interface import control_interface, parameter_entity
from dataflowc.frontends.hls_cpp.loops import schedule_attributes
from dataflowc.frontends.hls_cpp.parse import parse_program
from dataflowc.frontends.hls_cpp.parse_expressions import MAX_DEPTH
from dataflowc.frontends.hls_cpp.regions import Draft, RegionLowering, finish
from dataflowc.frontends.hls_cpp.sources import source_texts
from dataflowc.frontends.hls_cpp.statements import StatementLowering
from dataflowc.frontends.hls_cpp.storage import Entity
from dataflowc.frontends.hls_cpp.syntax import Function, Program
from dataflowc.frontends.hls_cpp.top import top_function


def read_hls_cpp(
    path_or_text: str | Path | Iterable[str | Path],
    *,
    top: str | None = None,
    tripcounts: Mapping[str, int] = {},
) -> ModuleOp:
    """The module of a C++ design; the package docstring has the conventions.

    `path_or_text` is a file, a project folder, several files, or C++ text. `top` names the top function where it is not
    clear. `tripcounts` gives the number of iterations of loops whose bounds are not constant, by the label, bound or
    counter of the loop.

    Raises:
        DataflowcError: DF170 C++ outside the subset, DF171 a pragma, DF172 an unknown bound, DF173 no design, DF174 no
        such file.
    """
    with _deep_recursion():
        program = parse_program(source_texts(path_or_text))
        return lower_program(program, top_function(program, top), tripcounts)


@contextmanager
def _deep_recursion() -> Iterator[None]:
    """Unrolled sums nest as deeply as they are long: room for the deepest expression the parser takes."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 5 * MAX_DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def lower_program(program: Program, top: Function, tripcounts: Mapping[str, int]) -> ModuleOp:
    """The module of a parsed design."""
    frame = Frame(None)
    builder = Builder(frame, program.constants, top)
    statements = StatementLowering(builder, program, tripcounts)
    regions = RegionLowering(statements)
    builder.scope = global_scope(program)
    ports = _parameters(builder, top)
    pragmas = statements.function_pragmas(top)
    if "dataflow" in pragmas:
        drafts = regions.drafts(frame, top.body)
    else:
        draft = regions.draft(frame, top.name, "sequential", "call", top.line)
        with builder.within(draft.frame):
            statements.function_body(top)
        if "pipeline" in pragmas:
            draft.attributes |= schedule_attributes(pragmas["pipeline"])
        drafts = [draft]
    if not any(draft.frame.block.first_op for draft in drafts):
        raise bad_design(builder.place(top.line), f"the top function '{top.name}' does nothing")
    _set_roles(ports, drafts)
    finish(frame, drafts)
    schedule_args = [argument.type for argument in frame.block.args]
    outer = IrBlock(arg_types=schedule_args)
    for argument, parameter in zip(outer.args, top.parameters, strict=True):
        argument.name_hint = parameter.name
    schedule = ScheduleOp(list(outer.args), Region(frame.block))
    schedule.attributes |= {"imported": UnitAttr(), "source": builder.at("function", top.line)}
    control = control_interface(top)
    if control is not None:
        schedule.attributes["interface"] = control
    outer.add_ops([schedule, ReturnOp()])
    function = FuncOp(top.name, (schedule_args, []), Region(outer))
    function.attributes["source"] = schedule.attributes["source"]
    return ModuleOp([function])


def _parameters(builder: Builder, top: Function) -> dict[Entity, PortOp]:
    """Ports for the parameters of the top function, which come into scope; streams are arguments."""
    ports = {}
    for parameter in top.parameters:
        entity = parameter_entity(builder, top, parameter)
        argument = builder.frame.block.insert_arg(entity.ir_type, len(builder.frame.block.args))
        argument.name_hint = parameter.name
        builder.scope.names[parameter.name] = View(entity)
        if entity.kind == "stream":
            builder.frame.own[entity] = argument
            continue
        port = PortOp(argument, bundle=parameter.name, role="input", tensor=parameter.name)
        port.attributes["source"] = builder.at("parameter", parameter.line)
        builder.frame.adopt(entity, port)
        ports[entity] = port
    return ports


def _set_roles(ports: Mapping[Entity, PortOp], drafts: Iterable[Draft]) -> None:
    for draft in drafts:
        for entity in draft.frame.stored & ports.keys():
            ports[entity].properties["role"] = StringAttr("output")
