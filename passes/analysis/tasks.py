"""What a task is about, and which tensors it reads."""

from __future__ import annotations

from xdsl.dialects import tensor
from xdsl.dialects.builtin import TensorType
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import Operation, SSAValue

from dataflowc.dialects.dataflow import TaskOp
from dataflowc.passes.analysis.structured import distinct_inputs
from dataflowc.passes.analysis.views import copied_operand, is_view


def root_of(task: TaskOp) -> Operation:
    """The op that the task is about: the one before the yield."""
    last = task.body.block.last_op
    assert last is not None and last.prev_op is not None
    return last.prev_op


def base_of(value: SSAValue) -> SSAValue | None:
    """The tensor behind a chain of views; None for constants and undefined contents."""
    op = value.owner
    while isinstance(op, Operation) and is_view(op):
        if isinstance(op, linalg.GenericOp):
            position = copied_operand(op)
            assert position is not None
            value = op.inputs[position]
        elif isinstance(op, tensor.ExpandShapeOp | tensor.CollapseShapeOp):
            value = op.src
        elif isinstance(op, tensor.CastOp):
            value = op.source
        else:
            return None
        op = value.owner
    return value


def gathered(op: linalg.GenericOp) -> list[SSAValue]:
    """The tensors that the body of a generic indexes by value, each once."""
    tables = [inner.tensor for inner in op.body.walk() if isinstance(inner, tensor.ExtractOp)]
    return list(dict.fromkeys(tables))


def read_values(root: Operation) -> list[SSAValue]:
    """The base tensors that a task's process reads, once per channel."""
    if isinstance(root, linalg.GenericOp):
        operands = [value for value, _ in distinct_inputs(root)[0]]
        arguments = root.body.block.args[len(root.inputs) :]
        operands += [value for value, argument in zip(root.outputs, arguments, strict=True) if argument.uses]
        operands += gathered(root)
    else:
        operands = list(root.operands)
    bases = (base_of(value) for value in operands)
    return [base for base in bases if base is not None and isinstance(base.type, TensorType)]
