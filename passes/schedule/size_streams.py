"""`size-streams`: give every stream a depth with which the design cannot deadlock."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass

from dataflowc.contracts import DTYPE_BITS
from dataflowc.diagnostics import InternalError
from dataflowc.dialects.attributes import DepthAttr, StreamType
from dataflowc.dialects.dataflow import BufferOp, ScheduleOp, StreamOp
from dataflowc.passes.analysis.fifo_depths import Deadlock, Fifo, Process, run_to_end
from dataflowc.passes.analysis.token_rates import Traffic, traffic_of

SRL_BITS = 1024
"""FIFOs of up to this many bits are shift registers and cost about one LUT per bit of width (vitis.md section 4)."""

DEFAULT_DEPTH = 32


@dataclass(frozen=True)
class SizeStreamsPass(ModulePass):
    """Set `depth` on every stream.

    Before: `dataflow.stream "skip" <1:56, 2:56, 0:64>`
    After:  `dataflow.stream "skip" <...> depth <11264, "11264 tokens in flight where paths meet again">`

    Starts from the depth that a shift register gives for free and simulates the static traffic of all nodes; where
    paths of different delay meet, the FIFO of the faster one grows to what is in flight. The run to the end is the
    proof.
    """

    name = "size-streams"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Size the streams of every schedule."""
        for schedule in op.body.walk():
            if isinstance(schedule, ScheduleOp):
                _size(schedule)


def _size(schedule: ScheduleOp) -> None:
    streams = [op for op in schedule.body.block.ops if isinstance(op, StreamOp)]
    fifos = {op.channel: _fifo(op) for op in streams}
    processes = _processes(schedule, fifos)
    try:
        run_to_end(processes)
    except Deadlock as deadlock:
        raise InternalError(
            "DF301",
            "the design deadlocks at any FIFO depth",
            notes=deadlock.waits[:12],
            hint="please report this model",
        ) from deadlock
    for op in streams:
        fifo = fifos[op.channel]
        start = _start_depth(op)
        if fifo.depth > start and fifo.peak > start:
            depth, reason = fifo.peak, f"{fifo.peak} tokens in flight where paths meet again"
        else:
            depth, reason = start, f"a shift register up to {SRL_BITS} bits"
        op.properties["depth"] = DepthAttr.get(depth, reason)


def _start_depth(op: StreamOp) -> int:
    assert isinstance(op.channel.type, StreamType)
    return max(2, min(DEFAULT_DEPTH, SRL_BITS // DTYPE_BITS.get(str(op.channel.type.element_type), 32)))


def _fifo(op: StreamOp) -> Fifo:
    start = _start_depth(op)
    tokens = 1
    for extent in op.order.extents:
        tokens *= extent
    return Fifo(op.label.data, start, max(tokens, start), cost=tokens)


def _processes(schedule: ScheduleOp, fifos: dict[SSAValue, Fifo]) -> list[Process]:
    """The processes that can take part in a deadlock.

    A loader reads no stream, so nothing ever waits on it for good: it is left out, and its consumer's reads with it.
    """
    nodes = schedule.nodes
    loaded = {
        value
        for node in nodes
        if not any(v in fifos for v in node.reads) and len(node.writes) == 1
        for value in node.writes
    }
    fill_of = {value: i for i, node in enumerate(nodes) for value in node.writes if isinstance(value.owner, BufferOp)}
    kept = [node for node in nodes if not any(value in loaded for value in node.writes)]
    numbers = {nodes.index(node): i for i, node in enumerate(kept)}
    processes: list[Process] = []
    for node in kept:
        operands = (*node.reads, *node.writes)
        own = [None if value in loaded else fifos.get(value) for value in operands]
        number = len(processes)
        for value, fifo in zip(operands, own, strict=True):
            if fifo is not None and value in node.reads:
                fifo.reader = number
            elif fifo is not None:
                fifo.writer = number
        after = frozenset(numbers[fill_of[v]] for v in node.reads if v in fill_of and fill_of[v] in numbers)
        traffic: Traffic = traffic_of(node)
        processes.append(Process.of(node.label.data, traffic, own, after))
    return processes
