"""Which results of a function depend on its inputs."""

from __future__ import annotations

from collections.abc import Iterable

from xdsl.dialects import affine, func
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import Block, BlockArgument, Operation, SSAValue


def varying_results(main: func.FuncOp, inputs: Iterable[SSAValue]) -> list[bool]:
    """For every result of tensor code whether it depends on one of the arguments `inputs`.

    A result may be said to depend on an input though its value does not change with it, never the other way round.
    """
    varying = set(inputs)
    for op in main.body.block.ops:
        if isinstance(op, func.ReturnOp):
            return [value in varying for value in op.arguments]
        if isinstance(op, linalg.GenericOp):
            varying.update(result for number, result in enumerate(op.res) if _varies(op, number, varying))
        elif any(value in varying for inner in op.walk() for value in inner.operands):
            varying.update(op.results)
    raise AssertionError("a function ends in func.return")


def loads_an_argument(kernel: func.FuncOp) -> bool:
    """Whether a C kernel reads any of its arrays."""
    return any(isinstance(op, affine.LoadOp) and isinstance(op.memref, BlockArgument) for op in kernel.walk())


def _varies(op: linalg.GenericOp, result: int, varying: set[SSAValue]) -> bool:
    """Whether what `op` yields as `result` is computed from a varying operand, or from a varying tensor by index."""
    block = op.body.block
    last = block.last_op
    assert last is not None
    return any(
        (op.operands[value.index] if isinstance(value, BlockArgument) and value.owner is block else value) in varying
        for value in values_behind(last.operands[result], block)
    )


def values_behind(root: SSAValue, block: Block) -> set[SSAValue]:
    """`root` and all values from which ops of `block` compute it."""
    found: set[SSAValue] = set()
    pending = [root]
    while pending:
        value = pending.pop()
        if value in found:
            continue
        found.add(value)
        if isinstance(value.owner, Operation) and value.owner.parent is block:
            pending += value.owner.operands
    return found
