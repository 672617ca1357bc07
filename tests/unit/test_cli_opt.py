"""`dataflowc-opt`: our passes and dialect in xDSL's driver, and its exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from xdsl.universe import Universe

from dataflowc import opt_main
from dataflowc.diagnostics import UserError
from dataflowc.passes.registry import PASSES

EMPTY = "func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {\n  func.return %a : tensor<4xf32>\n}\n"


def opt(tmp_path: Path, *arguments: str, text: str = EMPTY) -> int:
    source = tmp_path / "in.mlir"
    source.write_text(text)
    return opt_main.main([str(source), *arguments])


def test_text_goes_through(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert opt(tmp_path) == 0
    assert "func.func @main" in capsys.readouterr().out


def test_the_passes_of_the_registry_and_of_xdsl_are_known() -> None:
    known = opt_main.DataflowcOptMain(args=[]).available_passes
    assert set(PASSES) <= set(known)
    assert "canonicalize" in known


def test_the_universe_is_found_by_the_tools_of_xdsl() -> None:
    found = Universe.get_multiverse()
    assert "dataflow" in found.all_dialects
    assert set(PASSES) <= set(found.all_passes)


def test_text_that_does_not_parse_exits_with_1_and_shows_the_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert opt(tmp_path, text="func.func @main(") == 1
    assert "in.mlir:1" in capsys.readouterr().err


def test_ir_that_does_not_verify_exits_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert opt(tmp_path, text='"func.func"() <{sym_name = "f", function_type = () -> ()}> ({}, {}) : () -> ()') == 1
    assert "Traceback" not in capsys.readouterr().err


def test_a_missing_file_exits_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert opt_main.main(["no-such-file.mlir"]) == 1
    assert "no-such-file.mlir" in capsys.readouterr().err


@pytest.mark.parametrize("pipeline", ["no-such-pass", "canonicalize{", "canonicalize{nonsense=1}"])
def test_a_wrong_pass_list_exits_with_2(pipeline: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert opt(tmp_path, "-p", pipeline) == 2
    assert "dataflowc-opt:" in capsys.readouterr().err


def test_an_error_of_a_pass_is_rendered_with_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_driver: object, _module: object) -> None:
        raise UserError("DF199", "no such thing")

    monkeypatch.setattr(opt_main.DataflowcOptMain, "apply_passes", refuse)
    assert opt(tmp_path) == 1
    assert capsys.readouterr().err == "error[DF199]: no such thing\n"


def test_a_pass_that_breaks_exits_with_70_and_the_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(_driver: object, _module: object) -> None:
        raise ValueError("odd")

    monkeypatch.setattr(opt_main.DataflowcOptMain, "apply_passes", crash)
    assert opt(tmp_path) == 70
    assert "ValueError: odd" in capsys.readouterr().err
