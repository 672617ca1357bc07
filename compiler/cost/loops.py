"""The laws of loops: trip, initiation interval, depth and latency of every pipelined loop of a node.

The rules were measured on 131 co-simulated designs; each function names the one it follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Literal

from xdsl.dialects import affine
from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Block, BlockArgument, Operation, SSAValue

from dataflowc.cost.depth import Depth, pipeline_depth
from dataflowc.cost.ii import MEMORY_ARGUMENT, PORTS, REGISTER_ARGUMENT, fifo_interval, port_interval, recurrences
from dataflowc.cost.loops_body import Body, Instance, expand, loop_range
from dataflowc.cost.operators import NoOperatorData, operator
from dataflowc.dialects.attributes import PartitionAttr, PipelineAttr, UnrollAttr
from dataflowc.dialects.dataflow import BufferOp, NodeOp, PortOp, ReadOp, ScheduleOp, WriteOp
from dataflowc.target import Target

REGION_OVERHEAD = 2
"""Cycles to enter and to leave a pipelined loop (rule 1)."""

GUARDED_STATEMENTS = 2
"""Stages that statements between the loops of a flattened nest add."""

MIN_SLACK = 0
"""Cycles a recurrence must leave so that the adders in DSPs are kept (slack rule of the adder)."""

SHORT_LOOP = 64
"""A loop up to this trip count is unrolled under a pipelined loop of one trip (rule 5)."""

IiReason = Literal["pragma", "recurrence", "port"]


def loop_latency(trip: int, ii: int, depth: int) -> int:
    """Cycles of a pipelined loop (rule 1, 826 of 827 reported loops exactly): issue all, then drain the last."""
    return (trip - 1) * ii + max(depth, 2) - 1 if trip else 0


def region_latency(trip: int, ii: int, depth: int) -> int:
    """Cycles of a pipelined loop with its entry and exit (rule 1, 824 of 827 modules)."""
    return loop_latency(trip, ii, depth) + REGION_OVERHEAD


def outer_loop_latency(trip: int, regions: int, count: int, *, reported: bool) -> int:
    """A loop that is not pipelined around `count` regions of `regions` cycles in total (rule 2): what csynth reports,
    or what the RTL takes."""
    return trip * (regions + 2 * count) + 1 if reported else trip * regions


def dataflow_loop_latency(trip: int, latency: int, interval: int) -> int:
    """Dataflow inside a loop (rule 3): the first run in full, then one interval for each other."""
    return latency + (trip - 1) * interval + 1


def sequence_latency(regions: list[int]) -> int:
    """Regions one after the other as csynth reports them (rule 4)."""
    return sum(regions) + 2 * len(regions) - 1 if regions else 0


@dataclass(frozen=True, slots=True)
class LoopResult:
    """What became of one pipelined loop. `latency` is without entry and exit; `limits` says in words what holds the
    interval up; `extrapolated` that an operator's latency is from another clock or part, or not known (then 0)."""

    label: str
    trip: int
    ii: int
    ii_reason: IiReason
    depth: int
    latency: int
    limits: tuple[str, ...]
    unmodelled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nest:
    """A perfect nest of loops that runs as one pipeline, outermost first, and the block that is its body."""

    loops: tuple[affine.ForOp, ...]
    block: Block

    @property
    def ranges(self) -> tuple[tuple[SSAValue, range], ...]:
        """Counters and their values."""
        ranges = [(loop.body.block.args[0], loop_range(loop)) for loop in self.loops]
        if self.copies > 1:
            counter, values = ranges[-1]
            ranges[-1] = (counter, values[:: self.copies])
        return tuple(ranges)

    @property
    def copies(self) -> int:
        """Copies of the body in one iteration: the unroll factor of the innermost loop."""
        unroll = self.loops[-1].attributes.get("unroll")
        return max(1, unroll.value.data) if isinstance(unroll, UnrollAttr) else 1

    @property
    def counter(self) -> SSAValue:
        """The counter of the innermost loop."""
        return self.loops[-1].body.block.args[0]

    @property
    def trip(self) -> int:
        """Iterations of the flattened nest."""
        return prod(len(values) for _, values in self.ranges)

    @property
    def label(self) -> str:
        """The labels of the loops, or the names of their counters."""
        names = []
        for loop in self.loops:
            label = loop.attributes.get("label")
            counter = loop.body.block.args[0].name_hint or "loop"
            names.append(label.data if isinstance(label, StringAttr) else counter)
        return "_".join(names)

    @property
    def pragma(self) -> int:
        """The interval asked for; 1 where nothing is said."""
        for loop in reversed(self.loops):
            pipeline = loop.attributes.get("pipeline")
            if isinstance(pipeline, PipelineAttr):
                return max(1, pipeline.value.data)
        return 1


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A nest with its body and its result."""

    nest: Nest
    body: Body
    depth: Depth
    result: LoopResult


def pipelined_nest(loop: affine.ForOp) -> Nest | None:
    """The nest that starts at `loop` and is pipelined as a whole, or None if only loops inside it are (rule 5)."""
    loops = [loop]
    while True:
        current = loops[-1]
        inner = [op for op in current.body.block.ops if any(not is_unrolled(loop) for loop in _loops(op))]
        is_marked = isinstance(current.attributes.get("pipeline"), PipelineAttr)
        if is_marked or not any(not is_unrolled(op) for outer in inner for op in _loops(outer)):
            break
        if len(inner) != 1 or not isinstance(inner[0], affine.ForOp) or not _can_be_guarded(current, inner[0]):
            return None
        if not _divides(inner[0]):
            return None
        if "flatten_off" in inner[0].attributes or "flatten_off" in current.attributes:
            return None
        loops.append(inner[0])
    if "pipeline_off" in loops[-1].attributes:
        return None
    loops = _without_short_inner_loop(loops)
    return Nest(tuple(loops), loops[-1].body.block)


def _without_short_inner_loop(loops: list[affine.ForOp]) -> list[affine.ForOp]:
    """A pipelined loop of one trip disappears with its pragma; if a short loop is then the innermost one, it is
    unrolled under its parent (rule 5)."""
    last = loops[-1]
    if len(loop_range(last)) != 1:
        return loops
    long = [number for number, loop in enumerate(loops) if len(loop_range(loop)) > 1]
    if len(long) < 2 or len(loop_range(loops[long[-1]])) > SHORT_LOOP:
        return loops
    return loops[: long[-2] + 1]


def _divides(loop: affine.ForOp) -> bool:
    """Whether the unroll factor of a loop divides its trip count; else it leaves in the middle and is not flattened."""
    unroll = loop.attributes.get("unroll")
    factor = unroll.value.data if isinstance(unroll, UnrollAttr) else 1
    return factor <= 1 or len(loop_range(loop)) % factor == 0


def is_unrolled(loop: affine.ForOp) -> bool:
    """Whether a loop is fully unrolled."""
    unroll = loop.attributes.get("unroll")
    return isinstance(unroll, UnrollAttr) and unroll.value.data in (0, len(loop_range(loop)))


def is_straight_line(loop: affine.ForOp) -> bool:
    """Whether a loop and all loops inside of it are unrolled: nothing is left to iterate."""
    return all(is_unrolled(inner) for inner in _loops(loop))


def _loops(op: Operation) -> Iterator[affine.ForOp]:
    return (inner for inner in op.walk() if isinstance(inner, affine.ForOp))


def _is_perfect(outer: affine.ForOp, inner: affine.ForOp) -> bool:
    """Whether nothing but the inner loop does anything."""
    return all(
        op is inner or op.name in ("affine.yield", "affine.apply", "arith.constant") for op in outer.body.block.ops
    )


def _can_be_guarded(outer: affine.ForOp, inner: affine.ForOp) -> bool:
    """Whether the statements around the inner loop can move into it, under a guard: no loop is left in them, and no
    token passes. (The textbook nests of the measured designs take exactly the cycles of the flattened nest.)"""
    around = [op for op in outer.body.block.ops if op is not inner]
    return all(is_unrolled(loop) for op in around for loop in _loops(op)) and not any(
        isinstance(part, ReadOp | WriteOp | ScheduleOp) for op in around for part in op.walk()
    )


class LoopModel:
    """The loop laws for one target and clock."""

    def __init__(self, target: Target, clock_ns: float) -> None:
        self.target = target
        self.clock_ns = clock_ns
        self.unmodelled: set[str] = set()

    def pipeline(self, nest: Nest, ports: Mapping[SSAValue, int]) -> Pipeline:
        """The pipeline of a nest; `ports` gives the accesses per cycle of arrays outside of the function."""
        ranges = nest.ranges
        body = expand(nest.block, dict(ranges), (nest.counter, nest.copies, nest.loops[-1].step.value.data))
        self.unmodelled.clear()
        interval, reason, limits, slack, port = self._interval(nest, body, ports)
        adder = self._adder("fulldsp" if slack >= MIN_SLACK else "fabric")
        guarded = sum(not _is_perfect(a, b) for a, b in pairwise(nest.loops))
        extra = port - 1 + GUARDED_STATEMENTS * guarded
        depth = pipeline_depth(body, lambda i: adder if _is_addition(i) else self.latency(i), extra)
        trip = nest.trip
        result = LoopResult(
            label=nest.label,
            trip=trip,
            ii=interval,
            ii_reason=reason,
            depth=depth.stages,
            latency=loop_latency(trip, interval, depth.stages),
            limits=limits,
            unmodelled=tuple(sorted(self.unmodelled)),
        )
        return Pipeline(nest, body, depth, result)

    def _interval(
        self, nest: Nest, body: Body, ports: Mapping[SSAValue, int]
    ) -> tuple[int, IiReason, tuple[str, ...], int, int]:
        """Interval, what decides it (rule 6), in words, the slack of the recurrences at it, and the ports' cycles."""
        interval, reason, limits = nest.pragma, "pragma", ()
        partitions = {array: _partition(array) for array in ports}
        port, array = port_interval(body, ports, partitions)
        fifo, stream = fifo_interval(body)
        if fifo > interval:
            interval, reason, limits = fifo, "port", (f"{stream.name_hint}: one token per cycle",)
        if array is not None and port > interval:
            interval, reason, limits = port, "port", (f"{array.name_hint}: {ports[array]} accesses per cycle",)
        trips = [(counter, len(values)) for counter, values in nest.ranges]
        found = recurrences(body, trips, self.latency, self._adder("fabric"), _arguments(ports))
        slack = MIN_SLACK
        for r in found:
            if r.interval > interval:
                interval, reason = r.interval, "recurrence"
                limits = (f"{r.array.name_hint}: {r.latency} cycles over distance {r.distance}",)
        for r in found:
            if r.additions:
                levels = r.additions.bit_length()
                # d * II - (6 * levels + 2); at distance 1 the recurrence always takes adders in fabric.
                spare = r.distance * interval - (self._adder("fulldsp") * levels + 2)
                slack = min(slack, spare if r.distance > 1 else MIN_SLACK - 1)
        return interval, reason, limits, slack, port  # type: ignore[return-value]

    def latency(self, instance: Instance) -> int:
        """Cycles between operands and result; what no report covers is noted in `unmodelled` and taken as 0."""
        if instance.name is None:
            return 0
        name, dtype = instance.name
        try:
            return operator(name, dtype, self.target.family, self.clock_ns, grade=self.target.speed_grade).latency
        except NoOperatorData:
            self.unmodelled.add(f"{name} {dtype}")
            return 0

    def _adder(self, impl: str) -> int:
        """Latency of a single-precision addition in one implementation, of the default one where it is not known."""
        for choice in (impl, None):
            try:
                return operator(
                    "fadd", "f32", self.target.family, self.clock_ns, impl=choice, grade=self.target.speed_grade
                ).latency
            except NoOperatorData:
                continue
        return 0


