"""C++ text of scalar ops, constants, types and affine expressions."""

from __future__ import annotations

import math as pymath
from collections.abc import Callable, Sequence

from xdsl.dialects import arith, math
from xdsl.dialects.builtin import FloatAttr, IntegerAttr, IntegerType
from xdsl.ir import Attribute, Operation
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineConstraintKind,
    AffineDimExpr,
    AffineExpr,
    AffineSet,
    AffineSymExpr,
)

from dataflowc.diagnostics import InternalError, SourceLocation
from dataflowc.dialects.attributes import SourceAttr

C_TYPES = {
    "f32": "float",
    "f64": "double",
    "i64": "int64_t",
    "i32": "int32_t",
    "i16": "int16_t",
    "i8": "int8_t",
    "i1": "bool",
    "index": "int",
}
"""MLIR type -> C++ type."""


def c_type(type_: Attribute) -> str:
    """The C++ type of a scalar."""
    name = str(type_)
    if name not in C_TYPES:
        raise InternalError("DF401", f"no C++ type for {name}", hint="the front door should have refused it")
    return C_TYPES[name]


def constant_text(value: Attribute) -> str:
    """A literal with the exact value."""
    if isinstance(value, FloatAttr):
        return _float_text(value.value.data, "f" if str(value.type) == "f32" else "")
    assert isinstance(value, IntegerAttr)
    number = value.value.data
    if isinstance(value.type, IntegerType) and value.type.width.data == 1:
        return "true" if number else "false"
    wide = isinstance(value.type, IntegerType) and value.type.width.data == 64
    if wide and number == -(2**63):
        return "(-9223372036854775807LL - 1)"
    return f"{number}LL" if wide and abs(number) >= 2**31 else str(number)


def _float_text(value: float, suffix: str) -> str:
    if pymath.isinf(value):
        return "-INFINITY" if value < 0 else "INFINITY"
    if pymath.isnan(value):
        return "NAN"
    text = f"{value:.9g}" if suffix else f"{value:.17g}"
    if "e" not in text and "." not in text:
        text += ".0"
    return text + suffix


def affine_text(expr: AffineExpr, names: Sequence[str], dims: int = 0) -> str:
    """An affine expression. C++ divides towards 0 and MLIR downwards; the text is right for both signs.

    `names` are those of the dimensions, then of the symbols; `dims` is the number of the former if there are symbols.
    A name is that of a loop counter, never negative, or the text of another expression.
    """
    match expr:
        case AffineSymExpr():
            return names[dims + expr.position]
        case AffineConstantExpr():
            return str(expr.value)
        case AffineDimExpr():
            return names[expr.position]
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Add, lhs=lhs, rhs=AffineConstantExpr() as rhs) if rhs.value < 0:
            return f"{affine_text(lhs, names, dims)} - {-rhs.value}"
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Add, lhs=lhs, rhs=AffineBinaryOpExpr() as rhs) if _negated(rhs):
            return f"{affine_text(lhs, names, dims)} - {_factor(rhs.lhs, names, dims)}"
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Add):
            return f"{affine_text(expr.lhs, names, dims)} + {affine_text(expr.rhs, names, dims)}"
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Mul):
            return f"{_factor(expr.lhs, names, dims)} * {_factor(expr.rhs, names, dims)}"
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Mod):
            return _remainder_text(expr, names, dims)
        case AffineBinaryOpExpr():
            return _quotient_text(expr, names, dims)
        case _:
            raise AssertionError(f"unexpected affine expression {expr}")


def _remainder_text(expr: AffineBinaryOpExpr, names: Sequence[str], dims: int) -> str:
    """`mod`: a dividend that a constant makes negative is raised by a multiple of the divisor."""
    dividend, _ = _raised(expr.lhs, expr.rhs, names, dims)
    text = f"{_factor(dividend, names, dims)} % {_factor(expr.rhs, names, dims)}"
    if not _may_be_negative(dividend, names, dims):
        return text
    divisor = _factor(expr.rhs, names, dims)
    return f"({text} + {divisor}) % {divisor}"


