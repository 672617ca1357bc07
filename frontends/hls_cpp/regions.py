"""Dataflow regions: statements become nodes, declarations the channels between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.dialects.builtin import ArrayAttr, StringAttr, UnitAttr
from xdsl.ir import Attribute, Region

from dataflowc.dialects.attributes import SourceAttr
from dataflowc.dialects.dataflow import BufferOp, NodeOp, ScheduleOp, StreamOp
from dataflowc.frontends.hls_cpp.builder import Builder, View
from dataflowc.frontends.hls_cpp.conditions import pure_index
from dataflowc.frontends.hls_cpp.constants import evaluate
from dataflowc.frontends.hls_cpp.errors import bad_design
from dataflowc.frontends.hls_cpp.frames import Frame
from dataflowc.frontends.hls_cpp.loops import schedule_attributes
from dataflowc.frontends.hls_cpp.statements import StatementLowering
from dataflowc.frontends.hls_cpp.storage import Entity
from dataflowc.frontends.hls_cpp.syntax import Assignment, Block, Call, Declaration, For, Name, Statement


@dataclass(slots=True)
class Draft:
    """A node under construction."""

    frame: Frame
    label: str
    kind: str
    source: SourceAttr
    attributes: dict[str, Attribute] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)

    def node(self) -> NodeOp:
        """The finished node, whose operands lie in the parent of the frame."""
        self.frame.place_declarations(is_local=True)
        reads, writes = self.frame.ordered_operands()
        node = NodeOp(self.label, reads, writes, Region(self.frame.block))
        node.attributes |= {"kind": StringAttr(self.kind), "source": self.source, **self.attributes}
        if self.merged:
            node.attributes["merged"] = ArrayAttr(StringAttr(label) for label in self.merged)
        return node


class RegionLowering:
    """Lowers dataflow regions; node labels are unique in the design."""

    def __init__(self, statements: StatementLowering) -> None:
        self.statements = statements
        self.builder: Builder = statements.builder
        self._labels: set[str] = set()
        statements.regions = self

    def nested(self, block: Block) -> bool:
        """The region `block` at the current place; whether it has a single process and so no schedule."""
        outer, place = self.builder.frame, self.builder.block
        source = self.builder.at("for", block.line)
        frame = Frame(outer)
        drafts = self.drafts(frame, block)
        if not drafts:
            return True
        if len(drafts) == 1:
            drafts[0].frame.dissolve_into(outer, place)
            self._labels.discard(drafts[0].label)
            return True
        finish(frame, drafts)
        captured = list(frame.captured)
        args = [outer.value(e, load=e in frame.loaded, store=e in frame.stored) for e in captured]
        schedule = ScheduleOp(args, Region(frame.block))
        schedule.attributes |= {"imported": UnitAttr(), "source": source}
        place.add_op(schedule)
        return False

    def drafts(self, frame: Frame, block: Block) -> list[Draft]:
        """The nodes of a region whose channels are made in `frame`; nests that fill one array are merged, and what
        only one node uses is in that node."""
        drafts: list[Draft] = []
        with self.builder.within(frame):
            for statement in block.statements:
                self._unit(statement, frame, drafts)
            self.statements.variable_pragmas(block.pragmas)
        _merge_writers(frame, drafts)
        _localise(frame, drafts)
        self._check(frame, drafts)
        return drafts

    def _check(self, frame: Frame, drafts: Sequence[Draft]) -> None:
        """Raise DF173 for a channel that hardware cannot have."""
        for entity in _channels(frame):
            writers = [i for i, draft in enumerate(drafts) if entity in draft.frame.stored]
            readers = [i for i, draft in enumerate(drafts) if entity in draft.frame.loaded and i not in writers]
            if not (writers or readers):
                continue
            place = self.builder.place(drafts[(readers or writers)[-1]].source.line.data)
            if entity.kind == "stream" and (len(writers) > 1 or len(readers) > 1):
                raise bad_design(
                    place,
                    f"stream '{entity.name}' has {len(writers)} writing and {len(readers)} reading processes",
                    "a stream has one of each; copy it in a process of its own",
                )
            if entity.kind == "array" and (not writers or (readers and readers[0] < writers[0])):
                raise bad_design(
                    place,
                    f"array '{entity.name}' is read by a process of a dataflow region before one writes it",
                    "order the processes from producer to consumer",
                )

    def _unit(self, statement: Statement, frame: Frame, drafts: list[Draft]) -> None:
        match statement:
            case Declaration():
                self._declare(statement, frame, drafts)
            case Call():
                self._call(statement, frame, drafts)
            case For():
                draft = self.draft(frame, statement.label or f"nest_{statement.line}", "nest", "for", statement.line)
                drafts.append(draft)
                with self.builder.within(draft.frame):
                    self.statements.statement(statement)
            case _:
                with self.builder.within(self._loose(statement, frame, drafts).frame):
                    self.statements.statement(statement)

    def draft(self, frame: Frame, label: str, kind: str, statement: str, line: int) -> Draft:
        """An empty node."""
        base, count = label, 1
        while label in self._labels:
            count += 1
            label = f"{base}_{count}"
        self._labels.add(label)
        return Draft(Frame(frame), label, kind, self.builder.at(statement, line))

    def _loose(self, statement: Statement, frame: Frame, drafts: list[Draft]) -> Draft:
        """The node for a statement between calls and nests; neighbours share one."""
        if not drafts or drafts[-1].kind != "statements":
            drafts.append(self.draft(frame, f"statements_{statement.line}", "statements", "assign", statement.line))
        return drafts[-1]

    def _call(self, call: Call, frame: Frame, drafts: list[Draft]) -> None:
        draft = self.draft(frame, call.function, "call", "call", call.line)
        with self.builder.within(draft.frame):
            left = self.statements.inline(call)
        if "pipeline" in left:
            draft.attributes |= schedule_attributes(left["pipeline"])
        if "dataflow" in left:
            draft.attributes["dataflow"] = UnitAttr()
        if draft.frame.block.first_op is None:
            raise bad_design(self.builder.place(call.line), f"'{call.function}' does nothing")
        drafts.append(draft)

    def _declare(self, declaration: Declaration, frame: Frame, drafts: list[Draft]) -> None:
        """Arrays and streams are channels, constants are copied, other scalars are registers between nodes."""
        builder, name = self.builder, declaration.name
        is_assigned = name in builder.function.assigned
        if declaration.dims or declaration.is_stream or (declaration.init is None and not is_assigned):
            self.statements.declare(declaration)
            return
        init = declaration.init
        if init is not None and not is_assigned:
            number = evaluate(init, builder.macros)
            index = pure_index(init, builder.scope)
            known = number if number is not None else index
            if known is not None:
                self.statements.bind(name, declaration.type, known, is_assigned=False)
                return
        entity = Entity(name, "array", declaration.type)
        builder.at("declare", declaration.line)
        builder.declare(entity)
        builder.scope.names[name] = View(entity)
        if init is not None:
            assignment = Assignment(Name(name, declaration.line), "=", init, declaration.line)
            with builder.within(self._loose(declaration, frame, drafts).frame):
                self.statements.statement(assignment)


def finish(frame: Frame, drafts: Sequence[Draft]) -> None:
    """Put the nodes and the channels into the block of the schedule."""
    for draft in drafts:
        frame.block.add_op(draft.node())
    frame.place_declarations(is_local=False)


def _channels(frame: Frame) -> list[Entity]:
    return [entity for entity, op in frame.declared() if isinstance(op, BufferOp | StreamOp)]


def _merge_writers(frame: Frame, drafts: list[Draft]) -> None:
    """Vitis makes one process of the nests that only store to one array (streamhls.md E3 rule 9)."""
    for entity in _channels(frame):
        if entity.kind != "array":
            continue
        writers = [d for d in drafts if entity in d.frame.stored and entity not in d.frame.loaded]
        if len(writers) < 2 or any(draft.attributes for draft in writers):
            continue
        first, last = drafts.index(writers[0]), drafts.index(writers[-1])
        if any(entity in draft.frame.loaded for draft in drafts[first : last + 1]):
            continue
        kept = writers[0]
        kept.merged = kept.merged or [kept.label]
        for other in writers[1:]:
            kept.frame.absorb(other.frame)
            kept.merged += other.merged or [other.label]
        drafts[last] = kept
        for writer in writers[1:]:
            if writer in drafts:
                drafts.remove(writer)
        drafts.pop(first)


def _localise(frame: Frame, drafts: Sequence[Draft]) -> None:
    """Move arrays and streams that one node uses into that node."""
    for entity in _channels(frame):
        users = [draft for draft in drafts if entity in draft.frame.captured]
        if len(users) == 1:
            users[0].frame.localise(entity, frame.release(entity))