def _is_addition(instance: Instance) -> bool:
    return instance.name == ("fadd", "f32") or instance.name == ("fsub", "f32")


def _partition(array: SSAValue) -> PartitionAttr | None:
    source = _source(array)
    return source.partition if isinstance(source, PortOp | BufferOp) else None


def _source(array: SSAValue) -> Operation | Block:
    """The op that makes an array of a node: its own buffer, or the port or buffer behind an operand."""
    owner = array.owner
    if isinstance(array, BlockArgument):
        node = owner.parent_op()
        if isinstance(node, NodeOp):
            return (*node.reads, *node.writes)[array.index].owner
    return owner


def _arguments(arrays: Iterable[SSAValue]) -> dict[SSAValue, int]:
    """The arguments of the function among `arrays`, with the cycles that a recurrence takes to get at them.

    Registers are at hand in the function itself, not in those that it calls.
    """
    found = {}
    for array in arrays:
        source = _source(array)
        if isinstance(source, PortOp):
            splits = source.partition.data if source.partition is not None else ()
            is_register = bool(splits) and all(split.kind == "complete" for split in splits)
            is_passed_on = any(_is_called(use.operation) for use in array.uses)
            found[array] = MEMORY_ARGUMENT if not is_register else REGISTER_ARGUMENT if is_passed_on else 0
    return found