def _quotient_text(expr: AffineBinaryOpExpr, names: Sequence[str], dims: int) -> str:
    """`floordiv` and `ceildiv`, the latter as `(a + divisor - 1) floordiv divisor`."""
    dividend, divisor = expr.lhs, expr.rhs
    if expr.kind is AffineBinaryOpKind.CeilDiv:
        dividend = dividend + (divisor + -1)
    raised, quotients = _raised(dividend, divisor, names, dims)
    bottom = _factor(divisor, names, dims)
    if _may_be_negative(raised, names, dims):
        rest = _remainder_text(AffineBinaryOpExpr(AffineBinaryOpKind.Mod, raised, divisor), names, dims)
        return f"({affine_text(raised, names, dims)} - {rest}) / {bottom}"
    text = f"{_factor(raised, names, dims)} / {bottom}"
    return f"{text} - {quotients}" if quotients else text


def _raised(dividend: AffineExpr, divisor: AffineExpr, names: Sequence[str], dims: int) -> tuple[AffineExpr, int]:
    """A sum with its constants together, and how many divisors were added so that it is not negative.

    The sum as it is, and 0, where it cannot be negative or where constants are not the reason.
    """
    terms = _terms(dividend)
    rest = [term for term in terms if not isinstance(term, AffineConstantExpr)]
    constant = sum(term.value for term in terms if isinstance(term, AffineConstantExpr))
    if constant >= 0 or not isinstance(divisor, AffineConstantExpr):
        return dividend, 0
    if any(_may_be_negative(term, names, dims) for term in rest):
        return dividend, 0
    added = -(constant // divisor.value)
    offset = constant + added * divisor.value
    total = rest[0] if rest else AffineExpr.constant(offset)
    for term in rest[1:]:
        total = AffineBinaryOpExpr(AffineBinaryOpKind.Add, total, term)
    return (total + offset if rest and offset else total), added


def _terms(expr: AffineExpr) -> list[AffineExpr]:
    if isinstance(expr, AffineBinaryOpExpr) and expr.kind is AffineBinaryOpKind.Add:
        return [*_terms(expr.lhs), *_terms(expr.rhs)]
    return [expr]


def _may_be_negative(expr: AffineExpr, names: Sequence[str], dims: int) -> bool:
    """False only if `expr` is not negative for any values of the loop counters."""
    match expr:
        case AffineConstantExpr():
            return expr.value < 0
        case AffineDimExpr() | AffineSymExpr():
            return "-" in affine_text(expr, names, dims)
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Mod):
            return False
        case AffineBinaryOpExpr(kind=AffineBinaryOpKind.Add):
            constant = sum(term.value for term in _terms(expr) if isinstance(term, AffineConstantExpr))
            rest = [term for term in _terms(expr) if not isinstance(term, AffineConstantExpr)]
            return constant < 0 or any(_may_be_negative(term, names, dims) for term in rest)
        case AffineBinaryOpExpr():
            return _may_be_negative(expr.lhs, names, dims) or _may_be_negative(expr.rhs, names, dims)
        case _:
            raise AssertionError(f"unexpected affine expression {expr}")


def _negated(expr: AffineBinaryOpExpr) -> bool:
    """`x * -1`."""
    return expr.kind is AffineBinaryOpKind.Mul and isinstance(expr.rhs, AffineConstantExpr) and expr.rhs.value == -1


def _factor(expr: AffineExpr, names: Sequence[str], dims: int) -> str:
    text = affine_text(expr, names, dims)
    simple = isinstance(expr, AffineDimExpr | AffineSymExpr | AffineConstantExpr)
    return text if simple else f"({text})"


def condition_text(condition: AffineSet, names: Sequence[str]) -> str:
    """An affine set as a C++ condition."""
    return " && ".join(_constraint_text(c.lhs, c.kind is AffineConstraintKind.eq, names) for c in condition.constraints)


