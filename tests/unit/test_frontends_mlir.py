"""The `.mlir` route: linalg on tensors, with and without torch-mlir, and affine loops."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dataflowc.diagnostics import DataflowcError, UnsupportedOp
from dataflowc.dialects.attributes import SourceAttr
from dataflowc.dialects.levels import verify_level
from dataflowc.frontends import load, mlir_text
from dataflowc.ir_text import module_text

GENERIC = """#map = affine_map<(d0) -> (d0)>
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  %w = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %e = tensor.empty() : tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#map, #map, #map], iterator_types = ["parallel"]}
      ins(%x, %w : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %p = arith.mulf %a, %b : f32
    linalg.yield %p : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}
"""
NAMED = """func.func @f(%x: tensor<4x8xf32>, %w: tensor<8x2xf32>) -> tensor<4x2xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x2xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x2xf32>) -> tensor<4x2xf32>
  %y = linalg.matmul ins(%x, %w : tensor<4x8xf32>, tensor<8x2xf32>) outs(%f : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}
"""
AFFINE = """func.func @scale(%A: memref<4xf32>, %B: memref<4xf32>) {
  affine.for %i = 0 to 4 {
    %a = affine.load %A[%i] : memref<4xf32>
    %p = arith.mulf %a, %a : f32
    affine.store %p, %B[%i] : memref<4xf32>
  }
  return
}
"""


@pytest.fixture(params=["torch-mlir", "xdsl"])
def route(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to read text."""
    if request.param == "xdsl":
        monkeypatch.setattr(mlir_text, "_has_torch_mlir", lambda: False)
    else:
        pytest.importorskip("torch_mlir")
    return request.param


def write(folder: Path, text: str) -> Path:
    path = folder / "net.mlir"
    path.write_text(text)
    return path


def test_dense_constants_become_weights(tmp_path: Path, route: str) -> None:
    imported = load(write(tmp_path, GENERIC))
    verify_level(imported.module, "linalg")
    assert list(imported.weights) == ["constant_0"]
    assert np.array_equal(imported.weights["constant_0"], np.array([1, 2, 3, 4], np.float32))
    assert imported.weights["constant_0"].dtype == np.float32
    assert [spec.name for spec in imported.inputs] == ["x"] and imported.reference is None
    assert "dense" not in module_text(imported.module)


def test_affine_loops_are_kept(tmp_path: Path, route: str) -> None:
    imported = load(write(tmp_path, AFFINE))
    text = module_text(imported.module)
    assert "@main" in text and "affine.for" in text and 'dataflow.name = "B"' in text
    assert [spec.name for spec in imported.inputs] == ["A", "B"] and [spec.name for spec in imported.outputs] == ["B"]


def test_named_ops_are_generalised_and_keep_their_line(tmp_path: Path) -> None:
    pytest.importorskip("torch_mlir")
    imported = load(write(tmp_path, NAMED))
    verify_level(imported.module, "linalg")
    ops = [op for op in imported.module.walk() if op.name == "linalg.generic"]
    sources = [op.attributes["source"] for op in ops]
    assert sources == [SourceAttr.get("", "fill", "net.mlir", 4), SourceAttr.get("", "matmul", "net.mlir", 5)]


def test_named_ops_without_torch_mlir_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mlir_text, "_has_torch_mlir", lambda: False)
    with pytest.raises(UnsupportedOp) as caught:
        load(write(tmp_path, NAMED))
    assert [note.split(":")[0] for note in caught.value.notes] == ["linalg.fill", "linalg.matmul"]


def test_a_text_that_does_not_parse_names_the_line(tmp_path: Path, route: str) -> None:
    with pytest.raises(DataflowcError, match="DF103") as caught:
        load(write(tmp_path, NAMED.replace("linalg.matmul", "linalg.matmull")))
    assert caught.value.where is not None and caught.value.where.line == 5


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("func.func @f(%x: tensor<?xf32>) -> tensor<?xf32> { return %x : tensor<?xf32> }", "DF108"),
        ("func.func @f(%x: tensor<4xf64>) -> tensor<4xf64> { return %x : tensor<4xf64> }", "DF113"),
        ("func.func @f() { return } func.func @g() { return }", "DF102"),
    ],
)
def test_what_is_not_taken(tmp_path: Path, route: str, text: str, code: str) -> None:
    with pytest.raises(DataflowcError, match=code):
        load(write(tmp_path, text))
