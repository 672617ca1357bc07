"""One iteration of a pipelined loop, as the tool sees it: inner loops unrolled, stored elements passed on in registers.

The instances of a body stand in an order in which operands come first. An array element that is stored and loaded again
in the same iteration never goes through the RAM; an equal load is made once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from xdsl.dialects import affine, arith, memref
from xdsl.dialects.builtin import FloatAttr
from xdsl.ir import Block, Operation, SSAValue
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineConstraintKind,
    AffineDimExpr,
    AffineExpr,
    AffineMap,
    AffineSymExpr,
)

from dataflowc.cost.node_operators import scalar_operator
from dataflowc.dialects.dataflow import ReadOp, WriteOp


@dataclass(frozen=True, slots=True)
class Shift:
    """In copy k of an unrolled loop, its counter stands for itself plus `by`."""

    by: int


@dataclass(frozen=True, slots=True)
class Form:
    """`const + sum(coefficient * symbol)`. A symbol is a loop counter, or (kind, Form, divisor) where it divides."""

    terms: frozenset[tuple[Hashable, int]] = frozenset()
    const: int = 0

    def counters(self) -> Iterator[Hashable]:
        """The loop counters in it."""
        for symbol, _ in self.terms:
            if isinstance(symbol, tuple):
                yield from symbol[1].counters()
            else:
                yield symbol

    def plus(self, other: Form, times: int = 1) -> Form:
        """This form and `times` the other one."""
        terms = dict(self.terms)
        for symbol, coefficient in other.terms:
            terms[symbol] = terms.get(symbol, 0) + times * coefficient
        return Form(frozenset((s, c) for s, c in terms.items() if c), self.const + times * other.const)

    def bind(self, values: Mapping[SSAValue, int | Shift]) -> Form:
        """The form with the counters in `values` replaced by their values, or moved."""
        const, rest = self.const, []
        for symbol, coefficient in self.terms:
            if isinstance(symbol, tuple):
                kind, inner, divisor = symbol
                bound = _divide(kind, inner.bind(values), divisor)
                const += coefficient * bound.const
                rest += [(s, coefficient * c) for s, c in bound.terms]
            elif symbol in values:
                value = values[symbol]  # type: ignore[index]
                if isinstance(value, Shift):
                    const += coefficient * value.by
                    rest.append((symbol, coefficient))
                else:
                    const += coefficient * value
            else:
                rest.append((symbol, coefficient))
        return Form(frozenset(rest), const)


def _divide(kind: AffineBinaryOpKind, form: Form, divisor: int) -> Form:
    if form.terms:
        return Form(frozenset([((kind, form, divisor), 1)]))
    if kind is AffineBinaryOpKind.Mod:
        return Form(const=form.const % divisor)
    return Form(const=form.const // divisor if kind is AffineBinaryOpKind.FloorDiv else -(-form.const // divisor))


def form_of(expr: AffineExpr, operands: Sequence[SSAValue], dims: int) -> Form:
    """An affine expression over SSA values (`dims` of them dimensions, then symbols), with what `affine.apply`
    computes put in."""
    match expr:
        case AffineConstantExpr():
            return Form(const=expr.value)
        case AffineDimExpr():
            return value_form(operands[expr.position])
        case AffineSymExpr():
            return value_form(operands[dims + expr.position])
        case AffineBinaryOpExpr():
            left, right = form_of(expr.lhs, operands, dims), form_of(expr.rhs, operands, dims)
            if expr.kind is AffineBinaryOpKind.Add:
                return left.plus(right)
            if expr.kind is AffineBinaryOpKind.Mul:
                factor, other = (left.const, right) if not left.terms else (right.const, left)
                return Form().plus(other, factor)
            return _divide(expr.kind, left, right.const)
        case _:
            raise ValueError(f"not an affine expression: {expr}")


def value_form(value: SSAValue) -> Form:
    """An index value: a counter, a constant, or what `affine.apply` makes of them."""
    owner = value.owner
    if isinstance(owner, affine.ApplyOp):
        return form_of(owner.map.data.results[0], list(owner.mapOperands), owner.map.data.num_dims)
    if isinstance(owner, Operation) and owner.name == "arith.index_cast":
        return value_form(owner.operands[0])
    return Form(frozenset([(value, 1)]))


Constraint = tuple[Form, AffineConstraintKind]
"""`form == 0` or `form >= 0`."""


@dataclass(frozen=True, slots=True)
class Guard:
    """The condition of an instance: all constraints hold, or (negated) not all of them."""

    constraints: tuple[Constraint, ...]
    negated: bool = False


@dataclass(slots=True)
class Instance:
    """One operation of the unrolled body. `kind` is operator, load, store, read, write or merge (a multiplexer); `name`
    an operator with its type; `operands` are positions of other instances."""

    kind: str
    op: Operation
    operands: tuple[int, ...]
    name: tuple[str, str] | None = None
    array: SSAValue | None = None
    index: tuple[Form, ...] = ()
    guards: tuple[Guard, ...] = ()


@dataclass(slots=True)
class Body:
    """The instances of one iteration, and the trip counts of the counters around them."""

    instances: list[Instance] = field(default_factory=list)

    def of_kind(self, *kinds: str) -> Iterator[tuple[int, Instance]]:
        """Positions and instances of some kinds."""
        return ((i, instance) for i, instance in enumerate(self.instances) if instance.kind in kinds)


def expand(block: Block, trips: Mapping[SSAValue, range], copies: tuple[SSAValue, int, int]) -> Body:
    """The body `block` of a pipelined loop; `trips` gives the values of the counters around it.

    `copies` is a counter, how many iterations of it run side by side, and its step.
    """
    counter, count, step = copies
    expander = _Expander(trips)
    for copy in range(count):
        expander.block(block, {counter: Shift(copy * step)} if count > 1 else {}, ())
    return expander.body


def expand_ops(ops: Sequence[Operation]) -> Body:
    """The instances of loose statements."""
    expander = _Expander({})
    expander.ops(ops, {}, ())
    return expander.body


@lru_cache(maxsize=100_000)
def access_forms(op: Operation) -> tuple[Form, ...]:
    """The index of a load or store, or the lane of a read or write, one form per dimension."""
    if isinstance(op, memref.LoadOp | memref.StoreOp):
        return tuple(value_form(value) for value in op.indices)
    map_ = op.properties.get("map")
    if map_ is None:
        return ()
    data: AffineMap = map_.data  # type: ignore[attr-defined]
    operands = list(op.lane) if isinstance(op, ReadOp | WriteOp) else list(op.indices)  # type: ignore[attr-defined]
    return tuple(form_of(expr, operands, data.num_dims) for expr in data.results)


@lru_cache(maxsize=100_000)
def guard_forms(op: affine.IfOp) -> tuple[Constraint, ...]:
    """The constraints of a guard: `form == 0` or `form >= 0`."""
    operands = list(op.args)
    dims = op.condition.data.num_dims
    found = []
    for constraint in op.condition.data.constraints:
        form = form_of(constraint.lhs, operands, dims).plus(form_of(constraint.rhs, operands, dims), -1)
        kind = constraint.kind
        if kind is AffineConstraintKind.le:
            form, kind = Form().plus(form, -1), AffineConstraintKind.ge
        found.append((form, kind))
    return tuple(found)


def decide(form: Form, kind: AffineConstraintKind, trips: Mapping[SSAValue, range]) -> bool | None:
    """Whether a constraint always or never holds over the counters; None if that depends."""
    low = high = form.const
    step = 0
    for symbol, coefficient in form.terms:
        values = trips.get(symbol) if not isinstance(symbol, tuple) else None  # type: ignore[call-overload]
        if not values:
            return None
        ends = (coefficient * values[0], coefficient * values[-1])
        low, high = low + min(ends), high + max(ends)
        step = _gcd(step, coefficient * values.step)
    if kind is AffineConstraintKind.ge:
        return True if low >= 0 else False if high < 0 else None
    if low == high:
        return low == 0
    reachable = low <= 0 <= high and low % step == 0
    return None if reachable else False


def _gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return abs(a)


class _Expander:
    def __init__(self, trips: Mapping[SSAValue, range]) -> None:
        self.trips = trips
        self.body = Body()
        self.values: dict[SSAValue, int] = {}
        self.memory: dict[tuple[SSAValue, tuple[Form, ...]], int] = {}
        self.unsure: set[tuple[SSAValue, tuple[Form, ...]]] = set()
        self.known: dict[SSAValue, float] = {}

    def block(self, block: Block, bound: dict[SSAValue, int | Shift], guards: tuple[Guard, ...]) -> None:
        self.ops(block.ops, bound, guards)

    def ops(self, ops: Iterable[Operation], bound: dict[SSAValue, int | Shift], guards: tuple[Guard, ...]) -> None:
        for op in ops:
            match op:
                case affine.ForOp():
                    lower, upper = _bounds(op)
                    for value in range(lower, upper, op.step.value.data):
                        bound[op.body.block.args[0]] = value
                        self.block(op.body.block, bound, guards)
                case affine.IfOp():
                    self.guard(op, bound, guards)
                case affine.LoadOp() | memref.LoadOp():
                    self.load(op, bound, guards)
                case affine.StoreOp() | memref.StoreOp():
                    self.store(op, bound, guards)
                case ReadOp():
                    self.access("read", op, op.stream, (), bound, guards)
                case WriteOp():
                    self.access("write", op, op.stream, self.inputs([op.value]), bound, guards)
                case _:
                    self.other(op, bound, guards)

    def inputs(self, values: Sequence[SSAValue]) -> tuple[int, ...]:
        return tuple(self.values[value] for value in values if value in self.values)

    def add(self, instance: Instance) -> int:
        self.body.instances.append(instance)
        for result in instance.op.results:
            self.values[result] = len(self.body.instances) - 1
        return len(self.body.instances) - 1

    def access(
        self,
        kind: str,
        op: Operation,
        array: SSAValue,
        operands: tuple[int, ...],
        bound: Mapping[SSAValue, int | Shift],
        guards: tuple[Guard, ...],
    ) -> int:
        index = tuple(form.bind(bound) for form in access_forms(op))
        return self.add(Instance(kind, op, operands, array=array, index=index, guards=guards))

    def guard(self, op: affine.IfOp, bound: dict[SSAValue, int | Shift], guards: tuple[Guard, ...]) -> None:
        constraints = [(form.bind(bound), kind) for form, kind in guard_forms(op)]
        outcomes = [decide(*constraint, self.trips) for constraint in constraints]
        still_open = tuple(c for c, outcome in zip(constraints, outcomes, strict=True) if outcome is None)
        if False in outcomes:
            regions = [(op.else_region, guards)]
        elif not still_open:
            regions = [(op.then_region, guards)]
        else:
            regions = [
                (op.then_region, (*guards, Guard(still_open))),
                (op.else_region, (*guards, Guard(still_open, negated=True))),
            ]
        yielded: list[tuple[int, ...]] = []
        for region, inner in regions:
            if region.blocks:
                self.block(region.block, bound, inner)
                last = region.block.last_op
                yielded.append(self.inputs(last.operands) if last is not None else ())
        if op.results:
            self.add(Instance("merge", op, tuple(i for group in yielded for i in group)))

    def load(
        self, op: affine.LoadOp | memref.LoadOp, bound: Mapping[SSAValue, int | Shift], guards: tuple[Guard, ...]
    ) -> None:
        key = (op.memref, tuple(form.bind(bound) for form in access_forms(op)))
        if key not in self.memory:
            self.memory[key] = self.add(Instance("load", op, (), array=key[0], index=key[1], guards=guards))
        elif key in self.unsure:
            # The store before was guarded: either its value or the one in the RAM.
            self.unsure.discard(key)
            stored = self.memory[key]
            loaded = self.add(Instance("load", op, (), array=key[0], index=key[1], guards=guards))
            self.memory[key] = self.add(Instance("merge", op, (stored, loaded)))
        self.values[op.results[0]] = self.memory[key]

    def store(
        self, op: affine.StoreOp | memref.StoreOp, bound: Mapping[SSAValue, int | Shift], guards: tuple[Guard, ...]
    ) -> None:
        index = tuple(form.bind(bound) for form in access_forms(op))
        key = (op.memref, index)
        inputs = self.inputs([op.value])
        self.add(Instance("store", op, inputs, array=key[0], index=index, guards=guards))
        before = self.memory.get(key)
        if not guards:
            self.unsure.discard(key)
        elif before is None:
            self.unsure.add(key)
        sources = (*inputs, before) if guards and before is not None else inputs
        self.memory[key] = sources[0] if len(sources) == 1 else self.add(Instance("merge", op, sources))

    def other(self, op: Operation, bound: dict[SSAValue, int | Shift], guards: tuple[Guard, ...]) -> None:
        for region in op.regions:
            for block in region.blocks:
                self.block(block, bound, guards)
        if not op.results:
            return
        inputs = self.inputs(list(op.operands))
        for region in op.regions:
            for block in region.blocks:
                if block.last_op is not None:
                    inputs += self.inputs(list(block.last_op.operands))
        name = scalar_operator(op)
        folded = self.fold(op)
        if folded is not None:
            for result in op.results:
                if isinstance(folded, SSAValue):
                    self.values.pop(result, None)
                    if folded in self.values:
                        self.values[result] = self.values[folded]
                else:
                    self.known[result] = folded
        elif name is not None:
            self.add(Instance("operator", op, inputs, name=name, guards=guards))
        elif inputs:
            self.add(Instance("merge", op, inputs))

    def constant(self, value: SSAValue) -> float | None:
        """The value of a constant, or of what was computed from constants."""
        if isinstance(value.owner, arith.ConstantOp) and isinstance(value.owner.value, FloatAttr):
            return float(value.owner.value.value.data)
        return self.known.get(value)

    def fold(self, op: Operation) -> float | SSAValue | None:
        """What the tool makes of an operator with constants (unsafe math): a constant, one of the operands, or None."""
        if not op.name.startswith(("arith.", "math.")) or len(op.results) != 1 or not op.operands:
            return None
        numbers = [self.constant(value) for value in op.operands]
        if all(number is not None for number in numbers):
            # Which constant does not matter but for the neutral ones.
            compute = _FOLDS.get(op.name, lambda *_: float("nan"))
            try:
                return compute(*numbers)
            except (ArithmeticError, ValueError):
                return float("nan")
        if len(numbers) == 2:
            left, right = numbers
            neutral = _NEUTRAL.get(op.name)
            if neutral is not None and right == neutral:
                return op.operands[0]
            if neutral is not None and left == neutral and op.name in ("arith.addf", "arith.mulf"):
                return op.operands[1]
        return None


_NEUTRAL = {"arith.addf": 0.0, "arith.subf": 0.0, "arith.mulf": 1.0, "arith.divf": 1.0}
_FOLDS: Mapping[str, Callable[..., float]] = {
    "arith.addf": lambda a, b: a + b,
    "arith.subf": lambda a, b: a - b,
    "arith.mulf": lambda a, b: a * b,
    "arith.divf": lambda a, b: a / b,
    "arith.extf": lambda a: a,
    "arith.truncf": lambda a: a,
    "math.sqrt": math.sqrt,
    "math.exp": math.exp,
}


def _bounds(op: affine.ForOp) -> tuple[int, int]:
    """Constant bounds of a loop. ValueError if one is not constant."""
    values = []
    for map_ in (op.lowerBoundMap.data, op.upperBoundMap.data):
        expr = map_.results[0]
        if not isinstance(expr, AffineConstantExpr):
            raise ValueError(f"a loop bound is not constant: {expr}")
        values.append(expr.value)
    return values[0], values[1]


def loop_range(op: affine.ForOp) -> range:
    """The values of the counter of a loop. ValueError if a bound is not constant."""
    lower, upper = _bounds(op)
    return range(lower, upper, op.step.value.data)
