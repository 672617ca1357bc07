"""The estimate of a scheduled module: sums, absent figures, and designs that do not fit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser

from dataflowc.cost.axi import M_AXI_32
from dataflowc.cost.estimate import Estimate, check_fits, estimate_resources
from dataflowc.cost.memory import fifo_cost, lutram_luts
from dataflowc.diagnostics import ExitCode, InfeasibleTarget, UserError
from dataflowc.dialects import make_context
from dataflowc.target import load_target

ZCU102 = load_target("zcu102")


def parse(text: str) -> ModuleOp:
    return Parser(make_context(), text).parse_module()


def design(body: str, interval: int = 1, depth: int = 64, buffers: str = "", before: str = "") -> ModuleOp:
    """The module of `design_text`."""
    return parse(design_text(body, interval, depth, buffers, before))


def design_text(body: str, interval: int = 1, depth: int = 64, buffers: str = "", before: str = "") -> str:
    """`scale` reads x from memory, computes `body` from %v and passes %r on to `store` through a FIFO."""
    return f"""
func.func @main(%x: memref<8xf32>, %y: memref<8xf32>) {{
  dataflow.schedule(%x, %y : memref<8xf32>, memref<8xf32>) {{
  ^bb0(%xa: memref<8xf32>, %ya: memref<8xf32>):
    %xp = dataflow.port %xa "input" "x" bundle "gmem_x" : memref<8xf32>
    %yp = dataflow.port %ya "output" "y" bundle "gmem_y" : memref<8xf32>
    %s = dataflow.stream "s" <0:8> depth <{depth}, "test"> : !dataflow.stream<f32>
    dataflow.node "scale" reads(%xp : memref<8xf32>) writes(%s : !dataflow.stream<f32>) {{
    ^bb1(%a: memref<8xf32>, %b: !dataflow.stream<f32>):
      {buffers}
      {before}
      affine.for %i = 0 to 8 {{
        %v = affine.load %a[%i] : memref<8xf32>
        {body}
        dataflow.write %r to %b : f32, !dataflow.stream<f32>
      }} {{pipeline = #dataflow.pipeline<{interval}, "test">}}
    }}
    dataflow.node "store" reads(%s : !dataflow.stream<f32>) writes(%yp : memref<8xf32>) {{
    ^bb2(%c: !dataflow.stream<f32>, %d: memref<8xf32>):
      affine.for %j = 0 to 8 {{
        %w = dataflow.read %c : !dataflow.stream<f32> -> f32
        affine.store %w, %d[%j] : memref<8xf32>
      }} {{pipeline = #dataflow.pipeline<1, "test">}}
    }}
  }}
  func.return
}}"""


ONE = "%r = arith.addf %v, %v : f32"
FOUR = """%p = arith.mulf %v, %v : f32
  %q = arith.mulf %p, %v : f32
  %t = arith.mulf %q, %v : f32
  %r = arith.mulf %t, %v : f32"""
BUFFER = '%m = dataflow.buffer "{name}" stages 1 in <{kind}, "test"> : memref<{words}xf32>'


def estimate(module: ModuleOp, clock_ns: float = 3.33) -> Estimate:
    return estimate_resources(module, ZCU102, clock_ns)


def resources(module: ModuleOp) -> dict[str, int | None]:
    return estimate(module).total.to_json()


def test_operators_fifo_and_adapters_are_summed() -> None:
    fifo = fifo_cost(32, 64)
    assert resources(design(ONE)) == {
        "dsp": 2,
        "lut": 198 + fifo.lut + 2 * M_AXI_32.lut,
        "ff": 318 + fifo.ff + 2 * M_AXI_32.ff,
        "bram18": 2 * M_AXI_32.bram18,
        "uram": 0,
    }


def test_the_channel_counts_with_the_node_that_writes_it() -> None:
    deep, shallow = estimate(design(ONE, depth=2048)), estimate(design(ONE, depth=2))
    growth = [d.usage.known["bram18"] - s.usage.known["bram18"] for d, s in zip(deep.nodes, shallow.nodes, strict=True)]
    assert growth == [4, 0]


@pytest.mark.parametrize(("interval", "multipliers"), [(1, 4), (2, 2), (3, 2), (4, 1), (9, 1)])
def test_an_interval_shares_operators(interval: int, multipliers: int) -> None:
    found = estimate(design(FOUR, interval))
    assert found.nodes[0].operators == {"fmul f32": multipliers}
    assert found.total.of("dsp") == 3 * multipliers


def test_loops_of_a_node_share_operators() -> None:
    other = """affine.for %k = 0 to 8 {
      %f = affine.load %a[%k] : memref<8xf32>
      %g = arith.mulf %f, %f : f32
      %h = arith.mulf %g, %f : f32
    } {pipeline = #dataflow.pipeline<1, "test">}"""
    assert estimate(design(FOUR, before=other)).nodes[0].operators == {"fmul f32": 4}
    assert estimate(design(FOUR, 4, before=other)).nodes[0].operators == {"fmul f32": 2}


def test_operators_outside_pipelined_loops_need_one() -> None:
    before = """%c = arith.constant 2.0 : f32
      %e = arith.divf %c, %c : f32
      %f = arith.divf %e, %c : f32"""
    assert estimate(design(ONE, before=before)).nodes[0].operators == {"fadd f32": 1, "fdiv f32": 1}


@pytest.mark.parametrize(
    ("kind", "words", "bram18", "uram"), [("bram", 2048, 4, 0), ("uram", 4096, 0, 1), ("lutram", 128, 0, 0)]
)
def test_local_buffers_count_by_kind(kind: str, words: int, bram18: int, uram: int) -> None:
    plain = resources(design(ONE))
    found = resources(design(ONE, buffers=BUFFER.format(name="m", kind=kind, words=words)))
    more = {key: (found[key] or 0) - (plain[key] or 0) for key in found}
    lut = lutram_luts(32, words) if kind == "lutram" else 0
    assert more == {"dsp": 0, "bram18": bram18, "uram": uram, "lut": lut, "ff": 32 if lut else 0}


def test_a_channel_buffer_counts_its_stages() -> None:
    module = parse(
        design_text(ONE)
        .replace('dataflow.stream "s" <0:8> depth <64, "test">', 'dataflow.buffer "s" stages 2 in <bram, "test">')
        .replace("dataflow.write %r to %b : f32, !dataflow.stream<f32>", "affine.store %r, %b[%i] : memref<2048xf32>")
        .replace("dataflow.read %c : !dataflow.stream<f32> -> f32", "affine.load %c[%j] : memref<2048xf32>")
        .replace("!dataflow.stream<f32>", "memref<2048xf32>")
    )
    assert resources(module)["bram18"] == 2 * 4 + 2 * M_AXI_32.bram18


def test_unreported_figures_are_absent_not_zero() -> None:
    found = estimate(design("%r = arith.divf %v, %v : f32"))
    figures = found.total.to_json()
    assert (figures["lut"], figures["ff"], figures["dsp"]) == (None, None, 0)
    assert found.total.known["lut"] >= 2 * M_AXI_32.lut
    assert any("fdiv f32" in note for note in found.notes)


def test_an_operator_without_data_makes_the_totals_unknown_and_is_named() -> None:
    found = estimate(design("%r = math.erf %v : f32"))
    assert found.total.of("dsp") is None
    assert found.total.of("bram18") is not None
    assert any("math.erf f32" in note for note in found.notes)
    assert found.nodes[1].usage.of("dsp") == 0


def test_address_arithmetic_and_constants_are_free() -> None:
    body = """%k = arith.constant 1 : index
      %l = arith.addi %i, %k : index
      %r = arith.addf %v, %v : f32"""
    assert estimate(design(body)).nodes[0].operators == {"fadd f32": 1}


def test_the_clock_decides_what_is_extrapolated() -> None:
    assert estimate(design(ONE), 3.33).nodes[0].extrapolated == {}
    assert "3.33 ns" in estimate(design(ONE), 5.0).nodes[0].extrapolated["fadd f32"]
    assert estimate_resources(design(ONE), ZCU102).nodes[0].extrapolated.keys() == {"fadd f32"}


def test_the_json_form_has_the_keys_scripts_rely_on() -> None:
    record = json.loads(json.dumps(estimate(design(ONE)).to_json()))
    assert {"cycles", "interval", "clock_ns", "resources", "kind", "nodes"} <= record.keys()
    assert (record["cycles"], record["interval"], record["clock_ns"], record["kind"]) == (None, None, None, "estimate")
    assert list(record["resources"]) == ["dsp", "lut", "ff", "bram18", "uram"]
    assert [node["name"] for node in record["nodes"]] == ["scale", "store"]
    assert all(list(node["resources"]) == list(record["resources"]) for node in record["nodes"])


def small_target(folder: Path, kind: str, count: int) -> Path:
    path = folder / "small.toml"
    figure = f'{{ value = {count}, source = "test", confidence = "low" }}'
    path.write_text(f'base = "zcu102"\nname = "small"\n[resources]\n{kind} = {figure}\n')
    return path


def test_a_design_that_fits_passes(tmp_path: Path) -> None:
    check_fits(estimate(design(FOUR)), load_target(small_target(tmp_path, "dsp", 12)))


def test_a_target_too_small_names_resource_amount_and_nodes(tmp_path: Path) -> None:
    with pytest.raises(InfeasibleTarget) as caught:
        check_fits(estimate(design(FOUR)), load_target(small_target(tmp_path, "dsp", 11)))
    error = caught.value
    assert (error.exit_code, error.code) == (ExitCode.INFEASIBLE, "DF320")
    assert "12 DSP" in error.message and "1 more than the 11" in error.message and "small" in error.message
    assert error.notes == ("most DSP is used by scale (12)",)


def test_what_is_known_is_checked_even_where_the_rest_is_not(tmp_path: Path) -> None:
    found = estimate(design("%r = arith.divf %v, %v : f32"))
    assert found.total.of("lut") is None
    with pytest.raises(InfeasibleTarget, match="LUT"):
        check_fits(found, load_target(small_target(tmp_path, "lut", 100)))


def test_a_module_without_a_schedule_is_refused() -> None:
    with pytest.raises(UserError) as caught:
        estimate(parse("func.func @main() { func.return }"))
    assert caught.value.code == "DF322"
