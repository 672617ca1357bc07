"""`dataflowc.compile` and `Design`, with stand-ins for the front door, the emitter and the simulator."""

from __future__ import annotations

import gc
import json
import shutil
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from xdsl.parser import Parser

import dataflowc
from dataflowc import cli, driver
from dataflowc.contracts import HlsProgram, ImportedModel, Port, TensorSpec, WeightStore
from dataflowc.diagnostics import CheckFailed, InfeasibleTarget, InternalError, UsageError, UserError
from dataflowc.dialects import make_context
from dataflowc.options import CompileOptions
from dataflowc.pipeline import Stage

SCHEDULE = (Path(__file__).parents[1] / "data" / "two_nodes.mlir").read_text()
X = np.arange(8, dtype=np.float32)
Y = 2 * X
PORTS = (
    Port("m_x", "m_x", "input", "f32", (8,), "x"),
    Port("m_y", "m_y", "output", "f32", (8,), "y"),
)


@dataclass
class World:
    """What the stand-ins do, and what they were asked."""

    outputs: list[np.ndarray] = field(default_factory=lambda: [Y])
    csim_error: CheckFailed | None = None
    lint_error: CheckFailed | None = None
    fit_error: InfeasibleTarget | None = None
    modes: list[str] = field(default_factory=list)
    projects: list[Path] = field(default_factory=list)
    with_examples: bool = True


@dataclass(frozen=True)
class Target:
    name: str
    part: str = "xczu9eg-ffvb1156-2-e"
    clock_mhz: float = 200.0
    resources: Any = field(
        default_factory=lambda: types.SimpleNamespace(bram18=1824, uram=0, count=lambda kind: 1000)
    )


class Estimate:
    def to_json(self) -> dict[str, Any]:
        known = {"dsp": 3, "lut": 40, "bram18": 1, "uram": 0, "ff": None}
        return {"kind": "estimate", "cycles": None, "resources": known, "at_least": {"ff": 5}, "nodes": []}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    state = World()

    def module(name: str, **members: Any) -> None:
        stand_in = types.ModuleType(name)
        vars(stand_in).update(members)
        monkeypatch.setitem(sys.modules, name, stand_in)

    def load(source: Any, *, example_inputs: Any = None) -> ImportedModel:
        examples = (X,) if state.with_examples else None
        return ImportedModel(
            "tiny",
            Parser(make_context(), SCHEDULE).parse_module(),
            WeightStore(),
            (TensorSpec("x", (8,), "f32"),),
            (TensorSpec("y", (8,), "f32"),),
            source=str(source),
            example_inputs=examples,
            reference=(Y,) if state.with_examples else None,
            rebuild=lambda flat: {"y": flat[0]},
        )

    def raising(error_name: str) -> Any:
        def check(*_arguments: Any) -> None:
            error = getattr(state, error_name)
            if error is not None:
                raise error

        return check

    def write_project(program: HlsProgram, directory: Path, **_options: Any) -> None:
        Path(directory).mkdir(parents=True, exist_ok=True)
        (Path(directory) / "top.cpp").write_text(program.sources["src/tiny.cpp"])
        state.projects.append(Path(directory))

    def run_csim(_project: Path, *, mode: str = "plain", **_options: Any) -> Any:
        state.modes.append(mode)
        if state.csim_error is not None:
            raise state.csim_error
        return types.SimpleNamespace(outputs=state.outputs, passed=np.array_equal(state.outputs[0], Y))

    @contextmanager
    def atomic_directory(path: Path) -> Iterator[Path]:
        staging = path.with_name(f".{path.name}.staging")
        staging.mkdir(parents=True)
        try:
            yield staging
            staging.rename(path)
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    program = HlsProgram("tiny", "tiny", PORTS, {"src/tiny.cpp": "void tiny();\n"}, "", {}, {"s": 2})
    module("dataflowc.frontends", load=load)
    module("dataflowc.target", load_target=Target, known_targets=lambda: ["zcu102"])
    module("dataflowc.cost.estimate", estimate_resources=lambda *_: Estimate(), check_fits=raising("fit_error"))
    module("dataflowc.hls.emit", emit_program=lambda *_: program)
    module("dataflowc.hls.lint", check_program=raising("lint_error"))
    module("dataflowc.hls.project", write_project=write_project)
    module("dataflowc.hls.csim", run_csim=run_csim)
    module("dataflowc.hls.output", atomic_directory=atomic_directory)
    stages = tuple(Stage(name, name, ()) for name in ("linalg", "nodes"))
    monkeypatch.setattr(driver, "stages_until", lambda *_: stages)
    monkeypatch.setattr("dataflowc.pass_manager._default_verify_level", lambda: lambda _module, _level: None)
    return state


