"""What an operator costs, looked up in `operators.toml`.

A query takes the row of the nearest report: same family; the speed grade asked for if there is one; the slowest clock
that is still at least as fast as the one asked for, whose core meets the timing for certain; else the fastest. Every
answer names the report, and is marked where the query lies outside it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from dataflowc.contracts import DTYPE_BITS
from dataflowc.diagnostics import DataflowcError, nearest

SAME_CLOCK = 0.01
"""Clocks that differ by less than this share are the same: reports say 3.33 ns for 300 MHz."""
_BITS = {**DTYPE_BITS, "f64": 64}


class NoOperatorData(DataflowcError):
    """No report covers the operator; its cost is unknown, not zero."""


@dataclass(frozen=True, slots=True)
class OperatorCost:
    """One operator: cycles from operands to result, DSP slices, LUTs and flip-flops (None: not reported).

    `source` names part, clock and origin of the figures; `extrapolated` says that the query differs from them in
    speed grade or clock, or that they are interpolated themselves.
    """

    latency: int
    dsp: int
    lut: int | None
    ff: int | None
    impl: str
    source: str
    extrapolated: bool


@dataclass(frozen=True, slots=True)
class _Report:
    """Where rows come from. `clock_ns` of None: holds for every clock, and with family `any` for every part."""

    part: str
    family: str
    grades: tuple[str, ...]
    clock_ns: float | None
    source: str

    def describe(self) -> str:
        clock = "any clock" if self.clock_ns is None else f"{self.clock_ns:g} ns"
        return f"{self.part}, {clock}: {self.source}"


@dataclass(frozen=True, slots=True)
class _Row:
    report: _Report
    dtypes: tuple[str, ...]
    impl: str
    latency: int
    dsp: int
    lut: int | None
    ff: int | None
    lut_per_bit: int
    interpolated: bool


@dataclass(frozen=True, slots=True)
class _Tables:
    rows: Mapping[str, Sequence[_Row]]
    same: Mapping[str, str]
    made_of: Mapping[str, Sequence[str]]

    def names(self) -> list[str]:
        return sorted({*self.rows, *self.same, *self.made_of})


@cache
def operator(
    op: str, dtype: str, family: str, clock_ns: float, *, impl: str | None = None, grade: str | None = None
) -> OperatorCost:
    """The cost of operator `op` (`fadd`, `imul`, ...) on elements of `dtype`, for a family of parts and a clock.

    `dtype` is the type of the result; compares may be given the operands' type, conversions either. `impl` asks for one
    implementation (`fabric`, `fulldsp`, ...) instead of the tool's default, `grade` for a speed grade.
    Raises NoOperatorData (DF321) if nothing covers the query: never a silent zero.
    """
    tables = _tables()
    if op in tables.made_of:
        parts = [operator(part, dtype, family, clock_ns, grade=grade) for part in tables.made_of[op]]
        return _one_after_the_other(parts)
    rows = [
        row
        for row in tables.rows.get(tables.same.get(op, op), ())
        if dtype in row.dtypes and row.report.family in (family, "any") and impl in (None, row.impl)
    ]
    if not rows:
        raise _no_data(op, dtype, family, impl)
    row = _nearest_row(rows, clock_ns, grade, any_impl=impl is None)
    return OperatorCost(
        latency=row.latency,
        dsp=row.dsp,
        lut=None if row.lut is None else row.lut + row.lut_per_bit * _BITS[dtype],
        ff=row.ff,
        impl=row.impl,
        source=row.report.describe(),
        extrapolated=row.interpolated or _is_outside(row.report, clock_ns, grade),
    )


def known_operators() -> list[str]:
    """The names that `operator` takes, for some type and family."""
    return _tables().names()


def _nearest_row(rows: Sequence[_Row], clock_ns: float, grade: str | None, *, any_impl: bool) -> _Row:
    """The row by the rule in the module's docstring. The order in the file decides ties, and which grade stands in."""
    graded = [row for row in rows if grade in row.report.grades]
    if not graded:
        graded = [row for row in rows if row.report.grades == rows[0].report.grades]
    if any_impl:
        default = graded[0].impl
        graded = [row for row in graded if row.impl == default]
    by_clock = sorted(graded, key=lambda row: row.report.clock_ns or 0.0)
    meeting = [row for row in by_clock if (row.report.clock_ns or 0.0) <= clock_ns * (1 + SAME_CLOCK)]
    return meeting[-1] if meeting else by_clock[0]


def _is_outside(report: _Report, clock_ns: float, grade: str | None) -> bool:
    if report.clock_ns is None:
        return False
    is_other_grade = grade is not None and grade not in report.grades
    return is_other_grade or abs(report.clock_ns - clock_ns) > SAME_CLOCK * clock_ns


def _one_after_the_other(parts: Sequence[OperatorCost]) -> OperatorCost:
    return replace(
        parts[0],
        latency=sum(part.latency for part in parts),
        dsp=sum(part.dsp for part in parts),
        lut=add_known(part.lut for part in parts),
        ff=add_known(part.ff for part in parts),
        impl=" + ".join(part.impl for part in parts),
        source="; ".join(dict.fromkeys(part.source for part in parts)),
        extrapolated=any(part.extrapolated for part in parts),
    )


def add_known(values: Iterable[int | None]) -> int | None:
    """The sum of the values, None if one of them is not known."""
    total = 0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _no_data(op: str, dtype: str, family: str, impl: str | None) -> NoOperatorData:
    tables = _tables()
    rows = tables.rows.get(tables.same.get(op, op), ())
    covered = sorted({f"{kind} on {row.report.family} ({row.impl})" for row in rows for kind in row.dtypes})
    close = nearest(op, tables.names()) if op not in tables.names() else []
    return NoOperatorData(
        "DF321",
        f"no cost data for operator '{op}' on {dtype}, family {family}" + (f", as {impl}" if impl else ""),
        notes=[f"covered: {', '.join(covered)}"] if covered else [],
        hint=f"the nearest known operators are {', '.join(close)}" if close else "",
    )


@cache
def _tables() -> _Tables:
    content = tomllib.loads(Path(__file__).with_name("operators.toml").read_text(encoding="utf-8"))
    reports = {
        name: _Report(r["part"], r["family"], tuple(r["grades"]), r.get("clock_ns"), r["source"])
        for name, r in content["reports"].items()
    }
    rows = {op: tuple(_row(entry, reports) for entry in entries) for op, entries in content["operators"].items()}
    return _Tables(rows, content["same"], content["made_of"])


def _row(entry: Mapping[str, Any], reports: Mapping[str, _Report]) -> _Row:
    return _Row(
        report=reports[entry["report"]],
        dtypes=tuple(entry.get("dtypes", ("f32",))),
        impl=entry.get("impl", "fabric"),
        latency=entry["latency"],
        dsp=entry["dsp"],
        lut=entry.get("lut"),
        ff=entry.get("ff"),
        lut_per_bit=entry.get("lut_per_bit", 0),
        interpolated=entry.get("interpolated", False),
    )
