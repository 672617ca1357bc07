"""The `dataflow` dialect.

Rationale. A dataflow design is processes that run at the same time and the channels between them; an HLS tool accepts
it only when every channel has one producer and one consumer. The dialect states this on two levels:

- `dispatch`/`task`/`yield` on tensor values: transparent regions that say what belongs together. They mean nothing
  about time or memory.
- `schedule`/`node` on memory: isolated regions with their effects in the operand lists (`reads`, `writes`), joined by
  `stream` (a FIFO), `buffer` (a RAM; `stages` copies that producer and consumer swap) and `port` (an off-chip array
  behind one AXI bundle). `read` and `write` take from and put into a stream.

What the ops must never mean: a node never touches memory that is not in its operand lists, a stream never has two
readers, and a loop is never unrolled in the IR (unrolling is an attribute).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import prod
from typing import ClassVar

from xdsl.dialects.builtin import AffineMapAttr, IndexType, IntegerAttr, MemRefType, StringAttr, i64
from xdsl.ir import Attribute, Block, Dialect, Operation, Region, SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
    BaseAttr,
    IRDLOperation,
    VarConstraint,
    eq,
    irdl_op_definition,
    operand_def,
    opt_attr_def,
    opt_prop_def,
    prop_def,
    region_def,
    result_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.traits import HasParent, IsolatedFromAbove, IsTerminator, NoTerminator
from xdsl.utils.exceptions import VerifyException

from dataflowc.dialects.attributes import (
    DepthAttr,
    MemoryAttr,
    OrderAttr,
    PartitionAttr,
    PipelineAttr,
    SourceAttr,
    StreamType,
    UnrollAttr,
)
from dataflowc.dialects.effects import loads_from, stores_to

PORT_ROLES = ("input", "weight", "output")


@irdl_op_definition
class YieldOp(IRDLOperation):
    """Ends a dispatch or task and gives its results."""

    name = "dataflow.yield"
    values = var_operand_def()
    traits = traits_def(IsTerminator())
    assembly_format = "attr-dict ($values^ `:` type($values))?"

    def __init__(self, values: Sequence[SSAValue] = ()) -> None:
        super().__init__(operands=[list(values)])


def _verify_yield(op: Operation, body: Region) -> None:
    """The last op of the one block yields exactly the results of `op`."""
    last = body.block.last_op
    if not isinstance(last, YieldOp):
        raise VerifyException(f"{op.name} must end in dataflow.yield")
    if tuple(last.values.types) != tuple(op.result_types):
        raise VerifyException(f"{op.name}: the types of dataflow.yield differ from the results")


@irdl_op_definition
class DispatchOp(IRDLOperation):
    """A region of tensor code that is split into tasks."""

    name = "dataflow.dispatch"
    res = var_result_def()
    body = region_def("single_block")
    assembly_format = "(`->` type($res)^)? attr-dict-with-keyword $body"

    def __init__(self, result_types: Sequence[Attribute], body: Region) -> None:
        super().__init__(result_types=[list(result_types)], regions=[body])

    def verify_(self) -> None:
        """Results are yielded. That everything else stands in a task is asked of the level `tasks`, not of the op."""
        _verify_yield(self, self.body)


@irdl_op_definition
class TaskOp(IRDLOperation):
    """Tensor code that becomes one process: one compute op and the views through which it sees its operands."""

    name = "dataflow.task"
    label = prop_def(StringAttr)
    res = var_result_def()
    body = region_def("single_block")
    source = opt_attr_def(SourceAttr)
    traits = traits_def(HasParent(DispatchOp))
    assembly_format = "$label (`->` type($res)^)? attr-dict-with-keyword $body"

    def __init__(self, label: str, result_types: Sequence[Attribute], body: Region) -> None:
        super().__init__(result_types=[list(result_types)], regions=[body], properties={"label": StringAttr(label)})

    def verify_(self) -> None:
        """Results are yielded."""
        _verify_yield(self, self.body)


@irdl_op_definition
class ScheduleOp(IRDLOperation):
    """Processes that run at the same time, and the channels between them.

    `args` are the off-chip arrays of the function. The verifier checks the endpoints of every channel: a stream or
    buffer has one writing and one reading node, a buffer's writer comes first, a port has one node.

    A schedule with the unit attribute `imported` was read from C++ that others wrote and may do what HLS tools accept:
    several nodes use a port, a written array is also loaded, a buffer is passed along a chain of nodes that starts with
    a writer. It may stand inside a node, and then take streams, loop counters and scalars as arguments.
    """

    name = "dataflow.schedule"
    args = var_operand_def()
    body = region_def("single_block")
    traits = traits_def(IsolatedFromAbove(), NoTerminator())
    assembly_format = "(`(` $args^ `:` type($args) `)`)? attr-dict-with-keyword $body"

    def __init__(self, args: Sequence[SSAValue], body: Region) -> None:
        super().__init__(operands=[list(args)], regions=[body])

    @property
    def is_imported(self) -> bool:
        """Whether the looser rules for C++ that others wrote hold."""
        return "imported" in self.attributes

    @property
    def nodes(self) -> list[NodeOp]:
        """The nodes, in textual order."""
        return [op for op in self.body.block.ops if isinstance(op, NodeOp)]

    def verify_(self) -> None:
        """Argument types, the kinds of ops, and the endpoints of every channel."""
        if tuple(self.args.types) != tuple(self.body.block.arg_types):
            raise VerifyException("dataflow.schedule: the types of the operands differ from the block arguments")
        if not self.is_imported and not all(isinstance(type_, MemRefType) for type_ in self.args.types):
            raise VerifyException("dataflow.schedule: the arguments are arrays")
        for op in self.body.block.ops:
            if not isinstance(op, NodeOp | StreamOp | BufferOp | PortOp):
                raise VerifyException(f"dataflow.schedule holds nodes, streams, buffers and ports only, not {op.name}")
        endpoints = Endpoints.of(self)
        if self.is_imported:
            endpoints.check_imported([op for op in self.body.block.ops if isinstance(op, StreamOp | BufferOp)])
            return
        self._check_names()
        for op in self.body.block.ops:
            if isinstance(op, StreamOp | BufferOp):
                endpoints.check_channel(op)
            elif isinstance(op, PortOp):
                endpoints.check_port(op)

    def _check_names(self) -> None:
        """Nodes become functions, channels variables and bundles interfaces: each name stands for one of them."""
        for kind in (NodeOp, (StreamOp, BufferOp), PortOp):
            ops = [op for op in self.body.block.ops if isinstance(op, kind)]
            names = [op.bundle.data if isinstance(op, PortOp) else op.label.data for op in ops]
            twice = [name for name, count in Counter(names).items() if count > 1]
            if twice:
                raise VerifyException(f"dataflow.schedule: {ops[0].name} '{twice[0]}' stands there twice")


class Endpoints:
    """Which nodes (by position) write and read each value of a schedule."""

    def __init__(self) -> None:
        self.writers: dict[SSAValue, list[int]] = {}
        self.readers: dict[SSAValue, list[int]] = {}

    @classmethod
    def of(cls, schedule: ScheduleOp) -> Endpoints:
        """Those of all values that the nodes of `schedule` name."""
        found = cls()
        for position, node in enumerate(schedule.nodes):
            for value in node.writes:
                found.writers.setdefault(value, []).append(position)
            for value in node.reads:
                found.readers.setdefault(value, []).append(position)
        return found

    def counts(self, op: StreamOp | BufferOp) -> tuple[int, int]:
        """How many nodes write and read a channel."""
        return len(self.writers.get(op.channel, [])), len(self.readers.get(op.channel, []))

    def check_channel(self, op: StreamOp | BufferOp) -> None:
        """A stream or buffer has one writer and one reader; a buffer's writer comes first."""
        writers, readers = self.writers.get(op.channel, []), self.readers.get(op.channel, [])
        if len(writers) != 1 or len(readers) != 1:
            raise VerifyException(
                f"{op.name} '{op.label.data}' has {len(writers)} writing and {len(readers)} reading nodes, "
                "expected 1 and 1"
            )
        if isinstance(op, BufferOp) and not writers[0] < readers[0]:
            raise VerifyException(f"{op.name} '{op.label.data}' is read before it is written")

    def check_imported(self, channels: Sequence[StreamOp | BufferOp]) -> None:
        """A stream has one writer and one reader; the first node of a buffer's chain writes it."""
        for op in channels:
            writers, readers = self.writers.get(op.channel, []), self.readers.get(op.channel, [])
            if isinstance(op, StreamOp) and (len(writers) > 1 or len(readers) > 1):
                raise VerifyException(
                    f"{op.name} '{op.label.data}' has {len(writers)} writing and {len(readers)} reading nodes, "
                    "expected at most 1 of each"
                )
            if isinstance(op, BufferOp) and readers and not (writers and writers[0] < readers[0]):
                raise VerifyException(f"{op.name} '{op.label.data}' is read before it is written")

    def check_port(self, op: PortOp) -> None:
        """A port has one node."""
        users = self.writers.get(op.array, []) + self.readers.get(op.array, [])
        if len(users) != 1:
            raise VerifyException(f"dataflow.port '{op.bundle.data}' is used by {len(users)} nodes, expected 1")


