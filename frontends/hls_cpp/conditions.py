"""Conditions of branches that are affine in loop counters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xdsl.ir.affine import AffineConstraintKind

from dataflowc.frontends.hls_cpp.builder import Scope
from dataflowc.frontends.hls_cpp.c_types import is_float, width
from dataflowc.frontends.hls_cpp.expressions import affine_combination, as_index
from dataflowc.frontends.hls_cpp.linear import Index
from dataflowc.frontends.hls_cpp.syntax import Binary, Cast, Expression, Name, Number, Unary

_OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}


@dataclass(frozen=True, slots=True)
class Constraint:
    """`index == 0` or `index >= 0`."""

    index: Index
    kind: AffineConstraintKind


@dataclass(frozen=True, slots=True)
class Condition:
    """All `constraints` hold; `is_flipped` where the branch is taken if they do not."""

    constraints: tuple[Constraint, ...]
    is_flipped: bool

    @property
    def constant(self) -> bool | None:
        """Whether the branch is always or never taken; None if that depends on the counters."""
        holds: bool | None = True
        for constraint in self.constraints:
            low, high = constraint.index.range()
            if constraint.kind is AffineConstraintKind.eq:
                known = True if low == high == 0 else False if low > 0 or high < 0 else None
            else:
                known = True if low >= 0 else False if high < 0 else None
            if known is False:
                holds = False
                break
            if known is None:
                holds = None
        return holds if holds is None else holds != self.is_flipped


def affine_condition(expression: Expression, scope: Scope) -> Condition | None:
    """The condition as constraints, None if it is not affine or not a conjunction (nor the opposite of one)."""
    for is_flipped in (False, True):
        found = _conjunction(expression, scope, is_flipped)
        if found is not None:
            return Condition(tuple(found), is_flipped)
    return None


def facts(constraints: Iterable[Constraint]) -> list[Index]:
    """What the constraints say is not negative."""
    found = []
    for constraint in constraints:
        found.append(constraint.index)
        if constraint.kind is AffineConstraintKind.eq:
            found.append(constraint.index.times(-1))
    return found


def pure_index(expression: Expression, scope: Scope) -> Index | None:
    """An integer expression as an index, None if it depends on data; makes no ops."""
    match expression:
        case Number():
            return as_index(expression)
        case Name(name=name):
            binding = scope.find(name)
            return as_index(binding) if isinstance(binding, Number | Index) else None
        case Unary(operator="-" | "+" as sign, operand=operand):
            index = pure_index(operand, scope)
            return index if index is None or sign == "+" else index.times(-1)
        case Cast(type=type_, operand=operand) if not is_float(type_) and width(type_) >= 32:
            return pure_index(operand, scope)
        case Binary(operator=sign, left=left, right=right):
            a, b = pure_index(left, scope), pure_index(right, scope)
            return affine_combination(sign, a, b, scope) if a is not None and b is not None else None
        case _:
            return None


def _conjunction(expression: Expression, scope: Scope, negated: bool) -> list[Constraint] | None:
    match expression:
        case Binary(operator="&&" | "||" as sign, left=left, right=right):
            if (sign == "&&") == negated:
                return None
            a = _conjunction(left, scope, negated)
            if a is None:
                return None
            guarded = Scope(scope)
            guarded.facts = facts(a)
            b = _conjunction(right, guarded, negated)
            return None if b is None else a + b
        case Unary(operator="!", operand=operand):
            return _conjunction(operand, scope, not negated)
        case Binary(operator=sign, left=left, right=right) if sign in _OPPOSITE:
            a, b = pure_index(left, scope), pure_index(right, scope)
            if a is None or b is None:
                return None
            return _comparison(_OPPOSITE[sign] if negated else sign, a, b)
        case _:
            index = pure_index(expression, scope)
            return None if index is None else _comparison("==" if negated else "!=", index, Index(()))


def _comparison(sign: str, left: Index, right: Index) -> list[Constraint] | None:
    ge = AffineConstraintKind.ge
    match sign:
        case "==":
            return [Constraint(left.plus(right, -1), AffineConstraintKind.eq)]
        case ">=":
            return [Constraint(left.plus(right, -1), ge)]
        case "<=":
            return [Constraint(right.plus(left, -1), ge)]
        case ">":
            return [Constraint(left.plus(right, -1).plus(Index((), -1)), ge)]
        case "<":
            return [Constraint(right.plus(left, -1).plus(Index((), -1)), ge)]
        case _:
            difference = left.plus(right, -1)
            if difference.terms:
                return None
            return [Constraint(Index((), 0 if difference.constant else 1), AffineConstraintKind.eq)]
