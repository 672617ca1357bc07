"""Token positions and reading in place, against walking the stream element by element."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dataflowc.dialects.attributes import OrderAttr, OrderLoop
from dataflowc.hls.emit import element_order
from dataflowc.passes.analysis.linear import Domain, Linear, NeedSplit
from dataflowc.passes.analysis.token_order import (
    matched_prefix,
    reads_in_place,
    slab_shape,
    suffix_of,
    token_position,
    token_strides,
)


def enumerate_order(order: OrderAttr, rank: int) -> list[tuple[int, ...]]:
    """The tensor indices in the order in which the stream carries them, by running its loops."""
    elements = []
    for counters in product(*(range(loop.extent) for loop in order.data)):
        index = [0] * rank
        for loop, counter in zip(order.data, counters, strict=True):
            index[loop.dim] += loop.step * counter
        elements.append(tuple(index))
    return elements


@st.composite
def shaped_order(draw: st.DrawFn) -> tuple[tuple[int, ...], OrderAttr]:
    """A small shape and any order of it: every dimension cut into digits, the digits in any sequence."""
    shape = tuple(draw(st.lists(st.sampled_from([1, 2, 3, 4, 6, 8]), min_size=1, max_size=3)))
    loops: list[OrderLoop] = []
    for dim, extent in enumerate(shape):
        step, rest = 1, extent
        while rest > 1 and draw(st.booleans()):
            digit = draw(st.sampled_from([d for d in range(2, rest + 1) if rest % d == 0]))
            loops.append(OrderLoop(dim, digit, step))
            step, rest = step * digit, rest // digit
        loops.append(OrderLoop(dim, rest, step))
    return shape, OrderAttr.get(draw(st.permutations(loops)))


@given(shaped_order())
def test_an_order_visits_every_element_once(case: tuple[tuple[int, ...], OrderAttr]) -> None:
    shape, order = case
    assert sorted(enumerate_order(order, len(shape))) == list(product(*map(range, shape)))


@given(shaped_order())
def test_element_order_is_the_walk_in_row_major_numbers(case: tuple[tuple[int, ...], OrderAttr]) -> None:
    shape, order = case
    walked = [int(np.ravel_multi_index(index, shape)) for index in enumerate_order(order, len(shape))]
    assert element_order(order, shape).tolist() == walked


@given(shaped_order())
def test_token_strides_count_the_tokens_of_one_step(case: tuple[tuple[int, ...], OrderAttr]) -> None:
    _, order = case
    for loop, stride in enumerate(token_strides(order)):
        counters = list(product(*(range(e) for e in order.extents)))
        first = counters.index(tuple(0 for _ in order.extents))
        if order.extents[loop] > 1:
            step = counters.index(tuple(int(i == loop) for i in range(len(order.extents))))
            assert step - first == stride


@given(shaped_order(), st.data())
def test_token_position_is_the_place_in_the_walk(case: tuple[tuple[int, ...], OrderAttr], data: st.DataObject) -> None:
    """The consumer walks the tensor directly, or in each dimension a window `stride * p + dilation * k + offset`."""
    shape, order = case
    place = {index: position for position, index in enumerate(enumerate_order(order, len(shape)))}
    extents, recipes = [], []
    for extent in shape:
        windows = data.draw(st.integers(1, extent))
        dilation = data.draw(st.integers(1, max(1, (extent - 1) // max(windows - 1, 1)))) if windows > 1 else 1
        room = extent - 1 - dilation * (windows - 1)
        stride = data.draw(st.integers(1, 3))
        outputs = data.draw(st.integers(1, room // stride + 1))
        offset = data.draw(st.integers(0, room - stride * (outputs - 1)))
        recipes.append((len(extents), stride, dilation, offset))
        extents += [outputs, windows]
    domain = Domain.of(extents, ["parallel", "reduction"] * len(shape))
    while True:
        index = [
            domain.origin_index(d).scaled(stride) + domain.origin_index(d + 1).scaled(dilation) + Linear({}, off)
            for d, stride, dilation, off in recipes
        ]
        try:
            position = token_position(order, index, domain)
            break
        except NeedSplit as need:
            domain = domain.split(need.dim, need.inner)
    if position is None:
        assert any(sum(loop.dim == d and loop.extent > 1 for loop in order.data) > 1 for d in range(len(shape)))
        return
    for point in product(*(range(dim.extent) for dim in domain.dims)):
        element = tuple(i.const + sum(c * point[d] for d, c in i.terms.items()) for i in index)
        assert position.const + sum(c * point[d] for d, c in position.terms.items()) == place[element]


@given(shaped_order())
def test_a_plain_walk_of_any_order_has_a_linear_position(case: tuple[tuple[int, ...], OrderAttr]) -> None:
    shape, order = case
    domain = Domain.of(shape, ["parallel"] * len(shape))
    for _ in range(20):
        try:
            position = token_position(order, [domain.origin_index(d) for d in range(len(shape))], domain)
            break
        except NeedSplit as need:
            domain = domain.split(need.dim, need.inner)
    assert position is not None


@st.composite
def walked_stream(draw: st.DrawFn) -> tuple[Domain, tuple[int, ...], Linear, int]:
    """Loops in some sequence, the position they address, and the length of the stream.

    Most cases start from a proper count, of which some loops are then disturbed.
    """
    extents = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    loops = tuple(draw(st.permutations(range(len(extents)))))
    terms: dict[int, int] = {}
    weight = 1
    for dim in reversed(loops):
        action = draw(st.sampled_from(["count", "count", "count", "still", "other"]))
        if action == "count":
            terms[dim] = weight
            weight *= extents[dim]
        elif action == "other":
            terms[dim] = draw(st.integers(1, 9))
    const = draw(st.sampled_from([0, 0, 0, 1]))
    tokens = draw(st.sampled_from([weight, weight, weight * 2, max(1, weight - 1)]))
    return Domain.of(extents, ["parallel"] * len(extents)), loops, Linear(terms, const), tokens


def positions_visited(domain: Domain, loops: Sequence[int], position: Linear) -> list[int]:
    """Stream positions in the order in which the loops ask for them."""
    visited = []
    for counters in product(*(range(domain.extent(dim)) for dim in loops)):
        point = dict(zip(loops, counters, strict=True))
        visited.append(position.const + sum(c * point.get(d, 0) for d, c in position.terms.items()))
    return visited


@given(walked_stream())
def test_reading_in_place_means_the_loops_ask_for_the_tokens_one_after_the_other(
    case: tuple[Domain, tuple[int, ...], Linear, int],
) -> None:
    domain, loops, position, tokens = case
    visited = positions_visited(domain, loops, position)
    taken = [p for i, p in enumerate(visited) if i == 0 or p != visited[i - 1]]
    assert reads_in_place(loops, position, tokens, domain) == (taken == list(range(tokens)))


@given(walked_stream())
def test_the_matched_prefix_receives_the_stream_slab_by_slab(
    case: tuple[Domain, tuple[int, ...], Linear, int],
) -> None:
    """Walk the loops of each prefix alone: a prefix matches if it starts slabs 0, 1, 2, ... of equal size."""
    domain, loops, position, tokens = case
    moved = Linear(position.terms)
    longest, slab = 0, tokens
    for count in range(1, len(loops) + 1):
        prefix = loops[:count]
        iterations = prod(domain.extent(dim) for dim in prefix)
        if tokens % iterations:
            break
        size = tokens // iterations
        if positions_visited(domain, prefix, moved) != list(range(0, tokens, size)):
            break
        longest, slab = count, size
    assert matched_prefix(loops, position, tokens, domain) == (longest, slab)


@given(shaped_order(), st.data())
def test_the_suffix_of_an_order_holds_the_next_tokens_of_the_stream(
    case: tuple[tuple[int, ...], OrderAttr], data: st.DataObject
) -> None:
    shape, order = case
    cut = data.draw(st.integers(0, len(order.data)))
    tokens = prod(order.extents[cut:])
    elements = enumerate_order(order, len(shape))[:tokens]
    suffix = OrderAttr.get(suffix_of(order, tokens))
    assert enumerate_order(suffix, len(shape)) == elements
    highest = tuple(max(index[dim] for index in elements) + 1 for dim in range(len(shape)))
    assert slab_shape(suffix.data, len(shape)) == highest


def test_a_suffix_may_cut_a_loop() -> None:
    order = OrderAttr.get([OrderLoop(0, 6)])
    assert suffix_of(order, 3) == (OrderLoop(0, 3),)
