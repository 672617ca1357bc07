"""The place in the IR where the next op goes, the names in scope, and the C++ line they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from xdsl.dialects import affine, arith
from xdsl.dialects.builtin import (
    AffineMapAttr,
    FloatAttr,
    IndexType,
    IntegerAttr,
    IntegerType,
)
from xdsl.ir import Block, Operation, SSAValue
from xdsl.ir.affine import AffineExpr, AffineMap

from dataflowc.dialects.attributes import SourceAttr
from dataflowc.frontends.hls_cpp import casts
from dataflowc.frontends.hls_cpp.c_types import converted, ir_type, is_float, is_unsigned, width
from dataflowc.frontends.hls_cpp.errors import bad_design
from dataflowc.frontends.hls_cpp.frames import Frame
from dataflowc.frontends.hls_cpp.linear import Index
from dataflowc.frontends.hls_cpp.storage import Entity
from dataflowc.frontends.hls_cpp.syntax import Expression, Function, Number, Place


@dataclass(frozen=True, slots=True)
class View:
    """An array or stream, or the part of it that remains once the first dimensions are fixed by `prefix`."""

    entity: Entity
    prefix: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Computed:
    """A scalar in SSA form, of a C++ type."""

    value: SSAValue
    type: str


@dataclass(frozen=True, slots=True)
class Spent:
    """A loop counter declared before its loop: it has no value outside."""

    line: int


Value = Number | Index | Computed
Binding = View | Number | Index | Entity | Spent


class Scope:
    """Names of one block and those around it; `facts` are indices that are not negative in it."""

    def __init__(self, parent: Scope | None = None) -> None:
        self.parent = parent
        self.names: dict[str, Binding] = {}
        self.facts: list[Index] = []

    def find(self, name: str) -> Binding | None:
        """What `name` stands for, None if it is unknown."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.names.get(name)
            if found is not None:
                return found
            scope = scope.parent
        return None

    def all_facts(self) -> list[Index]:
        """The facts of this scope and those around it."""
        return self.facts + (self.parent.all_facts() if self.parent is not None else [])

    def rebind(self, name: str, binding: Binding) -> None:
        """Change the binding of `name` where it was declared."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                scope.names[name] = binding
                return
            scope = scope.parent


class Builder:
    """Adds ops at the current place."""

    def __init__(self, frame: Frame, macros: Mapping[str, Expression], function: Function) -> None:
        self.frame = frame
        self.macros = macros
        self.block: Block = frame.block
        self.scope = Scope()
        self.function = function
        self._source: SourceAttr | None = None

    # --- where ------------------------------------------------------------------------------------------------------

    def place(self, line: int) -> Place:
        """A line of the current function."""
        return Place(self.function.file, line, self.function.name)

    def at(self, kind: str, line: int) -> SourceAttr:
        """From here on, ops come from a statement of `kind` on `line`."""
        self._source = SourceAttr.get(self.function.name, kind, self.function.file, line)
        return self._source

    @contextmanager
    def inside(self, block: Block) -> Iterator[None]:
        """Add to `block`, with a scope of its own."""
        before, self.block = self.block, block
        with self.scoped():
            yield
        self.block = before

    @contextmanager
    def scoped(self) -> Iterator[None]:
        """A scope of its own."""
        self.scope = Scope(self.scope)
        yield
        assert self.scope.parent is not None
        self.scope = self.scope.parent

    @contextmanager
    def within(self, frame: Frame) -> Iterator[None]:
        """Add to the block of another frame."""
        before, self.frame = self.frame, frame
        with self.inside(frame.block):
            yield
        self.frame = before

    @contextmanager
    def calling(self, function: Function, scope: Scope) -> Iterator[None]:
        """In the body of another function."""
        before, self.function, self.scope = (self.function, self.scope), function, scope
        source = self._source
        yield
        self.function, self.scope = before
        self._source = source

    # --- ops --------------------------------------------------------------------------------------------------------

    def emit(self, op: Operation) -> Operation:
        """Add `op`, with its source."""
        if self._source is not None:
            op.attributes["source"] = self._source
        self.block.add_op(op)
        return op

    def declare(self, entity: Entity) -> None:
        """Make an array or stream in the current frame, with its source."""
        op = self.frame.declare(entity)
        if self._source is not None:
            op.attributes["source"] = self._source

    def result(self, op: Operation) -> SSAValue:
        """Add `op`; its one result."""
        return self.emit(op).results[0]

    def map(self, indices: Sequence[Index]) -> tuple[AffineMapAttr, list[SSAValue]]:
        """An affine map for `indices` and its operands."""
        counters: dict[Entity, int] = {}

        def dimension(counter: Entity) -> int:
            return counters.setdefault(counter, len(counters))

        exprs: tuple[AffineExpr, ...] = tuple(index.affine(dimension) for index in indices)
        operands = [self.frame.value(counter, load=True) for counter in counters]
        return AffineMapAttr(AffineMap(len(operands), 0, exprs)), operands

    def index(self, index: Index) -> SSAValue:
        """`index` as an SSA value of type index."""
        if not index.terms:
            return self._constant(IntegerAttr(index.constant, IndexType()))
        if len(index.terms) == 1 and not index.constant:
            atom, count = index.terms[0]
            if count == 1 and isinstance(atom, Entity):
                return self.frame.value(atom, load=True)
        map_, operands = self.map([index])
        return self.result(affine.ApplyOp(operands, map_))

    def number(self, value: int | float, type_: str) -> SSAValue:
        """A constant of a C++ type."""
        exact = converted(value, type_)
        if is_float(type_):
            return self._constant(FloatAttr(exact, ir_type(type_)))  # type: ignore[arg-type]
        bits = width(type_)
        signed = int(exact) - (1 << bits) if int(exact) >> (bits - 1) and exact > 0 else int(exact)
        return self._constant(IntegerAttr(signed, IntegerType(bits)))

    def _constant(self, value: FloatAttr | IntegerAttr) -> SSAValue:
        op = arith.ConstantOp(value)
        self.block.add_op(op)
        return op.result

    def convert(self, value: Value, type_: str) -> SSAValue:
        """`value` as an SSA value of a C++ type."""
        if isinstance(value, Number):
            return self.number(value.value, type_)
        if isinstance(value, Index):
            if not value.terms:
                return self.number(value.constant, type_)
            plain = self.result(arith.IndexCastOp(self.index(value), ir_type("i32")))
            value = Computed(plain, "i32")
        return casts.cast(self, value.value, value.type, type_)

    def subscript(self, value: Value) -> SSAValue:
        """An index that is not affine, as an SSA value of type index."""
        if isinstance(value, Number):
            return self.index(Index((), int(value.value)))
        if isinstance(value, Index):
            return self.index(value)
        type_ = "i64" if is_unsigned(value.type) else value.type
        return self.result(arith.IndexCastOp(self.convert(value, type_), IndexType()))

    def shape(self, view: View) -> tuple[int, ...]:
        """Extents of what a view shows."""
        return view.entity.shape[len(view.prefix) :]

    def view(self, name: str, line: int) -> View:
        """The array or stream `name`.

        Raises:
            UserError: DF173 if there is none.
        """
        binding = self.scope.find(name)
        if not isinstance(binding, View):
            what = "is not declared" if binding is None else "is neither array nor stream"
            raise bad_design(self.place(line), f"'{name}' {what}", "declare it before its use")
        return binding
