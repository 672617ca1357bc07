"""`size-streams`: give every stream a depth with which the design cannot deadlock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass

from dataflowc.diagnostics import InternalError
from dataflowc.dialects.attributes import DepthAttr, StreamType
from dataflowc.dialects.dataflow import BufferOp, NodeOp, PortOp, ScheduleOp, StreamOp
from dataflowc.dialects.types import bits_of
from dataflowc.passes.analysis.fifo_depths import Deadlock, Fifo, Process, run_to_end
from dataflowc.passes.analysis.token_rates import Repeat, Step, Traffic, traffic_of

SRL_BITS = 1024
"""FIFOs of up to this many bits are shift registers and cost about one LUT per bit of width (vitis.md section 4)."""

DEFAULT_DEPTH = 32

SLACK = 2
"""Tokens beyond those in flight: the read and the write of a FIFO take a cycle each (vitis.md section 1.4)."""


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
    network = _Network(schedule, streams)
    try:
        run_to_end(network.processes)
    except Deadlock as deadlock:
        raise InternalError(
            "DF301",
            "the design deadlocks at any FIFO depth",
            notes=deadlock.waits[:12],
            hint="please report this model",
        ) from deadlock
    for op in streams:
        start, needed = _start_depth(op), network.needed(op)
        if needed > start:
            depth, reason = needed + SLACK, f"{needed} tokens in flight where paths meet again, {SLACK} spare"
        else:
            depth, reason = start, f"a shift register up to {SRL_BITS} bits"
        op.properties["depth"] = DepthAttr.get(depth, reason)


def _start_depth(op: StreamOp) -> int:
    assert isinstance(op.channel.type, StreamType)
    return max(2, min(DEFAULT_DEPTH, SRL_BITS // bits_of(op.channel.type.element_type)))


class _Network:
    """The processes that can take part in a deadlock, and the FIFOs between them.

    A loader reads ports only, so nothing ever waits on it for good: it is left out, and its consumer's reads with it.
    A pipe takes one token and gives one, again and again (a ReLU, a bias): two FIFOs with a pipe between them are one
    FIFO that holds what both hold.
    """

    def __init__(self, schedule: ScheduleOp, streams: list[StreamOp]) -> None:
        self._fifos = {op.channel: _fifo(op) for op in streams}
        self._last_of: dict[SSAValue, SSAValue] = {}
        """First stream of a chain of pipes -> its last, which gets what the chain needs beyond the starting depths."""
        nodes = schedule.nodes
        loaded = {
            value
            for node in nodes
            if len(node.writes) == 1 and all(isinstance(v.owner, PortOp) for v in node.reads)
            for value in node.writes
            if value in self._fifos
        }
        kept = [node for node in nodes if not any(value in loaded for value in node.writes)]
        traffic = {node: traffic_of(node) for node in kept}
        ends = {node: self._pipe_ends(node, traffic[node], loaded) for node in kept}
        joined = {node for node in kept if (pipe := ends[node]) is not None and self._join(*pipe)}
        kept = [node for node in kept if node not in joined]
        self.processes = _connect(kept, traffic, {v: f for v, f in self._fifos.items() if v not in loaded})

    def _pipe_ends(self, node: NodeOp, traffic: Traffic, loaded: set[SSAValue]) -> tuple[SSAValue, SSAValue] | None:
        """The input and output stream of a pipe; None for any other node."""
        inputs = [v for v in node.reads if v not in loaded]
        if len(inputs) != 1 or len(node.writes) != 1 or not isinstance(traffic, Repeat):
            return None
        source, target = inputs[0], node.writes[0]
        if source not in self._fifos or target not in self._fifos or not isinstance(traffic.body, Step):
            return None
        operands = (*node.reads, *node.writes)
        live = [(p, n) for p, n in (*traffic.body.reads, *traffic.body.writes) if operands[p] not in loaded]
        return (source, target) if live == [(operands.index(source), 1), (operands.index(target), 1)] else None

    def _join(self, source: SSAValue, target: SSAValue) -> bool:
        """Make one FIFO of the two around a pipe; not if that closes a ring. Nodes come in program order, so a chain
        grows at its end."""
        joint, behind = self._fifos[source], self._fifos[target]
        if joint is behind:
            return False
        joint.depth += behind.depth
        joint.limit += behind.depth
        self._fifos[target] = joint
        first = next((head for head, tail in self._last_of.items() if tail is source), source)
        self._last_of[first] = target
        return True

    def needed(self, op: StreamOp) -> int:
        """Tokens that `op` must hold; its starting depth if no more."""
        fifo, start = self._fifos[op.channel], _start_depth(op)
        chain = [value for value, other in self._fifos.items() if other is fifo]
        if fifo.peak <= fifo.depth_at_start or self._tail(chain) is not op.channel:
            return start
        return fifo.peak - (fifo.depth_at_start - start)

    def _tail(self, chain: list[SSAValue]) -> SSAValue:
        return self._last_of.get(chain[0], chain[0]) if len(chain) > 1 else chain[0]


def _fifo(op: StreamOp) -> Fifo:
    start, tokens = _start_depth(op), prod(op.order.extents)
    return Fifo(op.label.data, start, max(tokens, start), cost=tokens)


def _connect(nodes: list[NodeOp], traffic: Mapping[NodeOp, Traffic], fifos: Mapping[SSAValue, Fifo]) -> list[Process]:
    """One process per node, joined by its FIFOs and by the buffers it must wait for."""
    fill_of = {value: i for i, node in enumerate(nodes) for value in node.writes if isinstance(value.owner, BufferOp)}
    processes: list[Process] = []
    for number, node in enumerate(nodes):
        for value in node.reads:
            if value in fifos:
                fifos[value].reader = number
        for value in node.writes:
            if value in fifos:
                fifos[value].writer = number
        own = [fifos.get(value) for value in (*node.reads, *node.writes)]
        after = frozenset(fill_of[value] for value in node.reads if value in fill_of)
        processes.append(Process.of(node.label.data, traffic[node], own, after))
    return processes
