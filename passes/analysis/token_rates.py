"""The token behaviour of a node: which streams it reads and writes, in which groups, in which order.

A node's loops have constant bounds and its guards depend on loop counters only, so its traffic is static. It is kept as
a small tree: a loop whose guards do not depend on its counter is a `Repeat`; one whose guards do is evaluated per
iteration and equal neighbours are merged. Values never matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from xdsl.dialects import affine
from xdsl.ir import Block, SSAValue
from xdsl.ir.affine import AffineConstraintKind, AffineExpr

from dataflowc.dialects.dataflow import NodeOp, ReadOp, WriteOp
from dataflowc.passes.analysis.loops import trip_count


@dataclass(frozen=True, slots=True)
class Step:
    """Takes and puts some tokens at once: pairs of (operand position in the node, tokens)."""

    reads: tuple[tuple[int, int], ...] = ()
    writes: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Repeat:
    """`count` times `body`."""

    count: int
    body: Traffic


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    parts: tuple[Traffic, ...]


Traffic = Step | Repeat | Sequence

NOTHING = Sequence(())


def traffic_of(node: NodeOp) -> Traffic:
    """The traffic of one run of `node`; operand positions count reads, then writes."""
    block = node.body.block
    positions = {argument: i for i, argument in enumerate(block.args)}
    return _Builder().block(_skeleton(block, positions), {})


@dataclass(frozen=True, slots=True)
class _Test:
    """One constraint of a guard, over loop counters."""

    counters: tuple[SSAValue, ...]
    expr: AffineExpr
    is_equality: bool

    def holds(self, values: Mapping[SSAValue, int]) -> bool:
        """Whether it is true for the given counters."""
        value = self.expr.eval([values[counter] for counter in self.counters], [])
        return value == 0 if self.is_equality else value >= 0


@dataclass(frozen=True, slots=True)
class _Guard:
    """Code under a condition."""

    tests: tuple[_Test, ...]
    body: tuple[_Item, ...]


@dataclass(slots=True)
class _Loop:
    """A loop, the tests inside it, and the cases that were evaluated."""

    count: int
    counter: SSAValue
    body: tuple[_Item, ...]
    tests: tuple[_Test, ...]
    known: dict[tuple[object, ...], Traffic] = field(default_factory=dict)


_Item = Step | _Guard | _Loop


def _skeleton(block: Block, positions: Mapping[SSAValue, int]) -> tuple[_Item, ...]:
    """The reads, writes, guards and loops of a block; everything without traffic is left out."""
    items: list[_Item] = []
    for op in block.ops:
        match op:
            case ReadOp():
                items.append(Step(reads=((positions[op.stream], 1),)))
            case WriteOp():
                items.append(Step(writes=((positions[op.stream], 1),)))
            case affine.ForOp():
                body = _skeleton(op.body.block, positions)
                if body:
                    count = trip_count(op)
                    assert count is not None, "loops around reads and writes have constant bounds"
                    items.append(_Loop(count, op.body.block.args[0], body, tuple(_tests_in(body))))
            case affine.IfOp():
                body = _skeleton(op.then_region.block, positions)
                if body:
                    items.append(_Guard(_tests_of(op), body))
            case _:
                pass
    return tuple(items)


def _tests_of(op: affine.IfOp) -> tuple[_Test, ...]:
    """The constraints of a guard, each over just the counters that it uses."""
    tests = []
    for constraint in op.condition.data.constraints:
        expr = constraint.lhs - constraint.rhs
        used = sorted(expr.used_dims())
        renumbered = expr.replace_dims_and_symbols(
            [AffineExpr.dimension(used.index(d)) if d in used else AffineExpr.constant(0) for d in range(len(op.args))],
            [],
        )
        is_equality = constraint.kind is AffineConstraintKind.eq
        tests.append(_Test(tuple(op.args[d] for d in used), renumbered, is_equality))
    return tuple(tests)


def _tests_in(items: tuple[_Item, ...]) -> Iterator[_Test]:
    for item in items:
        if isinstance(item, _Guard):
            yield from item.tests
            yield from _tests_in(item.body)
        elif isinstance(item, _Loop):
            yield from item.tests


class _Builder:
    """Evaluates guards. A loop is evaluated once per outcome of the tests inside it that outer counters decide."""

    def block(self, items: tuple[_Item, ...], values: dict[SSAValue, int]) -> Traffic:
        """The traffic of a block for the given outer counters."""
        parts: list[Traffic] = []
        for item in items:
            if isinstance(item, Step):
                parts.append(item)
            elif isinstance(item, _Loop):
                parts.append(self.loop(item, values))
            elif all(test.holds(values) for test in item.tests):
                parts.append(self.block(item.body, values))
        return join(parts)

    def loop(self, loop: _Loop, values: dict[SSAValue, int]) -> Traffic:
        """The traffic of a loop, from memory if an equal case was met before."""
        key = tuple(self._outcome(test, values) for test in loop.tests)
        if key not in loop.known:
            loop.known[key] = self._evaluate(loop, values)
        return loop.known[key]

    def _outcome(self, test: _Test, values: Mapping[SSAValue, int]) -> object:
        """What the outer counters say about a test: its truth, or their values where inner counters take part."""
        if all(counter in values for counter in test.counters):
            return test.holds(values)
        return tuple(values.get(counter, -1) for counter in test.counters)

    def _evaluate(self, loop: _Loop, values: dict[SSAValue, int]) -> Traffic:
        if not any(loop.counter in test.counters for test in loop.tests):
            return repeat(loop.count, self.block(loop.body, values))
        parts: list[tuple[int, Traffic]] = []
        for value in range(loop.count):
            body = self.block(loop.body, {**values, loop.counter: value})
            if parts and (parts[-1][1] is body or parts[-1][1] == body):
                parts[-1] = (parts[-1][0] + 1, body)
            else:
                parts.append((1, body))
        return join([repeat(times, body) for times, body in parts])


def repeat(count: int, body: Traffic) -> Traffic:
    """`count` times `body`, flattened."""
    if body == NOTHING or count == 0:
        return NOTHING
    if count == 1:
        return body
    if isinstance(body, Repeat):
        return Repeat(count * body.count, body.body)
    return Repeat(count, body)


def join(parts: list[Traffic]) -> Traffic:
    """Parts in sequence: nested sequences flattened, neighbouring single steps merged into one."""
    flat: list[Traffic] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Sequence) else (part,):
            if flat and isinstance(piece, Step) and isinstance(flat[-1], Step) and _mergeable(flat[-1], piece):
                flat[-1] = Step(_sum(flat[-1].reads, piece.reads), _sum(flat[-1].writes, piece.writes))
            else:
                flat.append(piece)
    return flat[0] if len(flat) == 1 else Sequence(tuple(flat))


def _mergeable(first: Step, second: Step) -> bool:
    """Merging makes reads and writes one atomic group; reads after writes stay apart."""
    return not (first.writes and second.reads)


def _sum(first: tuple[tuple[int, int], ...], second: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    total = dict(first)
    for operand, tokens in second:
        total[operand] = total.get(operand, 0) + tokens
    return tuple(sorted(total.items()))


def segments(traffic: Traffic) -> Iterator[tuple[int, Step]]:
    """The traffic as (repetitions, step) pairs in time order."""
    match traffic:
        case Step():
            yield 1, traffic
        case Repeat(count, body):
            if isinstance(body, Step):
                yield count, body
            else:
                for _ in range(count):
                    yield from segments(body)
        case Sequence(parts):
            for part in parts:
                yield from segments(part)
