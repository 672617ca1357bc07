"""Operator costs: the rows of the reports, which row a query takes, and that gaps are errors."""

from __future__ import annotations

import pytest

from dataflowc.cost.operators import NoOperatorData, known_operators, operator
from dataflowc.target import FAMILIES

AT_300_MHZ = 1000 / 300


@pytest.mark.parametrize(
    ("op", "impl", "row"),
    [
        ("fmul", None, (3, 3, 78, 143)),
        ("fadd", None, (6, 2, 198, 318)),
        ("fadd", "fabric", (4, 0, 338, 243)),
        ("fsub", None, (6, 2, 198, 318)),
        ("fdiv", None, (11, 0, None, None)),
        ("frecip", None, (13, 8, 115, 286)),
        ("fexp", None, (13, 7, 748, 316)),
        ("fcmp", None, (1, 0, None, None)),
        ("fpext", None, (1, 0, None, None)),
    ],
)
def test_fp32_rows_of_ultrascale_plus_at_300_mhz(op: str, impl: str | None, row: tuple[int | None, ...]) -> None:
    cost = operator(op, "f32", "ultrascale+", AT_300_MHZ, impl=impl)
    assert (cost.latency, cost.dsp, cost.lut, cost.ff) == row
    assert not cost.extrapolated


@pytest.mark.parametrize(
    ("op", "family", "clock_ns", "row"),
    [
        ("fadd", "7-series", 10.0, (4, 2, 390, 205)),
        ("fmul", "7-series", 10.0, (3, 3, 321, 143)),
        ("fdiv", "7-series", 10.0, (15, 0, 994, 761)),
        ("frsqrt", "7-series", 10.0, (10, 9, 416, 245)),
        ("fadd", "versal", 4.0, (0, 1, 0, 0)),
        ("fmul", "versal", 4.0, (0, 1, 0, 0)),
        ("fexp", "versal", 4.0, (8, 1, 928, 294)),
        ("fsqrt", "versal", 4.0, (14, 0, None, None)),
    ],
)
def test_fp32_rows_of_other_families(op: str, family: str, clock_ns: float, row: tuple[int | None, ...]) -> None:
    cost = operator(op, "f32", family, clock_ns)
    assert (cost.latency, cost.dsp, cost.lut, cost.ff) == row


def test_a_query_between_reports_takes_the_faster_clock_and_says_so() -> None:
    exact, between = operator("fadd", "f32", "ultrascale+", 3.33), operator("fadd", "f32", "ultrascale+", 5.0)
    assert between.latency == exact.latency
    assert (exact.extrapolated, between.extrapolated) == (False, True)
    assert "3.33 ns" in between.source


def test_a_query_faster_than_every_report_takes_the_fastest_and_says_so() -> None:
    cost = operator("fadd", "f32", "ultrascale+", 2.0)
    assert cost.extrapolated and "3.33 ns" in cost.source


def test_a_slower_clock_never_needs_more_cycles() -> None:
    for family in FAMILIES:
        for op in ("fadd", "fmul", "fdiv", "fcmp", "sitofp"):
            cycles = [operator(op, "f32", family, clock_ns).latency for clock_ns in (2, 3.33, 4, 5, 8, 10, 15, 20)]
            assert cycles == sorted(cycles, reverse=True), (op, family, cycles)


def test_the_speed_grade_chooses_its_own_rows() -> None:
    slow = operator("fadd", "f32", "ultrascale+", 4.0, grade="-2LV")
    assert (slow.latency, slow.extrapolated) == (9, False)
    assert operator("fadd", "f32", "ultrascale+", 3.33, grade="-2").latency == 6


def test_a_grade_without_rows_takes_the_usual_ones_and_says_so() -> None:
    cost = operator("fadd", "f32", "ultrascale+", 3.33, grade="-1")
    assert (cost.latency, cost.extrapolated) == (6, True)
    assert operator("fexp", "f32", "ultrascale+", 4.0, grade="-2LV").extrapolated


def test_a_maximum_is_a_compare_and_a_select() -> None:
    maximum = operator("fmax", "f32", "7-series", 10.0)
    compare, select = operator("fcmp", "f32", "7-series", 10.0), operator("select", "f32", "7-series", 10.0)
    assert maximum.latency == compare.latency + select.latency
    assert maximum.lut == 239 + 32 == (compare.lut or 0) + (select.lut or 0)


def test_an_unreported_part_makes_the_sum_unknown() -> None:
    assert operator("fmax", "f32", "ultrascale+", 3.33).lut is None


@pytest.mark.parametrize(("dtype", "luts"), [("i32", 39), ("i8", 15), ("i64", 71)])
def test_integer_adders_take_luts_by_width_and_no_cycle(dtype: str, luts: int) -> None:
    cost = operator("iadd", dtype, "versal", 4.0)
    assert (cost.lut, cost.latency, cost.dsp) == (luts, 0, 0)


def test_integer_products_by_width() -> None:
    assert [operator("imul", dtype, "ultrascale+", 3.33).dsp for dtype in ("i8", "i16", "i32")] == [0, 1, 3]
    assert operator("irem", "i32", "ultrascale+", 3.33).latency == 35


@pytest.mark.parametrize(
    "query",
    [("ferf", "f32", "versal"), ("ftanh", "f32", "ultrascale+"), ("fadd", "f16", "versal"), ("fadd", "f32", "spartan"),
     ("frsqrt", "f32", "versal"), ("imul", "i64", "versal")],
)  # fmt: skip
def test_a_gap_is_an_error_not_a_zero(query: tuple[str, str, str]) -> None:
    with pytest.raises(NoOperatorData) as caught:
        operator(*query, 4.0)
    assert caught.value.code == "DF321"
    assert query[0] in caught.value.message


def test_an_unknown_implementation_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(NoOperatorData) as caught:
        operator("fmul", "f32", "ultrascale+", 4.0, impl="fabric")
    assert "maxdsp" in caught.value.notes[0]


def test_every_row_can_be_found_and_names_its_source() -> None:
    for op in known_operators():
        found = []
        for family in FAMILIES:
            for dtype in ("f32", "f64", "i8", "i32"):
                try:
                    found.append(operator(op, dtype, family, 4.0))
                except NoOperatorData:
                    continue
        assert found, op
        assert all(len(cost.source) > 10 for cost in found)
