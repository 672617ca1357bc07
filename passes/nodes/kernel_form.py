"""What a C kernel may hold, and the form in which `lift-affine` takes it: loops that carry no values."""

from __future__ import annotations

from collections.abc import Iterator

from xdsl.dialects import affine, func, memref
from xdsl.dialects.builtin import AffineMapAttr, AffineSetAttr, IndexType, ShapedType
from xdsl.ir import Operation, Region, SSAValue
from xdsl.ir.affine import AffineBinaryOpExpr, AffineBinaryOpKind, AffineConstantExpr, AffineMap

from dataflowc.diagnostics import SourceLocation, UnsupportedOp

_SCALAR_DIALECTS = ("arith.", "math.")
_AFFINE_OPS = (affine.ForOp, affine.IfOp, affine.LoadOp, affine.StoreOp, affine.ApplyOp, affine.YieldOp)
_MEMORY_OPS = (memref.AllocOp, memref.AllocaOp, memref.DeallocOp)
_DIVISIONS = (AffineBinaryOpKind.FloorDiv, AffineBinaryOpKind.CeilDiv, AffineBinaryOpKind.Mod)


def check_kernel(main: func.FuncOp) -> None:
    """Raise UnsupportedOp with everything that has no place in a kernel, together."""
    notes = [
        f"the argument {argument.name_hint or argument.index} of type index: only arrays and numbers come from outside"
        for argument in main.body.block.args
        if isinstance(argument.type, IndexType)
    ]
    divides = any(_divides(map_) for op in main.walk() for map_ in _maps(op))
    for op in main.body.block.walk():
        notes += _complaints(op, divides)
    if notes:
        raise UnsupportedOp(
            "DF160",
            "the kernel uses what cannot be lowered",
            where=SourceLocation(op=main.sym_name.data),
            notes=list(dict.fromkeys(notes)),
            hint="bring the function into affine form (static shapes, affine subscripts, no calls)",
        )


def _complaints(op: Operation, divides: bool) -> Iterator[str]:
    if isinstance(op, func.ReturnOp):
        if op.operands:
            yield "func.return gives values; write results into an argument instead"
    elif isinstance(op, affine.IfOp):
        if op.results:
            yield "affine.if with results: store the value in an array instead"
    elif isinstance(op, affine.ForOp):
        if divides and _may_start_below_0(op.lowerBoundMap.data):
            yield "affine.for that starts below 0, in a kernel with floordiv, ceildiv or mod: start it at 0"
    elif op.name.startswith("memref.") and not isinstance(op, _MEMORY_OPS):
        yield f"{op.name}: use affine.load and affine.store"
    elif not isinstance(op, (*_AFFINE_OPS, *_MEMORY_OPS)) and not op.name.startswith(_SCALAR_DIALECTS):
        yield f"{op.name}: only affine loops, branches, loads and stores, and arith, math and memref ops may stand here"
    for value in op.results:
        if isinstance(value.type, ShapedType) and not value.type.has_static_shape():
            yield f"{op.name}: the shape {value.type} is not static"


def _maps(op: Operation) -> Iterator[AffineMap]:
    """Every affine function that `op` evaluates; of a condition, its left and right sides."""
    for attribute in op.properties.values():
        if isinstance(attribute, AffineMapAttr):
            yield attribute.data
        elif isinstance(attribute, AffineSetAttr):
            found = attribute.data
            sides = tuple(side for c in found.constraints for side in (c.lhs, c.rhs))
            yield AffineMap(found.num_dims, found.num_symbols, sides)


def _divides(map_: AffineMap) -> bool:
    return any(
        isinstance(expr, AffineBinaryOpExpr) and expr.kind in _DIVISIONS
        for result in map_.results
        for expr in result.dfs()
    )


def _may_start_below_0(lower: AffineMap) -> bool:
    """Whether no result of a lower bound is sure to be 0 or more; the bound is the largest of them."""
    return not any(
        all(not isinstance(part, AffineConstantExpr) or part.value >= 0 for part in result.dfs())
        for result in lower.results
    )


def carry_in_registers(main: func.FuncOp) -> None:
    """Rewrite loops that carry values, and their results, with an array of rank 0 per value.

    Before: `%r = affine.for %i = 0 to 8 iter_args(%s = %z) -> (f32) { ... affine.yield %t }`
    After:  `affine.store %z, %c[] ; affine.for %i = 0 to 8 { %s = affine.load %c[] ... affine.store %t, %c[] } ;
    %r = affine.load %c[]`
    """
    for loop in [op for op in main.walk() if isinstance(op, affine.ForOp) and op.inits]:
        _carry_in_registers(loop)


def _carry_in_registers(loop: affine.ForOp) -> None:
    parent, body = loop.parent, loop.body.block
    assert parent is not None
    registers = [memref.AllocaOp.get(value.type, shape=[]) for value in loop.inits]
    last = body.last_op
    assert isinstance(last, affine.YieldOp) and body.first_op is not None
    first, carried, given = body.first_op, body.args[1:], list(last.operands)
    for register, argument in zip(registers, carried, strict=True):
        register.memref.name_hint = argument.name_hint or "carried"
        load = _load(register)
        body.insert_op_before(load, first)
        argument.replace_all_uses_with(load.result)
        given = [load.result if value is argument else value for value in given]
    for register, value in zip(registers, given, strict=True):
        body.insert_op_before(_store(value, register), last)
    body.insert_op_before(affine.YieldOp.get(), last)
    last.detach()
    last.erase()
    for argument in reversed(carried):
        body.erase_arg(argument)
    plain = affine.ForOp.from_region(
        list(loop.lowerBoundOperands), list(loop.upperBoundOperands), [], [],
        loop.lowerBoundMap, loop.upperBoundMap, _moved(loop), loop.step,
    )  # fmt: skip
    plain.attributes.update(loop.attributes)
    before: list[Operation] = []
    for register, value in zip(registers, loop.inits, strict=True):
        before += [register, _store(value, register)]
    after = [_load(register) for register in registers]
    parent.insert_ops_before([*before, plain, *after], loop)
    for result, load in zip(loop.results, after, strict=True):
        result.replace_all_uses_with(load.result)
    loop.detach()
    loop.erase()


def _moved(loop: affine.ForOp) -> Region:
    region = Region()
    loop.body.move_blocks(region)
    return region


def _load(register: memref.AllocaOp) -> affine.LoadOp:
    return affine.LoadOp(register.memref, [], AffineMapAttr(AffineMap(0, 0, ())))


def _store(value: SSAValue, register: memref.AllocaOp) -> affine.StoreOp:
    return affine.StoreOp(value, register.memref, [], AffineMapAttr(AffineMap(0, 0, ())))
