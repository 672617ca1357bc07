"""Emits the processes of ops that only move elements: pad, concat, insert_slice (assembling) and extract_slice
(cutting).

The result is walked once; each piece is read under the guard of its box, in place if its stream comes in that order,
else from a local copy. A cut walks its operand, takes every token and passes on those in the box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from xdsl.dialects.builtin import AnyFloat, FloatAttr, IntegerAttr
from xdsl.ir import Attribute, SSAValue
from xdsl.ir.affine import AffineExpr

from dataflowc.dialects.attributes import OrderAttr, OrderLoop
from dataflowc.passes.analysis.linear import Domain, IterDim, Linear, to_affine
from dataflowc.passes.analysis.structured import Copies, OrderOf, Piece, Range, Slice, settle, with_order
from dataflowc.passes.analysis.token_order import reads_in_place, token_position
from dataflowc.passes.analysis.views import Access, resolve, shape_of
from dataflowc.passes.nodes.generic_node import fill
from dataflowc.passes.nodes.plan import Slab
from dataflowc.passes.nodes.sinks import Sink
from dataflowc.passes.nodes.writer import Condition, NodeWriter, element_type


@dataclass(frozen=True, slots=True)
class Walk:
    """How an operand meets a walk over its box: its base tensor, the token position of each step, the split domain."""

    access: Access
    position: Linear | None
    domain: Domain

    @property
    def tokens(self) -> int:
        """Elements of the base tensor."""
        return prod(shape_of(self.access.value)) if self.access.value is not None else 0

    def dims_by_stride(self, rank: int) -> list[int]:
        """The box's dimensions in the order of the stream, outermost first (row-major where unknown)."""
        if self.position is None:
            return list(range(rank))
        stride = [0] * rank
        for dim, coefficient in self.position.terms.items():
            origin = self.domain.dims[dim].origin
            stride[origin] = max(stride[origin], coefficient)
        return sorted(range(rank), key=lambda d: (-stride[d], d))

    def in_place(self, dims: Sequence[int]) -> bool:
        """Whether walking the box in the order `dims` takes one token per step, from first to last."""
        return self.digits_in_place([i for d in dims for i, digit in enumerate(self.domain.dims) if digit.origin == d])

    def digits_in_place(self, digits: Sequence[int]) -> bool:
        """The same for single loops, outermost first. A token that several steps need must be kept, so that is no."""
        if self.position is None or prod(self.domain.extent(i) for i in digits) != self.tokens:
            return False
        return reads_in_place(digits, self.position, self.tokens, self.domain)


def walk_operand(operand: SSAValue, extents: Sequence[int], order_of: OrderOf) -> Walk:
    """The walk over all of `operand`, whose view has `extents`."""

    def build(domain: Domain) -> Walk:
        index = [domain.origin_index(d) for d in range(len(extents))]
        access = with_order(resolve(operand, index, domain), domain, order_of)
        order = order_of(access.value) if access.value is not None else None
        position = token_position(order, access.index, domain) if order is not None else None
        return Walk(access, position, domain)

    return settle(Domain.of(extents, ["parallel"] * len(extents)), build)


def order_of_copies(op: Copies, order_of: OrderOf) -> OrderAttr:
    """The order in which an assembled tensor leaves: that of its largest streamed piece."""
    walks = [walk_operand(piece.operand, [r.count for r in piece.box], order_of) for piece in op.pieces]
    streams = [w for w in walks if w.position is not None]
    best = max(streams, key=lambda w: w.tokens, default=None)
    dims = best.dims_by_stride(len(op.shape)) if best else range(len(op.shape))
    return OrderAttr.get(OrderLoop(d, op.shape[d]) for d in dims)


def order_of_slice(op: Slice, order_of: OrderOf) -> OrderAttr:
    """The order in which a cut leaves: that of its operand."""
    walk = walk_operand(op.operand, shape_of(op.operand), order_of)
    return OrderAttr.get(
        OrderLoop(op.kept.index(d), op.box[d].count) for d in walk.dims_by_stride(len(op.box)) if d in op.kept
    )


def _inside(box: Sequence[Range], extents: Sequence[int]) -> list[Condition]:
    """The conditions under which the walk over `extents` is in `box`."""
    conditions = []
    for dim, (part, extent) in enumerate(zip(box, extents, strict=True)):
        here = AffineExpr.dimension(dim)
        last = part.start + part.stride * (part.count - 1)
        if part.start > 0:
            conditions.append(Condition(here - part.start))
        if last < extent - 1:
            conditions.append(Condition(AffineExpr.constant(last) - here))
        if part.stride > 1 and part.count > 1:
            conditions.append(Condition.zero((here - part.start) % part.stride))
    return conditions


def _local_copy(writer: NodeWriter, stream: SSAValue, access: Access, order: OrderAttr, first: int) -> SSAValue:
    """The whole operand in a local buffer, filled before anything else."""
    shape = shape_of(access.value) if access.value is not None else ()
    kept = writer.buffer("x_buf", element_type(stream), [e for e in shape if e > 1])
    fill(writer, writer.reading(stream), kept, Slab(0, order.data, shape, ()), first)
    return kept


