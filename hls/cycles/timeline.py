"""The own clock of a process: how long it runs if nothing stalls it, and when it takes and puts its tokens.

A body is a tree of pipelines, loops around them, branches and loose statements. Token times are affine in the loop
counters, so they are enumerated as arrays: one numpy operation per access of the program, never one step per iteration.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects import affine
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import MemRefType, StringAttr
from xdsl.ir import Block, BlockArgument, Operation, SSAValue
from xdsl.ir.affine import AffineBinaryOpKind, AffineConstraintKind

from dataflowc.cost.depth import pipeline_depth
from dataflowc.cost.loops import (
    REGION_OVERHEAD,
    LoopModel,
    Pipeline,
    dataflow_loop_latency,
    is_straight_line,
    is_unrolled,
    pipelined_nest,
    port_accesses,
)
from dataflowc.cost.loops_body import Constraint, Form, Guard, Instance, expand_ops, guard_forms, loop_range
from dataflowc.dialects.dataflow import BufferOp, NodeOp, ScheduleOp
from dataflowc.dialects.effects import stores_to

Times = NDArray[np.int64]
Counters = Mapping[SSAValue, Times]
"""The value of every outer counter, one per run of the code inside."""

READ_CYCLE = 1
"""Cycle after the issue of an iteration in which it takes its tokens (rule 8: issue at `token available - 1`)."""

FIXED_LOAD = 2
"""Cycles before a pipeline inside of a loop for what it loads once: it stands in front of the pipeline."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One FIFO as its end sees it: the stream operand of the node and the lane in it."""

    stream: SSAValue
    index: tuple[int, ...] = ()


@dataclass(slots=True)
class Run:
    """A pipeline, or loose statements (`interval` 0): accesses at fixed cycles of `duration` cycles."""

    ranges: tuple[tuple[SSAValue, range], ...]
    interval: int
    duration: int
    accesses: tuple[tuple[Instance, int], ...]
    pipeline: Pipeline | None = None
    arrays: frozenset[SSAValue] = frozenset()


@dataclass(slots=True)
class Repeat:
    """A loop that is not pipelined."""

    counter: SSAValue
    values: range
    items: list[Item]


@dataclass(slots=True)
class Choice:
    """Code under a condition on counters."""

    constraints: tuple[Constraint, ...]
    then: list[Item]
    other: list[Item]


@dataclass(slots=True)
class Nested:
    """A dataflow region inside of a process, as a whole."""

    schedule: ScheduleOp
    duration: int
    interval: int


Item = Run | Repeat | Choice | Nested


@dataclass(slots=True)
class Timeline:
    """`duration` of the undisturbed process, the cycles of its tokens by lane, and its pipelines.

    Lanes whose tokens pass at the same cycles stand for each other: `signature` gives equal values for them.
    """

    duration: int
    reads: dict[Lane, Times]
    writes: dict[Lane, Times]
    pipelines: list[Pipeline]
    signature: dict[Lane, Hashable]


def timeline(node: NodeOp, model: LoopModel, nested: Mapping[ScheduleOp, tuple[int, int]]) -> Timeline:
    """The timeline of a node; `nested` gives cycles and interval of the schedules inside of it."""
    kind = node.attributes.get("kind")
    is_function = isinstance(kind, StringAttr) and kind.data == "sequential"
    items = _Builder(model, port_accesses(node), nested, is_function).items(node.body.block)
    duration = _overlapped(items) if is_function else int(_durations(items, {}, 1)[0])
    pipelines = [run.pipeline for run in _runs(items) if run.pipeline is not None]
    reads: dict[Lane, Times] = {}
    writes: dict[Lane, Times] = {}
    signatures = _signatures(items)
    first: dict[Hashable, Lane] = {}
    wanted = {lane for lane in signatures if first.setdefault((lane.stream, signatures[lane]), lane) == lane}
    found: dict[tuple[str, Lane], list[Times]] = {}
    _emit(items, {}, np.zeros(1, np.int64), wanted, found)
    for (kind, lane), parts in found.items():
        times = parts[0] if len(parts) == 1 else np.sort(np.concatenate(parts), kind="stable")
        (reads if kind == "read" else writes)[lane] = times
    for lane, signature in signatures.items():
        source = first[(lane.stream, signature)]
        for table in (reads, writes):
            if source in table:
                table[lane] = table[source]
    return Timeline(duration, reads, writes, pipelines, signatures)