def outcome(design: dataflowc.Design) -> dict[str, bool | None]:
    return {receipt.name: receipt.passed for receipt in design.receipts}


def test_a_sound_design_passes_all_receipts(world: World) -> None:
    design = dataflowc.compile("m.py", target="zcu102")
    assert set(outcome(design).values()) == {True}
    assert list(outcome(design)) == [
        "outputs reachable",
        "weights read",
        "channels",
        "stream depths",
        "fits the target",
        "HLS C++ rules",
        "C-simulation equals PyTorch",
        "no deadlock at the given depths",
    ]
    assert world.modes == ["plain", "bounded"]


def test_the_clock_is_the_targets_unless_given(world: World) -> None:
    assert dataflowc.compile("m.py", target="zcu102").clock_ns == 5.0
    assert dataflowc.compile("m.py", target="zcu102", clock_mhz=250).clock_ns == 4.0
    assert dataflowc.compile("m.py", options=CompileOptions(clock_mhz=100)).target.name == "vck190"


@pytest.mark.parametrize("clock_mhz", [-1.0, float("nan"), 1e6])
def test_a_clock_that_makes_no_sense_is_refused(world: World, clock_mhz: float) -> None:
    with pytest.raises(UsageError, match="makes no sense"):
        dataflowc.compile("m.py", clock_mhz=clock_mhz)


def test_simulate_returns_the_structure_of_the_model_and_reuses_the_project(world: World) -> None:
    design = dataflowc.compile("m.py")
    assert np.array_equal(design.simulate(X)["y"], Y)
    design.simulate(X)
    assert len(world.projects) == 1


def test_the_scratch_project_goes_with_the_design(world: World) -> None:
    design = dataflowc.compile("m.py")
    design.simulate(X)
    assert world.projects[0].exists()
    del design
    gc.collect()
    assert not world.projects[0].exists()


def test_simulate_refuses_inputs_of_another_shape_or_number(world: World) -> None:
    design = dataflowc.compile("m.py")
    with pytest.raises(UserError, match=r"input 'x' has shape \(8,\), got \(4,\)"):
        design.simulate(X[:4])
    with pytest.raises(UserError, match="takes 1 inputs, got 2"):
        design.simulate(X, X)


def test_emit_writes_receipts_and_estimate(world: World, tmp_path: Path) -> None:
    project = dataflowc.compile("m.py").emit(tmp_path / "out")
    record = json.loads((project / "receipts.json").read_text())
    assert record["passed"] is True and len(record["receipts"]) == 8
    assert json.loads((project / "estimate.json").read_text())["resources"]["dsp"] == 3


def test_two_emits_are_byte_identical(world: World, tmp_path: Path) -> None:
    first, second = (dataflowc.compile("m.py").emit(tmp_path / name) for name in ("a", "b"))
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()


def test_a_wrong_result_fails_the_build_and_leaves_nothing(world: World, tmp_path: Path) -> None:
    world.outputs = [Y + 1]
    with pytest.raises(CheckFailed) as caught:
        dataflowc.compile("m.py").emit(tmp_path / "out")
    assert "C-simulation equals PyTorch" in caught.value.render()
    assert list(tmp_path.iterdir()) == []


def test_keep_failed_keeps_the_project_beside(world: World, tmp_path: Path) -> None:
    world.csim_error = CheckFailed("DF499", "deadlock: load waits for s")
    with pytest.raises(CheckFailed, match="2 of 8 checks failed"):
        dataflowc.compile("m.py").emit(tmp_path / "out", keep_failed=True)
    assert [path.name for path in tmp_path.iterdir()] == ["out.failed"]
    record = json.loads((tmp_path / "out.failed" / "receipts.json").read_text())
    assert record["passed"] is False


