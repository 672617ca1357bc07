"""What a scheduled design takes on a target: operators, memories, FIFOs and AXI adapters, node by node.

A figure that is not modelled is absent (`None`), not guessed. Not counted are the multiplexers and counters that
control the loops, and address arithmetic: LUT and FF are those of the parts that are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, cast

from xdsl.dialects.builtin import MemRefType, ModuleOp
from xdsl.ir import Attribute, SSAValue

from dataflowc.contracts import DTYPE_BITS
from dataflowc.cost.axi import M_AXI_32
from dataflowc.cost.memory import ArrayKind, MemoryCost, array_cost, fifo_cost
from dataflowc.cost.node_operators import node_operators
from dataflowc.cost.operators import NoOperatorData, operator
from dataflowc.diagnostics import InfeasibleTarget, UserError
from dataflowc.dialects.attributes import StreamType
from dataflowc.dialects.dataflow import BufferOp, NodeOp, PortOp, ScheduleOp, StreamOp
from dataflowc.target import RESOURCE_KINDS, Target

NOT_COUNTED = "loop control, multiplexers and address arithmetic are not counted"
WORST_NODES = 3
"""How many nodes an infeasible design is explained with."""
_BITS = {**DTYPE_BITS, "f64": 64, "index": 32}


@dataclass(slots=True)
class Usage:
    """Resources by kind, as far as they are known; `unknown` are the kinds of which an unreported share is missing."""

    known: dict[str, int] = field(default_factory=lambda: dict.fromkeys(RESOURCE_KINDS, 0))
    unknown: set[str] = field(default_factory=set)

    def add(self, times: int = 1, **amounts: int | None) -> None:
        """Add `times` of each amount; None makes the kind unknown."""
        for kind, amount in amounts.items():
            if amount is None:
                self.unknown.add(kind)
            else:
                self.known[kind] += times * amount

    def add_usage(self, other: Usage) -> None:
        """Add another usage to this one."""
        for kind, amount in other.known.items():
            self.known[kind] += amount
        self.unknown |= other.unknown

    def of(self, kind: str) -> int | None:
        """The amount of a kind; None if it is not wholly known."""
        return None if kind in self.unknown else self.known[kind]

    def to_json(self) -> dict[str, int | None]:
        """Kind -> amount or None."""
        return {kind: self.of(kind) for kind in ("dsp", "lut", "ff", "bram18", "uram")}


@dataclass(slots=True)
class NodeEstimate:
    """One node with the channels it writes and the AXI adapters it uses.

    `operators` are the operators it needs with their number, `extrapolated` those whose figures are from elsewhere,
    with the source, `unreported` those whose report leaves out LUT and FF, and `unmodelled` those without any data.
    """

    name: str
    usage: Usage = field(default_factory=Usage)
    operators: dict[str, int] = field(default_factory=dict)
    extrapolated: dict[str, str] = field(default_factory=dict)
    unreported: list[str] = field(default_factory=list)
    unmodelled: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The row of the node; lists and tables only where there is something in them."""
        details = {
            "operators": self.operators,
            "extrapolated": self.extrapolated,
            "unreported": self.unreported,
            "unmodelled": self.unmodelled,
        }
        row: dict[str, Any] = {"name": self.name, "resources": self.usage.to_json()}
        return row | {key: value for key, value in details.items() if value}


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimate of a design: a row per node, and the sums."""

    nodes: tuple[NodeEstimate, ...]

    @property
    def total(self) -> Usage:
        """The sum over the nodes; unknown where a node is."""
        total = Usage()
        for node in self.nodes:
            total.add_usage(node.usage)
        return total

    @property
    def notes(self) -> list[str]:
        """What the figures leave out."""
        gaps = {
            "the reports leave out LUT and FF of": {name for node in self.nodes for name in node.unreported},
            "no cost data for": {name for node in self.nodes for name in node.unmodelled},
            "figures from another clock or speed grade for": {
                name for node in self.nodes for name in node.extrapolated
            },
        }
        return [NOT_COUNTED, *(f"{what} {', '.join(sorted(names))}" for what, names in gaps.items() if names)]

    def to_json(self) -> dict[str, Any]:
        """The object that `dataflowc estimate --json` prints. `at_least` holds the known part of the resources."""
        total = self.total
        return {
            "cycles": None,
            "interval": None,
            "clock_ns": None,
            "resources": total.to_json(),
            "kind": "estimate",
            "nodes": [node.to_json() for node in self.nodes],
            "at_least": dict(total.known),
            "notes": self.notes,
        }


def estimate_resources(module: ModuleOp, target: Target, clock_ns: float | None = None) -> Estimate:
    """The resources of a module on level `scheduled`, for the clock asked for (None: the target's own).

    Raises UserError (DF322) for a module without a `dataflow.schedule`.
    """
    schedules = [op for op in module.walk() if isinstance(op, ScheduleOp)]
    if not schedules:
        raise UserError("DF322", "only a module with a dataflow.schedule can be estimated")
    clock_ns = clock_ns or 1000.0 / target.clock_mhz
    return Estimate(tuple(_node(node, target, clock_ns) for schedule in schedules for node in schedule.nodes))


def check_fits(estimate: Estimate, target: Target) -> None:
    """Raise InfeasibleTarget (DF320) if the design takes more of a resource than the target has.

    What is known of a resource is checked even where the rest is not. The error names each resource that is short, by
    how much, and the nodes that take most of it.
    """
    used = estimate.total.known
    short = [kind for kind in RESOURCE_KINDS if used[kind] > target.resources.count(kind)]
    if short:
        raise InfeasibleTarget(
            "DF320",
            f"the design does not fit {target.name}: "
            + "; ".join(_shortage(kind, used[kind], target) for kind in short),
            notes=[_worst(kind, estimate.nodes) for kind in short],
            hint="take a larger target (`dataflowc targets` lists them) or a smaller model",
        )


def _shortage(kind: str, used: int, target: Target) -> str:
    available = target.resources.count(kind)
    return f"it needs {used:,} {kind.upper()}, {used - available:,} more than the {available:,} there are"


def _worst(kind: str, nodes: Sequence[NodeEstimate]) -> str:
    largest = sorted(nodes, key=lambda node: -node.usage.known[kind])[:WORST_NODES]
    users = [f"{node.name} ({node.usage.known[kind]:,})" for node in largest if node.usage.known[kind]]
    return f"most {kind.upper()} is used by {', '.join(users)}"


def _node(node: NodeOp, target: Target, clock_ns: float) -> NodeEstimate:
    estimate = NodeEstimate(node.label.data)
    _add_operators(estimate, node, target, clock_ns)
    for op in node.body.walk():
        if isinstance(op, BufferOp):
            _add_memory(estimate.usage, _buffer_cost(op))
    for value in node.writes:
        _add_memory(estimate.usage, *_channel_cost(value))
    for value in (*node.reads, *node.writes):
        if isinstance(value.owner, PortOp):
            estimate.usage.add(lut=M_AXI_32.lut, ff=M_AXI_32.ff, bram18=M_AXI_32.bram18)
    return estimate


def _add_operators(estimate: NodeEstimate, node: NodeOp, target: Target, clock_ns: float) -> None:
    for (name, dtype), count in node_operators(node).items():
        label = f"{name} {dtype}"
        estimate.operators[label] = count
        try:
            cost = operator(name, dtype, target.family, clock_ns, grade=target.speed_grade)
        except NoOperatorData:
            estimate.unmodelled.append(label)
            estimate.usage.add(dsp=None, lut=None, ff=None)
            continue
        estimate.usage.add(count, dsp=cost.dsp, lut=cost.lut, ff=cost.ff)
        if cost.lut is None or cost.ff is None:
            estimate.unreported.append(label)
        if cost.extrapolated:
            estimate.extrapolated[label] = cost.source


def _add_memory(usage: Usage, *costs: MemoryCost) -> None:
    for cost in costs:
        usage.add(bram18=cost.bram18, uram=cost.uram, lut=cost.lut, ff=cost.ff)


def _channel_cost(value: SSAValue) -> Iterable[MemoryCost]:
    """The FIFO or RAM behind a value that a node writes; nothing for an off-chip port."""
    match value.owner:
        case StreamOp() as stream:
            assert isinstance(stream.channel.type, StreamType)
            assert stream.depth is not None, "the level predicate asks for a depth"
            yield fifo_cost(_bits(stream.channel.type.element_type), stream.depth.value.data)
        case BufferOp() as buffer:
            yield _buffer_cost(buffer)
        case _:
            return


def _buffer_cost(buffer: BufferOp) -> MemoryCost:
    assert isinstance(buffer.channel.type, MemRefType)
    kind = buffer.memory.value.data if buffer.memory is not None else "auto"
    return array_cost(
        _bits(buffer.channel.type.element_type),
        prod(buffer.channel.type.get_shape()),
        kind=cast(ArrayKind, kind),
        stages=buffer.stages.value.data,
    )


def _bits(element_type: Attribute) -> int:
    return _BITS[str(element_type)]
