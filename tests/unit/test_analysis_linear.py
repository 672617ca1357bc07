"""`Linear`, `Domain` and `divmod_linear` against evaluation at every point of small domains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.ir.affine import AffineExpr

from dataflowc.passes.analysis.linear import (
    Domain,
    Index,
    IterDim,
    Linear,
    NeedSplit,
    divmod_index,
    divmod_linear,
    evaluate,
    to_affine,
)

EXTENTS = st.lists(st.sampled_from([1, 2, 3, 4, 6, 8]), min_size=1, max_size=3)


def points(domain: Domain) -> Iterator[tuple[int, ...]]:
    """Every iteration of a domain."""
    return product(*(range(dim.extent) for dim in domain.dims))


def value_at(index: Index, point: Sequence[int]) -> int:
    """An index at one iteration, by xDSL's own evaluation of affine expressions."""
    return to_affine(index).eval(list(point), [])


def by_hand(index: Linear, point: Sequence[int]) -> int:
    """A linear index at one iteration, from its terms."""
    return index.const + sum(coefficient * point[dim] for dim, coefficient in index.terms.items())


def origin_values(domain: Domain, point: Sequence[int]) -> dict[int, int]:
    """The values of the linalg dimensions behind the digits of `point`."""
    values: dict[int, int] = {}
    for dim, counter in zip(domain.dims, point, strict=True):
        values[dim.origin] = values.get(dim.origin, 0) + dim.step * counter
    return values


def parallel(extents: Sequence[int]) -> Domain:
    return Domain.of(extents, ["parallel"] * len(extents))


@st.composite
def linear_in(draw: st.DrawFn, rank: int, largest: int = 12) -> Linear:
    terms = {dim: draw(st.integers(0, largest)) for dim in range(rank)}
    return Linear({d: c for d, c in terms.items() if c}, draw(st.integers(0, largest)))


@st.composite
def two_in_a_domain(draw: st.DrawFn) -> tuple[Domain, Linear, Linear]:
    extents = draw(EXTENTS)
    return parallel(extents), draw(linear_in(len(extents))), draw(linear_in(len(extents)))


@given(two_in_a_domain())
def test_sum_of_linears_is_the_sum_at_every_point(case: tuple[Domain, Linear, Linear]) -> None:
    domain, left, right = case
    for point in points(domain):
        assert by_hand(left + right, point) == by_hand(left, point) + by_hand(right, point)


@given(two_in_a_domain(), st.integers(-3, 5))
def test_scaled_linear_is_the_product_at_every_point(case: tuple[Domain, Linear, Linear], factor: int) -> None:
    domain, left, _ = case
    for point in points(domain):
        assert by_hand(left.scaled(factor), point) == factor * by_hand(left, point)


@given(two_in_a_domain())
def test_affine_form_has_the_same_value_at_every_point(case: tuple[Domain, Linear, Linear]) -> None:
    domain, left, _ = case
    for point in points(domain):
        assert left.affine().eval(list(point), []) == by_hand(left, point)


@given(two_in_a_domain())
def test_upper_is_the_largest_value(case: tuple[Domain, Linear, Linear]) -> None:
    domain, left, _ = case
    assert domain.upper(left) == max(by_hand(left, point) for point in points(domain))


def test_terms_that_cancel_disappear() -> None:
    assert (Linear.of(0, 3) + Linear.of(0, -3)).terms == {}


def test_without_drops_terms_and_keeps_the_constant() -> None:
    assert Linear({0: 2, 1: 5}, 7).without([0]) == Linear({1: 5}, 7)


def test_a_domain_keeps_kind_and_origin_when_split() -> None:
    domain = Domain.of([6, 4], ["reduction", "parallel"]).split(0, 2)
    assert domain.dims == [
        IterDim(3, "reduction", 0, 2),
        IterDim(2, "reduction", 0, 1),
        IterDim(4, "parallel", 1, 1),
    ]


def test_a_split_by_something_else_than_a_divisor_is_refused() -> None:
    with pytest.raises(AssertionError, match="4 does not divide 6"):
        parallel([6]).split(0, 4)


