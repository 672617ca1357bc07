"""Who calls whom, and which variables calls change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dataflowc.frontends.hls_cpp.syntax import Block, Call, For, Function, If, Name, Program, Statement


def note_references(program: Program) -> None:
    """Count a scalar that is passed by reference, to a function that may change it, among the assigned ones."""
    for function in list(program.functions.values()):
        changed = {
            name for call in calls(function.body) for name in _changed(program.functions.get(call.function), call)
        }
        if changed:
            program.functions[function.name] = replace(function, assigned=function.assigned | changed)


def _changed(function: Function | None, call: Call) -> Iterator[str]:
    if function is None:
        return
    for parameter, argument in zip(function.parameters, call.arguments, strict=False):
        is_scalar = parameter.is_reference and not parameter.is_stream and not parameter.dims
        if is_scalar and not parameter.is_const and isinstance(argument, Name):
            yield argument.name


def calls(block: Block) -> Iterator[Call]:
    """The call statements in a block, at any depth."""
    for statement in block.statements:
        yield from _calls_of(statement)


def _calls_of(statement: Statement) -> Iterator[Call]:
    match statement:
        case Call():
            yield statement
        case For(body=body):
            yield from calls(body)
        case If(body=body, otherwise=otherwise):
            yield from calls(body)
            if otherwise is not None:
                yield from calls(otherwise)
        case Block():
            yield from calls(statement)
        case _:
            return
