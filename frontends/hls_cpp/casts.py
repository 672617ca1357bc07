"""Conversions between C++ scalar types as arith ops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdsl.dialects import arith
from xdsl.ir import SSAValue

from dataflowc.frontends.hls_cpp.c_types import ir_type, is_float, is_unsigned, width

if TYPE_CHECKING:
    from dataflowc.frontends.hls_cpp.builder import Builder


def cast(builder: Builder, value: SSAValue, source: str, target: str) -> SSAValue:
    """`(target)value`."""
    if source == target:
        return value
    if target == "bool":
        return _truth(builder, value, source)
    kind = ir_type(target)
    if is_float(source) and is_float(target):
        return builder.result((arith.ExtFOp if target == "f64" else arith.TruncFOp)(value, kind))
    if is_float(target):
        return builder.result((arith.UIToFPOp if is_unsigned(source) else arith.SIToFPOp)(value, kind))
    if is_float(source):
        return builder.result((arith.FPToUIOp if is_unsigned(target) else arith.FPToSIOp)(value, kind))
    if width(source) == width(target):
        return value
    if width(source) > width(target):
        return builder.result(arith.TruncIOp(value, kind))
    return builder.result((arith.ExtUIOp if is_unsigned(source) else arith.ExtSIOp)(value, kind))


def _truth(builder: Builder, value: SSAValue, source: str) -> SSAValue:
    zero = builder.number(0, source)
    if is_float(source):
        return builder.result(arith.CmpfOp(value, zero, "une"))
    return builder.result(arith.CmpiOp(value, zero, "ne"))
