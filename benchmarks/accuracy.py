"""How near the cycle model is to co-simulated hardware: the designs of the Stream-HLS artifact, from their C++ alone.

`python benchmarks/accuracy.py PATH` takes the path of a checkout of UCLA-VAST/Stream-HLS and prints a table per
framework and level: designs, how many are within 1 %, mean and worst error of the cycles, and how many loops have the
reported initiation interval and latency. A design that cannot be read or simulated is shown as failed and counted
against the share within 1 %. Truth: `benchmarks/data/streamhls_cycles.json`, figures from the artifact's reports.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from dataflowc.cost.loops import LoopResult
from dataflowc.diagnostics import DataflowcError
from dataflowc.frontends.hls_cpp import read_hls_cpp
from dataflowc.hls.cycles import CycleReport, simulate
from dataflowc.target import Target, load_target

TRUTH = Path(__file__).with_name("data") / "streamhls_cycles.json"
CLOCK_NS = 3.33
TARGET = "u280"
NEAR = 0.01
"""A design counts as near with at most this relative error."""


@dataclass(slots=True)
class Row:
    """One design. `cycles` is None if it failed, and `failure` then says why."""

    framework: str
    level: str
    kernel: str
    budget: int | None
    rtl_cycles: int
    cycles: int | None = None
    failure: str = ""
    seconds: float = 0.0
    loops: int = 0
    intervals: int = 0
    latencies: list[float] = field(default_factory=list)

    @property
    def error(self) -> float | None:
        """Relative error of the cycles; None if the design failed."""
        return None if self.cycles is None else (self.cycles - self.rtl_cycles) / self.rtl_cycles

    def to_json(self) -> dict[str, Any]:
        """The row of the design."""
        return {
            "framework": self.framework,
            "level": self.level,
            "kernel": self.kernel,
            "budget": self.budget,
            "rtl_cycles": self.rtl_cycles,
            "cycles": self.cycles,
            "error": self.error,
            "failure": self.failure,
            "seconds": round(self.seconds, 3),
            "loops": self.loops,
            "loops_with_reported_ii": self.intervals,
        }


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; the exit code is 0 if every design could be simulated."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("artifact", type=Path, help="a checkout of UCLA-VAST/Stream-HLS")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--markdown", type=Path, help="write the page docs/accuracy.md to this file")
    options = parser.parse_args(arguments)
    target = load_target(TARGET)
    start = time.perf_counter()
    truth = json.loads(TRUTH.read_text(encoding="utf-8"))["designs"]
    rows = [judge(options.artifact, design, target) for design in truth]
    seconds = time.perf_counter() - start
    show(rows, seconds)
    if options.json is not None:
        figures = {"summary": summary(rows), "seconds": seconds, "designs": [row.to_json() for row in rows]}
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    if options.markdown is not None:
        options.markdown.write_text(page(rows), encoding="utf-8")
    return 0 if all(row.cycles is not None for row in rows) else 1


def judge(artifact: Path, design: dict[str, Any], target: Target) -> Row:
    """Read and simulate one design and compare it with its reports."""
    row = Row(design["framework"], design["level"], design["kernel"], design["budget"], design["rtl_cycles"])
    start = time.perf_counter()
    try:
        report = simulate(read_hls_cpp(artifact / design["source"], top=design["top"]), target, CLOCK_NS)
    except (DataflowcError, ValueError, KeyError, AssertionError, OSError) as error:
        row.failure = f"{type(error).__name__}: {error}"
    else:
        row.cycles = report.cycles
        row.failure = "; ".join(report.deadlock)
        compare_loops(row, report, design["loops"])
    row.seconds = time.perf_counter() - start
    return row


def compare_loops(row: Row, report: CycleReport, reported: list[list[Any]]) -> None:
    """Compare interval and latency of the loops whose label and trip count are those of a reported one."""
    for loop in (loop for node in report.nodes for loop in node.loops):
        same = next((entry for entry in reported if is_same(loop, entry)), None)
        if same is not None:
            row.loops += 1
            row.intervals += same[2] == loop.ii
            row.latencies.append(abs(loop.latency - same[4]) / same[4] if same[4] else 0.0)


def is_same(loop: LoopResult, entry: list[Any]) -> bool:
    """Whether a reported loop `[name, trip, ii, depth, latency, pipelined, module, line]` is this one."""
    name, trip, is_pipelined = entry[0], entry[1], entry[5]
    return bool(is_pipelined) and trip == loop.trip and (name == loop.label or name.startswith(loop.label + "_"))


def summary(rows: Sequence[Row]) -> dict[str, Any]:
    """Figures over some rows."""
    errors = [abs(row.error) for row in rows if row.error is not None]
    latencies = [error for row in rows for error in row.latencies]
    return {
        "designs": len(rows),
        "failed": sum(row.cycles is None for row in rows),
        "within_1_percent": sum(error <= NEAR for error in errors),
        "mean_error": sum(errors) / len(errors) if errors else None,
        "worst_error": max(errors, default=None),
        "loops": sum(row.loops for row in rows),
        "loops_with_reported_ii": sum(row.intervals for row in rows),
        "mean_loop_latency_error": sum(latencies) / len(latencies) if latencies else None,
    }


def show(rows: Sequence[Row], seconds: float) -> None:
    """Print the table, the designs that are not near, and those that failed."""
    console = Console(width=130)
    table = Table("framework", "level", "designs", "within 1 %", "mean", "worst", "failed", "loop II", "loop latency")
    for key in sorted({(row.framework, row.level) for row in rows}):
        add_line(table, *key, [row for row in rows if (row.framework, row.level) == key])
    table.add_section()
    add_line(table, "all", "", rows)
    console.print(table)
    for row in sorted(rows, key=lambda row: -abs(row.error or 0)):
        name = " ".join(str(part) for part in (row.framework, row.level, row.budget or "", row.kernel) if part)
        if row.error is None:
            console.print(f"failed: {name}: {row.failure}")
        elif abs(row.error) > NEAR:
            console.print(f"{row.error:+9.2%}  {name}: {row.cycles:,} cycles, RTL {row.rtl_cycles:,}")
    console.print(f"{len(rows)} designs in {seconds:.1f} s")


PAGE = """# How close the cycle model is

