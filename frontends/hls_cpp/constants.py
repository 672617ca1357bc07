"""Expressions whose value is known while reading: macros, `const int`, sizes of arrays, options."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

from dataflowc.frontends.hls_cpp.c_types import converted, is_float, promoted
from dataflowc.frontends.hls_cpp.syntax import Binary, Cast, Expression, Name, Number, Ternary, Unary

_ARITHMETIC: Mapping[str, Callable[[int | float, int | float], int | float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_COMPARE: Mapping[str, Callable[[int | float, int | float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_BITS: Mapping[str, Callable[[int, int], int]] = {
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
}


def evaluate(expression: Expression, constants: Mapping[str, Expression]) -> Number | None:
    """The value of a constant expression, None if it is not constant."""
    match expression:
        case Number():
            return expression
        case Name(name=name):
            value = constants.get(name)
            return evaluate(value, constants) if value is not None else None
        case Unary(operator=sign, operand=operand):
            value = evaluate(operand, constants)
            return unary(sign, value) if value is not None else None
        case Binary(operator=sign, left=left, right=right):
            first, second = evaluate(left, constants), evaluate(right, constants)
            return binary(sign, first, second) if first is not None and second is not None else None
        case Cast(type=type_, operand=operand):
            value = evaluate(operand, constants)
            return Number(converted(value.value, type_), type_) if value is not None else None
        case Ternary(condition=condition, yes=yes, no=no):
            choice = evaluate(condition, constants)
            return evaluate(yes if choice.value else no, constants) if choice is not None else None
        case _:
            return None


def unary(sign: str, value: Number) -> Number | None:
    """`sign value`."""
    if sign == "!":
        return Number(int(not value.value), "bool")
    type_ = value.type if is_float(value.type) else promoted(value.type, "i32")
    if sign == "+":
        return Number(value.value, type_)
    if sign == "-":
        return Number(converted(-value.value, type_), type_)
    return Number(converted(~int(value.value), type_), type_) if not is_float(type_) else None


def binary(sign: str, left: Number, right: Number) -> Number | None:
    """`left sign right` with C++ types; None for a division by zero and for bits of floats."""
    a, b, type_ = left.value, right.value, promoted(left.type, right.type)
    if sign in _COMPARE:
        return Number(int(_COMPARE[sign](a, b)), "bool")
    if sign in ("&&", "||"):
        return Number(int(bool(a and b) if sign == "&&" else bool(a or b)), "bool")
    if sign in _ARITHMETIC:
        return Number(converted(_ARITHMETIC[sign](a, b), type_), type_)
    if sign in ("/", "%"):
        if b == 0:
            return None
        if is_float(type_):
            return Number(converted(a / b, type_), type_) if sign == "/" else None
        quotient = abs(int(a)) // abs(int(b)) * (1 if (a < 0) == (b < 0) else -1)
        return Number(quotient if sign == "/" else int(a) - quotient * int(b), type_)
    if is_float(type_) or sign not in _BITS:
        return None
    return Number(converted(_BITS[sign](int(a), int(b)), type_), type_)
