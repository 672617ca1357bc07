"""Bad input: the code, the exit code, the line, and no traceback."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("torch_mlir")

from dataflowc.diagnostics import DataflowcError, ExitCode, ToolFailure, UnsupportedOp  # noqa: E402
from dataflowc.frontends import dump, load  # noqa: E402
from dataflowc.frontends import load as load_function  # noqa: E402

HEADER = "import torch\nfrom torch import nn\nexample_inputs = (torch.randn(2, 4),)\n"


def model_text(*forward: str, setup: str = "pass") -> str:
    """A file whose model has `forward` as the body of its forward method, from line 8 on."""
    body = "\n".join(f"        {line}" for line in forward)
    return (
        f"{HEADER}class M(nn.Module):\n    def __init__(self):\n        super().__init__(); {setup}\n"
        f"    def forward(self, x):\n{body}\nmodel = M()\n"
    )


def failure(tmp_path: Path, text: str, symbol: str = "") -> DataflowcError:
    path = tmp_path / "net.py"
    path.write_text(text)
    with pytest.raises(DataflowcError) as caught:
        load(f"{path}{symbol}")
    assert caught.value.exit_code == ExitCode.USER_ERROR
    assert caught.value.hint
    return caught.value


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "resnet.py").write_text("")
    with pytest.raises(DataflowcError, match="DF101") as caught:
        load(tmp_path / "resnt.py")
    assert "resnet.py" in caught.value.hint


def test_an_unknown_ending(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_text("")
    with pytest.raises(DataflowcError, match="DF101"):
        load(tmp_path / "net.onnx")


def test_a_file_without_the_symbol_lists_its_models(tmp_path: Path) -> None:
    error = failure(tmp_path, f"{HEADER}net = nn.Linear(4, 4)\n")
    assert error.code == "DF102" and "net" in error.notes[0] and error.hint.endswith("net.py:net")


def test_a_class_is_not_a_model(tmp_path: Path) -> None:
    error = failure(tmp_path, f"{HEADER}class model(nn.Module):\n    pass\n")
    assert error.code == "DF102" and "'model' is a type" in error.message


def test_no_example_inputs(tmp_path: Path) -> None:
    error = failure(tmp_path, "import torch\nmodel = torch.nn.Linear(4, 4)\n")
    assert error.code == "DF104" and "example_inputs =" in error.hint


def test_a_file_that_raises_names_its_line(tmp_path: Path) -> None:
    error = failure(tmp_path, f"{HEADER}\n1 / 0\n")
    assert error.code == "DF103" and "ZeroDivisionError" in error.message
    assert error.where is not None and (error.where.file, error.where.line) == ("net.py", 5)


def test_a_syntax_error_names_its_line(tmp_path: Path) -> None:
    error = failure(tmp_path, "x = 1\ny = (\n")
    assert error.code == "DF103" and error.where is not None and error.where.line == 2


def test_a_forward_that_raises_names_its_line(tmp_path: Path) -> None:
    error = failure(tmp_path, model_text("y = x + 1", "return y @ torch.ones(7, 3)"))
    assert error.code == "DF105" and "RuntimeError" in error.message
    assert error.where is not None and error.where.line == 9


def test_data_dependent_control_flow(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    error = failure(tmp_path, model_text("if x.sum() > 0:", "    return x", "return -x"))
    assert error.code == "DF106" and "torch.where" in error.hint
    assert error.where is not None and error.where.line == 8
    assert capfd.readouterr() == ("", "")


def test_dynamic_shapes(tmp_path: Path) -> None:
    dim = torch.export.Dim("batch", min=1, max=8)
    exported = torch.export.export(torch.nn.Linear(4, 4), (torch.randn(2, 4),), dynamic_shapes=({0: dim},))
    torch.export.save(exported, tmp_path / "net.pt2")
    with pytest.raises(DataflowcError, match="DF108"):
        load(tmp_path / "net.pt2")


def test_a_broken_saved_program(tmp_path: Path) -> None:
    (tmp_path / "net.pt2").write_bytes(b"nothing")
    with pytest.raises(DataflowcError, match="DF103"):
        load(tmp_path / "net.pt2")


def test_all_unsupported_ops_are_told_at_once(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    text = model_text("y = torch.fft.rfft(x).abs()", "v, i = torch.topk(y, 1)", "return v + x.sort(-1)[0]")
    error = failure(tmp_path, text)
    assert isinstance(error, UnsupportedOp) and error.code == "DF120"
    assert [note.split(":")[0] for note in error.notes] == ["_fft_r2c", "topk", "sort"]
    assert [f"net.py:{line}" in note for line, note in zip((8, 9, 10), error.notes, strict=True)] == [True] * 3
    assert all("nearest supported form" in note for note in error.notes)
    assert capfd.readouterr() == ("", "")
    assert list(scratch.iterdir()) == []


def test_random_numbers_are_not_folded(tmp_path: Path) -> None:
    assert "rand" in failure(tmp_path, model_text("return x + torch.rand(4)")).message


def test_an_element_type_that_is_not_supported(tmp_path: Path) -> None:
    error = failure(tmp_path, model_text("return (x.half() + 1).float()"))
    assert error.code == "DF113" and "float16" in error.message and "f32" in error.hint
    assert error.where is not None and error.where.line == 8


def test_double_inputs_are_named(tmp_path: Path) -> None:
    error = failure(tmp_path, model_text("return x * 2").replace("randn(2, 4)", "randn(2, 4, dtype=torch.float64)"))
    assert error.code == "DF113" and "'x' is float64" in error.message


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_weights_that_are_not_finite_are_named(tmp_path: Path, value: str) -> None:
    text = f"{HEADER}model = nn.Linear(4, 4)\nmodel.weight.data[0, 0] = float('{value}')\n"
    error = failure(tmp_path, text)
    assert error.code == "DF112" and "'weight' has 1 of 16" in error.notes[0]


def test_outputs_that_are_no_tensors(tmp_path: Path) -> None:
    error = failure(tmp_path, model_text("return x, 3"))
    assert error.code == "DF111" and "int" in error.message


def test_a_model_with_state(tmp_path: Path) -> None:
    text = model_text("self.n += x", "return x + self.n", setup="self.register_buffer('n', torch.zeros(2, 4))")
    error = failure(tmp_path, text)
    assert error.code == "DF110" and "'n'" in error.message
    assert error.where is not None and error.where.line == 8


def test_inputs_of_other_shapes_are_refused() -> None:
    imported = load(torch.nn.Linear(4, 4), example_inputs=torch.randn(2, 4))
    assert imported.flatten is not None
    with pytest.raises(DataflowcError, match="DF114"):
        imported.flatten(torch.randn(3, 4))


def test_torch_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ToolFailure, match="torch and torch_mlir not installed") as caught:
        load_function(torch.nn.Linear(4, 4), example_inputs=torch.randn(2, 4))
    assert "dataflowc[torch]" in caught.value.hint and caught.value.exit_code == ExitCode.TOOL_MISSING


def test_another_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.version_info", (3, 13, 0))
    with pytest.raises(ToolFailure, match=r"Python 3\.11"):
        load_function(torch.nn.Linear(4, 4), example_inputs=torch.randn(2, 4))


def test_dump_prints_the_error_and_returns_its_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dump.main([str(tmp_path / "none.py")]) == ExitCode.USER_ERROR
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.startswith("error[DF101]")