@dataclass(slots=True)
class _Builder:
    model: LoopModel
    ports: Mapping[SSAValue, int]
    nested: Mapping[ScheduleOp, tuple[int, int]]
    is_function: bool

    def items(self, block: Block) -> list[Item]:
        """The items of a block in order."""
        found: list[Item] = []
        rest: list[Operation] = []
        for op in block.ops:
            if isinstance(op, affine.ForOp) and self.is_function and _only_fills_a_constant(op):
                continue
            if isinstance(op, affine.ForOp) and not is_straight_line(op):
                self._statements(rest, found)
                found += self._loop(op)
            elif isinstance(op, affine.IfOp) and any(isinstance(o, affine.ForOp | ScheduleOp) for o in op.walk()):
                self._statements(rest, found)
                then, other = (
                    self.items(region.block) if region.blocks else [] for region in (op.then_region, op.else_region)
                )
                found.append(Choice(guard_forms(op), then, other))
            elif isinstance(op, ScheduleOp):
                self._statements(rest, found)
                found.append(Nested(op, *self.nested[op]))
            else:
                rest.append(op)
        self._statements(rest, found)
        return found

    def _loop(self, op: affine.ForOp) -> list[Item]:
        nest = pipelined_nest(op)
        if nest is not None:
            pipeline = self.model.pipeline(nest, self.ports)
            accesses = _paced(pipeline)
            duration = pipeline.result.latency + REGION_OVERHEAD
            arrays = _arrays(nest.loops[0])
            return [Run(nest.ranges, pipeline.result.ii, duration, accesses, pipeline, arrays)]
        values = loop_range(op)
        inner = self.items(op.body.block)
        for item in inner:
            if isinstance(item, Run) and item.pipeline is not None and _loads_once(item.pipeline):
                item.duration += FIXED_LOAD
        counter = op.body.block.args[0]
        if is_unrolled(op):
            return [Repeat(counter, values[i : i + 1], inner) for i in range(len(values))]
        return [Repeat(counter, values, inner)]

    def _statements(self, ops: list[Operation], found: list[Item]) -> None:
        """Statements between loops: they take the cycles of their operators, and one more if they touch memory."""
        names = {op.name for op in ops}
        if any(name.startswith(("dataflow.", "affine.load", "affine.store", "arith.", "math.")) for name in names):
            body = expand_ops(ops)
            depth = pipeline_depth(body, self.model.latency)
            accesses = tuple((i, 0) for _, i in body.of_kind("read", "write"))
            cycles = depth.stages - 2 if body.instances and (accesses or depth.stages > 3) else 0
            if cycles or accesses:
                arrays = frozenset(i.array for i in body.instances if i.array is not None)
                found.append(Run((), 0, max(1, cycles), accesses, None, arrays))
        ops.clear()


def _paced(pipeline: Pipeline) -> tuple[tuple[Instance, int], ...]:
    """The reads and writes of one iteration with their cycles: one token per cycle and side of a lane."""
    found, used = [], {}
    for _, instance in pipeline.body.of_kind("read", "write"):
        key = (instance.kind, _lane(instance))
        before = used.get(key, 0)
        used[key] = before + 1
        cycle = READ_CYCLE if instance.kind == "read" else pipeline.depth.write_cycles[instance.op]
        found.append((instance, cycle + before))
    return tuple(found)


def _only_fills_a_constant(loop: affine.ForOp) -> bool:
    """Whether a loop does nothing but put constants into a local array that nothing else stores to: inside of a
    function the tool makes a constant of the array and drops the loop."""
    inner = list(loop.body.walk())
    stores = [op for op in inner if isinstance(op, affine.StoreOp)]
    names = {op.name for op in inner} - {"affine.store", "affine.for", "affine.yield", "affine.apply", "arith.constant"}
    return (
        not names
        and bool(stores)
        and all(
            isinstance(store.value.owner, ConstantOp)
            and isinstance(store.memref.owner, BufferOp)
            and len(stores_to(store.memref)) == 1
            for store in stores
        )
    )


