"""Facts about scalar types."""

from __future__ import annotations

from xdsl.dialects.builtin import FixedBitwidthType, IndexType
from xdsl.ir import Attribute

from dataflowc.diagnostics import InternalError

INDEX_BITS = 32
"""An index is an `int` in the emitted C++."""


def bits_of(type_: Attribute) -> int:
    """Width of a scalar type in bits. Raises InternalError for a type that has none."""
    if isinstance(type_, IndexType):
        return INDEX_BITS
    if isinstance(type_, FixedBitwidthType):
        return type_.bitwidth
    raise InternalError("DF401", f"no width is known for {type_}", hint="the front door should have refused it")
