"""Cycle simulation of schedules written by hand."""

from __future__ import annotations

import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser

from dataflowc.diagnostics import UserError
from dataflowc.dialects import make_context
from dataflowc.hls.cycles import simulate
from dataflowc.target import load_target

U280 = load_target("u280")


def chain(depth: int, interval: int = 1) -> ModuleOp:
    """`load` sends 100 tokens, `store` takes one every `interval` cycles."""
    text = f"""
func.func @main(%x: memref<100xf32>, %y: memref<100xf32>) {{
  dataflow.schedule(%x, %y : memref<100xf32>, memref<100xf32>) {{
  ^bb0(%x0: memref<100xf32>, %y0: memref<100xf32>):
    %px = dataflow.port %x0 "input" "x" bundle "x" : memref<100xf32>
    %py = dataflow.port %y0 "output" "y" bundle "y" : memref<100xf32>
    %s = dataflow.stream "s" <0:100> depth <{depth}, "test"> : !dataflow.stream<f32>
    dataflow.node "load" reads(%px : memref<100xf32>) writes(%s : !dataflow.stream<f32>) {{
    ^bb1(%a: memref<100xf32>, %b: !dataflow.stream<f32>):
      affine.for %i = 0 to 100 {{
        %v = affine.load %a[%i] : memref<100xf32>
        dataflow.write %v to %b : f32, !dataflow.stream<f32>
      }} {{pipeline = #dataflow.pipeline<1, "test">}}
    }}
    dataflow.node "store" reads(%s : !dataflow.stream<f32>) writes(%py : memref<100xf32>) {{
    ^bb2(%c: !dataflow.stream<f32>, %d: memref<100xf32>):
      affine.for %j = 0 to 100 {{
        %w = dataflow.read %c : !dataflow.stream<f32> -> f32
        affine.store %w, %d[%j] : memref<100xf32>
      }} {{pipeline = #dataflow.pipeline<{interval}, "test">}}
    }}
  }}
  func.return
}}"""
    return Parser(make_context(), text).parse_module()


def test_a_stream_at_full_rate_never_fills() -> None:
    report = simulate(chain(2), U280, 3.33)
    load, store = report.nodes
    # Depth 3: 101 cycles and entry and exit; the first token is there in the fourth cycle.
    assert (load.start, load.end, load.busy) == (1, 104, 103)
    assert load.stalled == {}
    assert store.stalled == {"s": 2}
    assert report.cycles == store.end == 106
    assert report.channels[0].tokens == 100
    assert report.channels[0].peak <= 2


@pytest.mark.parametrize("depth", [2, 10, 200])
def test_a_slow_reader_fills_the_stream_and_stalls_the_writer(depth: int) -> None:
    report = simulate(chain(depth, interval=3), U280, 3.33)
    load, store = report.nodes
    assert store.end - store.start == store.busy + store.stalled["s"]
    assert store.stalled == {"s": 2}
    assert report.channels[0].peak == min(depth, 67)
    if depth == 200:
        assert load.stalled == {}
    else:
        # Token j leaves in cycle 4 + 3 j. The last one goes in when the one `depth` before it has left, else at 102.
        assert load.stalled["s"] == (4 + 3 * (99 - depth)) + 1 - 102
    assert load.end - load.start == load.busy + load.stalled.get("s", 0)


def test_depths_can_be_replaced() -> None:
    module = chain(2, interval=3)
    assert simulate(module, U280, 3.33, depths={"s": 200}).nodes[0].stalled == {}
    assert simulate(module, U280, 3.33, unbounded=True).nodes[0].stalled == {}


def test_a_reader_that_wants_more_than_is_written_is_named() -> None:
    text = str(chain(2)).replace("affine.for %i = 0 to 100", "affine.for %i = 0 to 90")
    report = simulate(Parser(make_context(), text).parse_module(), U280, 3.33)
    assert report.cycles is None
    assert report.deadlock == ("store waits for token 91 of s, which load never writes",)
    assert report.to_json()["deadlock"] == list(report.deadlock)


def test_a_module_without_schedule_is_refused() -> None:
    with pytest.raises(UserError, match="can be simulated"):
        simulate(Parser(make_context(), "func.func @main() { func.return }").parse_module(), U280)