def _loads_once(pipeline: Pipeline) -> bool:
    """Whether a pipeline loads an array element that stays the same in all its iterations."""
    counters = {counter for counter, _ in pipeline.nest.ranges}
    stored = {instance.array for _, instance in pipeline.body.of_kind("store")}
    return any(
        instance.index
        and instance.array not in stored
        and not any(counter in counters for form in instance.index for counter in form.counters())
        for _, instance in pipeline.body.of_kind("load")
    )


def _arrays(op: Operation) -> frozenset[SSAValue]:
    """The arrays and registers that an op uses, without scalar arguments."""
    return frozenset(
        value
        for inner in op.walk()
        for value in inner.operands
        if isinstance(value.type, MemRefType) and (value.type.get_shape() or not isinstance(value, BlockArgument))
    )


def _runs(items: Sequence[Item]) -> Iterator[Run]:
    for item in items:
        match item:
            case Run():
                yield item
            case Repeat():
                yield from _runs(item.items)
            case Choice():
                yield from _runs(item.then)
                yield from _runs(item.other)
            case Nested():
                pass


def _signatures(items: Sequence[Item]) -> dict[Lane, Hashable]:
    """Per lane, what its token cycles depend on: the accesses with their guards and cycles."""
    found: dict[Lane, list[Hashable]] = {}
    for number, run in enumerate(_runs(items)):
        for instance, cycle in run.accesses:
            guards = tuple((g.constraints, g.negated) for g in instance.guards)
            found.setdefault(_lane(instance), []).append((number, instance.kind, cycle, guards))
    return {lane: tuple(parts) for lane, parts in found.items()}


def _lane(instance: Instance) -> Lane:
    assert instance.array is not None
    # A lane that depends on a counter is taken as the first one: all of them see tokens at the same rate.
    return Lane(instance.array, tuple(form.const for form in instance.index))


def _durations(items: Sequence[Item], outer: Counters, runs: int) -> Times:
    """Cycles of all items together, for each run of the code around them."""
    total = np.zeros(runs, np.int64)
    for item in items:
        total += _duration(item, outer, runs)
    return total


def _overlapped(items: Sequence[Item]) -> int:
    """Cycles of a function without streams (rule 4): what shares no array with what stands before starts with it, in
    the first state in which it can, and a state ends when all that started in it have."""
    levels: dict[SSAValue, int] = {}
    states: list[int] = []
    for item in items:
        arrays = frozenset().union(*(run.arrays for run in _runs([item])))
        state = max((levels.get(array, 0) for array in arrays), default=len(states))
        states += [0] * (state + 1 - len(states))
        states[state] = max(states[state], int(_durations([item], {}, 1)[0]))
        levels.update(dict.fromkeys(arrays, state + 1))
    return sum(states)


def _duration(item: Item, outer: Counters, runs: int) -> Times | int:
    match item:
        case Run() | Nested():
            return item.duration
        case Repeat(items=[Nested() as region]):
            return dataflow_loop_latency(len(item.values), region.duration, region.interval)
        case Repeat():
            if not any(isinstance(inner, Choice) for inner in _all(item.items)):
                return len(item.values) * int(_durations(item.items, {}, 1)[0])
            inner = _enter(item, outer, runs)
            return _durations(item.items, inner, runs * len(item.values)).reshape(runs, -1).sum(axis=1)
        case Choice():
            holds = _holds(Guard(item.constraints), outer, runs)
            return np.where(holds, _durations(item.then, outer, runs), _durations(item.other, outer, runs))


