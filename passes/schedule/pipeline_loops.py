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
from dataflowc.passes.analysis.loops import is_innermost
from dataflowc.passes.analysis.recurrences import recurrence_distance

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
    ops = list(loop.body.walk())
    stores = [op for op in ops if isinstance(op, affine.StoreOp)]
    loads = [op for op in ops if isinstance(op, affine.LoadOp)]
    for store in stores:
        for load in (op for op in loads if op.memref is store.memref):
            chain = _path_latency(load, store.value, latencies, {})
            distance = recurrence_distance(load, store, loop) if chain is not None else None
            if chain is None or distance is None:
                continue
            assert isinstance(store.memref.type, MemRefType)
            latency = chain + (MEMORY_ROUND_TRIP if store.memref.type.get_shape() else 0)
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


def _path_latency(
    load: affine.LoadOp, value: SSAValue, latencies: _Latencies, known: dict[SSAValue, int | None]
) -> int | None:
    """Latency of the longest operator path from `load` to `value`; None if there is no path. `known` are the answers
    so far."""
    if value is load.result:
        return 0
    op = value.owner
    if not isinstance(op, Operation) or isinstance(op, affine.LoadOp):
        return None
    if value not in known:
        paths = [p for v in op.operands if (p := _path_latency(load, v, latencies, known)) is not None]
        known[value] = max(paths) + latencies.of(op) if paths else None
    return known[value]
