"""The C++ text of affine expressions and conditions, against xDSL's own evaluation of the expression."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from xdsl.ir.affine import AffineConstraintExpr, AffineConstraintKind, AffineExpr, AffineSet

from dataflowc.hls.expressions import affine_text, condition_text

NAMES = ("i", "j")
RANGE = range(5)

COUNTS = st.recursive(
    st.one_of(st.integers(0, 1).map(AffineExpr.dimension), st.integers(0, 7).map(AffineExpr.constant)),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]),
        st.tuples(inner, st.integers(1, 4)).map(lambda pair: pair[0] * pair[1]),
        st.tuples(inner, st.integers(1, 5)).map(lambda pair: pair[0] // pair[1]),
        st.tuples(inner, st.integers(1, 5)).map(lambda pair: pair[0] % pair[1]),
    ),
    max_leaves=6,
)
"""Expressions that are never negative, as indices are; C and MLIR divide negative numbers differently."""

DIFFERENCES = st.tuples(COUNTS, COUNTS, st.integers(-9, 9)).map(lambda t: t[0] - t[1] + t[2])


def value_of(text: str, i: int, j: int) -> int:
    """C++ text as Python: of numbers that are not negative, `/` is `//`."""
    python = text.replace("/", "//").replace("&&", "and")
    return int(eval(python, {"__builtins__": {}}, {"i": i, "j": j}))


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
