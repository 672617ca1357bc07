"""Expressions become constants, affine indices, or arith and math ops."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xdsl.dialects import affine, arith, math, memref
from xdsl.ir import Block, Operation, SSAValue

from dataflowc.dialects.dataflow import ReadOp
from dataflowc.frontends.hls_cpp.builder import Builder, Computed, Scope, Spent, Value, View
from dataflowc.frontends.hls_cpp.c_types import converted, is_float, is_unsigned, promoted, width
from dataflowc.frontends.hls_cpp.constants import binary, evaluate, unary
from dataflowc.frontends.hls_cpp.errors import bad_design, unsupported
from dataflowc.frontends.hls_cpp.functions import BINARY, FOLDED, MATH, UNARY, choice_op
from dataflowc.frontends.hls_cpp.linear import Index
from dataflowc.frontends.hls_cpp.storage import Entity
from dataflowc.frontends.hls_cpp.syntax import (
    Binary,
    CallExpression,
    Cast,
    Expression,
    Name,
    Number,
    StreamRead,
    Subscript,
    Ternary,
    Unary,
)

_FLOAT: Mapping[str, Callable[[SSAValue, SSAValue], Operation]] = {
    "+": arith.AddfOp,
    "-": arith.SubfOp,
    "*": arith.MulfOp,
    "/": arith.DivfOp,
}
_INTEGER: Mapping[str, tuple[Callable[..., Operation], Callable[..., Operation] | None]] = {
    "+": (arith.AddiOp, arith.AddiOp),
    "-": (arith.SubiOp, arith.SubiOp),
    "*": (arith.MuliOp, arith.MuliOp),
    "/": (arith.DivSIOp, arith.DivUIOp),
    "%": (arith.RemSIOp, None),
    "&": (arith.AndIOp, arith.AndIOp),
    "|": (arith.OrIOp, arith.OrIOp),
    "^": (arith.XOrIOp, arith.XOrIOp),
    "<<": (arith.ShLIOp, arith.ShLIOp),
    ">>": (arith.ShRSIOp, arith.ShRUIOp),
}
"""Operator -> op on signed and on unsigned integers."""

COMPARISONS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}


class ExpressionLowering:
    """Lowers expressions at the builder's place."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self._loads: dict[tuple[Entity, tuple[Index, ...]], tuple[Block, Computed]] = {}

    def start_statement(self) -> None:
        """A new statement: elements loaded before may have changed."""
        self._loads.clear()

    def lower(self, expression: Expression) -> Value:
        """The value of an expression.

        Raises:
            UnsupportedOp, UserError: DF170 or DF173, with the line.
        """
        match expression:
            case Number():
                return expression
            case Name():
                return self._name(expression)
            case Subscript():
                return self._load(expression)
            case Binary():
                return self._binary(expression)
            case Unary():
                return self._unary(expression)
            case Cast(type=type_, operand=operand):
                return self.cast(self.lower(operand), type_)
            case Ternary():
                return self._ternary(expression)
            case StreamRead():
                return self._read(expression)
            case CallExpression():
                return self._call(expression)

    def type_of(self, value: Value) -> str:
        """The C++ type of a value."""
        return "i32" if isinstance(value, Index) else value.type

    def cast(self, value: Value, type_: str) -> Value:
        """`(type)value`."""
        if isinstance(value, Number):
            return Number(converted(value.value, type_), type_)
        if isinstance(value, Index) and not is_float(type_) and width(type_) >= 32:
            return value
        if isinstance(value, Computed) and value.type == type_:
            return value
        return Computed(self.builder.convert(value, type_), type_)

    # --- variables --------------------------------------------------------------------------------------------------

    def _name(self, name: Name) -> Value:
        binding = self.builder.scope.find(name.name)
        match binding:
            case Number() | Index():
                return binding
            case Entity():
                return Computed(self.builder.frame.value(binding, load=True), binding.type)
            case View() if binding.entity.kind == "array" and not self.builder.shape(binding):
                return self.load(binding, ())
            case View():
                raise bad_design(self.builder.place(name.line), f"'{name.name}' is an array or stream, not a number")
            case Spent():
                raise unsupported(
                    self.builder.place(name.line),
                    f"'{name.name}' has no value here: it is a counter, used outside its loop (line {binding.line})",
                )
            case _:
                macro = self.builder.macros.get(name.name)
                if macro is None:
                    raise bad_design(self.builder.place(name.line), f"'{name.name}' is not declared")
                return self.lower(macro)

    def element(self, subscript: Subscript) -> tuple[View, tuple[Value, ...]]:
        """The array and the indices of `a[i][j]`; there is one index per dimension.

        Raises:
            UserError: DF173 for too few or too many subscripts.
        """
        view = self.builder.view(subscript.base, subscript.line)
        rank = len(self.builder.shape(view))
        if len(subscript.indices) != rank or view.entity.kind != "array":
            raise bad_design(
                self.builder.place(subscript.line),
                f"'{subscript.base}' has {rank} dimensions and {len(subscript.indices)} subscripts",
            )
        return view, tuple(self.lower(index) for index in subscript.indices)

    def _load(self, subscript: Subscript) -> Value:
        return self.load(*self.element(subscript))

    def load(self, view: View, indices: tuple[Value, ...]) -> Computed:
        """An element of an array; one that the statement names twice is loaded once."""
        entity, builder = view.entity, self.builder
        array = builder.frame.value(entity, load=True)
        affine_indices = affine_only((*view.prefix, *indices))
        if affine_indices is not None:
            block, known = self._loads.get((entity, affine_indices), (None, None))
            if known is not None and block is builder.block:
                return known
            map_, operands = builder.map(affine_indices)
            found = Computed(builder.result(affine.LoadOp(array, operands, map_)), entity.type)
            self._loads[entity, affine_indices] = builder.block, found
            return found
        positions = [builder.subscript(index) for index in (*view.prefix, *indices)]
        return Computed(builder.result(memref.LoadOp.get(array, positions)), entity.type)

    def lane(self, name: str, lane: tuple[Expression, ...], line: int) -> tuple[Entity, tuple[Index, ...]]:
        """A stream and the index of the lane.

        Raises:
            UserError: DF173 for something that is no stream, or subscripts that do not fit.
        """
        view = self.builder.view(name, line)
        if view.entity.kind != "stream" or len(self.builder.shape(view)) != len(lane):
            what = "is no stream" if view.entity.kind != "stream" else "needs one subscript per dimension"
            raise bad_design(self.builder.place(line), f"'{name}' {what}")
        indices = affine_only((*view.prefix, *(self.lower(index) for index in lane)))
        if indices is None:
            raise unsupported(self.builder.place(line), f"which stream of '{name}' is used depends on data")
        return view.entity, indices

    def _read(self, read: StreamRead) -> Value:
        entity, indices = self.lane(read.stream, read.lane, read.line)
        channel = self.builder.frame.value(entity, load=True)
        if not indices:
            return Computed(self.builder.result(ReadOp(channel)), entity.type)
        map_, operands = self.builder.map(indices)
        return Computed(self.builder.result(ReadOp(channel, operands, map_)), entity.type)

    # --- operators --------------------------------------------------------------------------------------------------

    def _unary(self, expression: Unary) -> Value:
        value, builder = self.lower(expression.operand), self.builder
        if isinstance(value, Number):
            folded = unary(expression.operator, value)
            if folded is not None:
                return folded
        if isinstance(value, Index) and expression.operator in "+-":
            return value if expression.operator == "+" else value.times(-1)
        type_ = self.type_of(value)
        if expression.operator == "!":
            truth = builder.convert(value, "bool")
            return Computed(builder.result(arith.XOrIOp(truth, builder.number(1, "bool"))), "bool")
        type_ = type_ if is_float(type_) else promoted(type_, "i32")
        operand = builder.convert(value, type_)
        if expression.operator == "+":
            return Computed(operand, type_)
        if is_float(type_):
            if expression.operator == "~":
                raise bad_design(builder.place(expression.line), "~ of a float")
            return Computed(builder.result(arith.NegfOp(operand)), type_)
        if expression.operator == "-":
            return Computed(builder.result(arith.SubiOp(builder.number(0, type_), operand)), type_)
        return Computed(builder.result(arith.XOrIOp(operand, builder.number(-1, type_))), type_)

    def _binary(self, expression: Binary) -> Value:
        if expression.operator in ("&&", "||") and has_read(expression.right):
            raise unsupported(
                self.builder.place(expression.line), "a stream read that happens only sometimes", supported="use if"
            )
        return self.combine(
            expression.operator, self.lower(expression.left), self.lower(expression.right), expression.line
        )

    def combine(self, sign: str, left: Value, right: Value, line: int) -> Value:
        """`left sign right`.

        Raises:
            UserError: DF173 for an operator that the types do not have, or a constant division by zero.
        """
        if isinstance(left, Number) and isinstance(right, Number):
            folded = binary(sign, left, right)
            if folded is None:
                raise bad_design(self.builder.place(line), f"'{sign}' of these constants has no value")
            return folded
        a, b = as_index(left), as_index(right)
        index = affine_combination(sign, a, b, self.builder.scope) if a is not None and b is not None else None
        if index is not None:
            return index
        builder = self.builder
        if sign in ("&&", "||"):
            truths = builder.convert(left, "bool"), builder.convert(right, "bool")
            return Computed(builder.result((arith.AndIOp if sign == "&&" else arith.OrIOp)(*truths)), "bool")
        type_ = promoted(self.type_of(left), self.type_of(right))
        if sign in COMPARISONS:
            return self._compare(sign, left, right, type_)
        if sign in ("<<", ">>"):
            type_ = promoted(self.type_of(left), "i32")
        first, second = builder.convert(left, type_), builder.convert(right, type_)
        if is_float(type_):
            if sign not in _FLOAT:
                raise bad_design(builder.place(line), f"'{sign}' of floats")
            return Computed(builder.result(_FLOAT[sign](first, second)), type_)
        op = _INTEGER[sign][is_unsigned(type_)]
        if op is None:
            raise unsupported(builder.place(line), "% of unsigned integers that are not affine in loop counters")
        return Computed(builder.result(op(first, second)), type_)

    def _compare(self, sign: str, left: Value, right: Value, type_: str) -> Computed:
        builder, name = self.builder, COMPARISONS[sign]
        a, b = builder.convert(left, type_), builder.convert(right, type_)
        if is_float(type_):
            return Computed(builder.result(arith.CmpfOp(a, b, "une" if sign == "!=" else f"o{name}")), "bool")
        prefix = "" if sign in ("==", "!=") else "u" if is_unsigned(type_) else "s"
        return Computed(builder.result(arith.CmpiOp(a, b, prefix + name)), "bool")

    def _ternary(self, expression: Ternary) -> Value:
        known = evaluate(expression.condition, {})
        if known is not None:
            return self.lower(expression.yes if known.value else expression.no)
        for arm in (expression.yes, expression.no):
            if has_read(arm):
                raise unsupported(
                    self.builder.place(expression.line), "a ternary with a stream read", supported="use if and else"
                )
        choice = choice_op(expression)
        if choice is not None and not has_read(expression.condition):
            left, right = self.lower(expression.yes), self.lower(expression.no)
            type_ = promoted(self.type_of(left), self.type_of(right))
            if is_float(type_):
                a, b = self.builder.convert(left, type_), self.builder.convert(right, type_)
                return Computed(self.builder.result(choice(a, b)), type_)
        condition = self.lower(expression.condition)
        if isinstance(condition, Number):
            return self.lower(expression.yes if condition.value else expression.no)
        truth = self.builder.convert(condition, "bool")
        yes, no = self.lower(expression.yes), self.lower(expression.no)
        type_ = self.type_of(yes)
        if type_ != self.type_of(no):
            type_ = promoted(type_, self.type_of(no))
        a, b = self.builder.convert(yes, type_), self.builder.convert(no, type_)
        return Computed(self.builder.result(arith.SelectOp(truth, a, b)), type_)

    # --- functions --------------------------------------------------------------------------------------------------

    def _call(self, call: CallExpression) -> Value:
        name, values = call.function, [self.lower(argument) for argument in call.arguments]
        short = name[:-1] if name not in UNARY and name.endswith("f") else name
        if short in UNARY and len(values) == 1:
            return self._unary_math(short, values[0], "f32" if short != name else "")
        builder = self.builder
        if short in BINARY and len(values) == 2:
            type_ = promoted(self.type_of(values[0]), self.type_of(values[1]))
            type_ = "f32" if short != name else type_ if is_float(type_) else "f64"
            a, b = (builder.convert(value, type_) for value in values)
            return Computed(builder.result(BINARY[short](a, b)), type_)
        if name in ("max", "min") and len(values) == 2:
            return self._extreme(name, values[0], values[1])
        if name == "abs" and len(values) == 1:
            type_ = self.type_of(values[0])
            op = math.AbsFOp if is_float(type_) else math.AbsIOp
            return Computed(builder.result(op(builder.convert(values[0], type_))), type_)
        if short == "fma" and len(values) == 3:
            type_ = "f64" if any(self.type_of(value) == "f64" for value in values) else "f32"
            a, b, c = (builder.convert(value, type_) for value in values)
            return Computed(builder.result(math.FmaOp(a, b, c)), type_)
        raise unsupported(
            builder.place(call.line),
            f"the function '{name}' with {len(values)} arguments is not known here",
            construct="call",
            supported=f"math functions: {', '.join(MATH)}; other functions are called as statements",
        )

    def _unary_math(self, name: str, value: Value, type_: str) -> Value:
        type_ = type_ or (self.type_of(value) if is_float(self.type_of(value)) else "f64")
        if isinstance(value, Number) and name in FOLDED:
            argument = converted(value.value, type_)
            if not (name == "sqrt" and argument < 0) and not (name == "log" and argument <= 0):
                return Number(converted(FOLDED[name](argument), type_), type_)
        return Computed(self.builder.result(UNARY[name](self.builder.convert(value, type_))), type_)

    def _extreme(self, name: str, left: Value, right: Value) -> Value:
        type_ = promoted(self.type_of(left), self.type_of(right))
        a, b = self.builder.convert(left, type_), self.builder.convert(right, type_)
        if is_float(type_):
            test = arith.CmpfOp(a, b, "ogt" if name == "max" else "olt")
            return Computed(self.builder.result(arith.SelectOp(self.builder.result(test), a, b)), type_)
        ops = (arith.MaxUIOp, arith.MinUIOp) if is_unsigned(type_) else (arith.MaxSIOp, arith.MinSIOp)
        return Computed(self.builder.result(ops[name == "min"](a, b)), type_)


