"""The initiation interval of a pipelined loop: the largest of what the pragma, the ports and the recurrences ask for.

Rules 6, 6a, 6b and 6c of the timing rules measured on 131 co-simulated designs. `levels` of an addition tree that is
part of a recurrence is empirical, as measured there.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from xdsl.ir import SSAValue

from dataflowc.cost.loops_body import Body, Form, Instance
from dataflowc.dialects.attributes import PartitionAttr

MEMORY_ROUND_TRIP = 2
"""Cycles from a RAM to the operators and back, where a recurrence goes through one (rule 6c)."""

REGISTER_ARGUMENT = 3
MEMORY_ARGUMENT = 4
"""What a recurrence at distance 1 takes more if the accumulator is an argument: 7 for a register, 8 for memory."""

PORTS = 2
"""Accesses per cycle of one bank (rule 6a)."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A value that is loaded, changed and stored again: `latency` cycles over `distance` iterations, with `additions`
    floating-point additions on the way."""

    array: SSAValue
    latency: int
    distance: int
    additions: int

    @property
    def interval(self) -> int:
        """The interval it asks for."""
        return max(1, -(-self.latency // self.distance))


def tree_levels(additions: int) -> int:
    """Levels of an addition tree that count in a recurrence (table of rule 6b: 1 up to 2 additions, 3 up to 8, 4 up to
    32; one more for each doubling after that)."""
    if additions <= 2:
        return min(additions, 1)
    return 3 if additions <= 8 else 4 if additions <= 32 else (additions - 1).bit_length() - 1


def recurrences(
    body: Body,
    trips: Sequence[tuple[SSAValue, int]],
    latency: Callable[[Instance], int],
    adder: int,
    ports: Mapping[SSAValue, int],
) -> list[Recurrence]:
    """The recurrences of a body inside the nest `trips` (counter and trip count, outermost first).

    `adder` is the latency of an addition inside a recurrence, `ports` gives the cycles to get at arrays outside of the
    function. Copies of a recurrence that differ in the element only
    are given once.
    """
    stores: dict[tuple[SSAValue, tuple[Form, ...]], int] = {}
    for position, instance in body.of_kind("store"):
        assert instance.array is not None
        stores[(instance.array, instance.index)] = position
    found, seen = [], set()
    for position, instance in body.of_kind("load"):
        assert instance.array is not None
        last = stores.get((instance.array, instance.index))
        if last is None or instance.array in seen:
            continue
        seen.add(instance.array)
        distance = _distance(instance.index, trips)
        path = _longest(body.instances, position, last, latency) if distance else None
        if path is None:
            continue
        additions = sum(1 for i in path if i.name is not None and i.name[0] == "fadd")
        others = sum(latency(i) for i in path if i.name is None or i.name[0] != "fadd")
        assert distance is not None
        cycles = tree_levels(additions) * adder + others + (MEMORY_ROUND_TRIP if distance > 1 else 0)
        if distance == 1 and additions and instance.array in ports:
            # The old sum comes from outside of the function: nothing is forwarded (rule 6b: 7 or 8, not 4).
            cycles += ports[instance.array]
        found.append(Recurrence(instance.array, cycles, distance, additions))
    return found


def _distance(index: Sequence[Form], trips: Sequence[tuple[SSAValue, int]]) -> int | None:
    """Iterations until the same element comes again (rule 6c); None if every iteration has its own."""
    used = {counter for form in index for counter in form.counters()}
    distance = 1
    for counter, trip in reversed(trips):
        if counter not in used and trip > 1:
            return distance
        distance *= trip
    return None


def _longest(
    instances: Sequence[Instance], start: int, end: int, latency: Callable[[Instance], int]
) -> list[Instance] | None:
    """The path from `start` to `end` with the largest latency; None without a path."""
    best: dict[int, tuple[int, int]] = {start: (0, -1)}
    for position in range(start + 1, end + 1):
        instance = instances[position]
        if instance.kind == "store" and position != end:
            continue
        reached = [(best[operand][0], operand) for operand in instance.operands if operand in best]
        if reached:
            cycles, operand = max(reached)
            best[position] = (cycles + latency(instance), operand)
    if end not in best:
        return None
    path, position = [], end
    while position != -1:
        path.append(instances[position])
        position = best[position][1]
    return path[::-1]


def port_interval(
    body: Body, ports: Mapping[SSAValue, int], partitions: Mapping[SSAValue, PartitionAttr | None]
) -> tuple[int, SSAValue | None]:
    """The interval that arrays outside of the function allow: different addresses per bank over its ports (rule 6a).

    `ports` gives the accesses per cycle of every such array; arrays that are not in it are split until they fit.
    """
    banks: dict[tuple[SSAValue, Hashable], set[tuple[str, tuple[Form, ...]]]] = {}
    for _, instance in body.of_kind("load", "store"):
        if instance.array is not None and instance.array in ports:
            bank = _bank(instance.index, partitions.get(instance.array))
            banks.setdefault((instance.array, bank), set()).add((instance.kind, instance.index))
    worst, limit = 1, None
    for (array, _), accesses in banks.items():
        interval = -(-len(accesses) // ports[array])
        if interval > worst:
            worst, limit = interval, array
    return worst, limit


def fifo_interval(body: Body) -> tuple[int, SSAValue | None]:
    """The interval that FIFOs allow: one token per cycle on each side of a lane."""
    tokens: dict[tuple[str, SSAValue, tuple[Form, ...]], int] = {}
    for _, instance in body.of_kind("read", "write"):
        if instance.array is not None:
            key = (instance.kind, instance.array, instance.index)
            tokens[key] = tokens.get(key, 0) + 1
    worst = max(tokens, key=lambda key: tokens[key], default=None)
    return (tokens[worst], worst[1]) if worst is not None else (1, None)


def _bank(index: Sequence[Form], partition: PartitionAttr | None) -> Hashable:
    """The bank that an access goes to, as far as it is known before the counters are."""
    if partition is None:
        return ()
    parts: list[Hashable] = []
    for split in partition.data:
        form = index[split.dim]
        if split.kind == "cyclic":
            rest = frozenset((s, c % split.factor) for s, c in form.terms if c % split.factor)
            parts.append((rest, form.const % split.factor))
        elif split.kind == "complete":
            parts.append(form)
    return tuple(parts)