def test_a_linter_finding_fails_the_build(world: World, tmp_path: Path) -> None:
    world.lint_error = CheckFailed("DF499", "loop without a bound")
    design = dataflowc.compile("m.py")
    assert outcome(design)["HLS C++ rules"] is False
    with pytest.raises(CheckFailed):
        design.emit(tmp_path / "out")


def test_without_csim_the_receipts_say_not_run_and_the_build_stands(world: World, tmp_path: Path) -> None:
    design = dataflowc.compile("m.py", options=CompileOptions(csim_mode="off"))
    assert design.emit(tmp_path / "out").is_dir()
    assert [passed for passed in outcome(design).values() if passed is None] == [None, None]
    assert world.modes == []


def test_without_example_inputs_nothing_is_compared(world: World) -> None:
    world.with_examples = False
    receipt = dataflowc.compile("m.mlir").receipts[-2]
    assert (receipt.passed, receipt.detail) == (None, "not run: the source brings no example inputs")


def test_a_large_design_is_not_run_bounded_unless_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dataflowc.simulation.BOUNDED_LIMIT", 10)
    assert dataflowc.compile("m.py").receipts[-1].passed is None
    assert dataflowc.compile("m.py", options=CompileOptions(csim_mode="bounded")).receipts[-1].passed is True


def test_a_crash_of_the_emitter_carries_the_ir(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def emit_program(*_arguments: Any) -> HlsProgram:
        raise KeyError("f16")

    monkeypatch.setattr(sys.modules["dataflowc.hls.emit"], "emit_program", emit_program)
    with pytest.raises(InternalError, match="emit C\\+\\+ failed: KeyError") as caught:
        dataflowc.compile("m.py")
    assert caught.value.module is not None


def test_the_ir_is_there_at_every_level_as_a_copy(world: World) -> None:
    design = dataflowc.compile("m.py")
    assert design.module("nodes") is not design.module("nodes")
    with pytest.raises(UsageError, match="no level 'rtl'"):
        design.module("rtl")


def test_the_command_writes_the_project_and_prints_the_receipts(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["m.py", "-o", str(tmp_path / "out"), "--time-passes"]) == 0
    printed = capsys.readouterr()
    assert "C-simulation equals PyTorch" in printed.out and f"project: {tmp_path / 'out'}" in printed.out
    assert printed.err == ""


def test_the_command_in_json_prints_one_object_and_progress_on_stderr(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["m.py", "-o", str(tmp_path / "out"), "--json", "-v"]) == 0
    printed = capsys.readouterr()
    assert all(receipt["passed"] for receipt in json.loads(printed.out)["receipts"])
    assert "import the model" in printed.err and "[8/8] C-simulate and write the project" in printed.err


def test_a_folder_that_is_refused_is_refused_before_the_model_is_read(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> None:
        raise UserError("DF499", "the folder is not ours")

    monkeypatch.setattr(sys.modules["dataflowc.hls.output"], "atomic_directory", refuse)
    monkeypatch.setattr(sys.modules["dataflowc.frontends"], "load", lambda *_a, **_k: pytest.fail("was read"))
    assert cli.main(["m.py", "-o", str(tmp_path / "out")]) == 1


def test_the_command_exits_with_1_for_a_failed_check_and_4_for_no_fit(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.outputs = [Y + 1]
    assert cli.main(["m.py", "-o", str(tmp_path / "out")]) == 1
    world.fit_error = InfeasibleTarget("DF399", "needs 12 DSP more than zu3eg has")
    assert cli.main(["m.py", "-o", str(tmp_path / "out")]) == 4
    assert "12 DSP more" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_emit_cpp_prints_the_sources(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["m.py", "--emit", "cpp"]) == 0
    assert capsys.readouterr().out == "// ==== src/tiny.cpp\nvoid tiny();\n"


def test_emit_of_a_level_prints_the_ir_or_writes_it(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["m.py", "--emit", "nodes"]) == 0
    text = capsys.readouterr().out
    assert "dataflow.schedule" in text
    assert cli.main(["m.py", "--emit", "nodes", "-o", str(tmp_path / "n.mlir")]) == 0
    assert (tmp_path / "n.mlir").read_text() == text
    assert cli.main(["m.py", "--emit", "nodes", "-o", str(tmp_path / "no" / "n.mlir")]) == 1


def test_estimate_prints_the_object_that_scripts_rely_on(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["estimate", "m.py", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == Estimate().to_json()