@irdl_op_definition
class StreamOp(IRDLOperation):
    """A FIFO that carries one tensor in `order`; `depth` is set by `size-streams`."""

    name = "dataflow.stream"
    label = prop_def(StringAttr)
    order = prop_def(OrderAttr)
    depth = opt_prop_def(DepthAttr)
    channel = result_def(StreamType)
    assembly_format = "$label $order (`depth` $depth^)? `:` type($channel) attr-dict"

    def __init__(self, label: str, element_type: Attribute, order: OrderAttr, lanes: Sequence[int] = ()) -> None:
        super().__init__(
            result_types=[StreamType.get(element_type, lanes)], properties={"label": StringAttr(label), "order": order}
        )
        self.channel.name_hint = label


@irdl_op_definition
class BufferOp(IRDLOperation):
    """A RAM. In a schedule: a channel with `stages` copies. In a node: local storage."""

    name = "dataflow.buffer"
    label = prop_def(StringAttr)
    stages = prop_def(IntegerAttr.constr(eq(i64)))
    memory = opt_prop_def(MemoryAttr)
    partition = opt_prop_def(PartitionAttr)
    channel = result_def(MemRefType)
    assembly_format = "$label `stages` $stages (`in` $memory^)? (`partition` $partition^)? `:` type($channel) attr-dict"

    def __init__(self, label: str, element_type: Attribute, shape: Sequence[int], *, stages: int = 1) -> None:
        super().__init__(
            result_types=[MemRefType(element_type, shape)],
            properties={"label": StringAttr(label), "stages": IntegerAttr(stages, i64)},
        )
        self.channel.name_hint = label

    def verify_(self) -> None:
        """Local storage has one stage; a channel at least one."""
        stages = self.stages.value.data
        if stages < 1:
            raise VerifyException(f"dataflow.buffer '{self.label.data}' needs at least 1 stage, got {stages}")
        if stages > 1 and not isinstance(self.parent_op(), ScheduleOp):
            raise VerifyException(f"dataflow.buffer '{self.label.data}' has {stages} stages but is local to a node")


