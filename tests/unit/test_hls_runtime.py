"""The simulation headers and `run_csim`, on a small program by hand into which faults can be put.

load -> fork -> (window | straight) -> join -> scale. The window takes WINDOW elements before it gives WINDOW, so the
straight path must hold almost as many.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dataflowc.contracts import HlsProgram, Port
from dataflowc.diagnostics import CheckFailed, DataflowcError, ExitCode, InternalError, ToolFailure, UserError
from dataflowc.hls.csim import run_csim
from dataflowc.hls.project import write_project
from dataflowc.hls.toolchain import CsimMode, find_ap_headers
from dataflowc.hls.vitis import find_vitis

INCLUDE = Path(__file__).parents[2] / "hls" / "include"
COUNT = 64
WINDOW = 8


@dataclass(frozen=True)
class Device:
    name: str = "zcu102"
    part: str = "xczu9eg-ffvb1156-2-e"


_NODES = """#include "demo.h"

void load(const float* x, hls::stream<float>& s0) {
  for (int i = 0; i < 64; ++i) {
#pragma HLS PIPELINE II=1
    s0.write(x[i@LOAD@]);
  }
}

void fork(hls::stream<float>& s0, hls::stream<float>& s1, hls::stream<float>& s2) {
  for (int i = 0; i < 64; ++i) {
    float v = s0.read();
    s1.write(v);
    s2.write(v);
  }
}

void window(hls::stream<float>& s1, hls::stream<float>& s3) {
  float kept[8];
  for (int w = 0; w < 8; ++w) {
    float sum = 0.0f;
    for (int i = 0; i < 8; ++i) {
      kept[i@WINDOW@] = s1.read();
      sum += kept[i];
    }
    for (int i = 0; i < 8; ++i) s3.write(hls::exp(-hls::fabs(kept[i])) + sum);
  }
}

void join(hls::stream<float>& s2, hls::stream<float>& s3, float joined[64]) {
  for (int i = 0; i < @JOIN@; ++i) joined[i] = s3.read() + s2.read();
}

