"""Statements in sequence: assignments, declarations, loops, branches and inlined calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from xdsl.dialects import affine, memref, scf
from xdsl.dialects.builtin import AffineSetAttr, StringAttr, UnitAttr
from xdsl.ir import Block as IrBlock
from xdsl.ir import Operation, Region, SSAValue
from xdsl.ir.affine import AffineConstraintExpr, AffineExpr, AffineSet

from dataflowc.dialects.dataflow import WriteOp
from dataflowc.frontends.hls_cpp.builder import Builder, Spent, Value, View
from dataflowc.frontends.hls_cpp.calls import bind_arguments, callee
from dataflowc.frontends.hls_cpp.conditions import Condition, affine_condition, facts
from dataflowc.frontends.hls_cpp.declarations import array_entity, is_affine_type
from dataflowc.frontends.hls_cpp.errors import bad_design, bad_pragma, unsupported
from dataflowc.frontends.hls_cpp.expressions import ExpressionLowering, affine_only
from dataflowc.frontends.hls_cpp.implementation import bind_operation
from dataflowc.frontends.hls_cpp.linear import Index
from dataflowc.frontends.hls_cpp.loops import bounds_of, loop_attributes, loop_op
from dataflowc.frontends.hls_cpp.pragmas import FUNCTION_PRAGMAS, VARIABLE_PRAGMAS
from dataflowc.frontends.hls_cpp.storage import Entity
from dataflowc.frontends.hls_cpp.syntax import (
    Assignment,
    Block,
    Call,
    Declaration,
    For,
    Function,
    If,
    Name,
    Number,
    Pragma,
    Program,
    Statement,
    StreamWrite,
)

if TYPE_CHECKING:
    from dataflowc.frontends.hls_cpp.regions import RegionLowering


class StatementLowering:
    """Lowers statements at the builder's place. `regions` lowers the dataflow regions among them."""

    def __init__(self, builder: Builder, program: Program, tripcounts: Mapping[str, int]) -> None:
        self.builder = builder
        self.program = program
        self.tripcounts = tripcounts
        self.expressions = ExpressionLowering(builder)
        self.regions: RegionLowering
        self._calls = 0
        self._active: list[str] = []

    def block(self, block: Block) -> None:
        """All statements of a block in the current scope, then the pragmas about its variables."""
        for statement in block.statements:
            self.statement(statement)
        self.variable_pragmas(block.pragmas)

    def statement(self, statement: Statement) -> None:
        """One statement."""
        self.expressions.start_statement()
        match statement:
            case Assignment():
                self._assign(statement)
            case Declaration():
                self.declare(statement)
            case StreamWrite():
                self._write(statement)
            case For():
                self._for(statement)
            case If():
                self._if(statement)
            case Block():
                with self.builder.scoped():
                    self._no_pragmas(statement)
                    self.block(statement)
            case Call():
                self.call(statement)

    # --- variables --------------------------------------------------------------------------------------------------

    def declare(self, declaration: Declaration) -> None:
        """A local variable."""
        builder, name = self.builder, declaration.name
        builder.at("declare", declaration.line)
        if declaration.dims or declaration.is_stream:
            entity = array_entity(builder, declaration)
            builder.declare(entity)
            builder.scope.names[name] = View(entity)
            return
        if declaration.is_reference or declaration.is_pointer:
            raise bad_design(builder.place(declaration.line), f"'{name}' is a pointer or reference to a local")
        if declaration.init is None and name not in builder.function.assigned:
            builder.scope.names[name] = Spent(declaration.line)
            return
        value = self.expressions.lower(declaration.init) if declaration.init is not None else None
        self.bind(name, declaration.type, value, is_assigned=name in builder.function.assigned)

    def bind(self, name: str, type_: str, value: Value | None, *, is_assigned: bool) -> None:
        """Let a scalar `name` stand for `value`; a register if it is assigned again."""
        builder = self.builder
        if is_assigned:
            entity = Entity(name, "array", type_)
            builder.declare(entity)
            builder.scope.names[name] = View(entity)
            if value is not None:
                self.store(View(entity), (), value)
            return
        assert value is not None
        value = self.expressions.cast(value, type_)
        if isinstance(value, Number) or (isinstance(value, Index) and is_affine_type(type_)):
            builder.scope.names[name] = value
            return
        ssa = builder.convert(value, type_)
        if ssa.name_hint is None and SSAValue.is_valid_name(name):
            ssa.name_hint = name
        entity = Entity(name, "value", type_)
        builder.frame.own[entity] = ssa
        builder.scope.names[name] = entity

    def store(self, view: View, indices: tuple[Value, ...], value: Value) -> None:
        """Put a value into an element of an array."""
        builder, entity = self.builder, view.entity
        ssa = builder.convert(value, entity.type)
        array = builder.frame.value(entity, store=True)
        places = affine_only((*view.prefix, *indices))
        if places is not None:
            map_, operands = builder.map(places)
            builder.emit(affine.StoreOp(ssa, array, operands, map_))
        else:
            positions = [builder.subscript(index) for index in (*view.prefix, *indices)]
            builder.emit(memref.StoreOp.get(ssa, array, positions))

    def _assign(self, assignment: Assignment) -> None:
        builder, target = self.builder, assignment.target
        builder.at("assign", assignment.line)
        if isinstance(target, Name):
            view, indices = builder.view(target.name, target.line), ()
            if builder.shape(view) or view.entity.kind != "array":
                raise bad_design(builder.place(target.line), f"'{target.name}' is an array or stream, not a number")
        else:
            view, indices = self.expressions.element(target)
        if assignment.operator == "=":
            value = self.expressions.lower(assignment.value)
        else:
            old = self.expressions.load(view, indices)
            right = self.expressions.lower(assignment.value)
            value = self.expressions.combine(assignment.operator[:-1], old, right, assignment.line)
        self.store(view, indices, value)

    def _write(self, write: StreamWrite) -> None:
        builder = self.builder
        builder.at("write", write.line)
        value = self.expressions.lower(write.value)
        entity, lane = self.expressions.lane(write.stream, write.lane, write.line)
        ssa = builder.convert(value, entity.type)
        channel = builder.frame.value(entity, store=True)
        if lane:
            map_, operands = builder.map(lane)
            builder.emit(WriteOp(ssa, channel, operands, map_))
        else:
            builder.emit(WriteOp(ssa, channel))

    # --- control ----------------------------------------------------------------------------------------------------

    def _for(self, loop: For) -> None:
        builder = self.builder
        builder.at("for", loop.line)
        bounds = bounds_of(builder, loop, self.tripcounts)
        op, _, value = loop_op(builder, loop, bounds)
        op.attributes |= loop_attributes(builder, loop.body.pragmas)
        builder.emit(op)
        body = op.body.block
        with builder.inside(body):
            builder.scope.names[loop.counter] = value
            if any(pragma.name == "dataflow" for pragma in loop.body.pragmas):
                if self.regions.nested(loop.body):
                    op.attributes["dataflow"] = UnitAttr()
            else:
                self.block(loop.body)
        body.add_op(affine.YieldOp.get())
        if isinstance(builder.scope.find(loop.counter), Spent | View):
            builder.scope.rebind(loop.counter, Spent(loop.line))

    def _if(self, branch: If) -> None:
        builder = self.builder
        builder.at("if", branch.line)
        self._no_pragmas(branch.body)
        if branch.otherwise is not None:
            self._no_pragmas(branch.otherwise)
        condition = affine_condition(branch.condition, builder.scope)
        if condition is None:
            self._data_if(branch)
        elif condition.constant is not None:
            taken = branch.body if condition.constant else branch.otherwise
            if taken is not None:
                with builder.scoped():
                    self.block(taken)
        else:
            self._affine_if(branch, condition)

    def _affine_if(self, branch: If, condition: Condition) -> None:
        builder = self.builder
        map_, operands = builder.map([constraint.index for constraint in condition.constraints])
        zero = AffineExpr.constant(0)
        constraints = tuple(
            AffineConstraintExpr(constraint.kind, expr, zero, canonicalize=False)
            for constraint, expr in zip(condition.constraints, map_.data.results, strict=True)
        )
        branches = [branch.body, branch.otherwise]
        if condition.is_flipped:
            branches.reverse()
        known = facts(condition.constraints)
        regions = [Region(IrBlock()), Region(IrBlock()) if branches[1] is not None else Region()]
        op = affine.IfOp.build(
            operands=[operands],
            properties={"condition": AffineSetAttr(AffineSet(len(operands), 0, constraints))},
            regions=regions,
            result_types=[[]],
        )
        builder.emit(op)
        self._fill(regions, branches, affine.YieldOp, known)

    def _data_if(self, branch: If) -> None:
        builder = self.builder
        truth = builder.convert(self.expressions.lower(branch.condition), "bool")
        regions = [Region(IrBlock()), Region(IrBlock()) if branch.otherwise is not None else Region()]
        builder.emit(scf.IfOp(truth, [], regions[0], regions[1]))
        self._fill(regions, [branch.body, branch.otherwise], scf.YieldOp)

    def _fill(
        self,
        regions: Sequence[Region],
        branches: Sequence[Block | None],
        end: type[affine.YieldOp] | type[scf.YieldOp],
        known: Sequence[Index] = (),
    ) -> None:
        """The two arms of a branch; `known` holds in the first."""
        for region, body in zip(regions, branches, strict=True):
            if region.blocks:
                with self.builder.inside(region.block):
                    if region is regions[0]:
                        self.builder.scope.facts += known
                    if body is not None:
                        self.block(body)
                region.block.add_op(end.build(operands=[[]]))

    # --- calls ------------------------------------------------------------------------------------------------------

    def call(self, call: Call) -> None:
        """A call in sequential code: inlined, with its outermost ops marked."""
        builder = self.builder
        last = builder.block.last_op
        block = builder.block
        self._calls += 1
        mark = f"{call.function}#{self._calls}"
        builder.at("call", call.line)
        left = self.inline(call)
        if "pipeline" in left and left["pipeline"].get("off") is None:
            raise unsupported(
                builder.place(call.line),
                f"function '{call.function}' is pipelined as a whole and called in sequential code",
                supported="pipeline its loops, or call it in a dataflow region",
            )
        op: Operation | None = block.first_op if last is None else last.next_op
        while op is not None:
            inner = op.attributes.get("call")
            op.attributes["call"] = StringAttr(f"{mark}/{inner.data}" if isinstance(inner, StringAttr) else mark)
            op = op.next_op

    def inline(self, call: Call) -> dict[str, Pragma]:
        """The body of the called function here; the pragmas of the function that are left to the caller, by name."""
        builder = self.builder
        function = callee(builder, self.program, call)
        if function.name in self._active:
            raise bad_design(builder.place(call.line), f"function '{function.name}' calls itself")
        self._active.append(function.name)
        scope = bind_arguments(self, function, call)
        with builder.calling(function, scope):
            left = self.function_body(function)
        self._active.pop()
        return left

    def function_pragmas(self, function: Function) -> dict[str, Pragma]:
        """The pragmas of a function as a whole, by name.

        Raises:
            UserError: DF171 for one that is not about functions.
        """
        pragmas = {p.name: p for p in function.body.pragmas if p.name not in VARIABLE_PRAGMAS}
        for pragma in pragmas.values():
            if pragma.name not in FUNCTION_PRAGMAS:
                raise bad_pragma(
                    self.builder.place(pragma.line),
                    f"pragma {pragma.name.upper()} does not belong in the body of a function",
                    f"in a function: {', '.join(sorted(FUNCTION_PRAGMAS | VARIABLE_PRAGMAS))}",
                )
        return pragmas

    def function_body(self, function: Function) -> dict[str, Pragma]:
        """The statements of a function, whose parameters are in scope."""
        pragmas = self.function_pragmas(function)
        if "dataflow" in pragmas:
            if not self.regions.nested(function.body):
                del pragmas["dataflow"]
        else:
            self.block(function.body)
        return pragmas

    # --- pragmas ----------------------------------------------------------------------------------------------------

    def variable_pragmas(self, pragmas: Sequence[Pragma]) -> None:
        """Pragmas about variables of the current scope.

        Raises:
            UserError: DF171 for a variable that is not in scope.
        """
        builder = self.builder
        for pragma in pragmas:
            if pragma.name not in VARIABLE_PRAGMAS:
                continue
            place, name = builder.place(pragma.line), pragma.get("variable")
            binding = builder.scope.find(name) if name else None
            if binding is None:
                raise bad_pragma(
                    place, f"pragma {pragma.name.upper()} names the variable '{name}', which is not in scope", ""
                )
            if pragma.name == "bind_op":
                if isinstance(binding, View | Entity):
                    bind_operation(builder.frame, binding.entity if isinstance(binding, View) else binding, pragma)
            elif isinstance(binding, View):
                binding.entity.apply(pragma, place, len(binding.prefix))
            else:
                raise bad_pragma(place, f"pragma {pragma.name.upper()} is for arrays and streams, '{name}' is none", "")

    def _no_pragmas(self, block: Block) -> None:
        for pragma in block.pragmas:
            if pragma.name not in VARIABLE_PRAGMAS:
                raise bad_pragma(
                    self.builder.place(pragma.line),
                    f"pragma {pragma.name.upper()} stands in a plain block",
                    "put it in the body of a loop or function",
                )