@given(st.data())
def test_a_split_domain_still_visits_every_origin_index_once_in_order(data: st.DataObject) -> None:
    extents = data.draw(EXTENTS)
    domain = parallel(extents)
    for _ in range(data.draw(st.integers(1, 3))):
        dim = data.draw(st.integers(0, len(domain.dims) - 1))
        divisors = [d for d in range(1, domain.extent(dim) + 1) if domain.extent(dim) % d == 0]
        domain = domain.split(dim, data.draw(st.sampled_from(divisors)))
    visited = [tuple(by_hand(domain.origin_index(o), p) for o in range(len(extents))) for p in points(domain)]
    assert visited == list(product(*map(range, extents)))


@given(st.data())
def test_divmod_is_pythons_at_every_point_after_the_splits_it_asks_for(data: st.DataObject) -> None:
    extents = data.draw(EXTENTS)
    divisor = data.draw(st.integers(1, 12))
    base = data.draw(linear_in(len(extents)))
    domain = parallel(extents)
    for _ in range(20):
        index = Linear(const=base.const)
        for origin, coefficient in base.terms.items():
            index = index + domain.origin_index(origin).scaled(coefficient)
        try:
            high, low = divmod_index(index, divisor, domain)
            break
        except NeedSplit as need:
            assert domain.extent(need.dim) % need.inner == 0 and 1 < need.inner < domain.extent(need.dim)
            domain = domain.split(need.dim, need.inner)
    else:
        pytest.fail("the splits do not end")
    for point in points(domain):
        origins = origin_values(domain, point)
        expected = base.const + sum(c * origins[o] for o, c in base.terms.items())
        assert (value_at(high, point), value_at(low, point)) == divmod(expected, divisor)


@given(two_in_a_domain(), st.integers(1, 12))
def test_a_frozen_domain_is_never_split_and_still_exact(case: tuple[Domain, Linear, Linear], divisor: int) -> None:
    domain, index, _ = case
    domain.frozen = True
    high, low = divmod_index(index, divisor, domain)
    for point in points(domain):
        assert (value_at(high, point), value_at(low, point)) == divmod(by_hand(index, point), divisor)


def test_a_reshape_is_split_at_its_inner_extent() -> None:
    with pytest.raises(NeedSplit) as need:
        divmod_linear(Linear.of(0), 4, parallel([12]))
    assert (need.value.dim, need.value.inner) == (0, 4)


def test_a_reshape_that_fits_needs_no_split() -> None:
    assert divmod_linear(Linear({0: 4, 1: 1}), 4, parallel([3, 4])) == (Linear.of(0), Linear.of(1))


def test_division_gives_up_where_no_split_helps() -> None:
    assert divmod_linear(Linear({0: 1, 1: 1}), 4, parallel([3, 3])) is None


def test_division_gives_up_on_negative_coefficients() -> None:
    assert divmod_linear(Linear({0: -1}, 7), 4, parallel([8])) is None


AFFINE = st.recursive(
    st.one_of(st.integers(0, 1).map(AffineExpr.dimension), st.integers(0, 5).map(AffineExpr.constant)),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: p[0] + p[1]),
        st.tuples(inner, st.integers(0, 4)).map(lambda p: p[0] * p[1]),
        st.tuples(inner, st.integers(1, 5)).map(lambda p: p[0] // p[1]),
        st.tuples(inner, st.integers(1, 5)).map(lambda p: p[0] % p[1]),
    ),
    max_leaves=5,
)


@given(AFFINE, st.lists(st.sampled_from([1, 2, 4, 6]), min_size=2, max_size=2))
def test_evaluate_substitutes_dimensions(expr: AffineExpr, extents: list[int]) -> None:
    domain = parallel(extents)
    while True:
        dims = [domain.origin_index(0), domain.origin_index(1)]
        try:
            index = evaluate(expr, dims, domain)
            break
        except NeedSplit as need:
            domain = domain.split(need.dim, need.inner)
    for point in points(domain):
        origins = origin_values(domain, point)
        assert value_at(index, point) == expr.eval([origins[0], origins[1]], [])