def _local_load(writer: NodeWriter, kept: SSAValue, access: Access) -> SSAValue:
    shape = shape_of(access.value) if access.value is not None else ()
    return writer.load(kept, [to_affine(i) for i, extent in zip(access.index, shape, strict=True) if extent > 1])


def _frozen_access(operand: SSAValue, first: int, extents: Sequence[int]) -> Access:
    """Access to `operand` at the variables `first`, `first + 1`, ..., whatever div and mod that takes."""
    unused = [IterDim(1, "parallel", -1)] * first
    domain = Domain([*unused, *(IterDim(e, "parallel", d) for d, e in enumerate(extents))], frozen=True)
    return resolve(operand, [Linear.of(first + d) if e > 1 else Linear() for d, e in enumerate(extents)], domain)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a piece's elements come from: its stream and the stream's order (None: a constant, or no contents)."""

    stream: SSAValue | None
    order: OrderAttr | None


def emit_copies(
    op: Copies, order: OrderAttr, walks: Sequence[Walk], sources: Sequence[Source], sink: Sink, writer: NodeWriter
) -> None:
    """Write the loops of an assembling op. `order` walks the result by whole dimensions."""
    rank, dims = len(op.shape), [loop.dim for loop in order.data]
    kept: list[SSAValue | None] = []
    for walk, source in zip(walks, sources, strict=True):
        local = source.stream is not None and not walk.in_place(dims)
        copy = None
        if local:
            assert source.stream is not None and source.order is not None
            copy = _local_copy(writer, source.stream, walk.access, source.order, 2 * rank)
        kept.append(copy)
    held = writer.buffer("value", _element(op, sources), ())
    index = [Linear.of(d) for d in range(rank)]
    with writer.loops([(d, op.shape[d], f"i{d}") for d in dims], "assemble"):
        if op.default is not None:
            writer.store(writer.constant(op.default), held, ())
        for piece, walk, source, copy in zip(op.pieces, walks, sources, kept, strict=True):
            with writer.when(_inside(piece.box, op.shape)):
                writer.store(_piece_value(piece, walk, source, copy, rank, writer), held, ())
        sink.put(writer, writer.load(held, ()), index)


def _element(op: Copies, sources: Sequence[Source]) -> Attribute:
    for source in sources:
        if source.stream is not None:
            return element_type(source.stream)
    return op.pieces[0].operand.type.element_type  # type: ignore[attr-defined]


def _piece_value(
    piece: Piece, walk: Walk, source: Source, copy: SSAValue | None, rank: int, writer: NodeWriter
) -> SSAValue:
    if source.stream is None:
        return writer.constant(_fixed_value(piece.operand, walk.access))
    if copy is None:
        return writer.take(writer.reading(source.stream))
    access = _frozen_access(piece.operand, rank, [r.count for r in piece.box])
    bound = [_step(d, part) for d, part in enumerate(piece.box)]
    return _load_bound(writer, copy, access, rank, bound)


def _fixed_value(operand: SSAValue, access: Access) -> Attribute:
    """The value of all elements of an operand that comes from no stream: a constant, or 0 where it has no contents.

    What has no contents (`tensor.empty`) is overwritten by a later piece, or may be anything.
    """
    if access.constant is not None:
        return access.constant
    element = element_type(operand)
    return FloatAttr(0.0, element) if isinstance(element, AnyFloat) else IntegerAttr(0, element)


def _step(dim: int, part: Range) -> AffineExpr:
    since = AffineExpr.dimension(dim) - part.start if part.start else AffineExpr.dimension(dim)
    return since // part.stride if part.stride > 1 else since


def _load_bound(
    writer: NodeWriter, copy: SSAValue, access: Access, first: int, exprs: Sequence[AffineExpr]
) -> SSAValue:
    if not exprs:
        return _local_load(writer, copy, access)
    with writer.bind(first + len(exprs) - 1, exprs[-1]):
        return _load_bound(writer, copy, access, first, exprs[:-1])


def emit_slice(op: Slice, order: OrderAttr, walk: Walk, source: Source, sink: Sink, writer: NodeWriter) -> None:
    """Write the loops of a cut."""
    full = shape_of(op.operand)
    walked = [(op.kept[loop.dim], loop.extent, f"i{op.kept[loop.dim]}") for loop in order.data]
    if source.stream is None:
        with writer.loops(walked, "cut"):
            value = writer.constant(_fixed_value(op.operand, walk.access))
            sink.put(writer, value, [Linear.of(d) for d in op.kept])
        return
    assert source.order is not None
    dims = walk.dims_by_stride(len(full))
    if walk.in_place(dims):
        with writer.loops([(d, full[d], f"i{d}") for d in dims], "cut"):
            token = writer.take(writer.reading(source.stream))
            with writer.when(_inside(op.box, full)):
                sink.put(writer, token, [Linear.of(d) for d in op.kept])
        return
    rank = len(full)
    copy = _local_copy(writer, source.stream, walk.access, source.order, 2 * rank)
    access = _frozen_access(op.operand, rank, full)
    exprs = [AffineExpr.dimension(d) * part.stride + part.start for d, part in enumerate(op.box)]
    with writer.loops(walked, "cut"):
        sink.put(writer, _load_bound(writer, copy, access, rank, exprs), [Linear.of(d) for d in op.kept])
