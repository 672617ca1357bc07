"""Writes the body of one node: loops, guards, local buffers, loads and stores at affine indices.

Indices are affine expressions over *variables*: plain integers. `bind` gives a variable its loop counter, or an
expression of other variables. A variable that is not bound is 0 (a loop of one iteration is never written).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from xdsl.dialects import affine, arith
from xdsl.dialects.builtin import AffineMapAttr, AffineSetAttr, MemRefType, StringAttr
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineConstantExpr,
    AffineConstraintExpr,
    AffineConstraintKind,
    AffineDimExpr,
    AffineExpr,
    AffineMap,
    AffineSet,
)
from xdsl.irdl import IRDLOperation

from dataflowc.dialects.attributes import SourceAttr
from dataflowc.dialects.dataflow import BufferOp, NodeOp, ReadOp, WriteOp


@dataclass(frozen=True, slots=True)
class Condition:
    """`expr == 0` or `expr >= 0`."""

    expr: AffineExpr
    kind: AffineConstraintKind = AffineConstraintKind.ge

    @classmethod
    def zero(cls, expr: AffineExpr) -> Condition:
        """`expr == 0`."""
        return cls(expr, AffineConstraintKind.eq)


@dataclass(slots=True)
class NodeWriter:
    """Collects operands and body of a node; `finish` makes the op."""

    label: str
    source: Attribute | None
    reads: list[SSAValue] = field(default_factory=list)
    writes: list[SSAValue] = field(default_factory=list)
    _body: Block = field(default_factory=Block)
    _blocks: list[Block] = field(default_factory=list)
    _bound: dict[int, SSAValue | AffineExpr] = field(default_factory=dict)
    _locals: list[BufferOp] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._blocks.append(self._body)

    def reading(self, value: SSAValue, hint: str = "x") -> SSAValue:
        """The body's view of a stream or array that the node reads."""
        if value not in self.reads:
            self.reads.append(value)
            self._body.insert_arg(value.type, len(self.reads) - 1).name_hint = hint
        return self._body.args[self.reads.index(value)]

    def writing(self, value: SSAValue, hint: str = "y") -> SSAValue:
        """The body's view of a stream or array that the node writes."""
        if value not in self.writes:
            self.writes.append(value)
            self._body.insert_arg(value.type, len(self._body.args)).name_hint = hint
        return self._body.args[len(self.reads) + self.writes.index(value)]

    def add(self, op: Operation) -> Operation:
        """Append `op` at the current place."""
        self._blocks[-1].add_op(op)
        return op

    def buffer(self, label: str, element: Attribute, shape: Sequence[int]) -> SSAValue:
        """Local storage of the node; () is a register."""
        op = BufferOp(label, element, shape)
        self._locals.append(op)
        return op.channel

    @contextmanager
    def loop(self, variable: int, extent: int, hint: str, label: str = "") -> Iterator[None]:
        """A loop over `variable`; one of a single iteration is not written."""
        if extent == 1:
            yield
            return
        from xdsl.dialects.builtin import IndexType

        block = Block(arg_types=[IndexType()])
        block.args[0].name_hint = hint
        op = affine.ForOp.from_region([], [], [], [], 0, extent, Region(block))
        if label:
            op.attributes["label"] = StringAttr(label)
        self.add(op)
        self._bound[variable] = block.args[0]
        self._blocks.append(block)
        yield
        self._blocks.pop()
        block.add_op(affine.YieldOp.get())
        del self._bound[variable]

    @contextmanager
    def loops(self, variables: Sequence[tuple[int, int, str]], label: str = "") -> Iterator[None]:
        """A nest of loops `(variable, extent, hint)`, outermost first; the label goes on the outermost written."""
        if not variables:
            yield
            return
        (variable, extent, hint), rest = variables[0], variables[1:]
        with self.loop(variable, extent, hint, label), self.loops(rest, label if extent == 1 else ""):
            yield

    @contextmanager
    def bind(self, variable: int, expr: AffineExpr) -> Iterator[None]:
        """Let `variable` stand for an expression of other variables."""
        self._bound[variable] = expr
        yield
        del self._bound[variable]

    @contextmanager
    def when(self, conditions: Sequence[Condition]) -> Iterator[None]:
        """Code that runs only where all conditions hold; none means always."""
        if not conditions:
            yield
            return
        folded, operands = self._operands([c.expr for c in conditions])
        kept = [(c, e) for c, e in zip(conditions, folded, strict=True) if not _always(c, e)]
        if not kept:
            yield
            return
        conditions, exprs = [c for c, _ in kept], [e for _, e in kept]
        zero = AffineExpr.constant(0)
        constraints = tuple(
            AffineConstraintExpr(c.kind, e, zero, canonicalize=False) for c, e in zip(conditions, exprs, strict=True)
        )
        block = Block()
        self.add(
            affine.IfOp.build(
                operands=[operands],
                properties={"condition": AffineSetAttr(AffineSet(len(operands), 0, constraints))},
                regions=[Region(block), Region()],
                result_types=[[]],
            )
        )
        self._blocks.append(block)
        yield
        self._blocks.pop()
        block.add_op(affine.YieldOp.get())

    def load(self, array: SSAValue, index: Sequence[AffineExpr]) -> SSAValue:
        """Element of `array` at `index`."""
        map_, operands = self._map(index)
        return self.add(affine.LoadOp(array, operands, map_)).results[0]

    def store(self, value: SSAValue, array: SSAValue, index: Sequence[AffineExpr]) -> None:
        """Put `value` into `array` at `index`."""
        map_, operands = self._map(index)
        self.add(affine.StoreOp(value, array, operands, map_))

    def index_value(self, expr: AffineExpr) -> SSAValue:
        """`expr` as an SSA value of type index."""
        map_, operands = self._map([expr])
        return self.add(affine.ApplyOp(operands, map_)).results[0]

    def take(self, stream: SSAValue) -> SSAValue:
        """The next token."""
        return self.add(ReadOp(stream)).results[0]

    def put(self, value: SSAValue, stream: SSAValue) -> None:
        """Send a token."""
        self.add(WriteOp(value, stream))

    def constant(self, value: Attribute) -> SSAValue:
        """A scalar constant."""
        return self.add(arith.ConstantOp(value)).results[0]

    def finish(self) -> NodeOp:
        """The node; its local buffers stand first."""
        first = self._body.first_op
        for op in self._locals:
            if first is None:
                self._body.add_op(op)
            else:
                self._body.insert_op_before(op, first)
        node = NodeOp(self.label, self.reads, self.writes, Region(self._body))
        if isinstance(self.source, SourceAttr):
            node.attributes["source"] = self.source
        return node

    def _map(self, index: Sequence[AffineExpr]) -> tuple[AffineMapAttr, list[SSAValue]]:
        exprs, operands = self._operands(index)
        return AffineMapAttr(AffineMap(len(operands), 0, tuple(exprs))), operands

    def _operands(self, exprs: Sequence[AffineExpr]) -> tuple[list[AffineExpr], list[SSAValue]]:
        """Expressions over the loop counters they use, renumbered from 0, and these counters."""
        positions: dict[SSAValue, int] = {}

        def rewrite(expr: AffineExpr) -> AffineExpr:
            match expr:
                case AffineDimExpr():
                    bound = self._bound.get(expr.position)
                    if bound is None:
                        return AffineExpr.constant(0)
                    if isinstance(bound, AffineExpr):
                        return rewrite(bound)
                    return AffineExpr.dimension(positions.setdefault(bound, len(positions)))
                case AffineBinaryOpExpr():
                    return fold(expr.kind, rewrite(expr.lhs), rewrite(expr.rhs))
                case _:
                    return expr

        rewritten = [rewrite(expr) for expr in exprs]
        return rewritten, list(positions)


