"""Arrays, streams and parameters as entities."""

from __future__ import annotations

from math import prod

from dataflowc.frontends.hls_cpp.builder import Builder
from dataflowc.frontends.hls_cpp.c_types import is_float, width
from dataflowc.frontends.hls_cpp.conditions import pure_index
from dataflowc.frontends.hls_cpp.errors import bad_design, unsupported
from dataflowc.frontends.hls_cpp.storage import Entity
from dataflowc.frontends.hls_cpp.syntax import Declaration, Expression, Number

MAX_ELEMENTS = 2**40
"""Larger arrays are taken for a mistake."""


def array_entity(builder: Builder, declaration: Declaration) -> Entity:
    """The array or stream that is declared; its initial values must be absent.

    Raises:
        UserError: DF173 for a size that is not a positive constant; UnsupportedOp: DF170 for initial values.
    """
    place = builder.place(declaration.line)
    if declaration.init is not None:
        raise unsupported(place, f"array '{declaration.name}' has initial values", construct="declaration")
    shape = tuple(_constant(builder, size, declaration) for size in declaration.dims)
    if prod(shape) > MAX_ELEMENTS:
        raise bad_design(place, f"array '{declaration.name}' has {prod(shape)} elements")
    kind = "stream" if declaration.is_stream else "array"
    depth = _constant(builder, declaration.depth, declaration) if declaration.depth is not None else None
    return Entity(declaration.name, kind, declaration.type, shape, depth=depth)


def _constant(builder: Builder, expression: Expression, declaration: Declaration) -> int:
    if isinstance(expression, Number):
        value = int(expression.value)
    else:
        index = pure_index(expression, builder.scope)
        value = index.constant if index is not None and not index.terms else 0
    if value < 1:
        raise bad_design(
            builder.place(declaration.line), f"a size of '{declaration.name}' is not a positive constant", "use #define"
        )
    return value


def is_affine_type(type_: str) -> bool:
    """Whether a variable of this C++ type may stand in affine maps: integers that do not wrap in practice."""
    return not is_float(type_) and width(type_) >= 32
