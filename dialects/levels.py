"""The levels of the IR and the predicate of each: what may stand in a module, and what must."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.dialects import affine
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, ModuleOp, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.dialects.linalg.ops import GenericOp
from xdsl.ir import Operation, SSAValue
from xdsl.utils.exceptions import VerifyException

from dataflowc.dialects.dataflow import BufferOp, DispatchOp, ScheduleOp, StreamOp, TaskOp

LEVELS = ("linalg", "tasks", "nodes", "scheduled")

_TENSOR_OPS = ("linalg.", "tensor.")
_SCALAR_DIALECTS = ("arith.", "math.")
_NODE_OPS = ("dataflow.read", "dataflow.write", "dataflow.buffer")
_BODY_OPS = ("affine.", "memref.", *_NODE_OPS, *_SCALAR_DIALECTS)


def verify_level(module: ModuleOp, level: str) -> None:
    """Raise `VerifyException` unless `module` is on `level`, one of `LEVELS`."""
    _CHECKS[level](_main(module))


def _main(module: ModuleOp) -> FuncOp:
    functions = [op for op in module.body.block.ops if isinstance(op, FuncOp)]
    if len(functions) != 1 or len(list(module.body.block.ops)) != 1:
        raise VerifyException(f"a module holds exactly one function, found {len(functions)}")
    return functions[0]


def _refuse(op: Operation, level: str, why: str) -> VerifyException:
    source = op.attributes.get("source")
    return VerifyException(f"level '{level}': {op.name} {why}" + (f" (from {source})" if source else ""))


def _check_linalg(main: FuncOp) -> None:
    for argument in main.body.block.args:
        if _is_dynamic(argument):
            raise VerifyException(f"level 'linalg': argument {argument.index} has the dynamic type {argument.type}")
    for op in main.body.block.ops:
        if not op.name.startswith((*_TENSOR_OPS, *_SCALAR_DIALECTS, "func.return")):
            raise _refuse(op, "linalg", "is not a tensor op")
        if op.name.startswith("linalg.") and not isinstance(op, GenericOp):
            raise _refuse(op, "linalg", "is not in generic form")
        if isinstance(op, ConstantOp) and isinstance(op.value, DenseIntOrFPElementsAttr) and not is_splat(op.value):
            raise _refuse(op, "linalg", "holds an array whose elements differ: weights are arguments")
        for result in op.results:
            if _is_dynamic(result):
                raise _refuse(op, "linalg", f"has the dynamic type {result.type}")


def _is_dynamic(value: SSAValue) -> bool:
    return isinstance(value.type, TensorType) and not value.type.has_static_shape()


def is_splat(array: DenseIntOrFPElementsAttr) -> bool:
    """Whether all elements of a constant are the same. Texts tell -0.0 from 0.0, and NaN is equal to itself."""
    return len(set(map(repr, array.get_values()))) == 1


def _check_tasks(main: FuncOp) -> None:
    dispatches = [op for op in main.body.block.ops if isinstance(op, DispatchOp)]
    if len(dispatches) != 1:
        raise VerifyException(f"level 'tasks': expected one dataflow.dispatch, found {len(dispatches)}")
    for op in dispatches[0].body.block.ops:
        if not isinstance(op, TaskOp) and op.name != "dataflow.yield":
            raise _refuse(op, "tasks", "stands outside a task")


def _schedule(main: FuncOp, level: str) -> ScheduleOp:
    found = [op for op in main.body.block.ops if isinstance(op, ScheduleOp)]
    if len(found) != 1:
        raise VerifyException(f"level '{level}': expected one dataflow.schedule, found {len(found)}")
    return found[0]


def _check_nodes(main: FuncOp) -> None:
    """A design that was read from C++ may also hold a design of its own in a node, and `scf` loops."""
    schedule = _schedule(main, "nodes")
    allowed = (*_BODY_OPS, "scf.", "dataflow.") if schedule.is_imported else _BODY_OPS
    for node in schedule.nodes:
        for op in node.body.walk():
            if not op.name.startswith(allowed):
                raise _refuse(op, "nodes", "does not belong in a node: bodies are affine loops over scalars")
            if any(isinstance(value.type, TensorType) for value in (*op.operands, *op.results)):
                raise _refuse(op, "nodes", "still works on tensors")


def _check_scheduled(main: FuncOp) -> None:
    _check_nodes(main)
    schedule = _schedule(main, "scheduled")
    for op in schedule.body.walk():
        if isinstance(op, StreamOp) and op.depth is None:
            raise _refuse(op, "scheduled", f"'{op.label.data}' has no depth")
        if isinstance(op, BufferOp) and (op.memory is None or op.memory.value.data == "auto"):
            raise _refuse(op, "scheduled", f"'{op.label.data}' has no memory kind")
        if isinstance(op, affine.ForOp) and _is_innermost(op) and "pipeline" not in op.attributes:
            raise _refuse(op, "scheduled", "is an innermost loop without an initiation interval")


def _is_innermost(loop: affine.ForOp) -> bool:
    return not any(isinstance(op, affine.ForOp) for op in loop.body.walk())


_CHECKS: dict[str, Callable[[FuncOp], None]] = {
    "linalg": _check_linalg,
    "tasks": _check_tasks,
    "nodes": _check_nodes,
    "scheduled": _check_scheduled,
}
