"""Emits the process of one `linalg.generic` from its plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from xdsl.dialects import arith, memref, tensor
from xdsl.dialects.builtin import IndexType, IntegerAttr, MemRefType
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import BlockArgument, Operation, SSAValue
from xdsl.ir.affine import AffineExpr

from dataflowc.dialects.names import identifier
from dataflowc.passes.analysis.gathers import Table
from dataflowc.passes.analysis.linear import Index, Linear, to_affine
from dataflowc.passes.analysis.structured import Structured
from dataflowc.passes.analysis.views import Access
from dataflowc.passes.nodes.plan import InPlace, Mode, Plan, Replay, RowWindow, Slab
from dataflowc.passes.nodes.sinks import Sink
from dataflowc.passes.nodes.writer import Condition, NodeWriter


@dataclass(frozen=True, slots=True)
class Operand:
    """An operand ready to be loaded: its access and mode, the channel it arrives by, and where it is kept."""

    access: Access
    mode: Mode
    channel: SSAValue | None
    kept: SSAValue | None = None


@dataclass(slots=True)
class GenericEmitter:
    """Writes loops, operand handling and the scalar body of `op` into `writer`.

    `channels` holds, per input then init, the stream (or, for `randoms`, the array) that carries it; `sinks` takes each
    output's elements.
    """

    op: Structured
    plan: Plan
    writer: NodeWriter
    channels: Sequence[SSAValue | None]
    sinks: Sequence[Sink]
    randoms: Mapping[SSAValue, tuple[Table, SSAValue | None]] = field(default_factory=dict)
    """Tensor that the body indexes by value (a gather) -> where its elements lie, in which array."""
    weight_names: Mapping[SSAValue, str] = field(default_factory=dict)
    """Weight -> its name in the state dict."""

    def emit(self) -> None:
        """Write the whole body."""
        count = len(self.op.inputs)
        modes = (*self.plan.inputs, *self.plan.inits)
        accesses = (*self.op.inputs, *self.op.inits)
        operands = [self._prepare(a, m, c) for a, m, c in zip(accesses, modes, self.channels, strict=True)]
        self._outer(operands, 0, lambda: self._core(operands[:count], operands[count:]))

    # --- operands ---------------------------------------------------------------------------------------------------

    def _prepare(self, access: Access, mode: Mode, channel: SSAValue | None) -> Operand:
        if channel is None or mode is None:
            return Operand(access, mode, None)
        element = channel.type.element_type  # type: ignore[attr-defined]
        name = self._short_name(access)
        if isinstance(channel.type, MemRefType):
            return Operand(access, mode, None, self.writer.reading(channel, name))
        if isinstance(mode, Slab):
            kept = self.writer.buffer(f"{name}_buf", element, [e for e in mode.shape if e > 1])
        else:
            kept = self.writer.buffer(f"{name}_reg", element, ()) if self._held(access, mode) else None
        return Operand(access, mode, self.writer.reading(channel, name), kept)

    def _short_name(self, access: Access) -> str:
        """How the C++ function calls an operand: weights by the end of their name (`weight`, `bias`), others `x`."""
        name = self.weight_names.get(access.value) if access.value is not None else None
        return identifier(name.rsplit(".", 1)[-1]) if name else "x"

    def _held(self, access: Access, mode: InPlace | Replay) -> bool:
        """Whether the token is used by more than one iteration."""
        return bool(self._still_loops(mode, self._loops_of(access)))

    def _loops_of(self, access: Access) -> tuple[int, ...]:
        """The loops around a load: the inner ones for inputs, the accumulator's for initial values."""
        is_init = any(access is init for init in self.op.inits)
        return (*self.plan.outer, *(self.plan.accumulated if is_init else self.plan.inner))

    def _still_loops(self, mode: InPlace | Replay, loops: Sequence[int]) -> list[int]:
        """Loops inside the last one that moves the stream; it is read at their first iteration."""
        movers = mode.movers if isinstance(mode, Replay) else tuple(mode.position.terms)
        last = max((loops.index(d) for d in movers), default=-1)
        return [d for d in loops[last + 1 :] if self.op.domain.extent(d) > 1]

    def _load(self, operand: Operand) -> SSAValue:
        access, mode, writer = operand.access, operand.mode, self.writer
        if access.constant is not None:
            return writer.constant(access.constant)
        if isinstance(mode, Slab):
            assert operand.kept is not None
            return writer.load(operand.kept, self._slab_index(access.index, mode))
        assert isinstance(mode, InPlace | Replay) and operand.channel is not None, (
            "an undefined accumulator is not read"
        )
        still = self._still_loops(mode, self._loops_of(access))
        if operand.kept is None:
            return writer.take(operand.channel)
        with writer.when([Condition.zero(AffineExpr.dimension(d)) for d in still]):
            writer.store(writer.take(operand.channel), operand.kept, ())
        return writer.load(operand.kept, ())

    def _loaded(self, inputs: Sequence[Operand]) -> list[SSAValue | None]:
        """One value per block argument that stands for an input; None where the body does not use it."""
        values = [self._load(operand) for operand in inputs]
        return [values[alias] if alias >= 0 else None for alias in self.op.aliases]

    def _slab_index(self, index: Sequence[Index], mode: Slab) -> list[AffineExpr]:
        exprs = []
        for dim, extent in enumerate(mode.shape):
            if extent == 1:
                continue
            expr = index[dim]
            if isinstance(expr, Linear):
                expr = expr.without(mode.dropped)
            if mode.row is not None and dim == mode.row.tensor_dim:
                assert isinstance(expr, Linear)
                inside = Linear(expr.without([mode.row.dim]).terms)
                ahead = mode.row.ring - mode.row.size + 1
                expr = (AffineExpr.dimension(self._row_variable) + inside.affine() + ahead) % mode.row.ring
            exprs.append(to_affine(expr))
        return exprs

    @property
    def _row_variable(self) -> int:
        return len(self.op.domain.dims)

    # --- outer loops and fills --------------------------------------------------------------------------------------

    def _outer(self, operands: Sequence[Operand], depth: int, core: Callable[[], None]) -> None:
        row = self.plan.row
        at_row = row is not None and depth == len(self.plan.outer) - 1
        self._fill(
            [o for o in operands if isinstance(o.mode, Slab) and o.mode.depth == depth and o.channel is not None]
        )
        if depth == len(self.plan.outer):
            core()
        elif at_row:
            assert row is not None
            with self.writer.loop(self._row_variable, row.rows, "row", "rows"):
                self._fill([o for o in operands if isinstance(o.mode, Slab) and o.mode.row is not None])
                rest = [o for o in operands if not (isinstance(o.mode, Slab) and o.mode.row is not None)]
                ready = _row_ready(row, self._row_variable, self.op.domain.extent(row.dim))
                output_row = _output_row(row, self._row_variable)
                with self.writer.when(ready), self.writer.bind(row.dim, output_row):
                    self._outer(rest, depth + 1, core)
        else:
            dim = self.plan.outer[depth]
            with self.writer.loop(dim, self.op.domain.extent(dim), self._hint(dim), "" if depth else "outer"):
                self._outer(operands, depth + 1, core)

    def _fill(self, operands: Sequence[Operand]) -> None:
        for operand in operands:
            mode, kept = operand.mode, operand.kept
            assert isinstance(mode, Slab) and kept is not None and operand.channel is not None
            fill(self.writer, operand.channel, kept, mode, self._row_variable)

    # --- the work ---------------------------------------------------------------------------------------------------

    def _hint(self, dim: int) -> str:
        return f"{'i' if self.op.domain.is_parallel(dim) else 'k'}{dim}"

    def _nest(self, dims: Sequence[int]) -> list[tuple[int, int, str]]:
        return [(d, self.op.domain.extent(d), self._hint(d)) for d in dims]

    def _core(self, inputs: Sequence[Operand], inits: Sequence[Operand]) -> None:
        if not self.op.reductions:
            results = self._body(self._loaded(inputs), inits)
            for sink, value, index in zip(self.sinks, results, self.op.outputs, strict=True):
                sink.put(self.writer, value, index)
            return
        writer, plan = self.writer, self.plan
        element_types = [arg.type for arg in self.op.body.args[len(self.op.aliases) :]]
        shape = [self.op.domain.extent(d) for d in plan.accumulated]
        place = [AffineExpr.dimension(d) for d in plan.accumulated]
        sums = [writer.buffer(f"acc{i or ''}", element, shape) for i, element in enumerate(element_types)]
        with writer.loops(self._nest(plan.accumulated), "init"):
            for init, total in zip(inits, sums, strict=True):
                writer.store(self._load(init), total, place)
        with writer.loops(self._nest(plan.inner), "reduce"):
            values = self._loaded(inputs)
            carried = [writer.load(total, place) for total in sums]
            for value, total in zip(self._body(values, (), carried), sums, strict=True):
                writer.store(value, total, place)
        with writer.loops(self._nest(plan.drained), "drain"):
            for sink, total, index in zip(self.sinks, sums, self.op.outputs, strict=True):
                sink.put(writer, writer.load(total, place), index)

    def _body(
        self, values: Sequence[SSAValue | None], inits: Sequence[Operand], carried: Sequence[SSAValue] | None = None
    ) -> list[SSAValue]:
        """The scalar ops of the generic, with block arguments replaced; returns what it yields."""
        block = self.op.body
        mapping = {arg: value for arg, value in zip(block.args, values, strict=False) if value is not None}
        for position, argument in enumerate(block.args[len(values) :]):
            if carried is not None:
                mapping[argument] = carried[position]
            elif argument.uses:
                mapping[argument] = self._load(inits[position])
        for op in block.ops:
            if isinstance(op, linalg.YieldOp):
                return [self._mapped(value, mapping) for value in op.operands]
            self._clone(op, mapping)
        raise AssertionError("a linalg.generic ends in linalg.yield")

    def _mapped(self, value: SSAValue, mapping: dict[SSAValue, SSAValue]) -> SSAValue:
        """The node's version of a value of the body; constants from outside are cloned in."""
        if value not in mapping:
            assert not isinstance(value, BlockArgument), "a body sees only its arguments, constants and tensors"
            outer = value.owner
            assert isinstance(outer, Operation)
            mapping[value] = self.writer.add(outer.clone()).results[0]
        return mapping[value]

    def _clone(self, op: Operation, mapping: dict[SSAValue, SSAValue]) -> None:
        if isinstance(op, linalg.IndexOp):
            expr = self.op.origins[op.dim.value.data].affine()
            mapping[op.result] = self.writer.index_value(expr)
        elif isinstance(op, tensor.ExtractOp):
            mapping[op.result] = self._gather(op, mapping)
        else:
            for operand in op.operands:
                self._mapped(operand, mapping)
            clone = op.clone(value_mapper=mapping)
            clone.attributes.pop("source", None)
            self.writer.add(clone)

    def _gather(self, op: tensor.ExtractOp, mapping: dict[SSAValue, SSAValue]) -> SSAValue:
        table, array = self.randoms[op.tensor]
        if array is None:
            assert table.constant is not None, "a gather from undefined contents"
            return self.writer.constant(table.constant)
        indices = [self._mapped(value, mapping) for value in op.indices]
        return self.writer.add(memref.LoadOp.get(array, [self._flat_index(table, indices)])).results[0]

    def _flat_index(self, table: Table, indices: Sequence[SSAValue]) -> SSAValue:
        """`sum(weights * indices) + offset` as an SSA value."""
        writer = self.writer
        terms = [
            index
            if weight == 1
            else writer.add(arith.MuliOp(index, writer.constant(IntegerAttr(weight, IndexType())))).results[0]
            for index, weight in zip(indices, table.weights, strict=True)
            if weight
        ]
        if table.offset or not terms:
            terms.append(writer.constant(IntegerAttr(table.offset, IndexType())))
        total = terms[0]
        for term in terms[1:]:
            total = writer.add(arith.AddiOp(total, term)).results[0]
        return total


