"""One `dataflow.node` as one C++ function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from xdsl.dialects import affine, arith, memref
from xdsl.dialects.builtin import IntAttr, MemRefType, StringAttr
from xdsl.ir import Block, Operation, SSAValue
from xdsl.ir.affine import AffineMap

from dataflowc.dialects.attributes import PipelineAttr, SourceAttr, StreamType
from dataflowc.dialects.dataflow import BufferOp, NodeOp, PortOp, ReadOp, WriteOp
from dataflowc.dialects.names import identifier
from dataflowc.hls.cpp import (
    Assign,
    Comment,
    Declare,
    For,
    Function,
    If,
    Parameter,
    Pragma,
    Statement,
    StreamWrite,
)
from dataflowc.hls.expressions import affine_text, c_type, condition_text, constant_text, is_call, scalar_text

_PLUMBING = frozenset({"arith.constant", "arith.index_cast", "arith.select"})
"""Ops that say nothing about what a process is for."""

_URAM_LATENCY = 2
"""URAM reads need an output register at common clocks (vitis.md section 2.1: latency at least 2)."""


@dataclass(slots=True)
class NodeEmitter:
    """Emits one node; names are unique within the function."""

    node: NodeOp
    names: dict[SSAValue, str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)
    _inline: dict[SSAValue, str] = field(default_factory=dict)
    _labels: set[str] = field(default_factory=set)

    def function(self) -> Function:
        """The whole function."""
        block = self.node.body.block
        operands = (*self.node.reads, *self.node.writes)
        count = len(self.node.reads)
        parameters = [
            self._parameter(argument, outer, position < count)
            for position, (argument, outer) in enumerate(zip(block.args, operands, strict=True))
        ]
        body = (Pragma("INLINE off"), *self._block(block))
        return Function(self.node.label.data, tuple(parameters), body, self._comment())

    def _comment(self) -> str:
        """Where the process comes from, and what it does to each element: a layer may be several processes."""
        source = self.node.attributes.get("source")
        if not isinstance(source, SourceAttr):
            return self.node.label.data
        layer, op, file, line = source.layer.data, source.op.data, source.file.data, source.line.data
        does = ", ".join(self._scalar_ops())
        what = f"{op} ({does})" if does and does != op else op
        return (f"{layer}: " if layer else "") + what + (f", {PurePath(file).name}:{line}" if file else "")

    def _scalar_ops(self) -> list[str]:
        """The different arithmetic ops of the body, by the name a reader knows: `mul`, `add`, `exp`."""
        ops = (op for op in self.node.body.walk() if op.name.startswith(("arith.", "math.")))
        names = (op.name.split(".")[1].removesuffix("f") for op in ops if op.name not in _PLUMBING)
        return list(dict.fromkeys(names))

    def _parameter(self, argument: SSAValue, outer: SSAValue, is_read: bool) -> Parameter:
        name = self._name(argument, "x")
        type_ = argument.type
        if isinstance(type_, StreamType):
            return Parameter(f"hls::stream<{c_type(type_.element_type)}>& {name}", name)
        assert isinstance(type_, MemRefType)
        element = c_type(type_.element_type)
        if isinstance(outer.owner, PortOp):
            return Parameter(f"{'const ' if is_read else ''}{element}* {name}", name)
        shape = "".join(f"[{extent}]" for extent in type_.get_shape()) or "[1]"
        return Parameter(f"{element} {name}{shape}", name)

    def _name(self, value: SSAValue, fallback: str) -> str:
        if value not in self.names:
            base = name = identifier(value.name_hint or fallback)
            count = 1
            while name in self._taken:
                count += 1
                name = f"{base}_{count}"
            self._taken.add(name)
            self.names[value] = name
        return self.names[value]

    # --- statements -------------------------------------------------------------------------------------------------

    def _block(self, block: Block) -> list[Statement]:
        statements: list[Statement] = []
        for op in block.ops:
            statements += self._statements(op)
        return statements

    def _statements(self, op: Operation) -> list[Statement]:
        match op:
            case BufferOp():
                return self._buffer(op)
            case affine.ForOp():
                return [self._loop(op)]
            case affine.IfOp():
                return [self._if(op)]
            case affine.StoreOp():
                return [Assign(self._element(op.memref, op.map.data, op.indices), self._whole(op.value))]
            case affine.LoadOp():
                text = self._element(op.memref, op.map.data, op.indices)
                return self._inlined(op, text) if _moves_freely(op) else [self._define(op, text)]
            case memref.LoadOp():
                return [self._define(op, self._array(op.memref) + "".join(f"[{self.text(i)}]" for i in op.indices))]
            case ReadOp():
                text = f"{self.text(op.stream)}.read()"
                return self._inlined(op, text) if _is_stored_next(op) else [self._define(op, text)]
            case WriteOp():
                return [StreamWrite(self.text(op.stream), self._whole(op.value))]
            case affine.ApplyOp():
                names = [self.text(value) for value in op.mapOperands]
                self._inline[op.result] = f"({affine_text(op.map.data.results[0], names, op.map.data.num_dims)})"
                return []
            case affine.YieldOp():
                return []
            case arith.ConstantOp():
                self._inline[op.result] = constant_text(op.value)
                return []
            case _:
                return self._scalar(op)

    def _buffer(self, op: BufferOp) -> list[Statement]:
        type_ = op.channel.type
        assert isinstance(type_, MemRefType)
        name = self._name(op.channel, "buf")
        shape = tuple(type_.get_shape())
        statements: list[Statement] = [Declare(c_type(type_.element_type), name, shape)]
        return statements + (storage_pragmas(op, name) if shape else [])

    def _loop(self, op: affine.ForOp) -> For:
        counter = op.body.block.args[0]
        name = self._name(counter, "i")
        start = self._bound(op.lowerBoundMap.data, op.lowerBoundOperands, "max")
        limit = self._bound(op.upperBoundMap.data, op.upperBoundOperands, "min")
        body: list[Statement] = []
        pipeline = op.attributes.get("pipeline")
        if isinstance(pipeline, PipelineAttr):
            interval = pipeline.value
            assert isinstance(interval, IntAttr)
            style = " style=flp" if _reads_and_writes(op) else ""
            body.append(Pragma(f"PIPELINE II={interval.data}{style}"))
            if interval.data > 1:
                body.append(Comment(f"II {interval.data}: {pipeline.reason.data}"))
        body += self._block(op.body.block)
        label = op.attributes.get("label")
        text = self._label(label.data) if isinstance(label, StringAttr) else ""
        return For(name, limit, tuple(body), text, start, op.step.value.data)

    def _bound(self, map_: AffineMap, operands: Sequence[SSAValue], choice: str) -> str:
        """A loop bound; several results mean their maximum (lower) or minimum (upper)."""
        names = [self.text(value) for value in operands]
        first, *rest = (affine_text(expr, names, map_.num_dims) for expr in map_.results)
        for other in rest:
            sign = ">" if choice == "max" else "<"
            first = f"(({first}) {sign} ({other}) ? ({first}) : ({other}))"
        return first

    def _if(self, op: affine.IfOp) -> If:
        names = [self.text(value) for value in op.args]
        otherwise = self._block(op.else_region.block) if op.else_region.blocks else []
        return If(condition_text(op.condition.data, names), tuple(self._block(op.then_region.block)), tuple(otherwise))

    def _label(self, text: str) -> str:
        name, count = text, 1
        while name in self._labels:
            count += 1
            name = f"{text}_{count}"
        self._labels.add(name)
        return name

    def _define(self, op: Operation, text: str) -> Declare:
        result = op.results[0]
        return Declare(f"const {c_type(result.type)}", self._name(result, "v"), (), text)

    def _inlined(self, op: Operation, text: str) -> list[Statement]:
        self._inline[op.results[0]] = text
        return []

    def _scalar(self, op: Operation) -> list[Statement]:
        """Used once in the same block: part of that expression; else a named value."""
        text = scalar_text(op, lambda i: self.text(op.operands[i]))
        result = op.results[0]
        uses = list(result.uses)
        if len(uses) == 1 and uses[0].operation.parent is op.parent:
            return self._inlined(op, text if is_call(op) else f"({text})")
        return [self._define(op, text)]

    # --- expressions ------------------------------------------------------------------------------------------------

    def text(self, value: SSAValue) -> str:
        """The C++ text of a value."""
        if value in self._inline:
            return self._inline[value]
        return self._name(value, "v")

    def _whole(self, value: SSAValue) -> str:
        """The text of a value that stands alone, without the parentheses an operand would need."""
        op = value.owner
        text = self.text(value)
        return text[1:-1] if value in self._inline and isinstance(op, Operation) and _is_wrapped(op) else text

    def _array(self, value: SSAValue) -> str:
        return self._name(value, "buf")

    def _element(self, array: SSAValue, index: AffineMap, operands: Sequence[SSAValue]) -> str:
        names = [self.text(value) for value in operands]
        return self._array(array) + "".join(f"[{affine_text(e, names, index.num_dims)}]" for e in index.results)


def _reads_and_writes(loop: affine.ForOp) -> bool:
    """Whether a loop takes tokens and gives tokens. By default such a pipeline holds its last results until more input
    comes, which can deadlock where paths meet again; a flushing one lets them go (vitis.md section 1.4, cause 5)."""
    ops = list(loop.body.walk())
    return any(isinstance(op, ReadOp) for op in ops) and any(isinstance(op, WriteOp) for op in ops)


def _is_wrapped(op: Operation) -> bool:
    """Whether the text of `op` stands in parentheses."""
    return op.name.startswith(("arith.", "math.")) and not is_call(op) and not isinstance(op, arith.ConstantOp)


def _single_use(op: Operation) -> Operation | None:
    """The one op that uses the result of `op`, if it stands in the same block."""
    uses = list(op.results[0].uses)
    return uses[0].operation if len(uses) == 1 and uses[0].operation.parent is op.parent else None


def _moves_freely(load: affine.LoadOp) -> bool:
    """Whether a load may stand inside the statement that uses it: nothing between the two touches memory or streams."""
    op = load.next_op
    consumer = _single_use(load)
    while op is not None and consumer is not None:
        if op is consumer:
            if not op.name.startswith(("arith.", "math.")):
                return isinstance(op, affine.StoreOp | WriteOp)
            consumer = _single_use(op)
        elif not (op.name.startswith(("arith.", "math.")) or isinstance(op, affine.LoadOp | affine.ApplyOp)):
            return False
        op = op.next_op
    return False


def _is_stored_next(read: ReadOp) -> bool:
    """Whether the very next op stores or sends the token."""
    user = _single_use(read)
    return user is not None and user is read.next_op and isinstance(user, affine.StoreOp | WriteOp)


def storage_pragmas(op: BufferOp, name: str) -> list[Statement]:
    """Where the array lives, as decided by `place-memories`."""
    kind = op.memory.value.data if op.memory is not None else "auto"  # type: ignore[union-attr]
    if kind == "register":
        return [Pragma(f"ARRAY_PARTITION variable={name} complete dim=0")]
    if kind == "uram":
        return [Pragma(f"BIND_STORAGE variable={name} type=ram_2p impl=uram latency={_URAM_LATENCY}")]
    if kind in ("bram", "lutram"):
        return [Pragma(f"BIND_STORAGE variable={name} type=ram_2p impl={kind}")]
    return []
