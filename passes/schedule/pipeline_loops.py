"""`pipeline-loops`: give every innermost loop an initiation interval that its recurrences allow."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import affine
from xdsl.dialects.builtin import MemRefType, ModuleOp
from xdsl.ir import BlockArgument, Operation, SSAValue
from xdsl.passes import ModulePass

from dataflowc.dialects.attributes import PipelineAttr
from dataflowc.dialects.dataflow import NodeOp, PortOp
from dataflowc.passes.analysis.loops import is_innermost, trip_count

MEMORY_ROUND_TRIP = 2
"""Cycles from a RAM's read port to an operator and back (streamhls.md section E3, rule 6c)."""

RAM_PORTS = 2
"""Accesses per cycle of the RAMs that arrays are bound to, `ram_2p` (vitis.md section 2.1)."""


@dataclass(frozen=True)
class PipelineLoopsPass(ModulePass):
    """Set `pipeline` on every innermost loop.

    Before: `affine.for %k { %s = load %acc[] ; store (%s + ...), %acc[] }`
    After:  the same with `pipeline = #dataflow.pipeline<7, "acc: 7 cycles over distance 1">`

    A value that is loaded, changed and stored again limits the interval to its latency divided by the iterations
    between two uses of the same element (rules 6b and 6c); an array that is touched more often than its RAM has ports
    limits it too. Operator latencies come from the cost tables for `target` and `clock_ns` (0: the target's own clock).
    """

    name = "pipeline-loops"

    target: str = "vck190"
    clock_ns: float = 0.0

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Visit every innermost loop once."""
        from dataflowc.target import load_target

        target = load_target(self.target)
        clock_ns = self.clock_ns or 1000.0 / target.clock_mhz
        latencies = _Latencies(target.family, clock_ns)
        for loop in op.body.walk():
            if isinstance(loop, affine.ForOp) and is_innermost(loop):
                loop.attributes["pipeline"] = _interval(loop, latencies)


@dataclass(slots=True)
class _Latencies:
    family: str
    clock_ns: float

    def of(self, op: Operation) -> int:
        """Cycles between operands and result of `op`; combinational and free ops take 0."""
        from dataflowc.cost.node_operators import scalar_operator
        from dataflowc.cost.operators import operator

        found = scalar_operator(op)
        if found is None:
            return 0
        return operator(*found, self.family, self.clock_ns).latency


def _interval(loop: affine.ForOp, latencies: _Latencies) -> PipelineAttr:
    best, reason = 1, "no recurrence"
    for store in loop.body.walk():
        if not isinstance(store, affine.StoreOp):
            continue
        chain = _chain_latency(store.value, store.memref, latencies)
        if chain is None:
            continue
        distance = _distance(store, loop)
        if distance is None:
            continue
        assert isinstance(store.memref.type, MemRefType)
        is_array = bool(store.memref.type.get_shape())
        latency = chain + (MEMORY_ROUND_TRIP if is_array else 0)
        interval = max(1, -(-latency // distance))
        if interval > best:
            name = store.memref.name_hint or "value"
            best, reason = interval, f"{name}: {latency} cycles over distance {distance}"
    for array, accesses in _accesses(loop).items():
        interval = -(-len(accesses) // RAM_PORTS)
        if interval > best:
            name = array.name_hint or "array"
            best, reason = interval, f"{name}: {len(accesses)} accesses through {RAM_PORTS} ports"
    return PipelineAttr.get(best, reason)


def _accesses(loop: affine.ForOp) -> dict[SSAValue, set[tuple[object, ...]]]:
    """The different loads and stores per iteration of every array that lies in a RAM."""
    found: dict[SSAValue, set[tuple[object, ...]]] = {}
    for op in loop.body.walk():
        if isinstance(op, affine.LoadOp | affine.StoreOp):
            assert isinstance(op.memref.type, MemRefType)
            if op.memref.type.get_shape() and not _is_port(op.memref):
                found.setdefault(op.memref, set()).add((op.name, op.map, *op.indices))
    return found


def _is_port(array: SSAValue) -> bool:
    """Whether an array of a node lies off chip."""
    if not isinstance(array, BlockArgument):
        return False
    node = array.owner.parent_op()
    return isinstance(node, NodeOp) and isinstance((*node.reads, *node.writes)[array.index].owner, PortOp)


def _chain_latency(value: SSAValue, array: SSAValue, latencies: _Latencies) -> int | None:
    """Latency of the longest operator path from a load of `array` to `value`; None if there is no such path."""
    op = value.owner
    if not isinstance(op, Operation):
        return None
    if isinstance(op, affine.LoadOp):
        return 0 if op.memref is array else None
    paths = [path for v in op.operands if (path := _chain_latency(v, array, latencies)) is not None]
    return max(paths) + latencies.of(op) if paths else None


def _distance(store: affine.StoreOp, innermost: affine.ForOp) -> int | None:
    """Iterations between two stores to the same element; None if no loop comes back to it."""
    used = set(store.indices)
    distance = 1
    loop: Operation | None = innermost
    while isinstance(loop, affine.ForOp):
        if loop.body.block.args[0] not in used:
            return distance
        distance *= trip_count(loop) or 1  # a bound that varies: take the shortest
        loop = loop.parent_op()
        while isinstance(loop, affine.IfOp):
            loop = loop.parent_op()
    return None
