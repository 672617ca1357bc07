"""The pipeline depth of a loop body: as soon as possible, with chains of additions turned into trees.

Rule 7 of the timing rules measured on 131 co-simulated designs: every operator that takes cycles takes one more for its
output register; a chain of floating-point additions is rebalanced; what is added for the loads, the stores and the
control around them is `LOOP_STAGES`.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.ir import Operation

from dataflowc.cost.loops_body import Body, Instance

LOOP_STAGES = 3
"""Stages for the load of the operands, the store of the result and the loop's control (plain copies have depth 3)."""

Latency = Callable[[Instance], int]
"""Cycles between operands and result of an instance."""


@dataclass(frozen=True, slots=True)
class Depth:
    """Stages of a pipeline, and the cycle after the issue in which each write takes place."""

    stages: int
    write_cycles: dict[Operation, int]


def pipeline_depth(body: Body, latency: Latency, extra: int = 0) -> Depth:
    """The depth of `body` (rule 7), at least 2. A write that nothing follows leaves in the last stage (rule 8).

    `extra` are stages for busy ports and for statements around the loop.
    """
    ready = arrival(body, latency)
    critical = max(ready, default=0)
    stages = max(2, critical + LOOP_STAGES + extra)
    writes: dict[Operation, int] = {}
    for position, instance in body.of_kind("write"):
        cycle = stages - 1 - (critical - ready[position])
        writes[instance.op] = max(writes.get(instance.op, 0), cycle)
    return Depth(stages, writes)


def arrival(body: Body, latency: Latency) -> list[int]:
    """The cycle in which the result of every instance is there, counted from its loads."""
    absorbed = _inside_chains(body.instances)
    ready: list[int] = []
    for position, instance in enumerate(body.instances):
        if absorbed[position] or (instance.kind == "store" and any(absorbed[i] for i in instance.operands)):
            # A partial sum: the tree has no such value, and its store is overwritten in the same iteration.
            ready.append(0)
            continue
        cycles = latency(instance)
        cost = cycles + 1 if cycles else 0
        if _is_addition(instance):
            ready.append(_tree([ready[leaf] for leaf in _leaves(position, body.instances, absorbed)], cost))
        else:
            ready.append(max((ready[operand] for operand in instance.operands), default=0) + cost)
    return ready


def _is_addition(instance: Instance) -> bool:
    return instance.name is not None and instance.name[0] == "fadd"


def _inside_chains(instances: Sequence[Instance]) -> list[bool]:
    """Whether an addition is only used by another addition."""
    uses: list[list[int]] = [[] for _ in instances]
    for position, instance in enumerate(instances):
        for operand in instance.operands:
            # The store of a partial sum is dropped where a later one goes to the same place.
            if instance.kind != "store":
                uses[operand].append(position)
    return [
        _is_addition(instance) and len(users) == 1 and _is_addition(instances[users[0]])
        for instance, users in zip(instances, uses, strict=True)
    ]


def _leaves(root: int, instances: Sequence[Instance], absorbed: Sequence[bool]) -> list[int]:
    found, todo = [], list(instances[root].operands)
    while todo:
        position = todo.pop()
        if absorbed[position]:
            todo += instances[position].operands
        else:
            found.append(position)
    return found


def _tree(times: list[int], cost: int) -> int:
    """When the sum of values that arrive at `times` is there: always add the two that came first."""
    if len(times) < 2:
        # One operand is a constant or comes from outside of the loop.
        return max(times, default=0) + cost
    heapq.heapify(times)
    while len(times) > 1:
        first, second = heapq.heappop(times), heapq.heappop(times)
        heapq.heappush(times, max(first, second) + cost)
    return times[0]