def as_index(value: Value) -> Index | None:
    """An integer as an index, None if it depends on data."""
    if isinstance(value, Index):
        return value
    if isinstance(value, Number) and not is_float(value.type):
        return Index((), int(value.value))
    return None


def affine_only(values: tuple[Value, ...]) -> tuple[Index, ...] | None:
    """All values as indices, None if one is not affine."""
    found = tuple(as_index(value) for value in values)
    return None if None in found else found  # type: ignore[return-value]


def affine_combination(sign: str, a: Index, b: Index, scope: Scope) -> Index | None:
    """`a sign b` as an index where it is one; the facts of `scope` hold."""
    if sign in ("+", "-"):
        return a.plus(b, 1 if sign == "+" else -1)
    if sign == "*" and not (a.terms and b.terms):
        return a.times(b.constant) if not b.terms else b.times(a.constant)
    if sign in ("/", "%") and not b.terms:
        return a.divided(b.constant, remainder=sign == "%", facts=scope.all_facts())
    if sign == "<<" and not b.terms and 0 <= b.constant < 31:
        return a.times(1 << b.constant)
    return None


def has_read(expression: Expression) -> bool:
    """Whether evaluating it takes a token from a stream."""
    match expression:
        case StreamRead():
            return True
        case Binary(left=left, right=right):
            return has_read(left) or has_read(right)
        case Unary(operand=operand) | Cast(operand=operand):
            return has_read(operand)
        case Ternary(condition=condition, yes=yes, no=no):
            return has_read(condition) or has_read(yes) or has_read(no)
        case CallExpression(arguments=arguments) | Subscript(indices=arguments):
            return any(has_read(argument) for argument in arguments)
        case _:
            return False
