"""`tidy-tensors`: remove what nobody reads from a linalg-level module."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import tensor
from xdsl.dialects.builtin import ArrayAttr, ModuleOp, TensorType
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass

from dataflowc.diagnostics import UserError
from dataflowc.passes.analysis.dependence import values_behind
from dataflowc.passes.analysis.views import copied_operand, is_view

_PURE = ("linalg.", "tensor.", "arith.", "math.")


@dataclass(frozen=True)
class TidyTensorsPass(ModulePass):
    """Erase dead tensor code: ops without users, and results of a generic that nobody reads.

    Before: `%v, %i = linalg.generic ... outs(%a, %b)` (maximum and its index), `%i` unused.
    After: `%v = linalg.generic ... outs(%a)`.

    Needs and keeps the level `linalg`. Values are unchanged. Raises UserError if a result of the function has no
    contents.
    """

    name = "tidy-tensors"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """One walk from the last op to the first, so that a chain of dead ops goes at once."""
        for function in op.body.block.ops:
            if isinstance(function, FuncOp):
                for block in function.body.blocks:
                    _tidy(block)
                    _check_results(block)


def _tidy(block: Block) -> None:
    for op in reversed(list(block.ops)):
        if op.name.startswith(_PURE) and op.results and not any(result.uses for result in op.results):
            op.detach()
            op.erase()
        elif isinstance(op, linalg.GenericOp) and not all(result.uses for result in op.res):
            _drop_dead_results(op)


def _check_results(block: Block) -> None:
    """Every returned tensor was written."""
    last = block.last_op
    if not isinstance(last, ReturnOp):
        return
    undefined = [number for number, value in enumerate(last.arguments) if _is_empty(value)]
    if undefined:
        raise UserError(
            "DF217",
            "the model returns a tensor that was never written",
            notes=[f"result {number} is a tensor.empty" for number in undefined],
            hint="torch.empty has no contents; use torch.zeros, or write the tensor before it is returned",
        )


def _is_empty(value: SSAValue) -> bool:
    """Whether `value` is a `tensor.empty`, seen through reshapes and copies."""
    op = value.owner
    if not isinstance(value.type, TensorType) or not isinstance(op, Operation) or not is_view(op):
        return False
    if isinstance(op, tensor.EmptyOp):
        return True
    position = copied_operand(op) or 0
    return bool(op.operands) and _is_empty(op.operands[position])


def _drop_dead_results(op: linalg.GenericOp) -> None:
    """Rebuild `op` without the results that are unused and whose accumulator no live result needs."""
    block = op.body.block
    inputs = len(op.inputs)
    last = block.last_op
    assert last is not None
    live = [i for i, result in enumerate(op.res) if result.uses]
    dead = [i for i in range(len(op.res)) if i not in live]
    kept_yields = [last.operands[i] for i in live]
    needed = set().union(*(values_behind(value, block) for value in kept_yields))
    if any(block.args[inputs + i] in needed for i in dead):
        return
    maps = list(op.indexing_maps)
    kept_maps = maps[:inputs] + [maps[inputs + i] for i in live]
    last.operands = kept_yields
    for inner in reversed(list(block.ops)):
        if inner is not last and not any(result.uses for result in inner.results):
            inner.detach()
            inner.erase()
    for i in reversed(dead):
        block.erase_arg(block.args[inputs + i])
    region = Region()
    op.body.move_blocks(region)
    new = linalg.GenericOp(
        list(op.inputs),
        [op.outputs[i] for i in live],
        region,
        ArrayAttr(kept_maps),
        op.iterator_types,
        [op.res[i].type for i in live],
    )
    new.attributes.update(op.attributes)
    parent = op.parent
    assert parent is not None
    parent.insert_op_before(new, op)
    for i, result in zip(live, new.res, strict=True):
        op.res[i].replace_all_uses_with(result)
    op.detach()
    op.erase()
