"""`build-nodes` keeps the meaning: tensor code and processes are interpreted separately and give the same arrays.

The inputs are the small designs of `tests/filecheck/build-nodes`, and programs of random tensor ops. Tensor code is
evaluated element by element from its maps; nodes run as coroutines over FIFOs of the depths that `size-streams` chose,
so a wrong token order, a wrong count or too small a FIFO shows as a wrong value, a leftover token or a standstill.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Generator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from xdsl.dialects import affine, arith, func, memref, tensor
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, MemRefType, ModuleOp
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import Block, Operation, SSAValue
from xdsl.ir.affine import AffineConstraintKind
from xdsl.parser import Parser

from dataflowc.dialects import make_context
from dataflowc.dialects.dataflow import BufferOp, NodeOp, PortOp, ReadOp, ScheduleOp, StreamOp, WriteOp
from dataflowc.passes.registry import load_pass

TESTS = Path(__file__).parents[1]
NOT_RUN = {"constant_array", "matmul_streamed", "matmul_tiled", "unknown_target"}
"""Too large for an interpreter, or refused."""
DESIGNS = sorted(
    path
    for folder in ("filecheck/build-nodes", "golden/random_designs")
    for path in (TESTS / folder).glob("*.mlir")
    if path.stem not in NOT_RUN
)
PASSES = ("tidy-tensors", "build-tasks", "build-nodes", "pipeline-loops", "place-memories", "size-streams")

Values = dict[SSAValue, Any]
DTYPES = {"f32": np.float64, "i64": np.int64, "i32": np.int64, "index": np.int64}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "arith.addf": lambda a, b: a + b,
    "arith.subf": lambda a, b: a - b,
    "arith.negf": lambda a: -a,
    "arith.mulf": lambda a, b: a * b,
    "arith.divf": lambda a, b: a / b,
    "arith.addi": lambda a, b: a + b,
    "arith.muli": lambda a, b: a * b,
    "arith.maximumf": max,
    "arith.select": lambda c, a, b: a if c else b,
    "arith.index_cast": lambda a: a,
    "math.exp": math.exp,
    "math.tanh": math.tanh,
    "math.sqrt": math.sqrt,
}
"""In double precision throughout: both sides compute the same operations in the same order."""


def scalar(op: Operation, values: Values) -> None:
    """Evaluate a scalar op."""
    operands = [values[value] for value in op.operands]
    if isinstance(op, arith.ConstantOp):
        attribute = op.value
        is_dense = isinstance(attribute, DenseIntOrFPElementsAttr)
        values[op.result] = attribute.get_values()[0] if is_dense else attribute.value.data  # type: ignore[union-attr]
    elif isinstance(op, arith.CmpfOp):
        assert op.predicate.value.data == 2, "ogt"
        values[op.result] = operands[0] > operands[1]
    else:
        values[op.results[0]] = FUNCTIONS[op.name](*operands)


def shape_of(value: SSAValue) -> tuple[int, ...]:
    return tuple(value.type.get_shape())  # type: ignore[attr-defined]


def filled(value: SSAValue) -> np.ndarray:
    """An array for a tensor or memref with contents that would show if they were read."""
    element = str(value.type.element_type)  # type: ignore[attr-defined]
    return np.full(shape_of(value), -(10**6), dtype=DTYPES[element])


# --- tensor code ------------------------------------------------------------------------------------------------------


def evaluate_generic(op: linalg.GenericOp, values: Values) -> None:
    maps = [attribute.data for attribute in op.indexing_maps]
    outputs = [np.array(values[value]) for value in op.outputs]
    operands = [values[value] for value in op.inputs] + outputs
    block = op.body.block
    for point in product(*(range(extent) for extent in op.get_static_loop_ranges())):
        places = [map_.eval(list(point), []) for map_ in maps]
        local = dict(values)
        for argument, array, place in zip(block.args, operands, places, strict=True):
            local[argument] = array[tuple(place)] if isinstance(array, np.ndarray) else array
        for inner in block.ops:
            if isinstance(inner, linalg.IndexOp):
                local[inner.result] = point[inner.dim.value.data]
            elif isinstance(inner, tensor.ExtractOp):
                local[inner.result] = values[inner.tensor][tuple(int(local[i]) for i in inner.indices)]
            elif isinstance(inner, linalg.YieldOp):
                for output, place, value in zip(outputs, places[len(op.inputs) :], inner.operands, strict=True):
                    output[tuple(place)] = local[value]
            else:
                scalar(inner, local)
    values.update(zip(op.res, outputs, strict=True))


def box(op: tensor.ExtractSliceOp | tensor.InsertSliceOp) -> tuple[slice, ...]:
    columns = (op.static_offsets, op.static_sizes, op.static_strides)
    return tuple(slice(o, o + n * s, s) for o, n, s in zip(*(c.get_values() for c in columns), strict=True))


def evaluate(module: ModuleOp, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
    """The results of the function of a linalg-level module."""
    main = next(op for op in module.body.block.ops if isinstance(op, func.FuncOp))
    names = [entry.data["dataflow.name"].data for entry in main.arg_attrs or ()]
    values: Values = {argument: inputs[name] for argument, name in zip(main.body.block.args, names, strict=True)}
    for op in main.body.block.ops:
        match op:
            case func.ReturnOp():
                return [values[value] for value in op.arguments]
            case linalg.GenericOp():
                evaluate_generic(op, values)
            case tensor.EmptyOp():
                values[op.tensor] = filled(op.tensor)
            case tensor.CollapseShapeOp() | tensor.ExpandShapeOp():
                values[op.result] = values[op.src].reshape(shape_of(op.result))
            case tensor.ConcatOp():
                values[op.result] = np.concatenate([values[v] for v in op.inputs], axis=op.dim.value.data)
            case tensor.PadOp():
                low, high = op.static_low.get_values(), op.static_high.get_values()
                last = op.region.block.last_op
                assert last is not None
                width, constant = list(zip(low, high, strict=True)), values[last.operands[0]]
                values[op.result] = np.pad(values[op.source], width, constant_values=constant)
            case tensor.ExtractSliceOp():
                values[op.result] = values[op.source][box(op)].reshape(shape_of(op.result))
            case tensor.InsertSliceOp():
                whole = np.array(values[op.dest])
                whole[box(op)] = values[op.source]
                values[op.result] = whole
            case _:
                scalar(op, values)
    raise AssertionError("a function ends in func.return")


# --- processes --------------------------------------------------------------------------------------------------------


class Channel:
    """A FIFO of limited depth; `moves` counts the tokens that were put or taken."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.moves = 0
        self.tokens: deque[float] = deque()

    def put(self, token: float) -> None:
        self.moves += 1
        self.tokens.append(token)

    def take(self) -> float:
        self.moves += 1
        return self.tokens.popleft()


