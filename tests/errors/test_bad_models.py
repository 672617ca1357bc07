"""Models that cannot be compiled: code, line in the model, what to do; and nothing is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Refuse

HEADER = "import torch\nfrom torch import nn\nfrom torch.nn import functional as F\n"


def net(*forward: str, setup: str = "pass", inputs: str = "(torch.randn(2, 4),)", arguments: str = "x") -> str:
    """A model file; the body of `forward` starts on line 8."""
    body = "\n".join(f"        {line}" for line in forward)
    return (
        f"{HEADER}class Net(nn.Module):\n    def __init__(self):\n        super().__init__(); {setup}\n"
        f"    def forward(self, {arguments}):\n{body}\nmodel = Net()\nexample_inputs = {inputs}\n"
    )


BAD: dict[str, tuple[str, tuple[str, ...]]] = {
    "no model": ("x = 1\n", ("DF102", "no nn.Module named 'model'", "help:")),
    "empty file": ("", ("DF102",)),
    "no example inputs": (f"{HEADER}model = nn.Linear(4, 4)\n", ("DF104", "example_inputs = (torch")),
    "example inputs are text": (net("return x", inputs="'x'"), ("DF104", "a str")),
    "import fails": ("import torch\nimport not_there\n", ("DF103", "net.py:2", "ModuleNotFoundError")),
    "import exits": ("import sys\nsys.exit(0)\n", ("DF103", "net.py:2", "SystemExit")),
    "syntax": ("import torch\nmodel = (\n", ("DF103", "net.py:2", "SyntaxError")),
    "forward raises": (net("y = x + 1", "raise KeyError('boom')"), ("DF105", "net.py:9", "boom")),
    "example inputs of another shape": (
        net("return self.fc(x)", setup="self.fc = nn.Linear(5, 4)"),
        ("DF105", "net.py:8", "2x4 and 5x4"),
    ),
    "too few example inputs": (net("return x + y", arguments="x, y"), ("DF105", "'y'")),
    "control flow on data": (net("if x.sum() > 0:", "    return x", "return -x"), ("DF106", "net.py:8", "torch.where")),
    "a loop on data": (net("for _ in range(int(x.sum())):", "    x = x * 2", "return x"), ("DF106", "net.py:8")),
    "a number out of a tensor": (net("y = x + 1", "return y * x.sum().item()"), ("DF106", "net.py:9", "item")),
    "a size that depends on data": (net("return x[x > 0]"), ("DF106", "net.py:8")),
    "writes into its input": (net("x.add_(1)", "return x"), ("DF110", "net.py:8", "'x'")),
    "returns a number": (net("return 3"), ("DF111", "int")),
    "returns text": (net("return {'a': x * 2, 'b': 'text'}"), ("DF111", "output['b']")),
    "returns nothing": (net("return None"), ("DF111", "no tensor")),
    "not a number in a weight": (
        f"{HEADER}model = nn.Linear(4, 4)\nmodel.weight.data[1] = float('nan')\nexample_inputs = (torch.ones(2, 4),)",
        ("DF112", "'weight' has 4 of 16"),
    ),
    "infinity in a weight": (
        f"{HEADER}model = nn.Linear(4, 4)\nmodel.bias.data[1] = float('inf')\nexample_inputs = (torch.ones(2, 4),)",
        ("DF112", "'bias' has 1 of 4"),
    ),
    "float64": (
        net("return x * 2", inputs="(torch.randn(4, dtype=torch.float64),)"),
        ("DF113", "'x' is float64", "f32"),
    ),
    "bfloat16": (net("return x * 2", inputs="(torch.randn(4).bfloat16(),)"), ("DF113", "'x' is bfloat16")),
    "complex": (net("return x * 2", inputs="(torch.randn(4, dtype=torch.complex64),)"), ("DF113", "complex64")),
    "float64 inside": (net("return (x.double() * 2).float()"), ("DF113", "net.py:8", "double")),
    "no elements": (net("return x * 2", inputs="(torch.randn(0, 4),)"), ("DF115", "'x'", "(0, 4)")),
    "a matrix inverted": (net("return torch.linalg.inv(x[:, :2])"), ("DF120", "net.py:8", "_linalg_check_errors")),
    "random numbers": (net("return x + torch.rand_like(x)"), ("DF120", "net.py:8", "as an input")),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_model(name: str, refused: Refuse) -> None:
    text, parts = BAD[name]
    refused(text, "--no-csim").says(1, *parts)


def test_all_unsupported_ops_are_told_with_their_lines(refused: Refuse) -> None:
    outcome = refused(
        net("a = torch.fft.rfft(x).abs()", "b, _ = torch.topk(x, 3)", "return a + b + x.sort(-1)[0][:, :3]")
    )
    outcome.says(1, "DF120", "3 ops", "_fft_r2c: net.py:8", "topk: net.py:9", "sort: net.py:10", "nearest supported")


def test_an_example_whose_result_is_no_number_fails_the_comparison(refused: Refuse) -> None:
    refused(net("return torch.log(-x.abs() - 1)")).says(1, "DF310", "C-simulation equals PyTorch", "nan")


def test_a_file_that_is_missing_names_the_nearest(refused: Refuse, tmp_path: Path) -> None:
    (tmp_path / "resnet.py").write_text("")
    refused(tmp_path / "resnt.py").says(1, "DF101", "did you mean", "resnet.py")


def test_a_folder_is_no_model(refused: Refuse, tmp_path: Path) -> None:
    refused(tmp_path).says(1, "DF101", "is a folder")


def test_a_model_of_another_name(refused: Refuse, tmp_path: Path) -> None:
    (tmp_path / "some.py").write_text(f"{HEADER}backbone = nn.Linear(4, 4)\nexample_inputs = (torch.ones(2, 4),)\n")
    refused(tmp_path / "some.py").says(1, "DF102", "some.py:backbone")


FILES: dict[str, tuple[str, bytes, tuple[str, ...]]] = {
    "a broken .pt2": ("net.pt2", b"PK\x03\x04 nothing", ("DF103", "torch.export.save")),
    "an empty .pt2": ("net.pt2", b"", ("DF103",)),
    "broken MLIR": ("net.mlir", b"func.func @main(", ("DF103", "net.mlir:1")),
    "MLIR that is no text": ("net.mlir", bytes(range(256)), ("DF103", "cannot be read")),
    "empty MLIR": ("net.mlir", b"", ("DF102", "0 top-level")),
    "MLIR with an unknown op": (
        "net.mlir",
        b'func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {\n  %y = "a.b"(%x) : (tensor<4xf32>) -> tensor<4xf32>\n'
        b"  return %y : tensor<4xf32>\n}\n",
        ("DF103", "net.mlir:2"),
    ),
    "MLIR of a dynamic shape": (
        "net.mlir",
        b"func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {\n  return %x : tensor<?x4xf32>\n}\n",
        ("DF108", "tensor<?x4xf32>", "give every dimension a number"),
    ),
    "MLIR in doubles": (
        "net.mlir",
        b"func.func @main(%x: tensor<4xf64>) -> tensor<4xf64> {\n  return %x : tensor<4xf64>\n}\n",
        ("DF113", "f64"),
    ),
    "another ending": ("net.onnx", b"", ("DF101", ".pt2")),
    "a Python file that is no text": ("net.py", b"\x00\xff\xfe", ("DF103", "SyntaxError")),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file(name: str, refused: Refuse, tmp_path: Path) -> None:
    file, content, parts = FILES[name]
    (tmp_path / file).write_bytes(content)
    refused(tmp_path / file, "--no-csim").says(1, *parts)


def test_a_saved_program_of_dynamic_shape(refused: Refuse, tmp_path: Path) -> None:
    import torch

    batch = torch.export.Dim("batch", min=2, max=8)
    program = torch.export.export(torch.nn.Linear(4, 4), (torch.ones(2, 4),), dynamic_shapes=({0: batch},))
    torch.export.save(program, tmp_path / "net.pt2")
    refused(tmp_path / "net.pt2", "--no-csim").says(1, "DF108", "dynamic shapes")
