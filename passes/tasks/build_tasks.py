"""`build-tasks`: one task per tensor op that computes or moves data."""

from __future__ import annotations

from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects import func, tensor
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass

from dataflowc.dialects.attributes import SourceAttr
from dataflowc.dialects.dataflow import DispatchOp, TaskOp, YieldOp
from dataflowc.dialects.names import Labels
from dataflowc.passes.analysis.views import is_view


@dataclass(frozen=True)
class BuildTasksPass(ModulePass):
    """Wrap every op that is not a view into a task, together with the views through which it sees its operands.

    Before: `%t = linalg.generic (transpose) %w ; %y = linalg.generic (matmul) %x, %t`
    After:  `%y = dataflow.task "fc_linear" { transpose ; matmul ; dataflow.yield }`, in one `dataflow.dispatch`.

    A permuted or repeated tensor that a body indexes by value is copied by a task of its own.
    Views between the last task and `func.return` stay outside; `build-nodes` folds them into the output's store.
    Needs the level `linalg`, gives `tasks`.
    """

    name = "build-tasks"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Build the dispatch in front of the old code, then erase what it replaces."""
        for main in op.body.block.ops:
            if isinstance(main, func.FuncOp):
                _Builder(main.body.block).run()


@dataclass(slots=True)
class _Builder:
    block: Block
    labels: Labels = field(default_factory=Labels)
    results: dict[SSAValue, SSAValue] = field(default_factory=dict)
    """Result of an original op -> result of its task."""

    def run(self) -> None:
        originals = [op for op in self.block.ops if not isinstance(op, func.ReturnOp)]
        body = Block()
        roots = [op for op in originals if not is_view(op) or _is_moved_table(op)]
        for root in roots:
            body.add_op(self._task(root))
        outer = self._used_after(roots)
        body.add_op(YieldOp([self.results[value] for value in outer]))
        dispatch = DispatchOp([value.type for value in outer], Region(body))
        first = self.block.first_op
        assert first is not None
        self.block.insert_op_before(dispatch, first)
        for value, result in zip(outer, dispatch.res, strict=True):
            value.replace_all_uses_with(result)
        for op in reversed(originals):
            if not any(result.uses for result in op.results):
                op.detach()
                op.erase()

    def _used_after(self, roots: list[Operation]) -> list[SSAValue]:
        """Root results that views outside the tasks, or the return, read."""
        used: list[SSAValue] = []
        rooted = set(roots)
        for root in roots:
            for result in root.results:
                users = [_top_level(use.operation, self.block) for use in result.uses]
                if any(user not in rooted and _reaches_return(user) for user in users):
                    used.append(result)
        return used

    def _task(self, root: Operation) -> TaskOp:
        inner = Block()
        local: dict[SSAValue, SSAValue] = {}
        for value in _outside_values(root):
            self._bring(value, inner, local)
        clone = root.clone(value_mapper={**self.results, **local})
        inner.add_op(clone)
        inner.add_op(YieldOp(clone.results))
        source = root.attributes.get("source")
        task = TaskOp(self.labels.of(source, root), [r.type for r in clone.results], Region(inner))
        if isinstance(source, SourceAttr):
            task.attributes["source"] = source
        for old, new in zip(root.results, task.res, strict=True):
            self.results[old] = new
        return task

    def _bring(self, value: SSAValue, inner: Block, local: dict[SSAValue, SSAValue]) -> None:
        """Clone the view chain behind `value` into `inner`."""
        op = value.owner
        if value in local or value in self.results or not isinstance(op, Operation) or not is_view(op):
            return
        for operand in _outside_values(op):
            self._bring(operand, inner, local)
        clone = op.clone(value_mapper={**self.results, **local})
        inner.add_op(clone)
        local.update(zip(op.results, clone.results, strict=True))


def _is_moved_table(op: Operation) -> bool:
    """Whether `op` permutes or repeats a tensor that a body indexes by value.

    Such an index is known only at run time and cannot be followed through views that change the order of elements.
    """
    if not isinstance(op, linalg.GenericOp):
        return False
    pending = list(op.results)
    while pending:
        for use in pending.pop().uses:
            if isinstance(use.operation, tensor.ExtractOp):
                return True
            if isinstance(use.operation, tensor.ExpandShapeOp | tensor.CollapseShapeOp | tensor.CastOp):
                pending += use.operation.results
    return False


def _outside_values(op: Operation) -> list[SSAValue]:
    """Operands of `op` and of the ops in its regions that are defined outside it, each once."""
    inside = {value for inner in op.walk() for value in inner.results}
    inside |= {arg for inner in op.walk() for region in inner.regions for block in region.blocks for arg in block.args}
    found: dict[SSAValue, None] = {}
    for inner in op.walk():
        for value in inner.operands:
            if value not in inside:
                found[value] = None
    return list(found)


def _top_level(op: Operation, block: Block) -> Operation:
    while op.parent is not block:
        parent = op.parent_op()
        assert parent is not None
        op = parent
    return op


def _reaches_return(op: Operation) -> bool:
    """Whether `op` is the return, or a view on the way to it."""
    if isinstance(op, func.ReturnOp):
        return True
    return is_view(op) and any(_reaches_return(use.operation) for result in op.results for use in result.uses)