def fill(writer: NodeWriter, stream: SSAValue, kept: SSAValue, slab: Slab, row_variable: int) -> None:
    """Loops that take the tokens of one slab into its buffer; they use variables above `row_variable`."""
    first = row_variable + 1
    variables = [(first + i, loop.extent, f"f{i}") for i, loop in enumerate(slab.loops)]
    index = [Linear() for _ in slab.shape]
    for (variable, _, _), loop in zip(variables, slab.loops, strict=True):
        index[loop.dim] = index[loop.dim] + Linear.of(variable, loop.step)
    exprs = {dim: index[dim].affine() for dim in slab.buffer_dims}
    if slab.row is not None and slab.row.size > 1:
        exprs[slab.row.tensor_dim] = AffineExpr.dimension(row_variable) % slab.row.ring
    with writer.loops(variables, "fill"):
        writer.store(writer.take(stream), kept, [exprs[dim] for dim in sorted(exprs)])


def _row_ready(row: RowWindow, variable: int, outputs: int) -> list[Condition]:
    """The row just filled completes the window of an output row."""
    first = row.offset + row.size - 1
    since = AffineExpr.dimension(variable) - first if first else AffineExpr.dimension(variable)
    last = first + (outputs - 1) * row.stride
    conditions = [Condition(since)] if first else []
    if row.stride > 1:
        conditions.append(Condition.zero(since % row.stride))
    if last < row.rows - 1:
        conditions.append(Condition(AffineExpr.constant(last) - AffineExpr.dimension(variable)))
    return conditions


def _output_row(row: RowWindow, variable: int) -> AffineExpr:
    first = row.offset + row.size - 1
    since = AffineExpr.dimension(variable) - first if first else AffineExpr.dimension(variable)
    return since // row.stride if row.stride > 1 else since
