"""`dataflowc estimate` on C++ that dataflowc did not write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dataflowc.cli import main
from dataflowc.diagnostics import UserError
from dataflowc.estimate_cpp import parse_tripcounts, target_of_part

KERNEL = """
void scale(float x[64], float y[64]) {
  for (int i = 0; i < 64; ++i) {
#pragma HLS PIPELINE II=2
    y[i] = x[i] * 3.0f;
  }
}
"""


def estimated(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, object]:
    assert main(["estimate", str(path), "--part", "xcu280", "--clock", "3.33", "--json", *more]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_cycles_follow_the_law_of_pipelined_loops(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "scale.cpp"
    path.write_text(KERNEL)
    one = estimated(path, capsys)
    path.write_text(KERNEL.replace("64", "164"))
    more = estimated(path, capsys)
    assert one["kind"] == "sim-cycle" and one["clock_ns"] == 3.33
    # (T - 1) * II + depth: 100 iterations more at II 2
    assert more["cycles"] - one["cycles"] == 200  # type: ignore[operator]
    assert 63 * 2 < one["cycles"] < 63 * 2 + 20  # type: ignore[operator]
    assert set(one["resources"]) == {"dsp", "lut", "ff", "bram18", "uram"}  # type: ignore[call-overload]


def test_a_bound_that_varies_needs_a_trip_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "vary.cpp"
    path.write_text(KERNEL.replace("float y[64])", "float y[64], int n)").replace("i < 64", "i < n"))
    assert main(["estimate", str(path)]) == 1
    assert "--tripcount" in capsys.readouterr().err
    assert estimated(path, capsys, "--tripcount", "n=10")["cycles"] is not None


def test_what_is_outside_the_subset_is_named_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "loop.cpp"
    path.write_text("void f(float x[4]) {\n  while (true) {\n    x[0] = 1.0f;\n  }\n}\n")
    assert main(["estimate", str(path)]) == 1
    text = capsys.readouterr().err
    assert "loop.cpp:2" in text and "while" in text


def test_parts_may_be_shortened_and_unknown_ones_are_refused() -> None:
    assert target_of_part("xcu280").name == "u280"
    with pytest.raises(UserError, match="DF156"):
        target_of_part("xc9z")


def test_trip_counts_are_names_and_numbers() -> None:
    assert parse_tripcounts(["rows=64", "n=3"]) == {"rows": 64, "n": 3}
    with pytest.raises(UserError, match="DF209"):
        parse_tripcounts(["rows"])