def _constraint_text(expr: AffineExpr, is_equality: bool, names: Sequence[str]) -> str:
    """`expr == 0` or `expr >= 0`, with the constant moved to the other side.

    Whether a remainder is 0 does not depend on the sign of the dividend, so it is asked as it stands.
    """
    if is_equality and isinstance(expr, AffineBinaryOpExpr) and expr.kind is AffineBinaryOpKind.Mod:
        return f"{_factor(expr.lhs, names, 0)} % {_factor(expr.rhs, names, 0)} == 0"
    bound, sign = 0, "==" if is_equality else ">="
    if isinstance(expr, AffineBinaryOpExpr) and expr.kind is AffineBinaryOpKind.Add:
        if isinstance(expr.rhs, AffineConstantExpr):
            expr, bound = expr.lhs, -expr.rhs.value
        elif isinstance(expr.lhs, AffineConstantExpr):
            expr, bound = expr.rhs, -expr.lhs.value
    if isinstance(expr, AffineBinaryOpExpr) and _negated(expr):
        expr, bound, sign = expr.lhs, -bound, "==" if is_equality else "<="
    return f"{affine_text(expr, names)} {sign} {bound}"


_INFIX = {
    "arith.addf": "+",
    "arith.subf": "-",
    "arith.mulf": "*",
    "arith.divf": "/",
    "arith.addi": "+",
    "arith.subi": "-",
    "arith.muli": "*",
    "arith.divsi": "/",
    "arith.remsi": "%",
    "arith.andi": "&",
    "arith.ori": "|",
    "arith.xori": "^",
    "arith.shli": "<<",
    "arith.shrsi": ">>",
}

_CALLS = {
    name: f"hls::{name.split('.')[1].removesuffix('f')}"
    for name in (
        "math.exp math.exp2 math.log math.log2 math.log10 math.log1p math.expm1 math.sqrt math.rsqrt math.tanh "
        "math.erf math.sin math.cos math.floor math.ceil math.powf math.roundeven math.round math.trunc math.atan "
        "math.atan2"
    ).split()
}
_CALLS |= {
    "math.absf": "hls::fabs",
    "math.erf": "hls::erf",
    "math.roundeven": "hls::rint",
    "math.fma": "hls::fma",
}

_CASTS = frozenset(
    "arith.extsi arith.trunci arith.sitofp arith.fptosi arith.extf arith.truncf arith.index_cast arith.extui "
    "arith.uitofp".split()
)

_CMPF: dict[str, str] = {
    "oeq": "{a} == {b}",
    "ogt": "{a} > {b}",
    "oge": "{a} >= {b}",
    "olt": "{a} < {b}",
    "ole": "{a} <= {b}",
    "one": "{a} < {b} || {a} > {b}",
    "ord": "{a} == {a} && {b} == {b}",
    "ueq": "!({a} < {b} || {a} > {b})",
    "ugt": "!({a} <= {b})",
    "uge": "!({a} < {b})",
    "ult": "!({a} >= {b})",
    "ule": "!({a} > {b})",
    "une": "{a} != {b}",
    "uno": "{a} != {a} || {b} != {b}",
    "false": "false",
    "true": "true",
}
"""Float predicates with MLIR's meaning for NaN."""

_CMPF_ORDER = "false oeq ogt oge olt ole one ord ueq ugt uge ult ule une uno true".split()
_CMPI = ["==", "!=", "<", "<=", ">", ">=", "<", "<=", ">", ">="]
_FIRST_UNSIGNED = 6

_CHOICES: dict[str, str] = {
    "arith.maximumf": "{a} > {b} || {a} != {a} ? {a} : {b}",
    "arith.minimumf": "{a} < {b} || {a} != {a} ? {a} : {b}",
    "arith.maxnumf": "{a} > {b} || {b} != {b} ? {a} : {b}",
    "arith.minnumf": "{a} < {b} || {b} != {b} ? {a} : {b}",
    "arith.maxsi": "{a} > {b} ? {a} : {b}",
    "arith.minsi": "{a} < {b} ? {a} : {b}",
}
"""`maximumf` and `minimumf` give NaN where one operand is NaN, as torch does; `maxnumf` and `minnumf` the other one."""

