"""Memory costs: the check points of synthesis reports, and that more never costs less."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataflowc.cost.memory import array_cost, bram18, fifo_cost, lutram_luts, uram

WIDTHS = st.integers(1, 160)
DEPTHS = st.integers(1, 100_000)


@pytest.mark.parametrize(
    ("depth", "blocks"),
    [
        (512, 1), (513, 2), (1024, 2), (2048, 4), (4176, 16), (5700, 16), (11000, 21), (39600, 77), (44000, 86),
        (53824, 105), (524288, 1024),
    ],
)  # fmt: skip
def test_bram18_of_32_bit_arrays(depth: int, blocks: int) -> None:
    assert bram18(32, depth) == blocks


def test_a_true_dual_port_ram_is_at_most_18_bits_wide() -> None:
    assert (bram18(32, 512, ports=1), bram18(32, 512, ports=2)) == (1, 2)


def test_narrow_arrays_use_the_deep_shapes() -> None:
    assert (bram18(1, 8192), bram18(8, 2048), bram18(9, 2048), bram18(10, 2048)) == (1, 1, 1, 2)


@pytest.mark.parametrize(("width", "depth", "blocks"), [(72, 4096, 1), (73, 4096, 2), (32, 4097, 2), (32, 1, 1)])
def test_uram_is_4096_by_72(width: int, depth: int, blocks: int) -> None:
    assert uram(width, depth) == blocks


@pytest.mark.parametrize(("depth", "luts"), [(64, 33), (65, 65), (128, 65)])
def test_lutram_of_32_bit_arrays(depth: int, luts: int) -> None:
    assert lutram_luts(32, depth) == luts


@pytest.mark.parametrize(
    ("depth", "impl", "blocks", "luts", "ffs"),
    [
        (2, "register", 0, 40, 68),
        (25, "srl", 0, 50, 8),
        (64, "lutram", 0, 90, 118),
        (128, "lutram", 0, 180, 121),
        (256, "bram", 1, 70, 92),
        (512, "bram", 1, 78, 95),
        (1024, "bram", 2, 78, 95),
        (2048, "bram", 4, 78, 95),
        (4096, "bram", 8, 78, 95),
        (39900, "bram", 78, 78, 95),
        (524288, "bram", 1024, 78, 95),
    ],
)
def test_fifos_of_32_bits_count_by_capacity(depth: int, impl: str, blocks: int, luts: int, ffs: int) -> None:
    cost = fifo_cost(32, depth)
    assert (cost.impl, cost.bram18, cost.lut, cost.ff) == (impl, blocks, luts, ffs)


def test_the_rule_for_fifos_is_on_bits_not_words() -> None:
    assert [fifo_cost(width, 64).impl for width in (8, 16, 32, 64, 128)] == ["srl", "srl", "lutram", "lutram", "bram"]


def test_a_ping_pong_buffer_is_two_arrays() -> None:
    for kind in ("register", "lutram", "bram", "uram"):
        one, two = (array_cost(32, 6000, kind=kind, stages=stages) for stages in (1, 2))
        assert (two.bram18, two.uram, two.ff, two.lut) == (2 * one.bram18, 2 * one.uram, 2 * one.ff, 2 * one.lut)


def test_banks_divide_the_depth_and_are_rounded_one_by_one() -> None:
    assert array_cost(32, 2048, kind="bram", banks=3).bram18 == 3 * bram18(32, 683)
    assert array_cost(32, 1024, banks=16).impl == "lutram"
    assert array_cost(32, 4096, banks=4).impl == "bram"


def test_auto_keeps_4096_bits_in_luts() -> None:
    assert array_cost(32, 128).impl == "lutram"
    assert array_cost(32, 129).impl == "bram"


def test_registers_hold_every_bit() -> None:
    assert array_cost(32, 1, kind="register").lut == 0
    assert array_cost(32, 10, kind="register").ff == 320


@pytest.mark.parametrize(
    "call",
    [
        lambda: bram18(0, 4),
        lambda: bram18(8, 0),
        lambda: bram18(8, 8, 3),
        lambda: uram(8, -1),
        lambda: fifo_cost(0, 1),
        lambda: array_cost(8, 8, banks=0),
        lambda: array_cost(8, 8, stages=0),
    ],
)
def test_impossible_sizes_are_refused(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"at least 1|ports"):
        call()


@settings(max_examples=150, deadline=None)
@given(WIDTHS, DEPTHS, st.integers(0, 40), st.integers(0, 20_000), st.sampled_from((1, 2)))
def test_block_rams_grow_with_width_and_depth(width: int, depth: int, wider: int, deeper: int, ports: int) -> None:
    assert bram18(width + wider, depth + deeper, ports) >= bram18(width, depth, ports)
    assert uram(width + wider, depth + deeper) >= uram(width, depth)
    assert lutram_luts(width + wider, depth + deeper) >= lutram_luts(width, depth)


@settings(max_examples=150, deadline=None)
@given(WIDTHS, DEPTHS, st.integers(0, 40), st.integers(0, 20_000))
def test_fifos_need_block_rams_that_grow_and_hold_the_bits(width: int, depth: int, wider: int, deeper: int) -> None:
    small, large = fifo_cost(width, depth), fifo_cost(width + wider, depth + deeper)
    assert large.bram18 >= small.bram18
    if small.impl == "bram":
        assert small.bram18 * 18 * 1024 >= width * depth


@settings(max_examples=100, deadline=None)
@given(WIDTHS, st.integers(1, 8192), st.sampled_from((1, 2)))
def test_block_rams_hold_the_bits(width: int, depth: int, ports: int) -> None:
    assert bram18(width, depth, ports) * 18 * 1024 >= width * depth
    assert bram18(width, depth, 2) >= bram18(width, depth, 1)