def _always(condition: Condition, expr: AffineExpr) -> bool:
    """Whether a condition on a constant holds; one that never holds is a defect of the caller."""
    if not isinstance(expr, AffineConstantExpr):
        return False
    holds = expr.value == 0 if condition.kind is AffineConstraintKind.eq else expr.value >= 0
    assert holds, "code under a condition that never holds"
    return True


def fold(kind: object, left: AffineExpr, right: AffineExpr) -> AffineExpr:
    """`left kind right`, with constants folded and neutral elements dropped."""
    from xdsl.ir.affine import AffineBinaryOpKind as Kind

    if isinstance(left, AffineConstantExpr) and isinstance(right, AffineConstantExpr):
        a, b = left.value, right.value
        value = {Kind.Add: a + b, Kind.Mul: a * b}.get(kind)  # type: ignore[call-overload]
        if value is None:
            value = {Kind.FloorDiv: a // b, Kind.Mod: a % b, Kind.CeilDiv: -(-a // b)}[kind]  # type: ignore[index]
        return AffineExpr.constant(value)
    if isinstance(right, AffineConstantExpr):
        if (kind is Kind.Add and right.value == 0) or (kind in (Kind.Mul, Kind.FloorDiv) and right.value == 1):
            return left
        if (kind is Kind.Mul and right.value == 0) or (kind is Kind.Mod and right.value == 1):
            return AffineExpr.constant(0)
    if isinstance(left, AffineConstantExpr) and left.value == 0:
        return right if kind is Kind.Add else AffineExpr.constant(0)
    return AffineBinaryOpExpr(kind, left, right)  # type: ignore[arg-type]


def element_type(value: SSAValue) -> Attribute:
    """Element type of an array or stream value."""
    assert isinstance(value.type, IRDLOperation | MemRefType) or hasattr(value.type, "element_type")
    return value.type.element_type  # type: ignore[union-attr]
