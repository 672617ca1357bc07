"""After how many iterations a loop loads an element again that it has stored."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import affine
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap

from dataflowc.passes.analysis.linear import Domain, IterDim, Linear, evaluate
from dataflowc.passes.analysis.loops import trip_count


def recurrence_distance(load: affine.LoadOp, store: affine.StoreOp, innermost: affine.ForOp) -> int | None:
    """Iterations of the flattened nest around `innermost` from the store of an element to its next load.

    None if no iteration loads what another stored. The shortest distance, 1, where subscripts are not linear, or where
    a counter shares every dimension it moves with another one.
    """
    loops = _nest(innermost)
    counters = [loop.body.block.args[0] for loop in loops]
    stored = _linear_index(store.map.data, store.indices, counters)
    loaded = _linear_index(load.map.data, load.indices, counters)
    if stored is None or loaded is None:
        return 1
    moved = {counter for index in stored for counter in index.terms}
    pairs = list(zip(stored, loaded, strict=True))
    if any(written.terms != read.terms for written, read in pairs):
        return 1
    shifts: dict[int, int] = {}
    for written, read in pairs:
        difference = written.const - read.const
        if not written.terms and difference:
            return None
        if len(written.terms) == 1:
            ((counter, coefficient),) = written.terms.items()
            shift, rest = divmod(difference, coefficient)
            if rest or shifts.setdefault(counter, shift) != shift:
                return None
    if set(shifts) != moved:
        return 1
    return _flattened(shifts, moved, [trip_count(loop) or 1 for loop in loops])


def _nest(innermost: affine.ForOp) -> list[affine.ForOp]:
    """The loops around the body, innermost first."""
    loops = []
    op: Operation | None = innermost
    while op is not None:
        if isinstance(op, affine.ForOp):
            loops.append(op)
        op = op.parent_op()
    return loops


def _linear_index(map_: AffineMap, operands: Sequence[SSAValue], counters: Sequence[SSAValue]) -> list[Linear] | None:
    """Each subscript as a linear expression of loop numbers (innermost is 0); None if one is not linear."""
    if any(operand not in counters for operand in operands):
        return None
    dims = [Linear.of(counters.index(operand)) for operand in operands]
    domain = Domain([IterDim(2**31, "parallel", i) for i in range(len(counters))], frozen=True)
    positions = [AffineExpr.dimension(i) for i in range(len(operands))]
    ranked = (e.replace_dims_and_symbols(positions[: map_.num_dims], positions[map_.num_dims :]) for e in map_.results)
    found = [evaluate(expr, dims, domain) for expr in ranked]
    linear = [index for index in found if isinstance(index, Linear)]
    return linear if len(linear) == len(found) and not any(isinstance(i, AffineExpr) for i in found) else None


def _flattened(shifts: dict[int, int], moved: set[int], trips: Sequence[int]) -> int | None:
    """Iterations that the shift amounts to. Without a shift forward the element comes back when the innermost loop that
    does not move it steps; None if every loop moves it."""
    weight, distance = 1, 0
    for loop, trip in enumerate(trips):
        distance += shifts.get(loop, 0) * weight
        weight *= trip
    if distance > 0:
        return distance
    weight = 1
    for loop, trip in enumerate(trips):
        if loop not in moved:
            return max(1, weight + distance)
        weight *= trip
    return None