@irdl_op_definition
class PortOp(IRDLOperation):
    """An off-chip array behind one AXI bundle.

    `tensor` names the weight, input or output. For a weight, `order` is the order in which its elements lie in memory
    (chosen by the consumer, applied once offline); absent means row-major.
    """

    name = "dataflow.port"
    T: ClassVar = VarConstraint("T", BaseAttr(MemRefType))

    argument = operand_def(T)
    bundle = prop_def(StringAttr)
    role = prop_def(StringAttr)
    tensor = prop_def(StringAttr)
    order = opt_prop_def(OrderAttr)
    partition = opt_prop_def(PartitionAttr)
    array = result_def(T)
    assembly_format = (
        "$argument $role $tensor `bundle` $bundle (`order` $order^)? (`partition` $partition^)? "
        "`:` type($array) attr-dict"
    )

    def __init__(self, argument: SSAValue, *, bundle: str, role: str, tensor: str, order: OrderAttr | None = None):
        super().__init__(
            operands=[argument],
            result_types=[argument.type],
            properties={
                "bundle": StringAttr(bundle),
                "role": StringAttr(role),
                "tensor": StringAttr(tensor),
                "order": order,
            },
        )
        self.array.name_hint = bundle

    def verify_(self) -> None:
        """A known role; an order names every element of the array once."""
        if self.role.data not in PORT_ROLES:
            raise VerifyException(f"dataflow.port: role must be one of {', '.join(PORT_ROLES)}")
        if self.order is not None and isinstance(self.array.type, MemRefType):
            ordered, held = prod(self.order.extents), prod(self.array.type.get_shape())
            if ordered != held:
                raise VerifyException(
                    f"dataflow.port '{self.bundle.data}': the order has {ordered} elements, the array {held}"
                )


