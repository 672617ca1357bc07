"""The name under which the cost tables know a scalar op."""

from __future__ import annotations

from xdsl.ir import Operation

_NAMES = {
    "arith.addf": "fadd",
    "arith.subf": "fsub",
    "arith.mulf": "fmul",
    "arith.divf": "fdiv",
    "arith.cmpf": "fcmp",
    "arith.maximumf": "fmax",
    "arith.minimumf": "fmin",
    "arith.maxnumf": "fmax",
    "arith.minnumf": "fmin",
    "math.sqrt": "fsqrt",
    "math.rsqrt": "frsqrt",
    "math.exp": "fexp",
    "math.log": "flog",
    "math.tanh": "ftanh",
    "math.erf": "ferf",
    "arith.sitofp": "sitofp",
    "arith.fptosi": "fptosi",
}
"""Ops with latency or area of their own; others are wires, multiplexers or index logic."""


def operator_name(op: Operation) -> str | None:
    """The cost table's name of `op`; None for an op that takes no cycles."""
    return _NAMES.get(op.name)