Process = Generator[None, None, None]


def run_block(block: Block, values: Values) -> Process:
    """Run a block; yields where it has to wait."""
    for op in block.ops:
        match op:
            case ReadOp():
                channel = values[op.stream]
                while not channel.tokens:
                    yield
                values[op.value] = channel.take()
            case WriteOp():
                channel = values[op.stream]
                while len(channel.tokens) >= channel.depth:
                    yield
                channel.put(values[op.value])
            case affine.ForOp():
                extent = op.upperBoundMap.data.eval([], [])[0]
                for counter in range(extent):
                    values[op.body.block.args[0]] = counter
                    yield from run_block(op.body.block, values)
            case affine.IfOp():
                if holds(op, values):
                    yield from run_block(op.then_region.block, values)
            case affine.LoadOp():
                values[op.result] = values[op.memref][place(op, values)]
            case affine.StoreOp():
                values[op.memref][place(op, values)] = values[op.value]
            case affine.ApplyOp():
                values[op.result] = op.map.data.eval([values[v] for v in op.mapOperands], [])[0]
            case memref.LoadOp():
                values[op.res] = values[op.memref][tuple(int(values[i]) for i in op.indices)]
            case BufferOp():
                values[op.channel] = filled(op.channel)
            case affine.YieldOp():
                pass
            case _:
                scalar(op, values)


def holds(op: affine.IfOp, values: Values) -> bool:
    arguments = [values[value] for value in op.args]
    for constraint in op.condition.data.constraints:
        value = constraint.lhs.eval(arguments, []) - constraint.rhs.eval(arguments, [])
        if not (value == 0 if constraint.kind is AffineConstraintKind.eq else value >= 0):
            return False
    return True


