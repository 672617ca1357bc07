"""Which operators a node needs, and how many of each.

The loops of a node run one after another and share their operators, so a node needs the most that any of its loops
needs. A pipelined loop with initiation interval II uses an operator II times per iteration, so n uses need ceil(n / II)
of them; outside pipelined loops one is enough. (131 csynth reports: one core per use at II 1 in 568 of 568 groups,
ceil(n / II) in 316 of 392 groups above, up to twice that in the rest.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from xdsl.dialects import affine
from xdsl.dialects.arith import ConstantOp
from xdsl.ir import Operation

from dataflowc.dialects.attributes import PipelineAttr
from dataflowc.dialects.dataflow import NodeOp

OPERATORS: Mapping[str, str] = {
    "arith.addf": "fadd",
    "arith.subf": "fsub",
    "arith.mulf": "fmul",
    "arith.divf": "fdiv",
    "arith.negf": "fneg",
    "arith.cmpf": "fcmp",
    "arith.maximumf": "fmax",
    "arith.minimumf": "fmin",
    "arith.maxnumf": "fmax",
    "arith.minnumf": "fmin",
    "arith.sitofp": "sitofp",
    "arith.uitofp": "uitofp",
    "arith.fptosi": "fptosi",
    "arith.fptoui": "fptoui",
    "arith.extf": "fpext",
    "arith.truncf": "fptrunc",
    "arith.addi": "iadd",
    "arith.subi": "isub",
    "arith.muli": "imul",
    "arith.divsi": "idiv",
    "arith.divui": "idiv",
    "arith.remsi": "irem",
    "arith.remui": "irem",
    "arith.cmpi": "icmp",
    "arith.maxsi": "imax",
    "arith.maxui": "imax",
    "arith.minsi": "imin",
    "arith.minui": "imin",
    "arith.andi": "logic",
    "arith.ori": "logic",
    "arith.xori": "logic",
    "arith.select": "select",
    "arith.shli": "shift",
    "arith.shrsi": "shift",
    "arith.shrui": "shift",
    "math.absf": "fabs",
    "math.exp": "fexp",
    "math.fma": "fma",
    "math.rsqrt": "frsqrt",
    "math.sqrt": "fsqrt",
}
"""Scalar op -> its name in the operator table. A `math` op that is not here goes by its own name, and has no data."""

_WIRES = frozenset(
    ("arith.constant", "arith.extsi", "arith.extui", "arith.trunci", "arith.bitcast", "arith.index_cast")
)
"""Ops that only rename or cut bits."""
_SHIFTS = ("arith.shli", "arith.shrsi", "arith.shrui")
_OPERAND_TYPED = ("arith.cmpf", "arith.cmpi", "arith.fptosi", "arith.fptoui")
"""Ops that the table knows by the type of their operands."""


def scalar_operator(op: Operation) -> tuple[str, str] | None:
    """Operator name and element type of a scalar op; None for wires and for address arithmetic on `index` values."""
    if not op.name.startswith(("arith.", "math.")) or op.name in _WIRES:
        return None
    if op.name in _SHIFTS and isinstance(op.operands[1].owner, ConstantOp):
        return None
    dtype = str(op.operands[0].type if op.name in _OPERAND_TYPED else op.results[0].type)
    return None if dtype == "index" else (OPERATORS.get(op.name, op.name), dtype)


def node_operators(node: NodeOp) -> dict[tuple[str, str], int]:
    """How many of each operator, by name and element type, the node needs at once."""
    needed: Counter[tuple[str, str]] = Counter()
    for loop, uses in _uses_by_loop(node).items():
        for operator, count in uses.items():
            units = 1 if loop is None else -(-count // _interval(loop))
            needed[operator] = max(needed[operator], units)
    return dict(sorted(needed.items()))


def _uses_by_loop(node: NodeOp) -> dict[affine.ForOp | None, Counter[tuple[str, str]]]:
    """The scalar operators in each pipelined loop, and under None those outside all of them."""
    uses: dict[affine.ForOp | None, Counter[tuple[str, str]]] = {}
    for op in node.body.walk():
        operator = scalar_operator(op)
        if operator is not None:
            uses.setdefault(_pipelined_loop(op, node), Counter())[operator] += 1
    return uses


def _pipelined_loop(op: Operation, node: NodeOp) -> affine.ForOp | None:
    parent = op.parent_op()
    while parent is not None and parent is not node:
        if isinstance(parent, affine.ForOp) and isinstance(parent.attributes.get("pipeline"), PipelineAttr):
            return parent
        parent = parent.parent_op()
    return None


def _interval(loop: affine.ForOp) -> int:
    pipeline = loop.attributes["pipeline"]
    assert isinstance(pipeline, PipelineAttr)
    return max(1, pipeline.value.data)
