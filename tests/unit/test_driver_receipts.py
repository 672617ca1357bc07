"""The receipts: each one holds on a sound schedule and fails on one that is broken in its way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser

from dataflowc import receipts
from dataflowc.contracts import TensorSpec
from dataflowc.diagnostics import CheckFailed
from dataflowc.dialects import make_context
from dataflowc.simulation import loop_iterations

TEXT = (Path(__file__).parents[1] / "data" / "two_nodes.mlir").read_text()


def parse(text: str = TEXT) -> ModuleOp:
    return Parser(make_context(), text).parse_module()


def schedule_of(text: str = TEXT):
    return receipts.find_schedule(parse(text))


def test_a_sound_schedule_passes_every_structural_check() -> None:
    schedule = schedule_of()
    parse().verify()
    found = [
        receipts.check_outputs_reachable(schedule),
        receipts.check_weights_read(schedule, ["fc.weight"]),
        receipts.check_channels(schedule),
        receipts.check_depths(schedule),
    ]
    assert [receipt.passed for receipt in found] == [True] * 4
    assert {receipt.evidence for receipt in found} == {"static"}
    assert found[0].detail == "1 of 1 outputs depend on an input"


def test_an_output_that_no_input_reaches_fails() -> None:
    receipt = receipts.check_outputs_reachable(schedule_of(TEXT.replace('"input" "x"', '"weight" "x"')))
    assert receipt.passed is False
    assert receipt.detail == "not reachable from an input: y"


def test_a_schedule_without_outputs_fails() -> None:
    receipt = receipts.check_outputs_reachable(schedule_of(TEXT.replace('"output" "y"', '"weight" "y"')))
    assert receipt.passed is False


def test_a_weight_that_no_node_reads_fails() -> None:
    receipt = receipts.check_weights_read(schedule_of(), ["fc.weight", "fc.bias"])
    assert receipt.passed is False
    assert receipt.detail == "never read: fc.bias"


def test_many_offenders_are_cut_short() -> None:
    receipt = receipts.check_weights_read(schedule_of(), [f"w{n}" for n in range(8)])
    assert receipt.detail == "never read: w0, w1, w2, w3, w4 and 3 more"


def test_a_channel_with_two_readers_fails() -> None:
    schedule = schedule_of()
    load, scale = schedule.nodes
    load.operands = (load.operands[0], scale.operands[0])
    scale.operands = (load.operands[1], load.operands[1], scale.operands[2])
    assert receipts.check_channels(schedule).detail == "not one to one: s (1 to 2)"


def test_a_stream_without_a_depth_fails() -> None:
    receipt = receipts.check_depths(schedule_of(TEXT.replace(' depth <2, "why">', "")))
    assert (receipt.passed, receipt.detail) == (False, "without a depth: s")


def test_used_weights_are_the_weight_arguments_with_uses() -> None:
    module = parse(
        """
        func.func @main(
            %a: tensor<4xf32> {dataflow.role = "weight", dataflow.name = "used"},
            %b: tensor<4xf32> {dataflow.role = "weight", dataflow.name = "unused"},
            %c: tensor<4xf32> {dataflow.role = "input", dataflow.name = "x"}) -> tensor<4xf32> {
          %d = arith.addf %a, %c : tensor<4xf32>
          func.return %d : tensor<4xf32>
        }
        """
    )
    assert receipts.used_weights(module) == ("used",)


def test_loop_iterations_are_those_of_the_innermost_loops() -> None:
    assert loop_iterations(schedule_of()) == 8 + 4 * 2


SPEC = (TensorSpec("y", (3,), "f32"),)


def compare(got: list[float], want: list[float], tolerance: float = 1e-4, dtype: type = np.float32):
    return receipts.compare_outputs([np.array(got, dtype)], [np.array(want, dtype)], SPEC, tolerance)


def test_floats_are_compared_relative_to_the_largest_reference() -> None:
    assert compare([1000.05, 0.05, 0.0], [1000.0, 0.0, 0.0]).passed is True
    assert compare([1000.2, 0.0, 0.0], [1000.0, 0.0, 0.0]).passed is False


def test_integers_are_compared_exactly() -> None:
    receipt = compare([1, 2, 4], [1, 2, 3], dtype=np.int32)
    assert (receipt.passed, receipt.detail) == (False, "y: 1 of 3 integers differ")
    assert compare([1, 2, 3], [1, 2, 3], dtype=np.int32).detail == "1 outputs, all integers equal"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_an_output_that_is_not_finite_fails(value: float) -> None:
    assert compare([value, 0.0, 0.0], [1.0, 0.0, 0.0]).passed is False
    assert compare([value, 0.0, 0.0], [value, 0.0, 0.0]).passed is False


def test_an_all_zero_reference_allows_only_small_absolute_errors() -> None:
    assert compare([1e-5, 0, 0], [0, 0, 0]).passed is True
    assert compare([1e-3, 0, 0], [0, 0, 0]).passed is False


def test_a_wrong_shape_or_number_of_outputs_fails() -> None:
    assert receipts.compare_outputs([np.zeros(2)], [np.zeros(3)], SPEC, 1e-4).passed is False
    assert receipts.compare_outputs([], [np.zeros(3)], SPEC, 1e-4).passed is False


def test_a_check_that_raised_becomes_a_failed_receipt() -> None:
    error = CheckFailed("DF499", "2 findings", notes=["a.cpp: loop without a name"])
    receipt = receipts.from_check("rules", "clean", error, "static")
    assert (receipt.passed, receipt.detail) == (False, "2 findings; a.cpp: loop without a name")
    assert receipts.from_check("rules", "clean", None, "static").passed is True


def test_a_constant_output_only_has_to_be_written() -> None:
    schedule = schedule_of(TEXT.replace('"input" "x"', '"weight" "x"'))
    receipt = receipts.check_outputs_reachable(schedule, ["y"])
    assert (receipt.passed, receipt.detail) == (
        True,
        "0 of 1 outputs depend on an input, constant in the model too: y",
    )


MIXED = """
func.func @main(
    %w: tensor<4xf32> {dataflow.role = "weight", dataflow.name = "w"},
    %x: tensor<4xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (
    tensor<4xf32> {dataflow.name = "sum"}, tensor<4xf32> {dataflow.name = "kept"}, tensor<4xf32> {dataflow.name = "w"},
    tensor<4xf32> {dataflow.name = "ones"}) {
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<4xf32>
  %sum, %kept = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>,
      affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
      ins(%w, %x : tensor<4xf32>, tensor<4xf32>) outs(%e, %e : tensor<4xf32>, tensor<4xf32>) {
  ^bb0(%a0: f32, %a1: f32, %a2: f32, %a3: f32):
    %s = arith.addf %a0, %a1 : f32
    %d = arith.addf %a0, %a0 : f32
    linalg.yield %s, %d : f32, f32
  } -> tensor<4xf32>, tensor<4xf32>
  %ones = linalg.generic {indexing_maps = [affine_map<(d0) -> ()>, affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]} ins(%one : f32) outs(%e : tensor<4xf32>) {
  ^bb0(%a0: f32, %a1: f32):
    linalg.yield %a0 : f32
  } -> tensor<4xf32>
  func.return %sum, %kept, %w, %ones : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}
"""


def test_constant_outputs_are_those_that_no_input_reaches() -> None:
    assert receipts.constant_outputs(parse(MIXED)) == ("kept", "w", "ones")


def test_a_table_that_is_indexed_by_an_input_varies() -> None:
    text = """
    func.func @main(%t: tensor<4xf32> {dataflow.role = "weight"}, %i: tensor<2xi64> {dataflow.role = "input"})
        -> tensor<2xf32> {
      %e = tensor.empty() : tensor<2xf32>
      %y = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
          iterator_types = ["parallel"]} ins(%i : tensor<2xi64>) outs(%e : tensor<2xf32>) {
      ^bb0(%a0: i64, %a1: f32):
        %k = arith.index_cast %a0 : i64 to index
        %v = tensor.extract %t[%k] : tensor<4xf32>
        linalg.yield %v : f32
      } -> tensor<2xf32>
      func.return %y : tensor<2xf32>
    }
    """
    assert receipts.constant_outputs(parse(text)) == ()


def test_a_kernel_that_loads_nothing_has_constant_outputs() -> None:
    text = """
    func.func @fill(%c: memref<4xf32>) {
      %v = arith.constant 1.0 : f32
      affine.for %i = 0 to 4 {
        affine.store %v, %c[%i] : memref<4xf32>
      }
      func.return
    }
    """
    assert receipts.constant_outputs(parse(text)) == ("c",)
    loading = text.replace("affine.store", "%l = affine.load %c[%i] : memref<4xf32>\naffine.store")
    assert receipts.constant_outputs(parse(loading)) == ()
