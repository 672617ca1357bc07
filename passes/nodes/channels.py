"""The schedule under construction: ports, streams, forks, and who reads what.

A tensor that several processes read leaves its producer as one stream; an explicit fork copies it to one stream per
reader.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod

from xdsl.dialects.builtin import MemRefType, TensorType
from xdsl.ir import Attribute, Block, Operation, SSAValue

from dataflowc.dialects.attributes import OrderAttr, OrderLoop, SourceAttr
from dataflowc.dialects.dataflow import PortOp, StreamOp
from dataflowc.dialects.names import Labels
from dataflowc.passes.analysis.linear import Linear
from dataflowc.passes.nodes.writer import NodeWriter


@dataclass(frozen=True, slots=True)
class ReplayLoop:
    """One loop of a weight's loader: it moves along tensor dimension `dim` by `step`, or repeats (`dim` None)."""

    extent: int
    dim: int | None = None
    step: int = 1


@dataclass(slots=True)
class Channels:
    """Builds the block of a `dataflow.schedule`; `readers` counts the processes that will read each tensor."""

    readers: dict[SSAValue, int]
    block: Block = field(default_factory=Block)
    orders: dict[SSAValue, OrderAttr] = field(default_factory=dict)
    _waiting: dict[SSAValue, deque[SSAValue]] = field(default_factory=dict)
    _labels: Labels = field(default_factory=Labels)
    arguments: list[tuple[str, str]] = field(default_factory=list)
    """(role, tensor name) of every block argument."""

    def label(self, text: str) -> str:
        """A label that no other node, stream or port of the design has."""
        return self._labels.unique(text)

    def add(self, op: Operation) -> None:
        """Append to the schedule."""
        self.block.add_op(op)

    def produce(self, value: SSAValue, order: OrderAttr, label: str) -> SSAValue | None:
        """The stream into which the producer of `value` writes; None if nobody reads it. Call `fork` afterwards."""
        self.orders[value] = order
        if not self.readers.get(value):
            return None
        stream = self.stream(label, _element(value), order)
        self._waiting[value] = deque([stream])
        return stream

    def fork(self, value: SSAValue, source: Attribute | None) -> None:
        """Copy the stream of `value` to all its readers, if there are several."""
        count = self.readers.get(value, 0)
        if count < 2:
            return
        (stream,) = self._waiting[value]
        order = self.orders[value]
        hint = stream.name_hint or "x"
        copies = [self.stream(hint, _element(value), order) for _ in range(count)]
        writer = NodeWriter(self.label(f"{hint}_fork"), source)
        with writer.loop(0, prod(order.extents), "i", "copy"):
            token = writer.take(writer.reading(stream))
            for copy in copies:
                writer.put(token, writer.writing(copy))
        self.add(writer.finish())
        self._waiting[value] = deque(copies)

    def is_produced(self, value: SSAValue) -> bool:
        """Whether `value` already has a stream."""
        return value in self._waiting

    def consume(self, value: SSAValue) -> SSAValue:
        """The stream that the next reader of `value` reads."""
        return self._waiting[value].popleft()

    def stream(self, label: str, element: Attribute, order: OrderAttr) -> SSAValue:
        """A new stream."""
        op = StreamOp(self.label(label), element, order)
        self.add(op)
        return op.channel

    def port(
        self, role: str, tensor: str, element: Attribute, elements: int, order: OrderAttr | None = None
    ) -> SSAValue:
        """A new off-chip array of `elements`, with its function argument and bundle."""
        self.arguments.append((role, tensor))
        argument = self.block.insert_arg(MemRefType(element, [elements]), len(self.block.args))
        bundle = self.label(f"m_{tensor}")
        argument.name_hint = bundle
        op = PortOp(argument, bundle=bundle, role=role, tensor=tensor, order=order)
        self.add(op)
        return op.array

    def load_input(self, value: SSAValue, name: str, order: OrderAttr) -> None:
        """A process that reads a model input from its row-major array in `order`, and the fork behind it."""
        shape = value.type.get_shape()  # type: ignore[attr-defined]
        port = self.port("input", name, _element(value), prod(shape))
        source = SourceAttr.get(name, "load", "", 0)
        stream = self.produce(value, order, f"{name}_in")
        assert stream is not None
        writer = NodeWriter(self.label(f"load_{name}"), source)
        index = Linear()
        for variable, loop in enumerate(order.data):
            index = index + Linear.of(variable, loop.step * prod(shape[loop.dim + 1 :]))
        with writer.loops([(v, p.extent, f"i{v}") for v, p in enumerate(_flat(order, shape))], "load"):
            flat = Linear.of(0) if is_row_major(order, shape) else index
            writer.put(writer.load(writer.reading(port), [flat.affine()]), writer.writing(stream))
        self.add(writer.finish())
        self.fork(value, source)

    def load_weight(self, value: SSAValue, name: str, loops: Sequence[ReplayLoop]) -> SSAValue:
        """A process that streams a weight: `loops` outermost first; the array is stored in the order they walk it."""
        shape = value.type.get_shape()  # type: ignore[attr-defined]
        walking = [loop for loop in loops if loop.dim is not None]
        order = OrderAttr.get(_order_loop(loop) for loop in walking)
        stored = None if is_row_major(order, shape) else order
        port = self.port("weight", name, _element(value), max(prod(shape), 1), stored)
        stream = self.stream(f"w_{name}", _element(value), order)
        writer = NodeWriter(self.label(f"load_{name}"), SourceAttr.get(name, "load", "", 0))
        merged = _merge_loops(loops)
        index, weight = Linear(), 1
        for variable, loop in reversed(list(enumerate(merged))):
            if loop.dim is not None:
                index = index + Linear.of(variable, weight)
                weight *= loop.extent
        with writer.loops([(v, p.extent, f"i{v}") for v, p in enumerate(merged)], "load"):
            writer.put(writer.load(writer.reading(port), [index.affine()]), writer.writing(stream))
        self.add(writer.finish())
        return stream


def _element(value: SSAValue) -> Attribute:
    assert isinstance(value.type, TensorType)
    return value.type.element_type


def is_row_major(order: OrderAttr, shape: Sequence[int]) -> bool:
    """Whether `order` is that of a C array of `shape`."""
    walked = [(p.dim, p.extent, p.step) for p in order.data if p.extent > 1]
    return walked == [(d, e, 1) for d, e in enumerate(shape) if e > 1]


def _flat(order: OrderAttr, shape: Sequence[int]) -> Sequence[ReplayLoop]:
    """The loops of a loader: one if memory order is stream order, so that a burst is inferred."""
    if is_row_major(order, shape):
        return [ReplayLoop(prod(shape), 0)]
    return [ReplayLoop(loop.extent, loop.dim, loop.step) for loop in order.data]


def _order_loop(loop: ReplayLoop) -> OrderLoop:
    assert loop.dim is not None
    return OrderLoop(loop.dim, loop.extent, loop.step)


def _merge_loops(loops: Sequence[ReplayLoop]) -> list[ReplayLoop]:
    """Neighbouring loops that all move, or all repeat, as one: the array lies in the order in which they walk it."""
    merged: list[ReplayLoop] = []
    for loop in loops:
        if loop.extent == 1:
            continue
        if merged and (merged[-1].dim is None) == (loop.dim is None):
            merged[-1] = ReplayLoop(merged[-1].extent * loop.extent, merged[-1].dim)
        else:
            merged.append(loop)
    return merged
