"""The token behaviour of a node: which streams it reads and writes, in which groups, in which order.

A node's loops have constant bounds and its guards depend on loop counters only, so its traffic is static. It is kept as a
small tree: a loop whose guards do not depend on its counter is a `Repeat`; one whose guards do is evaluated once per
iteration and equal neighbours are merged. Values never matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xdsl.dialects import affine
from xdsl.ir import Block, SSAValue
from xdsl.ir.affine import AffineConstraintKind

from dataflowc.dialects.dataflow import NodeOp, ReadOp, WriteOp


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
    return _Builder(positions, _guarding_counters(block)).block(block, {})


def _guarding_counters(block: Block) -> set[SSAValue]:
    """Loop counters on which the condition of a guard around some read or write depends."""
    counters: set[SSAValue] = set()
    for op in block.walk():
        if isinstance(op, affine.IfOp) and any(isinstance(i, ReadOp | WriteOp) for i in op.walk()):
            counters.update(op.args)
    return counters


@dataclass(slots=True)
class _Builder:
    positions: Mapping[SSAValue, int]
    guarding: set[SSAValue]

    def block(self, block: Block, values: dict[SSAValue, int]) -> Traffic:
        parts: list[Traffic] = []
        for op in block.ops:
            match op:
                case ReadOp():
                    parts.append(Step(reads=((self.positions[op.stream], 1),)))
                case WriteOp():
                    parts.append(Step(writes=((self.positions[op.stream], 1),)))
                case affine.ForOp():
                    parts.append(self.loop(op, values))
                case affine.IfOp():
                    if all(a in values for a in op.args) and _holds(op, values):
                        parts.append(self.block(op.then_region.block, values))
                case _:
                    pass
        return join(parts)

    def loop(self, op: affine.ForOp, values: dict[SSAValue, int]) -> Traffic:
        count = int(str(op.upperBoundMap.data.results[0]))
        counter = op.body.block.args[0]
        if counter not in self.guarding:
            return repeat(count, self.block(op.body.block, values))
        parts: list[tuple[int, Traffic]] = []
        for value in range(count):
            body = self.block(op.body.block, {**values, counter: value})
            if parts and parts[-1][1] == body:
                parts[-1] = (parts[-1][0] + 1, body)
            else:
                parts.append((1, body))
        return join([repeat(times, body) for times, body in parts])


def _holds(op: affine.IfOp, values: Mapping[SSAValue, int]) -> bool:
    """Whether the condition of a guard holds for the given loop counters."""
    dims = [values[a] for a in op.args]
    for constraint in op.condition.data.constraints:
        difference = constraint.lhs.eval(dims, []) - constraint.rhs.eval(dims, [])
        if constraint.kind is AffineConstraintKind.eq and difference != 0:
            return False
        if constraint.kind is AffineConstraintKind.ge and difference < 0:
            return False
    return True


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
