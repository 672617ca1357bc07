"""How a `linalg.generic` becomes a process: loop order, what is read in place, what is kept, what is re-read.

Loops stand as `outer` (parallel; tokens arrive slab by slab in their order) then `inner` (the work on one slab).
Operands are
- in place: read from the FIFO where the loops need them,
- slab: filled into a local buffer at depth `q` of the outer loops, then read at random,
- replay: a weight that its loader sends again whenever the loops come back to it,
- constant, or nothing (an undefined accumulator).
A windowed operand (convolution, pooling) walks its rows one by one in place of the outermost window loop and keeps the
last `RowWindow.size` of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal

from xdsl.ir import SSAValue

from dataflowc.dialects.attributes import OrderAttr, OrderLoop
from dataflowc.dialects.types import bits_of
from dataflowc.passes.analysis.linear import Domain, Linear
from dataflowc.passes.analysis.structured import OrderOf, Structured
from dataflowc.passes.analysis.token_order import (
    matched_prefix,
    reads_in_place,
    slab_shape,
    suffix_of,
    token_position,
)
from dataflowc.passes.analysis.views import Access, element_of, shape_of

IsWeight = Callable[[SSAValue], bool]

SMALL_WEIGHT = 2048
"""Weights of at most this many elements (biases, scales) are always kept on chip: re-reading them saves nothing."""


@dataclass(frozen=True, slots=True)
class RowWindow:
    """The rows of a windowed operand: output row p needs input rows `stride * p + offset ... + size - 1`."""

    dim: int
    tensor_dim: int
    rows: int
    stride: int
    size: int
    offset: int

    @property
    def ring(self) -> int:
        """Rows of the local buffer: `size` rounded up to a power of two, so that the row index wraps for free."""
        return 1 << (self.size - 1).bit_length()


@dataclass(frozen=True, slots=True)
class InPlace:
    """Read from the stream at the first iteration of the loops that do not move it."""

    position: Linear


@dataclass(frozen=True, slots=True)
class Slab:
    """Kept in a buffer of `shape`, filled at depth `depth` of the outer loops by `loops` in token order.

    Indices into it are tensor indices without the terms of the outer loops in `dropped`.
    """

    depth: int
    loops: tuple[OrderLoop, ...]
    shape: tuple[int, ...]
    dropped: tuple[int, ...]
    row: RowWindow | None = None
    keep_rank: bool = False
    """Whether dimensions of extent 1 are dimensions of the buffer too."""

    @property
    def buffer_dims(self) -> list[int]:
        """The tensor dimensions that the buffer has."""
        return [dim for dim, extent in enumerate(self.shape) if extent > 1 or self.keep_rank]


@dataclass(frozen=True, slots=True)
class Replay:
    """A weight streamed in the order of `movers`, sent again for every iteration of the other loops outside them."""

    movers: tuple[int, ...]


Mode = InPlace | Slab | Replay | None
"""None: a constant or undefined operand."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be chosen for an op with large weights.

    `weights`: kept on chip, or streamed again for every iteration of the outer loops. `outer`: how many outer loops
    stay (None: all); fewer means more rows share one pass over the weights, for larger local buffers. `split`: a domain
    dimension and the extent of the inner digit it is cut into first.
    """

    weights: Literal["on-chip", "streamed"] = "on-chip"
    outer: int | None = None
    split: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The decisions for one op; `bits` of local memory and `traffic` bytes of weights read per call follow from
    them."""

    outer: tuple[int, ...]
    inner: tuple[int, ...]
    accumulated: tuple[int, ...]
    drained: tuple[int, ...]
    row: RowWindow | None
    inputs: tuple[Mode, ...]
    inits: tuple[Mode, ...]

    def order_of_output(self, op: Structured, output: int) -> OrderAttr:
        """The order in which output number `output` leaves."""
        loops = [*self.outer, *(self.drained if op.reductions else self.inner)]
        return coalesce(
            OrderLoop(dim, op.domain.extent(loop), index.coefficient(loop))
            for loop in loops
            for dim, index in enumerate(op.outputs[output])
            if index.coefficient(loop)
        )


def coalesce(loops: Iterable[OrderLoop]) -> OrderAttr:
    """An order with neighbouring loops merged where they count one tensor dimension through."""
    merged: list[OrderLoop] = []
    for loop in loops:
        last = merged[-1] if merged else None
        if last and last.dim == loop.dim and last.step == loop.step * loop.extent:
            merged[-1] = OrderLoop(loop.dim, last.extent * loop.extent, loop.step)
        else:
            merged.append(loop)
    return OrderAttr.get(merged)