void scale(float joined[64], const float* table, float* y, int32_t* positive) {
  int32_t count = 0;
  for (int i = 0; i < @SCALE@; ++i) {
    y[i] = joined[i] * table[i];
    count += y[i] > 0.0f ? 1 : 0;
  }
  positive[0] = count;
}
"""

_HEADER = """#pragma once
#include <hls_stream.h>
#include <hls_math.h>
#include <stdint.h>
void load(const float* x, hls::stream<float>& s0);
void fork(hls::stream<float>& s0, hls::stream<float>& s1, hls::stream<float>& s2);
void window(hls::stream<float>& s1, hls::stream<float>& s3);
void join(hls::stream<float>& s2, hls::stream<float>& s3, float joined[64]);
void scale(float joined[64], const float* table, float* y, int32_t* positive);
extern "C" void demo(const float* x, const float* table, float* y, int32_t* positive);
"""

_TOP = """#include "demo.h"
extern "C" void demo(const float* x, const float* table, float* y, int32_t* positive) {
#pragma HLS DATAFLOW
  hls::stream<float> s0("s0"), s1("s1"), s2("s2"), s3("s3");
#pragma HLS STREAM variable=s2 depth=@DEPTH@
  float joined[64];
  static float large[4000000];
  float wide[4000000];
  wide[3999999] = large[0];
  load(x, s0);
  fork(s0, s1, s2);
  window(s1, s3);
  join(s2, s3, joined);
  scale(joined, table, y, positive);
}
"""

_BOUNDED = """#include "demo.h"
#include <dfc_process.h>
extern "C" void demo(const float* x, const float* table, float* y, int32_t* positive) {
  hls::stream<float> s0("s0", 2);
  hls::stream<float> s1("s1", 2);
  hls::stream<float> s2("s2", @DEPTH@);
  hls::stream<float> s3("s3", 2);
  float joined[64];
  dfc::process("load", {}, [&] { load(x, s0); });
  dfc::process("fork", {}, [&] { fork(s0, s1, s2); });
  dfc::process("window", {}, [&] { window(s1, s3); });
  dfc::process("join", {}, [&] { join(s2, s3, joined); });
  dfc::process("scale", {"join"}, [&] { scale(joined, table, y, positive); });
  dfc::run();
}
"""


def example_program(
    *, depth: int = WINDOW, load: str = "", window: str = "", join: int = COUNT, scale: int = COUNT
) -> HlsProgram:
    """The program; `load` and `window` are added to an index, `join` and `scale` are loop bounds."""

    def fill(text: str) -> str:
        faults = {"DEPTH": depth, "LOAD": load, "WINDOW": window, "JOIN": join, "SCALE": scale}
        for name, value in faults.items():
            text = text.replace(f"@{name}@", str(value))
        return text

    return HlsProgram(
        name="demo",
        top="demo",
        ports=(
            Port("x", "x", "input", "f32", (8, 8), "x"),
            Port("table", "table", "weight", "f32", (COUNT,), "layer.table"),
            Port("y", "y", "output", "f32", (8, 8), "y"),
            Port("positive", "positive", "output", "i32", (1,), "positive"),
        ),
        sources={"src/demo.h": _HEADER, "src/demo.cpp": fill(_TOP), "src/nodes_00.cpp": fill(_NODES)},
        bounded_top=fill(_BOUNDED),
        weights={"table": table()},
        streams={"s0": 2, "s1": 2, "s2": depth, "s3": 2},
    )


def table() -> np.ndarray:
    return np.linspace(-1.0, 2.0, COUNT, dtype=np.float32)


def example_input(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(8, 8)).astype(np.float32)


def expected(x: np.ndarray) -> list[np.ndarray]:
    windows = x.reshape(-1, WINDOW)
    joined = np.exp(-np.abs(windows)) + windows.sum(axis=1, keepdims=True) + windows
    y = joined.reshape(-1) * table()
    return [y.reshape(x.shape).astype(np.float32), np.array([np.count_nonzero(y > 0)], dtype=np.int32)]


def write(folder: Path, golden: list[np.ndarray] | None = None, **faults: Any) -> Path:
    """The example as a project, with its input and the right (or the given) references."""
    x = example_input()
    write_project(
        example_program(**faults),
        folder,
        target=Device(),  # type: ignore[arg-type]
        clock_ns=4.0,
        inputs=[x],
        references=golden if golden is not None else expected(x),
        tolerance=1e-5,
        manifest={},
    )
    return folder


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The faultless example, shared so that each mode is compiled once."""
    return write(tmp_path_factory.mktemp("shared") / "demo")


def fail(folder: Path, mode: CsimMode, **faults: Any) -> DataflowcError:
    with pytest.raises(CheckFailed) as caught:
        run_csim(write(folder / "demo", **faults), mode=mode)
    return caught.value