def _all(items: Sequence[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        if isinstance(item, Repeat):
            yield from _all(item.items)
        elif isinstance(item, Choice):
            yield from _all(item.then)
            yield from _all(item.other)


def _enter(loop: Repeat, outer: Counters, runs: int) -> Counters:
    """The counters inside of a loop: every run becomes one per iteration."""
    values = np.arange(loop.values.start, loop.values.stop, loop.values.step, dtype=np.int64)
    inner = {counter: np.repeat(known, len(values)) for counter, known in outer.items()}
    inner[loop.counter] = np.tile(values, runs)
    return inner


def _emit(
    items: Sequence[Item],
    outer: Counters,
    starts: Times,
    wanted: set[Lane],
    found: dict[tuple[str, Lane], list[Times]],
) -> None:
    """Add the token cycles of all items, which begin at `starts`, to `found`."""
    for item in items:
        if isinstance(item, Run):
            for instance, cycle in item.accesses:
                lane = _lane(instance)
                if lane in wanted and len(starts):
                    times = _access_times(item, instance, outer, starts + cycle)
                    found.setdefault((instance.kind, lane), []).append(times)
        elif any(run.accesses for run in _runs([item])):
            match item:
                case Repeat():
                    trips, runs = len(item.values), len(starts)
                    inner = _enter(item, outer, runs)
                    each = _durations(item.items, inner, runs * trips).reshape(runs, trips)
                    begin = starts[:, None] + np.cumsum(each, axis=1) - each
                    _emit(item.items, inner, begin.reshape(-1), wanted, found)
                case Choice():
                    holds = _holds(Guard(item.constraints), outer, len(starts))
                    for chosen, code in ((holds, item.then), (~holds, item.other)):
                        counters = {counter: values[chosen] for counter, values in outer.items()}
                        _emit(code, counters, starts[chosen], wanted, found)
        starts = starts + _duration(item, outer, len(starts))


def _access_times(run: Run, instance: Instance, outer: Counters, starts: Times) -> Times:
    """The cycles in which an access takes place, over all runs (`starts`) and the iterations of the pipeline."""
    axes = 1 + len(run.ranges)
    values: dict[SSAValue, Times] = {c: v.reshape(-1, *[1] * (axes - 1)) for c, v in outer.items()}
    times = starts.reshape(-1, *[1] * (axes - 1))
    weight = run.interval
    single = _single_counter(instance.guards)
    for axis in range(axes - 1, 0, -1):
        counter, steps = run.ranges[axis - 1]
        positions = np.arange(len(steps), dtype=np.int64)
        numbers = steps.start + steps.step * positions
        for form, kind in single.get(counter, ()):
            chosen = _evaluate(form, {counter: numbers})
            keep = chosen == 0 if kind is AffineConstraintKind.eq else chosen >= 0
            positions, numbers = positions[keep], numbers[keep]
        shape = [1] * axes
        shape[axis] = len(positions)
        values[counter] = numbers.reshape(shape)
        times = times + (weight * positions).reshape(shape)
        weight *= len(steps)
    keep_all: NDArray[np.bool_] | bool = True
    inner = {counter for counter, _ in run.ranges}
    for guard in instance.guards:
        if guard.negated or any(_only_counter(form) not in inner for form, _ in guard.constraints):
            keep_all = keep_all & _guard_mask(guard, values)
    times = np.ascontiguousarray(times)
    if keep_all is True:
        return times.reshape(-1)
    return times[np.broadcast_to(keep_all, times.shape)]


def _only_counter(form: Form) -> SSAValue | None:
    """The one counter of a form; None if there are several or it divides."""
    if len(form.terms) == 1:
        ((symbol, _),) = form.terms
        if isinstance(symbol, SSAValue):
            return symbol
    return None


def _single_counter(guards: Sequence[Guard]) -> dict[SSAValue, list[Constraint]]:
    """The constraints that bound one counter only."""
    found: dict[SSAValue, list[Constraint]] = {}
    for guard in guards:
        for form, kind in guard.constraints:
            counter = _only_counter(form)
            if counter is not None and not guard.negated:
                found.setdefault(counter, []).append((form, kind))
    return found


def _holds(guard: Guard, outer: Counters, runs: int) -> NDArray[np.bool_]:
    return np.broadcast_to(_guard_mask(guard, outer), (runs,))


def _guard_mask(guard: Guard, values: Mapping[SSAValue, Times]) -> NDArray[np.bool_]:
    holds: NDArray[np.bool_] = np.asarray(True)
    for form, kind in guard.constraints:
        number = _evaluate(form, values)
        holds = holds & (number == 0 if kind is AffineConstraintKind.eq else number >= 0)
    return ~holds if guard.negated else holds


def _evaluate(form: Form, values: Mapping[SSAValue, Times]) -> Times:
    total: Times = np.asarray(form.const, np.int64)
    for symbol, coefficient in form.terms:
        if isinstance(symbol, tuple):
            kind, inner, divisor = symbol
            number = _evaluate(inner, values)
            if kind is AffineBinaryOpKind.Mod:
                part = number % divisor
            else:
                part = number // divisor if kind is AffineBinaryOpKind.FloorDiv else -(-number // divisor)
        else:
            part = values[symbol]  # type: ignore[index]
        total = total + coefficient * part
    return total
