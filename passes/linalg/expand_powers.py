"""`expand-powers`: integer powers become products, reciprocal roots a root and a division."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import arith, math
from xdsl.dialects.builtin import Float32Type, Float64Type, FloatAttr, IntegerAttr, ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass

LARGEST_POWER = 8


@dataclass(frozen=True)
class ExpandPowersPass(ModulePass):
    """Rewrite `math.fpowi x, n` with a constant n from 1 to 8 as multiplications by squaring, and `math.rsqrt x` as
    `1 / sqrt(x)`.

    Before: `%y = math.fpowi %x, 3`
    After:  `%s = arith.mulf %x, %x ; %y = arith.mulf %s, %x`

    A multiplier takes 3 DSP; a general power function takes a logarithm and an exponential. Costs of root and divider
    are known on every family, that of a reciprocal root on 7-series only. Needs and keeps `linalg`.
    """

    name = "expand-powers"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Rewrite every power in place."""
        for power in [inner for inner in op.walk() if isinstance(inner, math.FPowIOp)]:
            exponent = _constant(power.operands[1])
            if exponent is not None and 1 <= exponent <= LARGEST_POWER:
                _expand(power, exponent)
        for root in [inner for inner in op.walk() if isinstance(inner, math.RsqrtOp)]:
            _reciprocal(root)


def _constant(value: SSAValue) -> int | None:
    owner = value.owner
    if isinstance(owner, arith.ConstantOp) and isinstance(owner.value, IntegerAttr):
        return owner.value.value.data
    return None


def _expand(power: Operation, exponent: int) -> None:
    block = power.parent
    assert block is not None
    base, result = power.operands[0], None
    while exponent:
        if exponent & 1:
            result = base if result is None else _product(power, result, base)
        exponent >>= 1
        if exponent:
            base = _product(power, base, base)
    assert result is not None
    power.results[0].replace_all_uses_with(result)
    power.detach()
    power.erase()


def _reciprocal(root: math.RsqrtOp) -> None:
    block, type_ = root.parent, root.result.type
    assert block is not None and isinstance(type_, Float32Type | Float64Type)
    one, square_root = arith.ConstantOp(FloatAttr(1.0, type_)), math.SqrtOp(root.operand)
    quotient = arith.DivfOp(one.result, square_root.result)
    for op in (one, square_root, quotient):
        block.insert_op_before(op, root)
    root.result.replace_all_uses_with(quotient.result)
    root.detach()
    root.erase()


def _product(before: Operation, left: SSAValue, right: SSAValue) -> SSAValue:
    op = arith.MulfOp(left, right)
    assert before.parent is not None
    before.parent.insert_op_before(op, before)
    return op.result
