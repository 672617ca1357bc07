"""The loop view of a tensor op: a domain, what it reads at which index, what it writes where.

Two forms cover every op of the linalg level: `Structured` for `linalg.generic`, and `Copies` for pad, concat and
insert_slice, which assemble their result from pieces. An extract_slice is a `Slice`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from xdsl.dialects import tensor
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.ir.affine import AffineMap

from dataflowc.dialects.attributes import OrderAttr
from dataflowc.passes.analysis.linear import Domain, Index, IterKind, Linear, NeedSplit, evaluate
from dataflowc.passes.analysis.token_order import token_position
from dataflowc.passes.analysis.views import Access, maps_of, resolve, shape_of

Result = TypeVar("Result")

OrderOf = Callable[[SSAValue], OrderAttr | None]
"""The order in which a tensor arrives as a stream; None for arrays in memory (weights and model inputs)."""


@dataclass(frozen=True, slots=True)
class Structured:
    """A `linalg.generic` as loops.

    `inputs` has one access per different input (operand i of the op is number `aliases[i]`, or unused if -1), `inits`
    one per output.
    """

    domain: Domain
    inputs: tuple[Access, ...]
    aliases: tuple[int, ...]
    inits: tuple[Access, ...]
    outputs: tuple[tuple[Linear, ...], ...]
    output_shapes: tuple[tuple[int, ...], ...]
    origins: tuple[Linear, ...]
    body: Block

    @property
    def reductions(self) -> list[int]:
        """Dimensions that carry a reduction and run more than once."""
        return [d for d, dim in enumerate(self.domain.dims) if dim.kind == "reduction" and dim.extent > 1]


def analyze_generic(op: linalg.GenericOp, order_of: OrderOf, domain: Domain | None = None) -> Structured:
    """Loops of `op`, split so that reshapes and the orders of incoming streams are linear where that is possible.

    `domain` is one of the op that was split further, to start from.
    """
    if domain is None:
        kinds: list[IterKind] = ["parallel" if k.data.value == "parallel" else "reduction" for k in op.iterator_types]
        domain = Domain.of(op.get_static_loop_ranges(), kinds)
    return settle(domain, lambda domain: _generic_in(op, domain, order_of))


def settle(domain: Domain, build: Callable[[Domain], Result]) -> Result:
    """`build(domain)`, splitting the domain until no index asks for it any more."""
    while True:
        try:
            return build(domain)
        except NeedSplit as need:
            domain = domain.split(need.dim, need.inner)


def _generic_in(op: linalg.GenericOp, domain: Domain, order_of: OrderOf) -> Structured:
    maps = maps_of(op)
    origins = tuple(domain.origin_index(origin) for origin in range(maps[0].num_dims))
    count = len(op.inputs)
    distinct, aliases = distinct_inputs(op)
    inputs = tuple(_access(v, m, origins, domain, order_of) for v, m in distinct)
    block = op.body.block
    inits = tuple(
        _access(v, m, origins, domain, order_of) if argument.uses else Access(None)
        for v, m, argument in zip(op.outputs, maps[count:], block.args[count:], strict=True)
    )
    outputs = []
    for map_ in maps[count:]:
        index = tuple(evaluate(expr, origins, domain) for expr in map_.results)
        linear = tuple(i for i in index if isinstance(i, Linear))
        assert len(linear) == len(index), f"the output map {map_} of {op.name} is not linear in the loops"
        outputs.append(linear)
    shapes = tuple(shape_of(v) for v in op.outputs)
    return Structured(domain, inputs, aliases, inits, tuple(outputs), shapes, origins, block)


def distinct_inputs(op: linalg.GenericOp) -> tuple[list[tuple[SSAValue, AffineMap]], tuple[int, ...]]:
    """The different (value, map) pairs among the inputs that the body uses, and the number of each input among them.

    An input that only lends its shape to the loops (the window of a pooling) has the number -1.
    """
    arguments = op.body.block.args
    pairs = [
        pair if argument.uses else None
        for pair, argument in zip(zip(op.inputs, maps_of(op), strict=False), arguments, strict=False)
    ]
    distinct = [pair for pair in dict.fromkeys(pairs) if pair is not None]
    return distinct, tuple(distinct.index(pair) if pair is not None else -1 for pair in pairs)


def _access(value: SSAValue, map_: AffineMap, origins: Sequence[Index], domain: Domain, order_of: OrderOf) -> Access:
    index = [evaluate(expr, origins, domain) for expr in map_.results]
    return with_order(resolve(value, index, domain), domain, order_of)


def with_order(access: Access, domain: Domain, order_of: OrderOf) -> Access:
    """`access` unchanged, after asking for the splits that make its token position linear."""
    if access.value is not None and (order := order_of(access.value)) is not None:
        token_position(order, access.index, domain)
    return access


@dataclass(frozen=True, slots=True)
class Range:
    """The indices `start + stride * k`, k < count, along one dimension."""

    start: int
    count: int
    stride: int = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an assembled tensor: at `box` of the result stands `operand`, element by element."""

    operand: SSAValue
    box: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Copies:
    """A tensor assembled from pieces. Later pieces win; where none applies stands `default`."""

    shape: tuple[int, ...]
    pieces: tuple[Piece, ...]
    default: Attribute | None