Cycles that `dataflowc estimate` simulates from the C++ text alone, against RTL co-simulation of the same designs: the
130 passing designs of the FPGA'25 artifact of UCLA-VAST/Stream-HLS (Vitis HLS 2023.2, xcu280, 3.33 ns, fp32). Loop II
and loop latency are compared with csynth where a reported loop can be matched by its label and trip count (HIDA, POM,
ScaleHLS and Vitis sources carry no labels).

Two things to know. The rules were chosen while looking at these same designs: there is no held-out set. And off-chip
memory is not in the model: ports are on-chip arrays in these designs.

Made by `python benchmarks/accuracy.py CHECKOUT --markdown docs/accuracy.md`.

| framework | level | designs | within 1 % | mean error | worst | failed | loop II exact | loop latency error |
|---|---|---|---|---|---|---|---|---|
{lines}

## Designs that are off by more than 1 %

| error | design | simulated | RTL |
|---|---|---|---|
{misses}
"""


def page(rows: Sequence[Row]) -> str:
    """The Markdown page with the table and the designs that miss."""
    groups = [*sorted({(row.framework, row.level) for row in rows}), ("all", "")]
    lines = [
        "| " + " | ".join(cells(*key, [r for r in rows if key[0] == "all" or (r.framework, r.level) == key])) + " |"
        for key in groups
    ]
    misses = []
    for row in sorted(rows, key=lambda row: -abs(row.error or 2)):
        name = " ".join(str(part) for part in (row.framework, row.level, row.budget or "", row.kernel) if part)
        if row.error is None:
            misses.append(f"| failed | {name}: {row.failure} | - | {row.rtl_cycles:,} |")
        elif abs(row.error) > NEAR:
            misses.append(f"| {row.error:+.2%} | {name} | {row.cycles:,} | {row.rtl_cycles:,} |")
    return PAGE.format(lines="\n".join(lines), misses="\n".join(misses))


def add_line(table: Table, framework: str, level: str, rows: Sequence[Row]) -> None:
    """Add one line with the figures of `rows`."""
    table.add_row(*cells(framework, level, rows))


def cells(framework: str, level: str, rows: Sequence[Row]) -> list[str]:
    """One line of the table."""
    figures = summary(rows)
    percent = [
        "-" if figures[key] is None else f"{figures[key]:.3%}"
        for key in ("mean_error", "worst_error", "mean_loop_latency_error")
    ]
    return [
        framework,
        level,
        str(figures["designs"]),
        str(figures["within_1_percent"]),
        percent[0],
        percent[1],
        str(figures["failed"]),
        f"{figures['loops_with_reported_ii']}/{figures['loops']}",
        percent[2],
    ]


if __name__ == "__main__":
    raise SystemExit(main())
