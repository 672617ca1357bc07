"""In which order a model input is read from memory: the one its first windowed consumer wants, else row-major.

A convolution works row by row, so it wants the rows outermost; within a row the memory order stays, which keeps bursts
long.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects import tensor
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import SSAValue

from dataflowc.dialects.attributes import OrderAttr, OrderLoop
from dataflowc.dialects.dataflow import TaskOp
from dataflowc.passes.analysis.linear import Linear
from dataflowc.passes.analysis.structured import Structured, analyze_generic
from dataflowc.passes.analysis.tasks import root_of
from dataflowc.passes.analysis.views import shape_of


def preferred_order(value: SSAValue, tasks: Sequence[TaskOp]) -> OrderAttr:
    """The order for the model input `value`."""
    shape = shape_of(value)
    window = _window_dim(value, tasks)
    dims = list(range(len(shape)))
    if window is not None:
        dims.remove(window)
        batch = 1 if window > 0 else 0
        dims.insert(batch, window)
    return OrderAttr.get(OrderLoop(d, shape[d]) for d in dims)


def _window_dim(value: SSAValue, tasks: Sequence[TaskOp]) -> int | None:
    """The first dimension of `value` over which a consumer slides a window, looking through pads and pointwise ops."""
    for task in tasks:
        root = root_of(task)
        if isinstance(root, tensor.PadOp) and root.source is value:
            found = _window_dim(task.res[0], tasks)
        elif isinstance(root, linalg.GenericOp) and value in root.inputs:
            found = _window_in(value, root, task, tasks)
        else:
            continue
        if found is not None:
            return found
    return None


def _window_in(value: SSAValue, root: linalg.GenericOp, task: TaskOp, tasks: Sequence[TaskOp]) -> int | None:
    op = analyze_generic(root, lambda _: None)
    for access in op.inputs:
        if access.value is not value:
            continue
        for dim, index in enumerate(access.index):
            if isinstance(index, Linear) and _is_window(index, op):
                return dim
        if not op.reductions and access.index == op.outputs[0]:
            return _window_dim(task.res[0], tasks)
    return None


def _is_window(index: Linear, op: Structured) -> bool:
    kinds = {op.domain.is_parallel(dim) for dim in index.terms}
    return len(kinds) == 2