@dataclass(frozen=True, slots=True)
class Slice:
    """The part `box` of `operand`; `kept` are its dimensions that stay in the result."""

    operand: SSAValue
    box: tuple[Range, ...]
    kept: tuple[int, ...]


def _whole(shape: Sequence[int]) -> tuple[Range, ...]:
    return tuple(Range(0, extent) for extent in shape)


def _static_box(op: tensor.ExtractSliceOp | tensor.InsertSliceOp) -> tuple[Range, ...]:
    columns = (op.static_offsets, op.static_sizes, op.static_strides)
    return tuple(
        Range(start, count, stride) for start, count, stride in zip(*(c.get_values() for c in columns), strict=True)
    )


def kept_dims(full: Sequence[int], reduced: Sequence[int]) -> tuple[int, ...]:
    """Which dimensions of `full` survive a rank reduction to `reduced`; only dimensions of extent 1 may go."""
    kept: list[int] = []
    for dim, extent in enumerate(full):
        if len(kept) < len(reduced) and extent == reduced[len(kept)]:
            remaining = [e for e in full[dim + 1 :] if e != 1]
            if extent != 1 or len(reduced) - len(kept) > len(remaining):
                kept.append(dim)
    return tuple(kept)


def analyze_copies(op: Operation) -> Copies | Slice:
    """The loop view of pad, concat, insert_slice or extract_slice."""
    match op:
        case tensor.PadOp():
            source = shape_of(op.source)
            lows = op.static_low.get_values()
            box = tuple(Range(low, extent) for low, extent in zip(lows, source, strict=True))
            last = op.region.block.last_op
            assert last is not None
            default = resolve(last.operands[0], (), Domain([])).constant
            return Copies(shape_of(op.result), (Piece(op.source, box),), default)
        case tensor.ConcatOp():
            dim = op.dim.value.data
            pieces, start = [], 0
            for operand in op.inputs:
                shape = shape_of(operand)
                box = list(_whole(shape))
                box[dim] = Range(start, shape[dim])
                start += shape[dim]
                pieces.append(Piece(operand, tuple(box)))
            return Copies(shape_of(op.result), tuple(pieces), None)
        case tensor.InsertSliceOp():
            whole = Piece(op.dest, _whole(shape_of(op.dest)))
            return Copies(shape_of(op.result), (whole, Piece(op.source, _static_box(op))), None)
        case tensor.ExtractSliceOp():
            box = _static_box(op)
            return Slice(op.source, box, kept_dims([r.count for r in box], shape_of(op.result)))
        case _:
            raise AssertionError(f"{op.name} is not a copy")