@dataclass(slots=True)
class Planner:
    """Makes the plan of one op; `order_of` and `is_weight` describe where operands come from."""

    op: Structured
    order_of: OrderOf
    is_weight: IsWeight

    def plan(self, choice: Choice) -> Plan:
        """The plan under `choice`."""
        domain = self.op.domain
        movable = [d for d in range(len(domain.dims)) if domain.extent(d) > 1]
        strides = self._driver_strides(movable)
        row = self._row_window(strides) if choice.outer is None and self.op.reductions else None
        outer, inner = self._loop_order(movable, strides, row, choice)
        reductions = self.op.reductions
        accumulated = tuple(d for d in inner if domain.is_parallel(d)) if reductions else ()
        by_driver = sorted((d for d in accumulated if strides.get(d, 0)), key=lambda d: -strides[d])
        drained = (*by_driver, *(d for d in accumulated if not strides.get(d, 0)))
        inputs = tuple(self._mode(a, outer, inner, row, choice) for a in self.op.inputs)
        inits = tuple(self._mode(a, outer, accumulated, row, Choice()) for a in self.op.inits)
        return Plan(outer, inner, accumulated, drained, row, inputs, inits)

    def _driver(self) -> Access | None:
        """The largest operand that arrives as a stream in a known order."""
        streams = [
            access
            for access in self.op.inputs
            if access.value is not None
            and (order := self.order_of(access.value)) is not None
            and token_position(order, access.index, self.op.domain) is not None
        ]
        return max(streams, key=lambda access: prod(shape_of(access.value)), default=None)  # type: ignore[arg-type]

    def _position(self, access: Access) -> Linear | None:
        assert access.value is not None
        order = self.order_of(access.value)
        return token_position(order, access.index, self.op.domain) if order is not None else None

    def _driver_strides(self, movable: Sequence[int]) -> dict[int, int]:
        """Tokens of the driving stream per step of each loop; without a driver, row-major in the first output."""
        driver = self._driver()
        if driver is not None:
            position = self._position(driver)
            assert position is not None
            return {d: position.coefficient(d) for d in movable}
        if self.op.reductions:
            return {}
        shape = self.op.output_shapes[0]
        weights = [prod(shape[i + 1 :]) for i in range(len(shape))]
        index = self.op.outputs[0]
        return {d: sum(w * index[i].coefficient(d) for i, w in enumerate(weights)) for d in movable}

    def _row_window(self, strides: dict[int, int]) -> RowWindow | None:
        """The outermost window of the driving stream, if everything outside it is walked in order."""
        driver = self._driver()
        if driver is None or driver.value is None:
            return None
        order, domain = self.order_of(driver.value), self.op.domain
        assert order is not None
        position = self._position(driver)
        loops = sorted((d for d, s in strides.items() if s), key=lambda d: -strides[d])
        if position is None or reads_in_place(loops, position, prod(order.extents), domain):
            return None
        for loop in order.data:
            if loop.extent == 1:
                continue
            index = driver.index[loop.dim]
            assert isinstance(index, Linear)
            parallel = [d for d in index.terms if domain.is_parallel(d)]
            window = [d for d in index.terms if not domain.is_parallel(d)]
            if not window and len(parallel) == 1 and index.coefficient(parallel[0]) == 1 == loop.step:
                if index.const or domain.extent(parallel[0]) != loop.extent:
                    return None  # only a part of what comes is wanted
                continue
            only_digit = sum(other.dim == loop.dim and other.extent > 1 for other in order.data) == 1
            if len(parallel) != 1 or not only_digit or any(c < 0 for c in index.terms.values()):
                return None
            size = 1 + sum(index.coefficient(d) * (domain.extent(d) - 1) for d in window)
            return RowWindow(parallel[0], loop.dim, loop.extent, index.coefficient(parallel[0]), size, index.const)
        return None

    def _loop_order(
        self, movable: Sequence[int], strides: dict[int, int], row: RowWindow | None, choice: Choice
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        domain = self.op.domain
        walked = sorted((d for d in movable if strides.get(d, 0)), key=lambda d: -strides[d])
        still = [d for d in movable if not strides.get(d, 0)]
        if not self.op.reductions:
            return (*walked, *still), ()
        if row is not None:
            outer = [d for d in walked if domain.is_parallel(d) and strides[d] > strides[row.dim]]
            outer.append(row.dim)
        else:
            leading = next((i for i, d in enumerate(walked) if not domain.is_parallel(d)), len(walked))
            outer = self._walked_in_order(walked[:leading])[: choice.outer]
        rest = [d for d in (*walked, *still) if d not in outer]
        if row is None and (choice.weights == "on-chip" or not self._has_large_reuse(outer, rest)):
            return tuple(outer), tuple(rest)
        reductions = [d for d in rest if not domain.is_parallel(d)]
        parallel = [d for d in rest if domain.is_parallel(d)]
        weighted = [d for d in parallel if self._moves_weight(d)]
        others = [d for d in parallel if d not in weighted]
        return tuple(outer), (*reductions, *weighted, *others)

    def _walked_in_order(self, loops: Sequence[int]) -> list[int]:
        """The leading `loops` along which the driving stream arrives slab by slab."""
        driver = self._driver()
        if driver is None or driver.value is None:
            return []
        position, order = self._position(driver), self.order_of(driver.value)
        assert position is not None and order is not None
        return list(loops[: matched_prefix(loops, position, prod(order.extents), self.op.domain)[0]])

    def _has_large_reuse(self, outer: Sequence[int], rest: Sequence[int]) -> bool:
        """Whether some remaining parallel loop re-uses every weight (rows inside one pass)."""
        return any(self.op.domain.is_parallel(d) and not self._moves_weight(d) for d in rest) and any(
            access.value is not None and self.is_weight(access.value) for access in self.op.inputs
        )

    def _moves_weight(self, dim: int) -> bool:
        return any(
            access.value is not None
            and self.is_weight(access.value)
            and any(isinstance(i, Linear) and i.coefficient(dim) for i in access.index)
            for access in self.op.inputs
        )

    def _mode(
        self, access: Access, outer: Sequence[int], inner: Sequence[int], row: RowWindow | None, choice: Choice
    ) -> Mode:
        if access.value is None:
            return None
        domain, loops = self.op.domain, (*outer, *inner)
        shape = shape_of(access.value)
        if self.is_weight(access.value):
            movers = weight_movers(access, loops, domain)
            small = prod(shape) <= SMALL_WEIGHT
            streamed = choice.weights == "streamed" and not small
            if movers is not None and (streamed or not _repeats(movers, loops, domain)):
                return Replay(movers)
            return Slab(0, OrderAttr.row_major(shape).data, shape, ())
        order = self.order_of(access.value)
        assert order is not None
        position, tokens = self._position(access), prod(order.extents)
        if row is not None and self._is_window_of(access, row):
            assert position is not None
            depth = len(outer) - 1
            slab = suffix_of(order, tokens // prod(domain.extent(d) for d in outer[:-1]) // row.rows)
            rows = list(slab_shape(slab, len(shape)))
            rows[row.tensor_dim] = row.ring
            return Slab(depth + 1, slab, tuple(rows), tuple(outer[:-1]), row)
        if position is None:
            return Slab(0, order.data, shape, ())
        if reads_in_place(loops, position, tokens, domain):
            return InPlace(position)
        ordered = outer if row is None else outer[:-1]
        depth, rest = matched_prefix(ordered, position, tokens, domain)
        slab = suffix_of(order, rest)
        return Slab(depth, slab, slab_shape(slab, len(shape)), tuple(ordered[:depth]))

    def _is_window_of(self, access: Access, row: RowWindow) -> bool:
        driver = self._driver()
        return driver is not None and access.value is driver.value and access.index == driver.index


def weight_movers(access: Access, loops: Sequence[int], domain: Domain) -> tuple[int, ...] | None:
    """The loops that walk a weight, if each walks one of its dimensions and together they visit each element once."""
    movers = []
    for dim in loops:
        touched = [i for i in access.index if isinstance(i, Linear) and i.coefficient(dim)]
        if len(touched) > 1:
            return None
        if touched:
            movers.append(dim)
    if not access.is_linear or any(isinstance(i, Linear) and i.const for i in access.index):
        return None
    extents = prod(domain.extent(d) for d in movers)
    return tuple(movers) if extents == prod(shape_of(access.value)) else None  # type: ignore[arg-type]


def _repeats(movers: Sequence[int], loops: Sequence[int], domain: Domain) -> bool:
    """Whether some loop outside a mover makes it come back."""
    if not movers:
        return False
    last = max(loops.index(d) for d in movers)
    return any(d not in movers and domain.extent(d) > 1 for d in loops[:last])


def local_bits(op: Structured, plan: Plan) -> int:
    """Bits of local memory that the plan needs: slabs and accumulators; registers are free."""
    slabs = sum(
        prod(mode.shape) * bits_of(element_of(access.value))
        for access, mode in zip((*op.inputs, *op.inits), (*plan.inputs, *plan.inits), strict=True)
        if isinstance(mode, Slab) and access.value is not None
    )
    if not plan.accumulated:
        return slabs
    sums = prod(op.domain.extent(d) for d in plan.accumulated)
    return slabs + sums * sum(bits_of(argument.type) for argument in op.body.args[len(op.aliases) :])


def weight_reads(op: Structured, plan: Plan) -> int:
    """Elements of weights read from off-chip memory per call."""
    total = 0
    loops = (*plan.outer, *plan.inner)
    for access, mode in zip(op.inputs, plan.inputs, strict=True):
        if isinstance(mode, Replay):
            last = max((loops.index(d) for d in mode.movers), default=-1)
            total += prod(op.domain.extent(d) for d in loops[: last + 1])
        elif isinstance(mode, Slab) and access.value is not None and mode.depth == 0:
            total += prod(mode.shape)
    return total