_UNSIGNED = {"i8": "uint8_t", "i16": "uint16_t", "i32": "uint32_t", "i64": "uint64_t", "index": "uint32_t"}
"""MLIR's integers have no sign, C's do: the type under which a value is read as unsigned."""


def scalar_text(op: Operation, operand: Callable[[int], str]) -> str:
    """The C++ expression of a scalar op; `operand(i)` is the text of operand i, safe to use inside any expression."""
    if op.name in _INFIX:
        return _infix_text(op, operand(0), operand(1))
    if op.name in _CALLS:
        return f"{_CALLS[op.name]}({', '.join(operand(i) for i in range(len(op.operands)))})"
    if op.name in _CASTS:
        return _cast_text(op, operand(0))
    if op.name in _CHOICES:
        return _CHOICES[op.name].format(a=operand(0), b=operand(1))
    match op:
        case arith.NegfOp():
            return _minus(operand(0))
        case math.AbsIOp():
            return f"{operand(0)} < 0 ? {_minus(operand(0))} : {operand(0)}"
        case arith.SelectOp():
            return f"{operand(0)} ? {operand(1)} : {operand(2)}"
        case arith.CmpfOp():
            return _CMPF[_CMPF_ORDER[op.predicate.value.data]].format(a=operand(0), b=operand(1))
        case arith.CmpiOp():
            return _cmpi_text(op, operand(0), operand(1))
        case _:
            raise unsupported(op)


def _minus(text: str) -> str:
    """The negative of an operand, which may be a negative literal itself."""
    return f"-({text})" if text.startswith("-") else f"-{text}"


def _infix_text(op: Operation, left: str, right: str) -> str:
    """Narrow integers wrap: C computes them as int, so a sum that stays inside a larger expression is cut back."""
    type_ = str(op.results[0].type)
    if type_ == "i1" and op.name in ("arith.addi", "arith.subi"):
        return f"{left} != {right}"
    text = f"{left} {_INFIX[op.name]} {right}"
    is_cut = type_ in ("i8", "i16") and op.name in ("arith.addi", "arith.subi", "arith.muli", "arith.shli")
    return f"({C_TYPES[type_]})({text})" if is_cut else text


def _cast_text(op: Operation, value: str) -> str:
    """A cast. Only the op knows the sign of its operand: true is -1 where it is signed, 1 where it is not."""
    source, target = str(op.operands[0].type), op.results[0].type
    if op.name == "arith.trunci" and str(target) == "i1":
        return f"({value} & 1) != 0"
    if op.name in ("arith.extsi", "arith.sitofp") and source == "i1":
        value = f"{value} ? -1 : 0"
    elif op.name in ("arith.extui", "arith.uitofp") and source in _UNSIGNED:
        value = f"({_UNSIGNED[source]})({value})"
    return f"({c_type(target)})({value})"


def _cmpi_text(op: arith.CmpiOp, left: str, right: str) -> str:
    """An integer comparison, on unsigned values where the predicate says so."""
    predicate, type_ = op.predicate.value.data, str(op.lhs.type)
    if predicate >= _FIRST_UNSIGNED and type_ in _UNSIGNED:
        left, right = (f"({_UNSIGNED[type_]})({text})" for text in (left, right))
    return f"{left} {_CMPI[predicate]} {right}"


def unsupported(op: Operation) -> InternalError:
    """The error for an op that has no C++ form."""
    source = op.attributes.get("source")
    where = None
    if isinstance(source, SourceAttr):
        where = SourceLocation(source.layer.data, source.op.data, source.file.data, source.line.data)
    return InternalError("DF402", f"no C++ form for {op.name}", where=where, hint="please report this model")


def is_supported(op: Operation) -> bool:
    """Whether `scalar_text` has a form for `op`."""
    if op.name in _INFIX or op.name in _CALLS or op.name in _CASTS or op.name in _CHOICES:
        return True
    return isinstance(op, arith.NegfOp | arith.SelectOp | arith.CmpfOp | arith.CmpiOp | arith.ConstantOp | math.AbsIOp)


def is_call(op: Operation) -> bool:
    """Whether the C++ form of `op` is a function call, which needs no parentheses."""
    return op.name in _CALLS