def place(op: affine.LoadOp | affine.StoreOp, values: Values) -> tuple[int, ...]:
    """The subscripts of an access, which lie within the array."""
    index = tuple(op.map.data.eval([values[value] for value in op.indices], []))
    assert all(0 <= i < extent for i, extent in zip(index, shape_of(op.memref), strict=True)), f"{index} in {op}"
    return index


def stored(port: PortOp, array: np.ndarray) -> np.ndarray:
    """A weight as it lies in memory: in the order of its port."""
    if port.order is None:
        return array.reshape(-1)
    elements = []
    for counters in product(*(range(loop.extent) for loop in port.order.data)):
        index = [0] * array.ndim
        for loop, counter in zip(port.order.data, counters, strict=True):
            index[loop.dim] += loop.step * counter
        elements.append(array[tuple(index)])
    return np.array(elements, dtype=array.dtype)


def run(module: ModuleOp, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The flat outputs by name. A node that reads a buffer starts when the node that fills it has ended."""
    schedule = next(op for op in module.walk() if isinstance(op, ScheduleOp))
    channels: Values = {}
    outputs: dict[str, np.ndarray] = {}
    for op in schedule.body.block.ops:
        match op:
            case StreamOp():
                assert op.depth is not None
                channels[op.channel] = Channel(op.depth.value.data)  # type: ignore[union-attr]
            case BufferOp():
                channels[op.channel] = filled(op.channel)
            case PortOp(role=role) if role.data == "output":
                channels[op.array] = outputs[op.tensor.data] = filled(op.array)
            case PortOp():
                channels[op.array] = stored(op, inputs[op.tensor.data])
            case _:
                pass
    waiting = list(schedule.nodes)
    running: dict[NodeOp, Process] = {}
    ended: set[NodeOp] = set()
    while waiting or running:
        before = (len(waiting), len(running), sum(channel.moves for channel in fifos(channels)))
        for node in list(waiting):
            if all(writer in ended for writer in fillers(node, schedule)):
                operands = (*node.reads, *node.writes)
                values = {a: channels[v] for a, v in zip(node.body.block.args, operands, strict=True)}
                running[node] = run_block(node.body.block, values)
                waiting.remove(node)
        for node, process in list(running.items()):
            if next(process, "ended") == "ended":
                ended.add(node)
                del running[node]
        after = (len(waiting), len(running), sum(channel.moves for channel in fifos(channels)))
        assert before != after, f"standstill: {[node.label.data for node in running]}"
    assert not any(channel.tokens for channel in fifos(channels)), "tokens are left over"
    return outputs


def fifos(channels: Values) -> list[Channel]:
    return [channel for channel in channels.values() if isinstance(channel, Channel)]


def fillers(node: NodeOp, schedule: ScheduleOp) -> list[NodeOp]:
    """The nodes that fill the buffers which `node` reads."""
    arrays = [v for v in node.reads if isinstance(v.type, MemRefType) and isinstance(v.owner, BufferOp)]
    return [other for other in schedule.nodes if any(v in other.writes for v in arrays)]


def inputs_of(module: ModuleOp) -> dict[str, np.ndarray]:
    """Distinct values for every argument; integers are valid rows of the tables in the designs."""
    main = next(op for op in module.body.block.ops if isinstance(op, func.FuncOp))
    random = np.random.default_rng(7)
    arrays = {}
    for argument, entry in zip(main.body.block.args, main.arg_attrs or (), strict=True):
        shape, is_float = shape_of(argument), str(argument.type.element_type) == "f32"  # type: ignore[attr-defined]
        array = random.uniform(0.1, 1, shape) if is_float else random.integers(0, 11, shape)
        arrays[entry.data["dataflow.name"].data] = array
    return arrays


@pytest.mark.parametrize("path", DESIGNS, ids=[f"{path.parent.name}/{path.stem}" for path in DESIGNS])
def test_nodes_compute_what_the_tensor_code_does(path: Path) -> None:
    context = make_context()
    module = Parser(context, path.read_text()).parse_module()
    inputs = inputs_of(module)
    expected = evaluate(module, inputs)
    for pass_name in PASSES:
        load_pass(pass_name)().apply(context, module)
        module.verify()
    found = run(module, inputs)
    names = ["y", *(f"y{i}" for i in range(1, len(expected)))]
    for output, array in zip(names, expected, strict=True):
        np.testing.assert_allclose(found[output].reshape(np.shape(array)), array, rtol=1e-12)
