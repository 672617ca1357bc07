"""Cycle simulation of a schedule: processes, FIFOs of finite depth, ping-pong buffers, dataflow inside of loops."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue

from dataflowc.cost.loops import LoopModel
from dataflowc.diagnostics import UserError
from dataflowc.dialects.dataflow import BufferOp, NodeOp, ScheduleOp, StreamOp
from dataflowc.hls.cycles.engine import Actor, Engine, Link, Waits
from dataflowc.hls.cycles.report import ChannelCycles, CycleReport, NodeCycles
from dataflowc.hls.cycles.timeline import Lane, Timeline, timeline
from dataflowc.target import Target

DEFAULT_DEPTH = 2
"""Capacity of a stream without a depth, as the tool takes it."""


def simulate(
    module: ModuleOp,
    target: Target,
    clock_ns: float | None = None,
    *,
    depths: Mapping[str, int] | None = None,
    unbounded: bool = False,
) -> CycleReport:
    """One run of the schedule of a module on level `scheduled`, or read from HLS C++.

    `clock_ns` None takes the target's own clock. `depths` replaces the depth of streams by label; `unbounded` lets no
    FIFO ever fill. Raises UserError (DF322) for a module without a `dataflow.schedule`.
    """
    schedule = next((op for op in module.walk() if isinstance(op, ScheduleOp)), None)
    if schedule is None:
        raise UserError("DF322", "only a module with a dataflow.schedule can be simulated")
    return Simulation(schedule, target, clock_ns).run(depths, unbounded=unbounded)


@dataclass(slots=True)
class _Channel:
    """A stream lane with its ends: positions of the nodes, lanes as they see them."""

    stream: StreamOp
    writer: int
    reader: int
    write_lane: Lane
    read_lane: Lane
    copies: int


class Simulation:
    """The timelines of a schedule, computed once; `run` solves them for some depths."""

    def __init__(self, schedule: ScheduleOp, target: Target, clock_ns: float | None = None) -> None:
        self.schedule = schedule
        self.clock_ns = clock_ns or 1000.0 / target.clock_mhz
        model = LoopModel(target, self.clock_ns)
        nested = {
            op: _nested_cycles(op, target, self.clock_ns) for node in schedule.nodes for op in _direct_schedules(node)
        }
        self.timelines = [timeline(node, model, nested) for node in schedule.nodes]
        self.channels = _channels(schedule, self.timelines)
        self.after = _after(schedule)

    def run(self, depths: Mapping[str, int] | None = None, *, unbounded: bool = False) -> CycleReport:
        """One run with the depths in the IR, or with others."""
        nodes = self.schedule.nodes
        actors = [
            Actor(node.label.data, t.duration, after)
            for node, t, after in zip(nodes, self.timelines, self.after, strict=True)
        ]
        links = [
            Link(
                label=channel.stream.label.data,
                writer=channel.writer,
                reader=channel.reader,
                written=self.timelines[channel.writer].writes.get(channel.write_lane, _NONE),
                read=self.timelines[channel.reader].reads.get(channel.read_lane, _NONE),
                depth=None if unbounded else _depth(channel.stream, depths or {}),
                copies=channel.copies,
            )
            for channel in self.channels
        ]
        engine = Engine(actors, links)
        try:
            engine.solve()
        except Waits as waits:
            return CycleReport(None, None, self.clock_ns, deadlock=tuple(waits.cycle), notes=self._notes())
        cycles = max((actor.end for actor in actors), default=0)
        interval = max((actor.end - actor.start for actor in actors), default=0)
        rows = tuple(self._node(engine, number) for number in range(len(actors)))
        return CycleReport(
            cycles, interval, self.clock_ns, rows, tuple(_occupancy(engine, link) for link in links), (), self._notes()
        )

    def _node(self, engine: Engine, number: int) -> NodeCycles:
        actor = engine.actors[number]
        return NodeCycles(
            name=actor.label,
            start=actor.start,
            end=actor.end,
            busy=actor.duration,
            stalled=_stalls(engine, number),
            loops=tuple(pipeline.result for pipeline in self.timelines[number].pipelines),
        )

    def _notes(self) -> tuple[str, ...]:
        unmodelled = sorted({name for t in self.timelines for p in t.pipelines for name in p.result.unmodelled})
        return (f"no latency is known for {', '.join(unmodelled)}: taken as 0",) if unmodelled else ()


_NONE: NDArray[np.int64] = np.zeros(0, np.int64)


def _depth(stream: StreamOp, depths: Mapping[str, int]) -> int:
    label = stream.label.data
    if label in depths:
        return depths[label]
    return stream.depth.value.data if stream.depth is not None else DEFAULT_DEPTH


def _direct_schedules(node: NodeOp) -> list[ScheduleOp]:
    """The outermost schedules inside of a node."""
    found: list[ScheduleOp] = []

    def visit(op: Operation) -> None:
        for region in op.regions:
            for block in region.blocks:
                for inner in block.ops:
                    if isinstance(inner, ScheduleOp):
                        found.append(inner)
                    else:
                        visit(inner)

    visit(node)
    return found


def _nested_cycles(schedule: ScheduleOp, target: Target, clock_ns: float) -> tuple[int, int]:
    """Cycles and interval of a schedule inside of a process, on its own (rule 3: the slowest process and one)."""
    report = Simulation(schedule, target, clock_ns).run()
    if report.cycles is None:
        raise UserError("DF301", "a dataflow region inside of a process waits for itself", notes=report.deadlock)
    assert report.interval is not None
    return report.cycles, max((node.busy for node in report.nodes), default=0) + 1


def _ends(schedule: ScheduleOp) -> tuple[dict[SSAValue, list[tuple[int, SSAValue]]], ...]:
    """Per channel, the nodes that write it and those that read it, with the value inside of the node."""
    writers: dict[SSAValue, list[tuple[int, SSAValue]]] = {}
    readers: dict[SSAValue, list[tuple[int, SSAValue]]] = {}
    for number, node in enumerate(schedule.nodes):
        arguments = list(node.body.block.args)
        for value, argument in zip(node.reads, arguments[: len(node.reads)], strict=True):
            readers.setdefault(value, []).append((number, argument))
        for value, argument in zip(node.writes, arguments[len(node.reads) :], strict=True):
            writers.setdefault(value, []).append((number, argument))
    return writers, readers


def _channels(schedule: ScheduleOp, timelines: list[Timeline]) -> list[_Channel]:
    """The streams lane by lane; lanes whose tokens pass at equal cycles on both ends become one."""
    writers, readers = _ends(schedule)
    found: list[_Channel] = []
    for op in schedule.body.block.ops:
        if not isinstance(op, StreamOp):
            continue
        if len(writers.get(op.channel, ())) != 1 or len(readers.get(op.channel, ())) != 1:
            continue
        (writer, put), (reader, taken) = writers[op.channel][0], readers[op.channel][0]
        same: dict[Hashable, _Channel] = {}
        for lane, signature in timelines[writer].signature.items():
            if lane.stream is not put:
                continue
            other = Lane(taken, lane.index)
            key = (signature, timelines[reader].signature.get(other))
            if key in same:
                same[key].copies += 1
            else:
                same[key] = _Channel(op, writer, reader, lane, other, 1)
        found += same.values()
    return found


def _after(schedule: ScheduleOp) -> list[tuple[int, ...]]:
    """For each node, those that must have ended before it starts: all that fill a buffer before it (rule 9)."""
    writers, readers = _ends(schedule)
    found: list[set[int]] = [set() for _ in schedule.nodes]
    for op in schedule.body.block.ops:
        if isinstance(op, BufferOp):
            filled = [number for number, _ in writers.get(op.channel, ())]
            users = {*filled, *(number for number, _ in readers.get(op.channel, ()))}
            for user in users:
                found[user] |= {number for number in filled if number < user}
    return [tuple(sorted(group)) for group in found]


def _occupancy(engine: Engine, link: Link) -> ChannelCycles:
    """The most tokens that stood in a FIFO: a token that leaves makes its place free in the next cycle."""
    written = engine.actors[link.writer].time[link.write_slot]
    read = engine.actors[link.reader].time[link.read_slot]
    gone = np.searchsorted(read, written, side="left")
    peak = int((np.arange(1, len(written) + 1) - gone).max()) if len(written) else 0
    return ChannelCycles(
        name=link.label,
        writer=engine.actors[link.writer].label,
        reader=engine.actors[link.reader].label,
        depth=link.depth if link.depth is not None else len(written),
        peak=peak,
        tokens=len(written),
        copies=link.copies,
    )


def _stalls(engine: Engine, number: int) -> dict[str, int]:
    """Cycles a process stood still, by the channel that it waited for."""
    actor = engine.actors[number]
    if not len(actor.clock):
        return {}
    lag = actor.time - actor.clock
    grown = np.diff(lag, prepend=actor.start)
    found: dict[str, int] = {}
    for link, slots, times in _waits(engine, number):
        stuck = (grown[slots] > 0) & (times + 1 == actor.time[slots])
        # Several channels may end a stall in the same cycle: the first one is charged.
        amount = int(grown[slots[stuck]].sum())
        if amount:
            grown[slots[stuck]] = 0
            found[link.label] = found.get(link.label, 0) + amount
    return found


def _waits(engine: Engine, number: int) -> list[tuple[Link, NDArray[np.int64], NDArray[np.int64]]]:
    """Per channel, the slots of a process and the times of what they wait for."""
    found = []
    for link in engine.ins[number]:
        count = len(link.read_slot)
        found.append((link, link.read_slot, engine.actors[link.writer].time[link.write_slot[:count]]))
    for link in engine.outs[number]:
        if link.depth is not None:
            slots = link.write_slot[link.depth :]
            found.append((link, slots, engine.actors[link.reader].time[link.read_slot[: len(slots)]]))
    return found