# --- results --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["plain", "bounded", "sanitize"])
def test_every_mode_gives_the_reference(project: Path, mode: CsimMode) -> None:
    result = run_csim(project, mode=mode)
    assert result.passed
    y, positive = expected(example_input())
    np.testing.assert_allclose(result.outputs[0], y, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(result.outputs[1], positive)
    assert result.outputs[1].dtype == np.int32
    assert 0 <= result.max_errors["y"] < 1e-5
    assert result.max_errors["positive"] == 0


def test_inputs_given_are_used_and_the_program_is_compiled_once(project: Path) -> None:
    run_csim(project)
    x = example_input(seed=7)
    result = run_csim(project, inputs=[x])
    assert result.compile_seconds == 0
    np.testing.assert_allclose(result.outputs[0], expected(x)[0], rtol=1e-5, atol=1e-6)


def test_bounded_mode_reports_the_peak_of_each_stream_within_its_depth(project: Path) -> None:
    occupancy = run_csim(project, mode="bounded").occupancy
    assert set(occupancy) == {"s0", "s1", "s2", "s3"}
    assert occupancy["s0"] == 2
    assert 7 <= occupancy["s2"] <= WINDOW


def test_bounded_mode_is_deterministic(project: Path) -> None:
    first, second = (run_csim(project, mode="bounded") for _ in range(2))
    assert first.log == second.log
    assert first.occupancy == second.occupancy


def test_a_wrong_float_reference_fails_and_tells_the_error(project: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(project, tmp_path / "demo")
    golden = expected(example_input())[0]
    golden[3, 3] += 0.5
    (copy / "data/golden_y.bin").write_bytes(golden.tobytes())
    result = run_csim(copy)
    assert not result.passed
    assert result.max_errors["y"] == pytest.approx(0.5, rel=1e-3)


def test_integers_are_compared_exactly(project: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(project, tmp_path / "demo")
    (copy / "data/golden_positive.bin").write_bytes((expected(example_input())[1] + 1).tobytes())
    result = run_csim(copy)
    assert not result.passed
    assert result.max_errors["positive"] == 1


def test_a_nan_in_an_output_fails(project: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(project, tmp_path / "demo")
    x = example_input()
    x[0, 0] = np.nan
    (copy / "data/x.bin").write_bytes(x.tobytes())
    result = run_csim(copy)
    assert not result.passed
    assert "NaN" in result.log


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_the_makefile_runs_the_simulation(project: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(project, tmp_path / "demo", ignore=shutil.ignore_patterns("build"))
    done = subprocess.run(
        ["make", "-j2", "csim", "csim-bounded"], cwd=copy, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("result: pass") == 2
    assert (copy / "out/y.bin").stat().st_size == COUNT * 4


# --- faults ---------------------------------------------------------------------------------------------------------


def test_a_deadlock_names_the_cycle_and_a_depth_that_is_enough(tmp_path: Path) -> None:
    error = fail(tmp_path, "bounded", depth=2)
    assert error.code == "DF421"
    assert "3 processes wait for each other" in error.message
    assert error.notes[:3] == (
        "process 'fork' waits for room in stream 's2' (full, 2 of 2), which 'join' reads",
        "process 'join' waits for data in stream 's3' (empty, 0 of 2), which 'window' writes",
        "process 'window' waits for data in stream 's1' (empty, 0 of 2), which 'fork' writes",
    )
    assert "process 'scale' waits until process 'join' has finished" in error.notes
    assert error.notes[-1] == "a depth of 7 for stream 's2' would be enough (it has 2)"


def test_the_depth_it_names_is_enough(tmp_path: Path) -> None:
    assert run_csim(write(tmp_path / "demo", depth=7), mode="bounded").passed


def test_elements_left_in_an_unbounded_stream_are_an_error(tmp_path: Path) -> None:
    error = fail(tmp_path, "plain", join=COUNT - 4)
    assert error.code == "DF422"
    assert "leftover: stream 's3' still holds 4 elements" in error.message


def test_elements_that_nobody_reads_are_an_error_with_real_depths(tmp_path: Path) -> None:
    error = fail(tmp_path, "bounded", join=COUNT - 4)
    assert error.code == "DF422"
    assert "'window' writes stream 's3', which is full and whose consumer 'join' has finished" in error.message


def test_a_read_of_an_empty_stream_names_stream_and_process(tmp_path: Path) -> None:
    error = fail(tmp_path, "plain", join=COUNT + 4)
    assert error.code == "DF422"
    assert "empty read: process 'join' reads stream 's3'" in error.message


def test_a_read_past_a_finished_producer_names_both(tmp_path: Path) -> None:
    error = fail(tmp_path, "bounded", join=COUNT + 4)
    assert error.code == "DF422"
    assert "'join' reads stream 's3', whose producer 'window' has finished after 64 elements" in error.message


def test_the_sanitizer_finds_an_index_beyond_a_local_array(tmp_path: Path) -> None:
    error = fail(tmp_path, "sanitize", window="+1")
    assert error.code == "DF423"
    assert "index 8 out of bounds for type 'float [8]'" in error.message
    assert "src/nodes_00.cpp" in error.message


def test_the_sanitizer_finds_an_access_beyond_a_port(tmp_path: Path) -> None:
    error = fail(tmp_path, "sanitize", load="+1")
    assert error.code == "DF423"
    assert "heap-buffer-overflow" in error.message
    assert any("load" in note and "src/nodes_00.cpp" in note for note in error.notes)


def test_an_output_element_that_is_never_written_is_an_error(tmp_path: Path) -> None:
    error = fail(tmp_path, "plain", scale=COUNT - 1)
    assert error.code == "DF424"
    assert "different y" in error.message


def test_text_that_does_not_compile_is_an_internal_error_with_the_log(tmp_path: Path) -> None:
    with pytest.raises(InternalError) as caught:
        run_csim(write(tmp_path / "demo", load="+nonsense"))
    assert caught.value.code == "DF430"
    assert any("nonsense" in note for note in caught.value.notes)


def test_a_time_limit_ends_the_simulation(tmp_path: Path) -> None:
    with pytest.raises(CheckFailed, match="time limit"):
        run_csim(write(tmp_path / "demo", load="; for (volatile int k = 0; k < 1;) {} x[0"), timeout_s=0.05)


def test_without_a_compiler_the_error_says_what_is_missing(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolFailure, match=r"neither g\+\+ nor Vitis") as caught:
        run_csim(project)
    assert caught.value.exit_code == ExitCode.TOOL_MISSING


def test_a_folder_that_is_no_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a project"):
        run_csim(tmp_path)


def test_inputs_of_the_wrong_size_are_refused(project: Path) -> None:
    with pytest.raises(UserError, match=r"\[4\].*\[64\]"):
        run_csim(project, inputs=[np.zeros(4, dtype=np.float32)])


# --- Vitis ----------------------------------------------------------------------------------------------------------

_FAKE_VITIS = """#!/bin/sh
case "$1" in
  *version) echo "Vitis v@VERSION@ (64-bit)"; exit 0;;
esac
echo "arguments: $*; steps: $DATAFLOWC_STEPS"
mkdir -p "$DATAFLOWC_OUT"
cp data/golden_y.bin "$DATAFLOWC_OUT/y.bin"
cp data/golden_positive.bin "$DATAFLOWC_OUT/positive.bin"
echo "@RESULT@"
"""


def fake_vitis(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, version: str, result: str) -> None:
    folder.mkdir()
    script = folder / name
    script.write_text(_FAKE_VITIS.replace("@VERSION@", version).replace("@RESULT@", result))
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.parametrize(
    ("name", "version", "arguments"),
    [
        ("vitis-run", "2024.2", "--mode hls --csim --config hls_config.cfg --work_dir build/vitis; steps: \n"),
        ("vitis-run", "2023.1", "--mode hls --tcl run_hls.tcl; steps: csim\n"),
        ("vitis_hls", "2022.2", "-f run_hls.tcl; steps: csim\n"),
    ],
)
def test_vitis_on_the_path_simulates_instead(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, version: str, arguments: str
) -> None:
    fake_vitis(tmp_path / "bin", monkeypatch, name, version, "result: pass")
    tool = find_vitis()
    assert tool is not None
    assert f"{tool.version[0]}.{tool.version[1]}" == version
    result = run_csim(project)
    assert f"arguments: {arguments}" in result.log
    assert result.passed
    np.testing.assert_array_equal(result.outputs[0], expected(example_input())[0])


def test_a_vitis_that_gives_no_result_is_a_tool_failure(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_vitis(tmp_path / "bin", monkeypatch, "vitis-run", "2024.1", "no licence")
    with pytest.raises(ToolFailure) as caught:
        run_csim(project)
    assert "no licence" in caught.value.notes


# --- headers --------------------------------------------------------------------------------------------------------

_HEADERS = """
#include <ap_axi_sdata.h>
#include <hls_math.h>
#include <hls_stream.h>
#include <hls_vector.h>
#include <stdio.h>

static void through(hls::stream<int>& in, hls::stream<int>& out) { out.write(in.read() + 1); }

static int failures = 0;
#define CHECK(condition) do { if (!(condition)) { printf("%d: %s\\n", __LINE__, #condition); ++failures; } } while (0)

int main() {
  const int count = @COUNT@;
  hls::stream<int, @COUNT@> wide("wide");
  CHECK(wide.empty() && wide.size() == 0);
  for (int i = 0; i < count; ++i) wide.write(i);
  CHECK(wide.size() == count && !wide.empty());
  CHECK(wide.full() == @FULL@);
  for (int i = 0; i < count / 2; ++i) CHECK(wide.read() == i);
  CHECK(wide.size() == count - count / 2);
  for (int i = 0; i < 10; ++i) wide << i;
  for (int i = count / 2; i < count; ++i) CHECK(wide.read() == i);
  int value = -1;
  for (int i = 0; i < 10; ++i) { wide >> value; CHECK(value == i); }
  CHECK(wide.empty() && !wide.read_nb(value) && value == 9);
  CHECK(wide.write_nb(5) && wide.read_nb(value) && value == 5);

  hls::stream<int, 4> in("in");
  hls::stream<int> out("out", 3);
  for (int i = 0; i < 100000; ++i) { in.write(i); through(in, out); out.read(value); CHECK(value == i + 1); }

  hls::stream<hls::vector<float, 4>> vectors("vectors");
  vectors.write({1.0f, 2.0f, 3.0f, 4.0f});
  hls::vector<float, 4> v = vectors.read() * 2.0f + hls::vector<float, 4>(1.0f);
  CHECK(v.reduce_add() == 24.0f && v[3] == 9.0f && sizeof(v) == 16 && alignof(hls::vector<float, 3>) == 16);
  hls::vector<int, 2> w = {6, 3};
  w >>= hls::vector<int, 2>(1);
  CHECK(w == (hls::vector<int, 2>{3, 1}) && w.reduce_or() == 3);

  CHECK(hls::exp(0.0f) == 1.0f && sizeof(hls::exp(0.0f)) == 4 && sizeof(hls::exp(0.0)) == 8);
  CHECK(hls::rsqrt(4.0f) == 0.5f && hls::recip(8.0) == 0.125 && hls::powf(2.0f, 3.0f) == 8.0f);
  CHECK(hls::rint(2.5f) == 2.0f && hls::round(2.5f) == 3.0f && hls::max(2, 3) == 3);
  hls::axis<float> transfer;
  CHECK(!transfer.last);
  return failures == 0 && dfc::errors() == 0 ? 0 : 1;
}
"""


@pytest.mark.parametrize(("flags", "full"), [((), "false"), (("-DDFC_BOUNDED",), "true")])
def test_the_headers_behave_as_documented(tmp_path: Path, flags: tuple[str, ...], full: str) -> None:
    source = tmp_path / "headers.cpp"
    source.write_text(_HEADERS.replace("@COUNT@", "50001").replace("@FULL@", full))
    runtime = [str(INCLUDE / name) for name in ("dfc_runtime.cpp", *(["dfc_process.cpp"] if flags else []))]
    command = ["g++", "-std=c++17", "-O0", "-w", "-pthread", f"-I{INCLUDE}", *flags, str(source), *runtime]
    subprocess.run([*command, "-o", str(tmp_path / "headers")], check=True, timeout=120)
    done = subprocess.run([tmp_path / "headers"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.returncode) == ("", 0), done.stderr


def test_ap_headers_are_found_without_importing_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "hls4ml"
    headers = package / "templates/vivado/ap_types"
    headers.mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('imported')\n")
    (headers / "ap_int.h").write_text("")
    info = tmp_path / "hls4ml-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hls4ml\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert find_ap_headers() == headers
