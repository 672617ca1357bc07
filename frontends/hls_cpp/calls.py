"""Arguments of calls: arrays and streams are passed as they are, scalars by value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataflowc.frontends.hls_cpp.builder import Binding, Builder, Scope, View
from dataflowc.frontends.hls_cpp.constants import evaluate
from dataflowc.frontends.hls_cpp.declarations import array_entity
from dataflowc.frontends.hls_cpp.errors import bad_design
from dataflowc.frontends.hls_cpp.functions import MATH
from dataflowc.frontends.hls_cpp.syntax import Call, Declaration, Expression, Function, Name, Program, Subscript

if TYPE_CHECKING:
    from dataflowc.frontends.hls_cpp.statements import StatementLowering


def callee(builder: Builder, program: Program, call: Call) -> Function:
    """The function that is called.

    Raises:
        UserError: DF173 if it is not defined or takes another number of arguments.
    """
    function = program.functions.get(call.function)
    if function is None:
        known = ", ".join(sorted(program.functions))
        raise bad_design(
            builder.place(call.line),
            f"function '{call.function}' is not defined",
            f"defined: {known}; math: {', '.join(MATH)}",
        )
    if len(function.parameters) != len(call.arguments):
        raise bad_design(
            builder.place(call.line),
            f"'{call.function}' takes {len(function.parameters)} arguments and is called with {len(call.arguments)}",
        )
    return function


def bind_arguments(lowering: StatementLowering, function: Function, call: Call) -> Scope:
    """A scope in which the parameters stand for the arguments; scalars are evaluated here.

    Raises:
        UserError: DF173 where an argument does not fit its parameter.
    """
    builder, scope = lowering.builder, global_scope(lowering.program)
    for parameter, argument in zip(function.parameters, call.arguments, strict=True):
        is_array = bool(parameter.dims) or parameter.is_stream or parameter.is_pointer
        view = _view(lowering, argument)
        if is_array or (parameter.is_reference and view is not None):
            if view is None:
                raise bad_design(builder.place(call.line), f"parameter '{parameter.name}' needs an array or stream")
            _check(builder, parameter, view, scope, call)
            scope.names[parameter.name] = view
            continue
        value = lowering.expressions.lower(argument)
        caller, builder.scope = builder.scope, scope
        lowering.bind(parameter.name, parameter.type, value, is_assigned=parameter.name in function.assigned)
        builder.scope = caller
    return scope


def global_scope(program: Program) -> Scope:
    """A scope that holds the numbers among the macros and global constants."""
    scope = Scope()
    for name, expression in program.constants.items():
        value = evaluate(expression, program.constants)
        if value is not None:
            scope.names[name] = value
    return scope


def _view(lowering: StatementLowering, argument: Expression) -> View | None:
    """The array, stream or register that an argument names; None for a number."""
    builder = lowering.builder
    if isinstance(argument, Name):
        found: Binding | None = builder.scope.find(argument.name)
        return found if isinstance(found, View) else None
    if isinstance(argument, Subscript):
        view = builder.view(argument.base, argument.line)
        if len(argument.indices) < len(builder.shape(view)):
            prefix = tuple(lowering.expressions.lower(index) for index in argument.indices)
            return View(view.entity, (*view.prefix, *prefix))
    return None


def _check(builder: Builder, parameter: Declaration, view: View, scope: Scope, call: Call) -> None:
    """Kind, element type and trailing extents agree; C++ does not look at the first one."""
    caller, builder.scope = builder.scope, scope
    shape = array_entity(builder, parameter).shape if parameter.dims else None
    builder.scope = caller
    given = builder.shape(view)
    if parameter.is_pointer:
        fits = len(given) == 1
    elif shape is None:
        fits = not given
    else:
        fits = len(shape) == len(given) and shape[1:] == given[1:]
    if not fits or (view.entity.kind == "stream") != parameter.is_stream or view.entity.type != parameter.type:
        raise bad_design(
            builder.place(call.line),
            f"'{view.entity.name}' ({view.entity.kind} of {view.entity.type}, shape {list(given)}) does not fit "
            f"parameter '{parameter.name}' of '{call.function}'",
        )
