"""The C++ of five small designs: equal to the golden text, and equal to numpy when compiled and run.

`designs/<name>.mlir` is the tensor code, `expected/<name>/` the program. `pytest --update-golden` rewrites the latter.
Operator latencies are fixed here, so that a better cost table does not change the text.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from xdsl.parser import Parser

import dataflowc.cost.operators
import dataflowc.hls
from dataflowc.contracts import HlsProgram, WeightStore
from dataflowc.dialects import make_context
from dataflowc.dialects.levels import verify_level
from dataflowc.hls.emit import emit_program
from dataflowc.passes.registry import load_pass

DESIGNS = Path(__file__).parent / "designs"
INCLUDE = Path(next(iter(dataflowc.hls.__path__))) / "include"
PASSES = ("tidy-tensors", "build-tasks", "build-nodes", "pipeline-loops", "place-memories", "size-streams")
LATENCIES = {"fadd": 6, "fmul": 3}
OTHER_LATENCY = 2

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class FixedCost:
    """Stands for an operator's cost."""

    latency: int


def grid(*shape: int) -> np.ndarray:
    """Distinct small numbers, exact in float and so in every sum of products below."""
    count = int(np.prod(shape))
    return ((np.arange(count) * 7) % 23 - 11).astype(np.float32).reshape(shape) / 4


def softmax(x: np.ndarray) -> np.ndarray:
    powers = np.exp(x - x.max(axis=1, keepdims=True), dtype=np.float64)
    return powers / powers.sum(axis=1, keepdims=True)


def conv_pool(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(2, 3))
    rows = np.einsum("nchwij,ocij->nohw", windows, w)
    return rows.reshape(1, 3, 2, 2, 2, 2).max(axis=(3, 5))


@dataclass(frozen=True)
class Design:
    """Arrays by name, and what numpy makes of them."""

    arrays: Arrays
    reference: Callable[[Arrays], np.ndarray]


CASES = {
    "mlp_layer": Design(
        {"x": grid(2, 6), "w": grid(4, 6), "b": grid(4)},
        lambda a: np.maximum(a["x"] @ a["w"].T + a["b"], 0),
    ),
    "conv_pool": Design({"x": grid(1, 2, 6, 6), "w": grid(3, 2, 3, 3)}, lambda a: conv_pool(a["x"], a["w"])),
    "softmax_rows": Design({"x": grid(4, 40)}, lambda a: softmax(a["x"])),
    "gather": Design(
        {"ids": np.array([[3, 0, 10], [7, 7, 1]], dtype=np.int64), "table": grid(11, 4)},
        lambda a: a["table"][a["ids"]],
    ),
    "concat_pad": Design(
        {"a": grid(2, 3), "b": grid(1, 3)},
        lambda a: np.pad(np.concatenate([a["a"], a["b"]]), 1),
    ),
}


@pytest.fixture(params=CASES)
def name(request: pytest.FixtureRequest) -> str:
    """Each design in turn."""
    return request.param


@pytest.fixture
def program(name: str, monkeypatch: pytest.MonkeyPatch) -> HlsProgram:
    """The emitted program of a design."""
    monkeypatch.setattr(
        dataflowc.cost.operators,
        "operator",
        lambda operator_name, *_: FixedCost(LATENCIES.get(operator_name, OTHER_LATENCY)),
    )
    context = make_context()
    module = Parser(context, (DESIGNS / f"{name}.mlir").read_text()).parse_module()
    for pass_name in PASSES:
        load_pass(pass_name)().apply(context, module)
        module.verify()
    verify_level(module, "scheduled")
    return emit_program(module, WeightStore(dict(CASES[name].arrays)), name)


def test_every_design_has_a_case() -> None:
    assert {path.stem for path in DESIGNS.glob("*.mlir")} == set(CASES)


def test_the_text_is_the_golden_one(name: str, program: HlsProgram, golden: Callable[[str, str], None]) -> None:
    for path, text in sorted(program.sources.items()):
        golden(f"expected/{name}/{Path(path).name}", text)
    golden(f"expected/{name}/bounded_top.cpp", program.bounded_top)


def write(program: HlsProgram, folder: Path) -> list[str]:
    """The program as files; the paths of its .cpp files."""
    (folder / "src").mkdir()
    for path, text in program.sources.items():
        (folder / path).write_text(text)
    return sorted(path for path in program.sources if path.endswith(".cpp"))


def compile_with(arguments: list[str], folder: Path) -> None:
    """Run g++; its messages are the failure."""
    compiler = shutil.which("g++")
    if compiler is None:
        pytest.fail("g++ is not on the PATH; scripts/setup.sh installs it")
    command = [compiler, "-std=c++17", "-w", "-ffp-contract=off", "-pthread", f"-I{INCLUDE}", "-Isrc", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:3000]


def main_text(program: HlsProgram, arrays: Arrays, count: int) -> str:
    """A program that calls the top function on these arrays and prints the output, one number per line."""
    lines = ["#include <stdio.h>", f'#include "{program.top}.h"', "int main() {"]
    for port in program.ports:
        element = {"f32": "float", "i64": "int64_t"}[port.dtype]
        if port.role == "output":
            lines.append(f"  static {element} {port.name}[{port.elements}];")
            continue
        values = program.weights[port.name] if port.role == "weight" else arrays[port.tensor]
        numbers = ", ".join(repr(value) for value in values.reshape(-1).tolist())
        lines.append(f"  static const {element} {port.name}[] = {{{numbers}}};")
    output = next(port.name for port in program.ports if port.role == "output")
    lines.append(f"  {program.top}({', '.join(port.name for port in program.ports)});")
    lines.append(f'  for (int i = 0; i < {count}; ++i) printf("%.9g\\n", {output}[i]);')
    return "\n".join([*lines, "}"]) + "\n"


def test_the_program_computes_what_numpy_does(name: str, program: HlsProgram, tmp_path: Path) -> None:
    arrays = CASES[name].arrays
    expected = CASES[name].reference(arrays)
    (tmp_path / "main.cpp").write_text(main_text(program, arrays, expected.size))
    sources = [*write(program, tmp_path), "main.cpp", str(INCLUDE / "dfc_runtime.cpp")]
    compile_with(["-O0", "-o", "run", *sources], tmp_path)
    done = subprocess.run([tmp_path / "run"], capture_output=True, text=True, timeout=20)
    assert done.returncode == 0, done.stderr
    found = np.array([float(line) for line in done.stdout.split()]).reshape(expected.shape)
    # Sums of products of quarters are exact; only the softmax rounds.
    np.testing.assert_allclose(found, expected, rtol=2e-6 if name == "softmax_rows" else 0, atol=0)


def test_the_top_of_coroutines_is_cpp(program: HlsProgram, tmp_path: Path) -> None:
    write(program, tmp_path)
    (tmp_path / "bounded_top.cpp").write_text(program.bounded_top)
    compile_with(["-fsyntax-only", "-DDFC_BOUNDED", "bounded_top.cpp"], tmp_path)
