"""Trip counts of affine loops."""

from __future__ import annotations

from xdsl.dialects import affine
from xdsl.ir.affine import AffineConstantExpr, AffineMap


def constant_bound(map_: AffineMap) -> int | None:
    """The value of a bound that is one constant."""
    if len(map_.results) == 1 and isinstance(map_.results[0], AffineConstantExpr):
        return map_.results[0].value
    return None


def trip_count(loop: affine.ForOp) -> int | None:
    """Iterations of `loop`; None if a bound depends on an outer loop."""
    lower, upper = constant_bound(loop.lowerBoundMap.data), constant_bound(loop.upperBoundMap.data)
    if lower is None or upper is None:
        return None
    return max(0, -(-(upper - lower) // loop.step.value.data))


def is_innermost(loop: affine.ForOp) -> bool:
    """Whether no loop stands inside `loop`."""
    return not any(isinstance(op, affine.ForOp) for op in loop.body.walk())
