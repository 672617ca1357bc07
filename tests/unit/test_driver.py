"""The pass manager: what it records, dumps and says when a pass breaks."""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass
from pathlib import Path

import pytest
from xdsl.context import Context
from xdsl.dialects import arith, func
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, Region, StringAttr, i32
from xdsl.ir import Block
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import VerifyException

from dataflowc.diagnostics import CheckFailed, InternalError, UsageError, UserError
from dataflowc.dialects.attributes import SourceAttr
from dataflowc.pass_manager import PassManager
from dataflowc.pipeline import PIPELINE, Stage, stages_until
from dataflowc.repro import write_bundle


@dataclass(frozen=True)
class AddConstant(ModulePass):
    name = "add-constant"
    target: str = "none"
    clock_ns: float = 0.0
    count: int = 1

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for _ in range(self.count):
            constant = arith.ConstantOp(IntegerAttr(7, i32))
            constant.attributes["seen"] = StringAttr(f"{self.target}@{self.clock_ns}")
            op.body.block.add_op(constant)


@dataclass(frozen=True)
class Crash(ModulePass):
    name = "crash"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in op.walk():
            if isinstance(inner, arith.ConstantOp):
                self.lower(inner)

    def lower(self, op: arith.ConstantOp) -> None:
        raise ValueError("cannot lower this")


@dataclass(frozen=True)
class BreakIR(ModulePass):
    name = "break-ir"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        region = Region(Block())
        op.body.block.add_op(func.FuncOp("empty", ((), ()), region))
        region.block.add_op(arith.ConstantOp(IntegerAttr(1, i32)))


@dataclass(frozen=True)
class Refuse(ModulePass):
    name = "refuse"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        raise UserError("DF199", "no such thing")


REGISTRY = {p.name: f"fake_passes:{p.__name__}" for p in (AddConstant, Crash, BreakIR, Refuse)}


@pytest.fixture(autouse=True)
def fake_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("fake_passes")
    for pass_class in (AddConstant, Crash, BreakIR, Refuse):
        setattr(module, pass_class.__name__, pass_class)
    monkeypatch.setitem(sys.modules, "fake_passes", module)


def manager(**options: object) -> PassManager:
    options.setdefault("verify_level", lambda module, level: None)
    return PassManager({"target": "zcu102", "clock_ns": 5.0}, registry=REGISTRY, **options)  # type: ignore[arg-type]


def module_with_source() -> ModuleOp:
    constant = arith.ConstantOp(IntegerAttr(1, i32))
    constant.attributes["source"] = SourceAttr.get("layer1.0.conv1", "conv2d", "resnet18.py", 34)
    return ModuleOp([constant])


def stage(*passes: str, name: str = "tasks") -> Stage:
    return Stage(name, "a title", passes)


def test_a_pass_gets_target_and_clock_unless_the_list_sets_them() -> None:
    run = manager().run(ModuleOp([]), [stage("add-constant", 'add-constant{target="mine" count=2}')])
    seen = [op.attributes["seen"].data for op in run.module.body.block.ops]  # type: ignore[attr-defined]
    assert seen == ["zcu102@5.0", "mine@5.0", "mine@5.0"]


def test_records_count_the_ops_that_a_pass_adds() -> None:
    run = manager().run(ModuleOp([]), [stage("add-constant{count=3}")])
    assert [(r.name, r.stage, dict(r.op_deltas)) for r in run.records] == [
        ("add-constant", "tasks", {"arith.constant": 3})
    ]
    assert run.records[0].seconds >= 0


def test_a_copy_of_the_module_is_kept_at_every_level() -> None:
    stages = [stage("add-constant", name="tasks"), stage("add-constant", name="nodes")]
    run = manager().run(ModuleOp([]), stages)
    sizes = {level: len(list(module.body.block.ops)) for level, module in run.levels.items()}
    assert sizes == {"tasks": 1, "nodes": 2}


