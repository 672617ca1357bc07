"""Emits the process that puts a result of the model into its off-chip array."""

from __future__ import annotations

from xdsl.ir import SSAValue

from dataflowc.dialects.attributes import OrderAttr
from dataflowc.passes.analysis.structured import Copies, Piece, Range
from dataflowc.passes.nodes.copy_node import Source, Walk, emit_copies
from dataflowc.passes.nodes.sinks import ArraySink
from dataflowc.passes.nodes.writer import NodeWriter


def emit_store(value: SSAValue, walk: Walk, source: Source, sink: ArraySink, writer: NodeWriter) -> None:
    """Write the loops that store `value`, as it comes if that is possible, else from a local copy."""
    digits = _in_token_order(walk)
    if source.stream is not None and digits is not None:
        index = [walk.domain.origin_index(d) for d in range(len(sink.shape))]
        with writer.loops([(i, walk.domain.extent(i), f"i{i}") for i in digits], "store"):
            sink.put(writer, writer.take(writer.reading(source.stream)), index)
        return
    whole = Copies(sink.shape, (Piece(value, tuple(Range(0, extent) for extent in sink.shape)),), None)
    emit_copies(whole, OrderAttr.row_major(sink.shape), [walk], [source], sink, writer)


def _in_token_order(walk: Walk) -> list[int] | None:
    """The walk's loops in the order in which the stream comes; None if no order of them reads it in place."""
    position = walk.position
    if position is None:
        return None
    digits = sorted(range(len(walk.domain.dims)), key=lambda i: -position.coefficient(i))
    return digits if walk.digits_in_place(digits) else None
