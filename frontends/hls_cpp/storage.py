"""What a name in C++ stands for once it has a place in the IR, and the pragmas that say how it is stored."""

from __future__ import annotations

from dataclasses import dataclass, field

from xdsl.dialects.builtin import DictionaryAttr, IndexType, IntegerAttr, MemRefType, StringAttr, UnitAttr, i64
from xdsl.ir import Attribute, Operation

from dataflowc.dialects.attributes import (
    DepthAttr,
    DimPartition,
    MemoryAttr,
    OrderAttr,
    PartitionAttr,
    StreamType,
)
from dataflowc.dialects.dataflow import BufferOp, PortOp, StreamOp
from dataflowc.frontends.hls_cpp.c_types import ir_type
from dataflowc.frontends.hls_cpp.errors import bad_pragma
from dataflowc.frontends.hls_cpp.syntax import Place, Pragma

_MEMORIES = {"bram": "bram", "uram": "uram", "lutram": "lutram", "auto": "auto", "srl": "lutram"}
_PARTITIONS = ("cyclic", "block", "complete")
DEFAULT_DEPTH = 2
"""Tokens of a stream without depth. Source: UG1399, pragma HLS stream."""


@dataclass(eq=False, slots=True)
class Entity:
    """An array (`shape` () for a register), a stream, a loop counter or a scalar value.

    Counters have `low` and `high`, the range of their values.
    """

    name: str
    kind: str  # "array" | "stream" | "counter" | "value"
    type: str = "i32"
    shape: tuple[int, ...] = ()
    low: int = 0
    high: int = 0
    depth: int | None = None
    partition: dict[int, DimPartition] = field(default_factory=dict)
    memory: str = ""
    implementation: str = ""
    interface: dict[str, str] = field(default_factory=dict)
    is_fifo: bool = False
    is_shared: bool = False

    @property
    def ir_type(self) -> Attribute:
        """The type of its SSA value."""
        match self.kind:
            case "array":
                return MemRefType(ir_type(self.type), self.shape)
            case "stream":
                return StreamType.get(ir_type(self.type), self.shape)
            case "counter":
                return IndexType()
            case _:
                return ir_type(self.type)

    def declare(self) -> BufferOp | StreamOp:
        """The op that makes it."""
        element = ir_type(self.type)
        if self.kind == "stream":
            return StreamOp(self.name, element, OrderAttr.get(()), self.shape)
        return BufferOp(self.name, element, self.shape)

    def apply(self, pragma: Pragma, place: Place, offset: int) -> None:
        """Take over a pragma about the variable; `offset` dimensions of the array stand before the pragma's first.

        Raises:
            UserError: DF171 where the pragma does not fit the variable.
        """
        if self.kind not in ("array", "stream"):
            return
        match pragma.name:
            case "array_partition":
                self._split(pragma, place, offset)
            case "stream":
                self._stream(pragma)
            case "bind_storage":
                self.memory = _MEMORIES.get((pragma.get("impl") or "").lower(), self.memory)
                self.implementation = " ".join(v for k in ("type", "impl", "latency") if (v := pragma.get(k)))
            case "resource":
                core = (pragma.get("core") or "").lower()
                self.implementation = core
                self.memory = next((kind for word, kind in _MEMORIES.items() if core.endswith(word)), self.memory)

    def _stream(self, pragma: Pragma) -> None:
        depth, kind = pragma.integer("depth"), (pragma.get("type") or "fifo").lower()
        if self.kind == "array":
            self.is_shared = kind == "shared"
            self.is_fifo = kind == "fifo" and pragma.get("off") is None
            self.depth = depth if self.is_fifo else None
        elif depth is not None:
            self.depth = depth

    def _split(self, pragma: Pragma, place: Place, offset: int) -> None:
        kind = next((k for k in _PARTITIONS if pragma.get(k) is not None), (pragma.get("type") or "complete").lower())
        if kind not in _PARTITIONS:
            raise bad_pragma(place, f"unknown partition type '{kind}'", f"types: {', '.join(_PARTITIONS)}")
        dim = pragma.integer("dim")
        dim = 1 if dim is None else dim
        rank = len(self.shape) - offset
        if dim > rank:
            raise bad_pragma(place, f"array '{self.name}' has {rank} dimensions, not {dim}", "dim counts from 1")
        factor = pragma.integer("factor")
        if kind != "complete" and not factor:
            raise bad_pragma(place, f"a {kind} partition of '{self.name}' needs a factor", "write factor=N")
        for position in range(rank) if dim == 0 else [dim - 1]:
            extent = self.shape[position + offset]
            count = extent if kind == "complete" else min(factor or 1, extent)
            old = self.partition.get(position + offset)
            if old is None or old.factor < count:
                self.partition[position + offset] = DimPartition(position + offset, kind, count)

    def finish(self, op: Operation, *, is_local: bool) -> None:
        """Write depth, stages, partition, memory and implementation on the op that makes it."""
        if isinstance(op, StreamOp):
            depth = self.depth or DEFAULT_DEPTH
            op.properties["depth"] = DepthAttr.get(depth, "pragma" if self.depth else "default")
        if isinstance(op, BufferOp):
            stages = 1 if is_local or self.is_shared else 2
            op.properties["stages"] = IntegerAttr(stages, i64)
            if self.memory:
                op.properties["memory"] = MemoryAttr.get(self.memory, "pragma")
            if self.is_fifo:
                op.attributes["fifo"] = UnitAttr()
                op.attributes["depth"] = DepthAttr.get(self.depth or DEFAULT_DEPTH, "pragma")
        if self.partition and isinstance(op, BufferOp | PortOp):
            op.properties["partition"] = PartitionAttr.get(self.partition.values())
        if self.implementation:
            op.attributes["impl"] = StringAttr(self.implementation)
        if self.interface:
            op.attributes["interface"] = DictionaryAttr({k: StringAttr(v) for k, v in self.interface.items()})
