"""The choice of weight plans under a memory budget, against trying every combination."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from dataflowc.passes.nodes.choose import Option, choose
from dataflowc.passes.nodes.plan import Choice

OPTIONS = st.lists(
    st.lists(st.builds(Option, st.just(Choice()), st.integers(0, 60), st.integers(0, 200)), min_size=1, max_size=4),
    min_size=1,
    max_size=4,
)


def total_bits(options: tuple[Option, ...] | list[Option]) -> int:
    return sum(option.bits for option in options)


def total_reads(options: tuple[Option, ...] | list[Option]) -> int:
    return sum(option.reads for option in options)


@given(OPTIONS, st.integers(0, 200))
def test_the_budget_is_kept_whenever_some_combination_keeps_it(rows: list[list[Option]], budget: int) -> None:
    if any(total_bits(combination) <= budget for combination in product(*rows)):
        assert total_bits(choose(rows, budget)) <= budget


@given(OPTIONS, st.integers(0, 200))
def test_every_op_gets_one_of_its_own_options(rows: list[list[Option]], budget: int) -> None:
    taken = choose(rows, budget)
    assert len(taken) == len(rows)
    assert all(option in row for option, row in zip(taken, rows, strict=True))


@given(OPTIONS, st.integers(0, 200))
def test_reads_are_at_most_one_ops_saving_above_the_optimum(rows: list[list[Option]], budget: int) -> None:
    """The gap of a greedy choice by reads saved per bit: what the best single change of one op saves."""
    allowed = [c for c in product(*rows) if total_bits(c) <= budget]
    if not allowed:
        return
    optimum = min(total_reads(combination) for combination in allowed)
    largest_saving = max(max(o.reads for o in row) - min(o.reads for o in row) for row in rows)
    assert optimum <= total_reads(choose(rows, budget)) <= optimum + largest_saving


@given(OPTIONS)
def test_with_room_for_everything_the_fewest_reads_are_taken(rows: list[list[Option]]) -> None:
    budget = sum(max(option.bits for option in row) for row in rows)
    assert total_reads(choose(rows, budget)) == sum(min(option.reads for option in row) for row in rows)


def test_without_room_for_anything_the_least_memory_is_taken() -> None:
    rows = [[Option(Choice(), 30, 5), Option(Choice("streamed"), 10, 50)]]
    assert choose(rows, 0) == [rows[0][1]]


def test_memory_goes_where_a_bit_saves_most() -> None:
    small = [Option(Choice("streamed"), 0, 10), Option(Choice(), 10, 0)]
    large = [Option(Choice("streamed"), 0, 100), Option(Choice(), 10, 0)]
    assert choose([small, large], 10) == [small[0], large[1]]
