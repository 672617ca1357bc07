"""The C++ text of affine expressions and conditions, against xDSL's own evaluation of the expression."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.ir.affine import AffineConstraintExpr, AffineConstraintKind, AffineExpr, AffineSet

from dataflowc.hls.expressions import affine_text, condition_text

NAMES = ("i", "j")
RANGE = range(5)

LEAVES = st.one_of(st.integers(0, 1).map(AffineExpr.dimension), st.integers(0, 7).map(AffineExpr.constant))
SIGNED_LEAVES = st.one_of(st.integers(0, 1).map(AffineExpr.dimension), st.integers(-7, 7).map(AffineExpr.constant))


def expressions(leaves: st.SearchStrategy[AffineExpr], least_factor: int) -> st.SearchStrategy[AffineExpr]:
    """Sums, multiples, quotients and remainders of `leaves`."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]),
            st.tuples(inner, st.integers(least_factor, 4)).map(lambda pair: pair[0] * pair[1]),
            st.tuples(inner, st.integers(1, 5)).map(lambda pair: pair[0] // pair[1]),
            st.tuples(inner, st.integers(1, 5)).map(lambda pair: pair[0].ceil_div(pair[1])),
            st.tuples(inner, st.integers(1, 5)).map(lambda pair: pair[0] % pair[1]),
        ),
        max_leaves=6,
    )


COUNTS = expressions(LEAVES, 1)
"""Expressions that are never negative, as indices are."""
SIGNED = expressions(SIGNED_LEAVES, -3)
"""Expressions that may be negative at any place, also below a division."""

DIFFERENCES = st.tuples(COUNTS, COUNTS, st.integers(-9, 9)).map(lambda t: t[0] - t[1] + t[2])


class CInt:
    """An `int` of C++: division goes towards 0."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __add__(self, other: CInt) -> CInt:
        return CInt(self.value + other.value)

    def __sub__(self, other: CInt) -> CInt:
        return CInt(self.value - other.value)

    def __mul__(self, other: CInt) -> CInt:
        return CInt(self.value * other.value)

    def __neg__(self) -> CInt:
        return CInt(-self.value)

    def __truediv__(self, other: CInt) -> CInt:
        return CInt(int(self.value / other.value))

    def __mod__(self, other: CInt) -> CInt:
        return CInt(self.value - int(self.value / other.value) * other.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CInt) and self.value == other.value

    def __ge__(self, other: CInt) -> bool:
        return self.value >= other.value

    def __le__(self, other: CInt) -> bool:
        return self.value <= other.value


def value_of(text: str, i: int, j: int) -> int:
    """The value of C++ text: an expression, or 1 and 0 for a condition."""
    python = re.sub(r"(\d+)", r"C(\1)", text).replace("&&", "and")
    found = eval(python, {"__builtins__": {}}, {"i": CInt(i), "j": CInt(j), "C": CInt})
    return found.value if isinstance(found, CInt) else int(found)


@given(SIGNED)
def test_division_of_negative_numbers_goes_downwards(expr: AffineExpr) -> None:
    text = affine_text(expr, NAMES)
    for i, j in product(RANGE, RANGE):
        assert value_of(text, i, j) == expr.eval([i, j], []), text


@given(SIGNED, st.integers(1, 5))
def test_a_name_may_be_the_text_of_another_expression(expr: AffineExpr, divisor: int) -> None:
    """As where the index is an `affine.apply` that is written where it is used."""
    names = (f"({affine_text(expr, NAMES)})", "j")
    for outer in (AffineExpr.dimension(0) % divisor, AffineExpr.dimension(0) // divisor):
        text = affine_text(outer, names)
        for i, j in product(RANGE, RANGE):
            assert value_of(text, i, j) == outer.eval([expr.eval([i, j], []), j], []), text


@given(st.lists(st.tuples(SIGNED, st.booleans()), min_size=1, max_size=3))
def test_a_condition_on_any_expression_holds_where_its_set_does(parts: list[tuple[AffineExpr, bool]]) -> None:
    check_condition(parts)


@given(COUNTS)
def test_an_index_has_the_value_of_its_expression(expr: AffineExpr) -> None:
    text = affine_text(expr, NAMES)
    for i, j in product(RANGE, RANGE):
        assert value_of(text, i, j) == expr.eval([i, j], []), text


@given(DIFFERENCES)
def test_a_difference_has_the_value_of_its_expression(expr: AffineExpr) -> None:
    text = affine_text(expr, NAMES)
    for i, j in product(RANGE, RANGE):
        assert value_of(text, i, j) == expr.eval([i, j], []), text


@given(st.lists(st.tuples(DIFFERENCES, st.booleans()), min_size=1, max_size=3))
def test_a_condition_holds_where_its_set_does(parts: list[tuple[AffineExpr, bool]]) -> None:
    check_condition(parts)


def check_condition(parts: list[tuple[AffineExpr, bool]]) -> None:
    """The text of the set of `(expression, is an equality)` holds where the set does."""
    kinds = {True: AffineConstraintKind.eq, False: AffineConstraintKind.ge}
    zero = AffineExpr.constant(0)
    constraints = tuple(AffineConstraintExpr(kinds[eq], e, zero, canonicalize=False) for e, eq in parts)
    text = condition_text(AffineSet(2, 0, constraints), NAMES)
    for i, j in product(RANGE, RANGE):
        values = [(e.eval([i, j], []), eq) for e, eq in parts]
        assert bool(value_of(text, i, j)) == all(v == 0 if eq else v >= 0 for v, eq in values), text


def test_a_bound_stands_on_the_other_side() -> None:
    row = AffineExpr.dimension(0)
    constraints = (
        AffineConstraintExpr(AffineConstraintKind.ge, row - 2, AffineExpr.constant(0), canonicalize=False),
        AffineConstraintExpr(AffineConstraintKind.ge, row * -1 + 6, AffineExpr.constant(0), canonicalize=False),
    )
    assert condition_text(AffineSet(1, 0, constraints), ["row"]) == "row >= 2 && row <= 6"


ROW = AffineExpr.dimension(0)


@pytest.mark.parametrize(("expr", "text"), [
    (ROW % 8, "row % 8"),
    ((ROW + -1) % 8, "(row + 7) % 8"),
    ((ROW + -6) // 2, "row / 2 - 3"),
    ((ROW + -5) // 2, "(row + 1) / 2 - 3"),
    (ROW.ceil_div(2), "(row + 1) / 2"),
    ((ROW * -1 + 7) % 4, "((row * -1 + 7) % 4 + 4) % 4"),
])  # fmt: skip
def test_constants_are_raised_by_the_divisor(expr: AffineExpr, text: str) -> None:
    assert affine_text(expr, ["row"]) == text


def test_a_remainder_is_compared_with_0_as_it_stands() -> None:
    equality = AffineConstraintExpr(AffineConstraintKind.eq, (ROW + -6) % 2, AffineExpr.constant(0), canonicalize=False)
    assert condition_text(AffineSet(1, 0, (equality,)), ["row"]) == "(row - 6) % 2 == 0"