def test_dumps_are_numbered_one_file_per_pass(tmp_path: Path) -> None:
    manager(dump_directory=tmp_path / "ir").run(ModuleOp([]), [stage("add-constant", "add-constant")])
    names = [path.name for path in sorted((tmp_path / "ir").iterdir())]
    assert names == ["00-input.mlir", "01-add-constant.mlir", "02-add-constant.mlir"]
    assert (tmp_path / "ir" / names[2]).read_text().count("arith.constant") == 2


def test_a_crash_names_the_pass_and_the_line_of_the_model(tmp_path: Path) -> None:
    with pytest.raises(InternalError) as caught:
        manager(dump_directory=tmp_path).run(module_with_source(), [stage("add-constant", "crash")])
    text = caught.value.render()
    assert "crash failed: ValueError: cannot lower this" in text
    assert "arith.constant" in text
    assert (tmp_path / "02-crash.failed.mlir").exists()


def test_the_source_line_comes_from_the_op_in_the_traceback() -> None:
    with pytest.raises(InternalError) as caught:
        manager().run(module_with_source(), [stage("crash")])
    assert "resnet18.py:34 (conv2d in layer1.0.conv1)" in caught.value.render()


def test_ir_that_does_not_verify_after_a_pass_is_blamed_on_that_pass() -> None:
    with pytest.raises(InternalError, match="break-ir failed"):
        manager().run(ModuleOp([]), [stage("add-constant", "break-ir")])


def test_a_user_error_passes_through_and_names_the_pass() -> None:
    with pytest.raises(UserError) as caught:
        manager().run(ModuleOp([]), [stage("refuse")])
    assert caught.value.notes == ("raised in refuse",)


def test_a_level_that_is_not_reached_fails_the_stage() -> None:
    def verify_level(module: ModuleOp, level: str) -> None:
        raise CheckFailed("DF299", f"not at level {level}")

    with pytest.raises(CheckFailed, match="not at level tasks"):
        manager(verify_level=verify_level).run(ModuleOp([]), [stage("add-constant")])


def test_a_verify_exception_in_a_pass_is_an_internal_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def lower(self: Crash, op: arith.ConstantOp) -> None:
        raise VerifyException("two readers")

    monkeypatch.setattr(Crash, "lower", lower)
    with pytest.raises(InternalError) as caught:
        manager().run(module_with_source(), [stage("crash")])
    assert caught.value.exit_code == 70
    assert "two readers" in caught.value.message


def test_a_bundle_holds_the_stage_input_and_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(InternalError) as caught:
        manager().run(module_with_source(), [stage("add-constant", "crash")])
    bundle = write_bundle(caught.value, {"target": "zcu102"})
    assert (bundle / "input.mlir").read_text().count("arith.constant") == 1
    assert 'add-constant{target="zcu102" clock_ns=5.0},crash' in (bundle / "command.txt").read_text()
    assert "cannot lower this" in (bundle / "traceback.txt").read_text()


def test_stop_after_a_stage_keeps_the_stages_up_to_it() -> None:
    assert [s.name for s in stages_until("nodes")] == ["linalg", "tasks", "nodes"]
    assert stages_until(None) == PIPELINE


def test_stop_after_a_pass_cuts_its_stage_and_skips_the_level_check() -> None:
    last = stages_until("place-memories")[-1]
    assert last.passes == ("pipeline-loops", "place-memories")
    assert not last.reaches_level


def test_an_unknown_stage_or_pass_is_a_usage_error_with_the_nearest_name() -> None:
    with pytest.raises(UsageError) as stop:
        stages_until("nods")
    assert "nodes" in stop.value.hint and stop.value.exit_code == 2
    with pytest.raises(UsageError) as unknown:
        manager().run(ModuleOp([]), [stage("add-constan")])
    assert "add-constant" in unknown.value.hint


def test_a_dump_folder_that_cannot_be_written_is_a_user_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="DF208"):
        manager(dump_directory=tmp_path / "file" / "ir").run(ModuleOp([]), [stage("add-constant")])
