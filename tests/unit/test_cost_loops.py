"""The laws of loops: latency against every reported loop, intervals and depths of small bodies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from xdsl.parser import Parser

from dataflowc.cost.loops import LoopResult, dataflow_loop_latency, loop_latency, node_loops, outer_loop_latency
from dataflowc.dialects import make_context
from dataflowc.dialects.dataflow import ScheduleOp
from dataflowc.target import load_target

U280 = load_target("u280")
REPORTED = Path(__file__).parents[2] / "benchmarks" / "data" / "streamhls_cycles.json"


def loops(body: str, port: str = "", arguments: str = "%a: memref<64x64xf32>, %b: memref<64xf32>") -> list[LoopResult]:
    """The loops of a node with the arguments a (64x64), of which `port` describes the banks, and b (64)."""
    text = f"""
func.func @main({arguments}) {{
  dataflow.schedule(%a, %b : memref<64x64xf32>, memref<64xf32>) {{
  ^bb0(%a0: memref<64x64xf32>, %b0: memref<64xf32>):
    %pa = dataflow.port %a0 "input" "a" bundle "a" {port} : memref<64x64xf32>
    %pb = dataflow.port %b0 "output" "b" bundle "b" : memref<64xf32>
    dataflow.node "n" reads(%pa : memref<64x64xf32>) writes(%pb : memref<64xf32>) {{
    ^bb1(%x: memref<64x64xf32>, %y: memref<64xf32>):
      {body}
    }}
  }}
  func.return
}}"""
    module = Parser(make_context(), text).parse_module()
    schedule = next(op for op in module.walk() if isinstance(op, ScheduleOp))
    return [loop for node in schedule.nodes for loop in node_loops(node, U280, 3.33)]


def test_latency_law_on_every_reported_loop() -> None:
    """All but one, and two whose unroll factor does not divide the trip count: reports count the full trips only."""
    designs = json.loads(REPORTED.read_text())["designs"]
    pipelined = [entry for design in designs for entry in design["loops"] if entry[5] and entry[2]]
    wrong = {entry[0]: entry[4] for entry in pipelined if loop_latency(entry[1], entry[2], entry[3]) != entry[4]}
    assert len(pipelined) > 800
    assert set(wrong) == {"loop50_loop51_loop52", "l_m", "l_n"}
    assert wrong["l_m"] == loop_latency(20, 1, 14)
    assert wrong["l_n"] == loop_latency(21, 1, 14)


@pytest.mark.parametrize(("trip", "ii", "depth", "cycles"), [(1, 1, 1, 1), (10, 4, 14, 49), (0, 1, 5, 0)])
def test_latency_by_hand(trip: int, ii: int, depth: int, cycles: int) -> None:
    assert loop_latency(trip, ii, depth) == cycles


def test_loops_around_regions() -> None:
    assert outer_loop_latency(10, 100, 2, reported=True) == 1041
    assert outer_loop_latency(10, 100, 2, reported=False) == 1000
    assert dataflow_loop_latency(200, 977, 975) == 195003


def test_copy_flattens_and_has_interval_one() -> None:
    (loop,) = loops("""
      affine.for %i = 0 to 64 {
        affine.for %j = 0 to 64 {
          %v = affine.load %x[%i, %j] : memref<64x64xf32>
          affine.store %v, %y[%j] : memref<64xf32>
        } {pipeline = #dataflow.pipeline<1, "test">}
      }""")
    assert (loop.trip, loop.ii, loop.ii_reason, loop.depth, loop.latency) == (4096, 1, "pragma", 3, 4097)


ACCUMULATE = """
      %acc = dataflow.buffer "acc" stages 1 : memref<64xf32>
      affine.for %i = 0 to 64 {{
        affine.for %j = 0 to 64 {{
          %v = affine.load %x[%i, %j] : memref<64x64xf32>
          %old = affine.load %acc[{element}] : memref<64xf32>
          %new = arith.addf %old, %v : f32
          affine.store %new, %acc[{element}] : memref<64xf32>
          affine.store %new, %y[{element}] : memref<64xf32>
        }} {{pipeline = #dataflow.pipeline<1, "test">}}
      }}"""


def test_sum_over_the_inner_loop_waits_for_the_adder() -> None:
    """Distance 1: the interval is the latency of the adder in fabric, 4 cycles at 3.33 ns."""
    (loop,) = loops(ACCUMULATE.format(element="%i"))
    assert (loop.ii, loop.ii_reason, loop.limits) == (4, "recurrence", ("acc: 4 cycles over distance 1",))


def test_sum_over_the_outer_loop_does_not_wait() -> None:
    (loop,) = loops(ACCUMULATE.format(element="%j"))
    assert (loop.ii, loop.ii_reason) == (1, "pragma")


UNROLLED = """
      affine.for %i = 0 to 64 {
        affine.for %j = 0 to 8 {
          %v = affine.load %x[%i, %j] : memref<64x64xf32>
          affine.store %v, %y[%i] : memref<64xf32>
        } {unroll = #dataflow.unroll<0, "test">}
      } {pipeline = #dataflow.pipeline<1, "test">}"""


@pytest.mark.parametrize(
    ("port", "interval"),
    [("", 4), ("partition <1 cyclic 2>", 2), ("partition <1 cyclic 4>", 1), ("partition <1 cyclic 8>", 1)],
)
def test_eight_loads_through_the_ports_of_the_banks(port: str, interval: int) -> None:
    (loop,) = loops(UNROLLED, port)
    assert (loop.trip, loop.ii, loop.ii_reason) == (64, interval, "port" if interval > 1 else "pragma")


def test_a_chain_of_additions_becomes_a_tree() -> None:
    """Eight products and the old sum: 4 levels of 7 cycles after a product of 4, and 3 stages around them."""
    (loop,) = loops(
        """
      %acc = dataflow.buffer "acc" stages 1 : memref<64xf32>
      affine.for %r = 0 to 8 {
        affine.for %i = 0 to 64 {
          affine.for %j = 0 to 8 {
            %v = affine.load %x[%i, %j] : memref<64x64xf32>
            %p = arith.mulf %v, %v : f32
            %old = affine.load %acc[%i] : memref<64xf32>
            %new = arith.addf %old, %p : f32
            affine.store %new, %acc[%i] : memref<64xf32>
            affine.store %new, %y[%i] : memref<64xf32>
          } {unroll = #dataflow.unroll<0, "test">}
        } {pipeline = #dataflow.pipeline<1, "test">}
      }""",
        "partition <1 cyclic 8>",
    )
    assert (loop.ii, loop.depth) == (1, 4 + 4 * 7 + 3)


def test_unroll_factor_divides_the_trip() -> None:
    (loop,) = loops("""
      affine.for %i = 0 to 64 {
        %v = affine.load %x[%i, %i] : memref<64x64xf32>
        affine.store %v, %y[%i] : memref<64xf32>
      } {pipeline = #dataflow.pipeline<1, "test">, unroll = #dataflow.unroll<2, "test">}""")
    assert (loop.trip, loop.ii) == (32, 1)
