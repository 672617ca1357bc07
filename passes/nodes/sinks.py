"""Where a process puts its results: a stream, or an off-chip array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Protocol

from xdsl.ir import SSAValue

from dataflowc.passes.analysis.linear import Index, Linear, add_index, scale_index, to_affine
from dataflowc.passes.nodes.writer import NodeWriter


class Sink(Protocol):
    """Takes the elements of one tensor, one by one."""

    def put(self, writer: NodeWriter, value: SSAValue, index: Sequence[Index]) -> None:
        """Emit the write of the element at tensor `index`."""
        ...


@dataclass(frozen=True, slots=True)
class StreamSink:
    """Sends tokens in the order in which they come."""

    stream: SSAValue

    def put(self, writer: NodeWriter, value: SSAValue, index: Sequence[Index]) -> None:
        """Emit `dataflow.write`."""
        writer.put(value, writer.writing(self.stream))


@dataclass(frozen=True, slots=True)
class ArraySink:
    """Stores into the flat row-major array of a tensor of `shape`."""

    array: SSAValue
    shape: tuple[int, ...]

    def put(self, writer: NodeWriter, value: SSAValue, index: Sequence[Index]) -> None:
        """Emit `affine.store` at the row-major position of `index`."""
        flat: Index = Linear()
        for dim, expr in enumerate(index):
            flat = add_index(flat, scale_index(expr, prod(self.shape[dim + 1 :])))
        writer.store(value, writer.writing(self.array), [to_affine(flat)])


@dataclass(frozen=True, slots=True)
class NoSink:
    """For a result that nobody reads but on which another result of the same op depends."""

    def put(self, writer: NodeWriter, value: SSAValue, index: Sequence[Index]) -> None:
        """Emit nothing."""
