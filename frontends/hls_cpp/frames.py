"""Isolated regions under construction: each sees what lies outside through its operands only."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import Block, Operation, SSAValue

from dataflowc.frontends.hls_cpp.storage import Entity


class Frame:
    """The block of a node or schedule. `own` are the entities made in it, `captured` those that came from outside."""

    def __init__(self, parent: Frame | None) -> None:
        self.parent = parent
        self.block = Block()
        self.own: dict[Entity, SSAValue] = {}
        self.captured: dict[Entity, SSAValue] = {}
        self.loaded: set[Entity] = set()
        self.stored: set[Entity] = set()
        self._makers: list[tuple[Entity, Operation]] = []

    def declare(self, entity: Entity) -> Operation:
        """Make an array or stream here; its op stands first in the block."""
        op = entity.declare()
        self.adopt(entity, op)
        return op

    def adopt(self, entity: Entity, op: Operation) -> None:
        """Own an entity that `op` makes."""
        self._makers.append((entity, op))
        self.own[entity] = op.results[0]
        op.results[0].name_hint = _hint(entity.name)

    def value(self, entity: Entity, *, load: bool = False, store: bool = False) -> SSAValue:
        """The SSA value of an entity in this block, captured from outside if need be."""
        found = self.own.get(entity)
        if found is not None:
            return found
        if load:
            self.loaded.add(entity)
        if store:
            self.stored.add(entity)
        found = self.captured.get(entity)
        if found is None:
            assert self.parent is not None, f"'{entity.name}' has no place in the IR"
            found = self.block.insert_arg(entity.ir_type, len(self.block.args))
            found.name_hint = _hint(entity.name)
            self.captured[entity] = found
        return found

    def declared(self) -> list[tuple[Entity, Operation]]:
        """Entities made here with their ops, in order of declaration."""
        return self._makers

    def release(self, entity: Entity) -> Operation:
        """Give up an entity made here; its op is returned."""
        position = next(i for i, (owned, _) in enumerate(self._makers) if owned is entity)
        del self.own[entity]
        return self._makers.pop(position)[1]

    def localise(self, entity: Entity, op: Operation) -> None:
        """Make an entity that was captured a local one."""
        self._replace(entity, op.results[0])
        self.adopt(entity, op)

    def _replace(self, entity: Entity, value: SSAValue) -> None:
        argument = self.captured.pop(entity)
        argument.replace_all_uses_with(value)
        self.block.erase_arg(argument)  # type: ignore[arg-type]
        self.loaded.discard(entity)
        self.stored.discard(entity)

    def place_declarations(self, *, is_local: bool) -> None:
        """Put the ops of `declared` at the start of the block, with their attributes; unused ones are dropped."""
        ops = []
        for entity, op in self._makers:
            if op.results[0].uses.get_length():
                entity.finish(op, is_local=is_local)
                ops.append(op)
        first = self.block.first_op
        if first is None:
            self.block.add_ops(ops)
        else:
            self.block.insert_ops_before(ops, first)

    def absorb(self, other: Frame) -> None:
        """Append the ops of `other`, a frame with the same parent."""
        for entity in list(other.captured):
            mine = self.value(entity, load=entity in other.loaded, store=entity in other.stored)
            other._replace(entity, mine)
        self._move(other)

    def dissolve_into(self, outer: Frame, block: Block) -> None:
        """Move the ops to the end of `block`, which lies in `outer`; nothing of the frame remains."""
        for entity in list(self.captured):
            self._replace(entity, outer.value(entity, load=entity in self.loaded, store=entity in self.stored))
        for op in list(self.block.ops):
            op.detach()
            block.add_op(op)
        outer._makers += self._makers
        outer.own |= self.own

    def _move(self, other: Frame) -> None:
        for op in list(other.block.ops):
            op.detach()
            self.block.add_op(op)
        self._makers += other._makers
        self.own |= other.own

    def ordered_operands(self) -> tuple[list[SSAValue], list[SSAValue]]:
        """Values of the parent that are read, and written; the block arguments are put in this order."""
        assert self.parent is not None
        reads = [e for e in self.captured if e not in self.stored]
        writes = [e for e in self.captured if e in self.stored]
        for entity in (*reads, *writes):
            old = self.captured[entity]
            new = self.block.insert_arg(old.type, len(self.block.args))
            new.name_hint = old.name_hint
            old.replace_all_uses_with(new)
            self.block.erase_arg(old)  # type: ignore[arg-type]
            self.captured[entity] = new
        return self._outer(reads), self._outer(writes)

    def _outer(self, entities: Sequence[Entity]) -> list[SSAValue]:
        assert self.parent is not None
        return [self.parent.value(e, load=e in self.loaded, store=e in self.stored) for e in entities]


def _hint(name: str) -> str | None:
    return name if SSAValue.is_valid_name(name) else None
