"""`place-memories`: decide where every local array and channel array lives."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from xdsl.context import Context
from xdsl.dialects.builtin import MemRefType, ModuleOp
from xdsl.passes import ModulePass

from dataflowc.dialects.attributes import MemoryAttr
from dataflowc.dialects.dataflow import BufferOp
from dataflowc.dialects.types import bits_of


@dataclass(frozen=True)
class PlaceMemoriesPass(ModulePass):
    """Set `memory` on every buffer.

    Before: `dataflow.buffer "acc" stages 1 : memref<512xf32>`
    After:  `dataflow.buffer "acc" stages 1 in <bram, "16384 bits"> : memref<512xf32>`

    Scalars are registers, small arrays LUT RAM; the rest goes, largest first, to the kind of block RAM of which the
    smaller share of the target would then be used.
    """

    name = "place-memories"

    target: str = "vck190"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Place all buffers of the module."""
        from dataflowc.cost.memory import LUTRAM_MAX_BITS
        from dataflowc.target import load_target

        resources = load_target(self.target).resources
        buffers = [b for b in op.body.walk() if isinstance(b, BufferOp)]
        chooser = _BlockRams(resources.bram18, resources.uram)
        for buffer in sorted(buffers, key=lambda b: (-_bits(b), b.label.data)):
            bits = _bits(buffer)
            if not _shape(buffer):
                kind, reason = "register", "a scalar"
            elif bits <= LUTRAM_MAX_BITS:
                kind, reason = "lutram", f"{bits} bits"
            else:
                kind, reason = chooser.place(buffer)
            buffer.properties["memory"] = MemoryAttr.get(kind, reason)


def _shape(buffer: BufferOp) -> tuple[int, ...]:
    assert isinstance(buffer.channel.type, MemRefType)
    return buffer.channel.type.get_shape()


def _width(buffer: BufferOp) -> int:
    assert isinstance(buffer.channel.type, MemRefType)
    return bits_of(buffer.channel.type.element_type)


def _bits(buffer: BufferOp) -> int:
    return prod(_shape(buffer)) * _width(buffer) * buffer.stages.value.data


@dataclass(slots=True)
class _BlockRams:
    """Block RAMs of the target and how many are taken."""

    bram18: int
    uram: int
    used_bram18: int = 0
    used_uram: int = 0

    def place(self, buffer: BufferOp) -> tuple[str, str]:
        """Kind and reason for one buffer."""
        from dataflowc.cost.memory import bram18, uram

        words, width, stages = prod(_shape(buffer)), _width(buffer), buffer.stages.value.data
        brams, urams = stages * bram18(width, words), stages * uram(width, words)
        bram_share = (self.used_bram18 + brams) / self.bram18 if self.bram18 else float("inf")
        uram_share = (self.used_uram + urams) / self.uram if self.uram else float("inf")
        if uram_share < bram_share and words >= 1024:
            self.used_uram += urams
            return "uram", f"{urams} URAM keep {uram_share:.0%} of them used; {brams} BRAM18 would be {bram_share:.0%}"
        self.used_bram18 += brams
        return "bram", f"{brams} BRAM18, {words} x {width} bits"