def _is_called(op: Operation | None) -> bool:
    """Whether an op stands in a function that was called from the code around it."""
    while op is not None:
        if "call" in op.attributes:
            return True
        op = op.parent_op()
    return False


def port_accesses(node: NodeOp) -> dict[SSAValue, int]:
    """The arrays of a node whose ports limit it, with their accesses per cycle (rule 6a): arguments, and arrays that
    were split by hand, so that the tool leaves them as they are. One port each if several processes share an argument.
    """
    found = {}
    local = [op.channel for op in node.body.walk() if isinstance(op, BufferOp)]
    for array in (*node.body.block.args, *local):
        source = _source(array)
        if isinstance(source, PortOp):
            users = sum(1 for _ in source.array.uses)
            found[array] = PORTS if users == 1 else 1
        elif isinstance(source, BufferOp) and source.partition is not None:
            found[array] = PORTS
    return found


def node_pipelines(node: NodeOp, model: LoopModel) -> list[Pipeline]:
    """The pipelines of a node, in textual order."""
    ports = port_accesses(node)
    return [model.pipeline(nest, ports) for nest in _nests(node.body.block)]


def node_loops(node: NodeOp, target: Target, clock_ns: float) -> list[LoopResult]:
    """The pipelined loops of a node, in textual order."""
    return [pipeline.result for pipeline in node_pipelines(node, LoopModel(target, clock_ns))]


def _nests(block: Block) -> Iterator[Nest]:
    for op in block.ops:
        if isinstance(op, affine.ForOp) and is_straight_line(op):
            continue
        nest = pipelined_nest(op) if isinstance(op, affine.ForOp) else None
        if nest is not None:
            yield nest
            continue
        for region in op.regions:
            for inner in region.blocks:
                yield from _nests(inner)
