"""Bounds and counts of index expressions against plain enumeration in Python."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflowc.hls.lint_expressions import (
    Binary,
    Counter,
    Expr,
    Name,
    NotDecidable,
    Number,
    Space,
    bounds,
    conjuncts,
    negated,
    parse,
)


def expr(text: str) -> Expr:
    """The tree of `text`, which must be readable."""
    found = parse(text)
    assert found is not None
    return found


def space(guards: str = "", **extents: int) -> Space:
    """Loops from 0, under an `&&` of guards."""
    counters = [Counter(name, Number(0), Number(extent)) for name, extent in extents.items()]
    return Space(counters, tuple(conjuncts(expr(guards))) if guards else ())


@pytest.mark.parametrize("text", ["a[i]", "f(i)", "1.5f", "i +", "(i", "i ? 1", "i = 1", "", "x.read()"])
def test_other_text_is_not_an_index(text: str) -> None:
    assert parse(text) is None


def test_precedence_is_that_of_cpp() -> None:
    assert parse("a - b - c * d") == Binary("-", Binary("-", Name("a"), Name("b")), Binary("*", Name("c"), Name("d")))
    assert parse("(int)(i) % 3") == Binary("%", Name("i"), Number(3))


@pytest.mark.parametrize(
    ("text", "guards", "expected"),
    [
        ("(row - 2) / 2", "row >= 2", ((0, 2), False)),
        ("row - 2", "row >= 2 && (row - 2) % 2 == 0", ((0, 4), False)),
        ("(row + k + 1) % 3", "", ((0, 2), False)),
        ("row * 3 + k", "row <= 4", ((0, 14), False)),
        ("row - k", "row >= k", ((0, 7), False)),
        ("row - row / 2 * 2", "", ((0, 1), False)),
        ("(row - 1) / 2", "", ((0, 3), True)),
        ("row > 3 ? row - 4 : row", "", ((0, 3), False)),
        ("row", "row >= 9", None),
    ],
)
def test_bounds_are_exact_where_they_have_to_be(
    text: str, guards: str, expected: tuple[tuple[int, int], bool] | None
) -> None:
    assert bounds(expr(text), space(guards, row=8, k=3), (0, 0)) == expected


def test_data_is_not_bounded() -> None:
    with pytest.raises(NotDecidable):
        bounds(expr("i + token"), space(i=4), (0, 9))


def test_a_number_that_is_no_int_is_refused() -> None:
    with pytest.raises(NotDecidable, match="no int"):
        space("i >= 2147483648", i=4).iterations()


def test_a_space_too_large_to_enumerate_is_said_to_be_so() -> None:
    with pytest.raises(NotDecidable):
        bounds(expr("a - b"), space("a >= b", a=1 << 12, b=1 << 12), (0, 9))


def test_a_loop_whose_bound_is_an_outer_counter_is_counted_exactly() -> None:
    triangle = [Counter("i", Number(0), Number(5)), Counter("j", expr("i"), Number(9), 2)]
    assert Space(triangle).iterations() == sum(len(range(i, 9, 2)) for i in range(5))
    assert bounds(expr("j - i"), Space(triangle), (0, 0)) == ((0, 8), False)


def test_an_else_counts_the_other_iterations() -> None:
    condition = expr("i >= 3 && j == 1")
    counters = [Counter("i", Number(0), Number(7)), Counter("j", Number(0), Number(2))]
    assert Space(counters, (negated(condition),)).iterations() == 14 - Space(counters, (condition,)).iterations() == 10


_INDEX = st.recursive(
    st.sampled_from(["i", "j", "1", "3"]),
    lambda inner: (
        st.builds(lambda a, s, b: f"({a} {s} {b})", inner, st.sampled_from("+-*"), inner)
        | st.builds(lambda a, s, n: f"({a} {s} {n})", inner, st.sampled_from("/%"), st.integers(1, 4))
    ),
    max_leaves=5,
)
_GUARD = st.sampled_from(["", "i >= 2", "i == j", "i <= 3 && j >= 1", "(i - 1) % 2 == 0 && i >= 1"])


def _python(text: str, **values: int) -> int:
    """The value with C++'s division, which rounds to zero."""
    tree = expr(text)

    def value(node: Expr) -> int:
        match node:
            case Number(number):
                return number
            case Name(name):
                return values[name]
            case Binary(sign, left, right):
                a, b = value(left), value(right)
                if sign in "/%":
                    quotient = abs(a) // b * (1 if a >= 0 else -1)
                    return quotient if sign == "/" else a - quotient * b
                return int({"+": a + b, "-": a - b, "*": a * b, "==": a == b, ">=": a >= b, "<=": a <= b}[sign])
            case _:
                raise AssertionError(node)

    return value(tree)


@given(_INDEX, _GUARD)
def test_bounds_and_counts_agree_with_enumeration(index: str, guards: str) -> None:
    values = [
        _python(index, i=i, j=j)
        for i, j in product(range(5), range(3))
        if all(_python(part, i=i, j=j) for part in guards.split(" && ") if part)
    ]
    here = space(guards, i=5, j=3)
    assert here.iterations() == len(values)
    found = bounds(expr(index), here, (0, 0))
    assert found is not None
    assert found[0] == (min(values), max(values))


@given(_INDEX, _GUARD, st.integers(-3, 3), st.integers(0, 12))
def test_bounds_inside_a_range_are_never_claimed_wrongly(index: str, guards: str, low: int, size: int) -> None:
    exact = bounds(expr(index), space(guards, i=5, j=3), (1, 0))
    found = bounds(expr(index), space(guards, i=5, j=3), (low, low + size))
    assert exact is not None and found is not None
    inside = low <= exact[0][0] and exact[0][1] <= low + size
    assert (low <= found[0][0] and found[0][1] <= low + size) == inside