@irdl_op_definition
class NodeOp(IRDLOperation):
    """One process. It sees only its operands: `reads` are streams it takes from and arrays it loads, `writes` the
    others.

    The verifier compares the lists with what the body does: an effect that is not listed, or listed and not there,
    fails. In an imported schedule, arrays under `writes` may also be loaded, and `reads` may hold loop counters and
    scalars.
    """

    name = "dataflow.node"
    label = prop_def(StringAttr)
    reads = var_operand_def()
    writes = var_operand_def()
    body = region_def("single_block")
    source = opt_attr_def(SourceAttr)
    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    traits = traits_def(IsolatedFromAbove(), NoTerminator(), HasParent(ScheduleOp))
    assembly_format = (
        "$label (`reads` `(` $reads^ `:` type($reads) `)`)? (`writes` `(` $writes^ `:` type($writes) `)`)? "
        "attr-dict-with-keyword $body"
    )

    def __init__(self, label: str, reads: Sequence[SSAValue], writes: Sequence[SSAValue], body: Region | None = None):
        if body is None:
            body = Region(Block(arg_types=[value.type for value in (*reads, *writes)]))
        super().__init__(operands=[list(reads), list(writes)], regions=[body], properties={"label": StringAttr(label)})

    def verify_(self) -> None:
        """Argument types, and effects equal to the lists."""
        operands = (*self.reads, *self.writes)
        block = self.body.block
        if tuple(value.type for value in operands) != tuple(block.arg_types):
            raise VerifyException(f"node '{self.label.data}': operand types differ from the block arguments")
        schedule = self.parent_op()
        is_imported = isinstance(schedule, ScheduleOp) and schedule.is_imported
        read_count = len(self.reads)
        for position, argument in enumerate(block.args):
            is_read = position < read_count
            if not isinstance(argument.type, StreamType | MemRefType):
                if is_imported and is_read:
                    continue
                raise VerifyException(f"node '{self.label.data}': operands are streams or arrays, not {argument.type}")
            if is_imported and not is_read and stores_to(argument) and isinstance(argument.type, MemRefType):
                continue
            if is_read != bool(loads_from(argument)) or is_read == bool(stores_to(argument)):
                listed = "reads" if is_read else "writes"
                raise VerifyException(
                    f"node '{self.label.data}': operand {position} is listed under '{listed}' but the body "
                    f"loads it {len(loads_from(argument))} and stores it {len(stores_to(argument))} times"
                )


@irdl_op_definition
class ReadOp(IRDLOperation):
    """Take the next token of a stream; waits while it is empty."""

    name = "dataflow.read"
    stream = operand_def(StreamType)
    lane = var_operand_def(IndexType)
    map = opt_prop_def(AffineMapAttr)
    value = result_def()
    assembly_format = "$stream (`[` $lane^ `]`)? (`map` $map^)? `:` type($stream) `->` type($value) attr-dict"

    def __init__(self, stream: SSAValue, lane: Sequence[SSAValue] = (), map: AffineMapAttr | None = None) -> None:
        assert isinstance(stream.type, StreamType)
        super().__init__(
            operands=[stream, list(lane)], properties={"map": map}, result_types=[stream.type.element_type]
        )

    def verify_(self) -> None:
        """The value has the stream's element type."""
        if not isinstance(self.stream.type, StreamType) or self.value.type != self.stream.type.element_type:
            raise VerifyException("dataflow.read: the value's type is not the stream's element type")
        _verify_lane(self, self.stream.type, self.lane, self.map)


@irdl_op_definition
class WriteOp(IRDLOperation):
    """Put a token into a stream; waits while it is full."""

    name = "dataflow.write"
    stream = operand_def(StreamType)
    value = operand_def()
    lane = var_operand_def(IndexType)
    map = opt_prop_def(AffineMapAttr)
    assembly_format = (
        "$value `to` $stream (`[` $lane^ `]`)? (`map` $map^)? `:` type($value) `,` type($stream) attr-dict"
    )

    def __init__(
        self, value: SSAValue, stream: SSAValue, lane: Sequence[SSAValue] = (), map: AffineMapAttr | None = None
    ) -> None:
        super().__init__(operands=[stream, value, list(lane)], properties={"map": map})

    def verify_(self) -> None:
        """The value has the stream's element type."""
        if not isinstance(self.stream.type, StreamType) or self.value.type != self.stream.type.element_type:
            raise VerifyException("dataflow.write: the value's type is not the stream's element type")
        _verify_lane(self, self.stream.type, self.lane, self.map)


def _verify_lane(op: Operation, stream: StreamType, lane: Sequence[SSAValue], map: AffineMapAttr | None) -> None:
    """An access to an array of FIFOs names one of them: `map` takes the `lane` operands to an index per lane
    dimension. An access to a single FIFO names none."""
    if not stream.lane_shape:
        if lane or map is not None:
            raise VerifyException(f"{op.name}: a single stream has no lane")
    elif map is None or len(map.data.results) != len(stream.lane_shape) or map.data.num_dims != len(lane):
        raise VerifyException(f"{op.name}: an array of {stream.lane_shape} streams needs one index per dimension")


Dataflow = Dialect(
    "dataflow",
    [DispatchOp, TaskOp, YieldOp, ScheduleOp, NodeOp, StreamOp, BufferOp, PortOp, ReadOp, WriteOp],
    [StreamType, SourceAttr, OrderAttr, PipelineAttr, DepthAttr, MemoryAttr, UnrollAttr, PartitionAttr],
)
