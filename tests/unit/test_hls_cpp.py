"""The C++ reader: what each construct becomes, what is refused and where, and that the meaning is kept."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections import defaultdict, deque
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from xdsl.dialects import affine, arith
from xdsl.dialects.builtin import MemRefType, ModuleOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.ir.affine import AffineConstraintKind
from xdsl.parser import Parser

from dataflowc.diagnostics import DataflowcError
from dataflowc.dialects import make_context
from dataflowc.dialects.attributes import SourceAttr
from dataflowc.dialects.dataflow import BufferOp, NodeOp, PortOp, ScheduleOp, StreamOp
from dataflowc.dialects.levels import verify_level
from dataflowc.frontends.hls_cpp import read_hls_cpp


def read(text: str, **options: Any) -> ModuleOp:
    module = read_hls_cpp(text, **options)
    module.verify()
    verify_level(module, "nodes")
    return module


def ops(module: ModuleOp, kind: type[Any]) -> list[Any]:
    return [op for op in module.walk() if isinstance(op, kind)]


def loop(module: ModuleOp, label: str) -> affine.ForOp:
    return next(op for op in ops(module, affine.ForOp) if getattr(op.attributes.get("label"), "data", "") == label)


# --- conventions ------------------------------------------------------------------------------------------------------

PIPELINE = """
#define N 32
void produce(const float x[N], hls::stream<float> s[2][4]) {
#pragma HLS ARRAY_PARTITION variable=x cyclic factor=8
  fill: for (int i = 0; i < 4; i++) {
#pragma HLS PIPELINE II=2 style=flp
#pragma HLS LOOP_FLATTEN
    for (int j = 0; j < 2; j++)
      for (int k = 0; k < 4; k++) {
#pragma HLS UNROLL factor=2
        s[j][k].write(x[i * 8 + j * 4 + k]);
      }
  }
}
void top(const float x[N], float y[N], float gain) {
#pragma HLS INTERFACE m_axi port=x bundle=gmem0
#pragma HLS INTERFACE s_axilite port=x bundle=control
#pragma HLS INTERFACE s_axilite port=return bundle=control
#pragma HLS DATAFLOW
  hls::stream<float> s[2][4];
#pragma HLS STREAM variable=s depth=6
  hls::stream<float, 5> t("t");
  float line[N];
#pragma HLS BIND_STORAGE variable=line type=ram_2p impl=lutram
  produce(x, s);
  clear: for (int i = 0; i < N; i++) line[i] = 0;
  drain: for (int i = 0; i < N; ++i) {
#pragma HLS PIPELINE off
    line[i] = s[i / 4 % 2][i % 4].read() * gain;
  }
  send: for (int i = 0; i < N; ++i) t.write(line[i]);
  for (int i = 0; i < N; ++i) y[i] = t.read();
}
"""


def test_a_dataflow_top_becomes_nodes_and_channels() -> None:
    module = read(PIPELINE)
    top = ops(module, ScheduleOp)[0]
    assert [(node.label.data, node.attributes["kind"].data) for node in top.nodes] == [  # type: ignore[attr-defined]
        ("produce", "call"),
        ("clear", "nest"),
        ("send", "nest"),
        ("nest_32", "nest"),
    ]
    assert [label.data for label in top.nodes[1].attributes["merged"]] == ["clear", "drain"]  # type: ignore[attr-defined]
    streams = {op.label.data: (str(op.channel.type), str(op.depth)) for op in ops(module, StreamOp)}
    assert streams == {
        "s": ("!dataflow.stream<f32, 2, 4>", '#dataflow.depth<6, "pragma">'),
        "t": ("!dataflow.stream<f32>", '#dataflow.depth<5, "pragma">'),
    }
    (line,) = ops(module, BufferOp)
    assert (line.stages.value.data, line.memory.value.data, line.attributes["impl"].data) == (
        2,
        "lutram",
        "ram_2p lutram",
    )
    ports = {op.bundle.data: op for op in ops(module, PortOp)}
    assert {name: op.role.data for name, op in ports.items()} == {"x": "input", "y": "output", "gain": "input"}
    assert str(ports["x"].partition) == "#dataflow.partition<0 cyclic 8>"
    assert ports["x"].attributes["interface"].data["bundle"].data == "gmem0"
    assert str(ports["gain"].array.type) == "memref<f32>"


def test_pragmas_of_loops_are_attributes() -> None:
    module = read(PIPELINE)
    fill = loop(module, "fill")
    assert str(fill.attributes["pipeline"]) == '#dataflow.pipeline<2, "pragma">'
    assert "flatten" in fill.attributes and fill.attributes["style"].data == "flp"  # type: ignore[attr-defined]
    inner = [op for op in fill.body.walk() if isinstance(op, affine.ForOp)]
    assert str(inner[1].attributes["unroll"]) == '#dataflow.unroll<2, "pragma">'
    assert "pipeline_off" in loop(module, "drain").attributes


def test_every_op_knows_its_line() -> None:
    module = read(PIPELINE)
    write = next(op for op in module.walk() if op.name == "dataflow.write")
    assert write.attributes["source"] == SourceAttr.get("produce", "write", "<text>", 11)
    silent = {op.name for op in module.walk() if "source" not in op.attributes}
    assert silent == {"arith.constant", "affine.yield", "func.return", "builtin.module"}


def test_a_dataflow_loop_holds_a_schedule() -> None:
    module = read(
        """
void rows(float a[4][8], float b[4][8]) {
#pragma HLS DATAFLOW
  row: for (int i = 0; i < 4; i++) {
#pragma HLS DATAFLOW
    float t[8];
    init: for (int j = 0; j < 8; j++) t[j] = 0;
    work: for (int j = 0; j < 8; j++) t[j] += a[i][j];
    back: for (int j = 0; j < 8; j++) b[i][j] = t[j];
  }
}
void top(float a[4][8], float b[4][8]) {
#pragma HLS DATAFLOW
  rows(a, b);
}
"""
    )
    outer, inner = ops(module, ScheduleOp)
    assert [node.label.data for node in outer.nodes] == ["rows"]
    assert "dataflow" in outer.nodes[0].attributes, "a region of one process needs no schedule"
    assert inner.parent_op() is loop(module, "row")
    assert [node.label.data for node in inner.nodes] == ["init", "work", "back"]
    assert [op.label.data for op in inner.body.block.ops if isinstance(op, BufferOp)] == ["t"]
    text = str(module)
    assert str(Parser(make_context(), text).parse_module()) == text


def test_calls_in_sequential_code_are_inlined_and_marked() -> None:
    module = read(
        """
void leaf(float a[4]) { for (int i = 0; i < 4; i++) a[i] = i; }
void mid(float a[2][4]) { leaf(a[0]); leaf(a[1]); }
void top(float a[2][4]) { mid(a); leaf(a[1]); }
"""
    )
    (node,) = ops(module, NodeOp)
    assert (node.label.data, node.attributes["kind"].data) == ("top", "sequential")
    calls = [op.attributes["call"].data for op in ops(module, affine.ForOp)]  # type: ignore[attr-defined]
    assert calls == ["mid#1/leaf#2", "mid#1/leaf#3", "leaf#4"]


def test_doubles_cost_double_arithmetic_and_constants_fold() -> None:
    module = read("void top(float a[2]) { float e = 0.5; a[0] = a[0] * 0.1 + e; a[1] = 1.0 / sqrt(e + 1.5f); }")
    names = [op.name for op in module.walk() if op.name.startswith(("arith", "math")) and "constant" not in op.name]
    assert names == ["arith.extf", "arith.mulf", "arith.addf", "arith.truncf"]


def test_a_pointer_has_the_depth_of_its_pragma() -> None:
    module = read(
        "void top(const float* x, float* y) {\n#pragma HLS INTERFACE m_axi port=x depth=8\n"
        "#pragma HLS INTERFACE m_axi port=y depth=8\nfor (int i = 0; i < 8; i++) y[i] = x[i];\n}"
    )
    assert [str(op.array.type) for op in ops(module, PortOp)] == ["memref<8xf32>"] * 2


@pytest.mark.parametrize("alias", ["typedef float data_t;", "using data_t = float;", "#define data_t float"])
def test_types_may_have_other_names(alias: str) -> None:
    module = read(f"{alias}\nvoid top(data_t a[2]) {{ data_t x = a[0]; a[1] = (data_t)(x * x); }}")
    assert str(ops(module, PortOp)[0].array.type) == "memref<2xf32>"


def test_several_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "k.h").write_text("#pragma once\n#define N 4\nvoid k(float a[N]);\n")
    (tmp_path / "k.cpp").write_text('#include "k.h"\nvoid k(float a[N]) { for (int i = 0; i < N; i++) a[i] = 0; }\n')
    (tmp_path / "top.cpp").write_text('#include "k.h"\nvoid top(float a[N]) { k(a); }\n')
    (tmp_path / "top_tb.cpp").write_text("int main() { return 0; }\n")
    assert str(read_hls_cpp(tmp_path)) == str(
        read_hls_cpp([tmp_path / "k.h", tmp_path / "k.cpp", tmp_path / "top.cpp"])
    )


def test_long_sums_are_read() -> None:
    module = read(f"void top(float a[2000], float b[1]) {{ b[0] = {' + '.join(f'a[{i}]' for i in range(2000))}; }}")
    assert len(ops(module, arith.AddfOp)) == 1999


# --- bad input --------------------------------------------------------------------------------------------------------

F = "void f(float a[8], float b[8]) {\n%s\n}\n"


@pytest.mark.parametrize(
    ("body", "code", "line", "message"),
    [
        ("while (a[0] > 0) {}", "DF170", 2, "while statement is outside the supported C++"),
        ("struct S { int x; };", "DF170", 2, "struct specifier is outside the supported C++"),
        ("float x[2] = {1, 2};", "DF170", 2, "a list of initial values is outside the supported C++"),
        ("a[0] = 1; return; b[0] = 1;", "DF170", 2, "return is supported at the end of a function only"),
        ("a[0] = foo(b[0]);", "DF170", 2, "the function 'foo' with 1 arguments is not known here"),
        ("hls::stream<float> s; s.empty();", "DF170", 2, "the stream method 'empty' is not supported here"),
        ("int i; for (i = 0; i < 8; i++) a[i] = 0; a[0] = i;", "DF170", 2, "'i' has no value here"),
        ("#pragma HLS PIPLINE II=1\na[0] = 1;", "DF171", 2, "unknown pragma 'PIPLINE'"),
        ("a[0] = 1;\n#pragma HLS UNROLL", "DF171", 3, "pragma UNROLL does not belong in the body of a function"),
        (
            "for (int i = 0; i < 8; i++) {\n#pragma HLS PIPELINE I=2\na[i] = 0; }",
            "DF171",
            3,
            "pragma PIPELINE has no option 'i'",
        ),
        ("#pragma HLS ARRAY_PARTITION variable=c complete\na[0] = 1;", "DF171", 2, "the variable 'c'"),
        ("#pragma HLS ARRAY_PARTITION variable=a cyclic\na[0] = 1;", "DF171", 2, "needs a factor"),
        ("#pragma HLS ARRAY_PARTITION variable=a dim=2\na[0] = 1;", "DF171", 2, "array 'a' has 1 dimensions, not 2"),
        ("for (int i = 0; i < 8; i++) {\n#pragma HLS PIPELINE II=0\na[i] = 0; }", "DF171", 3, "option 'ii' of pragma"),
        ("\nlp: for (int i = 0; i < (int)b[0]; i++) a[i] = 0;", "DF172", 3, "the bounds of loop 'lp' are not constant"),
        ("c[0] = 1;", "DF173", 2, "'c' is not declared"),
        ("a[0][1] = 2;", "DF173", 2, "'a' has 1 dimensions and 2 subscripts"),
        ("g(a);", "DF173", 2, "function 'g' is not defined"),
        ("float x[0]; x[0] = 1;", "DF173", 2, "a size of 'x' is not a positive constant"),
        ("a[0] = 1", "DF173", 3, "this is not C++ that can be parsed"),
        (
            "#pragma HLS DATAFLOW\nhls::stream<float> t;\nfor (int i = 0; i < 8; i++) t.write(a[i]);\n"
            "for (int i = 0; i < 4; i++) b[i] = t.read();\nfor (int i = 4; i < 8; i++) b[i] = t.read();",
            "DF173",
            6,
            "stream 't' has 1 writing and 2 reading processes",
        ),
        (
            "#pragma HLS DATAFLOW\nfloat t[8];\nfor (int i = 0; i < 8; i++) a[i] = t[i];\n"
            "for (int i = 0; i < 8; i++) t[i] = 1;",
            "DF173",
            4,
            "array 't' is read by a process of a dataflow region before one writes it",
        ),
    ],
)
def test_what_is_refused_and_where(body: str, code: str, line: int, message: str) -> None:
    with pytest.raises(DataflowcError) as caught:
        read_hls_cpp(F % body)
    assert caught.value.code == code
    assert message in caught.value.message
    assert caught.value.where is not None and (caught.value.where.file, caught.value.where.line) == ("<text>", line)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("void f(float *a) { a[0] = 1; }\n", "the size of what 'a' points to is not known"),
        ("void f(float a[2]) {}\nvoid g(float a[2]) {}\n", "several functions can be the top: f, g"),
        ("void f(float a[2]) {\n}\n", "the top function 'f' does nothing"),
        ("int x;\nvoid f(float a[2]) { a[0] = 1; }\n", "the global variable 'x' is not a constant number"),
        ("template <class T> void f(T x) {}\n", "template declaration is outside the supported C++"),
    ],
)
def test_designs_that_are_none(text: str, message: str) -> None:
    with pytest.raises(DataflowcError, match=message):
        read_hls_cpp(text)


def test_trip_counts_are_given_by_label_bound_or_pragma() -> None:
    text = "void f(float a[8], int n) {\nlp: for (int i = 2; i < n; i++) {\n%s\na[i] = 0; } }\n"
    for module, given in (
        (read(text % "", tripcounts={"lp": 5}), "user"),
        (read(text % "", tripcounts={"n": 5}), "user"),
        (read(text % "#pragma HLS LOOP_TRIPCOUNT min=1 max=5"), "pragma"),
    ):
        found = loop(module, "lp")
        assert str(found.upperBoundMap.data) == "() -> (5)"
        assert found.attributes["tripcount"].data == given  # type: ignore[attr-defined]


# --- meaning ----------------------------------------------------------------------------------------------------------

MEANING = """
#include <math.h>
#include <stdint.h>
#define N 16
#define HALF (N / 2)
static const float SCALE = 0.5f;
void dot(float a[N], float s, float &out) {
  float acc = 0;
  for (int i = 0; i < N; i++) acc += a[i] * s;
  out = acc;
}
extern "C" void top(float A[N][N], float y[N], const int32_t idx[N]) {
  float r;
  for (int i = N - 1; i >= 0; i--) {
    dot(A[i], 2.0f, r);
    y[i] = r;
    const int k = idx[i];
    y[k] += 1;
    if (y[i] > 3.0f) { y[i] = -y[i] / 3; } else y[i] = y[i] > A[0][i] ? y[i] : A[0][i];
    if (i % 2 != 0 || i > 4) y[0] -= SCALE; else { y[1] = 0.25; y[2] *= 0.1; }
    if (i >= 3 && (i - 3) % 4 == 0) A[i][(i - 3) / 4] = i;
    for (int j = i; j < N; j += 3) y[j] = y[j] + (float)(i * j - 7) + (i < j ? 1 : 2);
    for (int j = 0; j <= i; ++j) { y[j % HALF] += A[j][i - j]; if (!(j == i)) A[i][j] = y[j] * 0.5; }
    unsigned char wrap = 250 + i;
    int m = (int)y[i] % 5;
    m = m < 0 ? -m : m;
    y[m] += wrap;
    for (int64_t q = 12; q > 1; q -= 4) A[q][0] = (int)y[q] / 2 - (k << 1) + (k ^ 3);
  }
}
"""

FLOAT = {"addf": np.add, "subf": np.subtract, "mulf": np.multiply, "divf": np.divide}
TYPES = {"f32": np.float32, "f64": np.float64, "i32": np.int32, "i64": np.int64, "i8": np.int8, "i1": np.int8}
COMPARE = [np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal]


def typed(value: Any, op: Operation) -> Any:
    kind = str(op.results[0].type)
    return int(value) if kind == "index" else np.asarray(value).astype(TYPES[kind])[()]


def scalar(op: Operation, v: list[Any]) -> Any:
    """The value of an arith op on numpy scalars."""
    name = op.name.removeprefix("arith.")
    match name:
        case "addf" | "subf" | "mulf" | "divf":
            return FLOAT[name](*v)
        case "addi":
            return v[0] + v[1]
        case "subi":
            return v[0] - v[1]
        case "muli":
            return v[0] * v[1]
        case "xori":
            return v[0] ^ v[1]
        case "shli":
            return v[0] << v[1]
        case "divsi":
            return int(v[0] / float(v[1]))
        case "remsi":
            return int(np.fmod(v[0], v[1]))
        case "negf":
            return -v[0]
        case "select":
            return v[1] if v[0] else v[2]
        case "extui":
            return int(v[0]) & 0xFF
        case "uitofp":
            return int(v[0]) & 0xFF
        case "cmpf":
            assert isinstance(op, arith.CmpfOp)
            return {2: np.greater, 4: np.less}[op.predicate.value.data](*v)
        case "cmpi":
            assert isinstance(op, arith.CmpiOp)
            return COMPARE[op.predicate.value.data](*v)
        case _:
            assert name in ("extf", "truncf", "sitofp", "fptosi", "extsi", "trunci", "index_cast"), name
            return v[0]


def place(map_: Any, values: list[Any]) -> tuple[int, ...]:
    return tuple(map_.data.eval([int(value) for value in values], []))


def holds_at(values: list[int], constraint: Any) -> bool:
    value = constraint.lhs.eval(values, [])
    return value == 0 if constraint.kind is AffineConstraintKind.eq else value >= 0


def lane_of(op: Any, values: list[Any]) -> tuple[int, ...]:
    return place(op.map, values) if op.map is not None else ()


def run(block: Block, values: dict[SSAValue, Any]) -> None:
    """Execute a block in order; nodes one after the other, streams without limit."""
    for op in block.ops:
        v = [values[operand] for operand in op.operands]
        match op.name:
            case "dataflow.schedule" | "dataflow.node":
                run(op.regions[0].block, values | dict(zip(op.regions[0].block.args, v, strict=True)))
            case "dataflow.port":
                values[op.results[0]] = v[0]
            case "dataflow.buffer":
                assert isinstance(op.results[0].type, MemRefType)
                values[op.results[0]] = np.full(
                    op.results[0].type.get_shape(), 99, TYPES[str(op.results[0].type.element_type)]
                )
            case "dataflow.stream":
                values[op.results[0]] = defaultdict(deque)
            case "dataflow.read":
                values[op.results[0]] = v[0][lane_of(op, v[1:])].popleft()
            case "dataflow.write":
                v[0][lane_of(op, v[2:])].append(v[1])
            case "affine.for":
                assert isinstance(op, affine.ForOp)
                count = len(op.lowerBoundOperands)
                low, high = max(place(op.lowerBoundMap, v[:count])), min(place(op.upperBoundMap, v[count:]))
                for counter in range(low, high, op.step.value.data):
                    run(op.body.block, values | {op.body.block.args[0]: counter})
            case "affine.if":
                assert isinstance(op, affine.IfOp)
                holds = all(map(partial(holds_at, v), op.condition.data.constraints))
                for chosen in op.regions[0 if holds else 1].blocks:
                    run(chosen, dict(values))
            case "scf.if":
                for chosen in op.regions[0 if v[0] else 1].blocks:
                    run(chosen, dict(values))
            case "affine.load":
                values[op.results[0]] = v[0][place(op.map, v[1:])]  # type: ignore[attr-defined]
            case "affine.store":
                v[1][place(op.map, v[2:])] = v[0]  # type: ignore[attr-defined]
            case "memref.load":
                values[op.results[0]] = v[0][tuple(v[1:])]
            case "memref.store":
                v[1][tuple(v[2:])] = v[0]
            case "affine.apply":
                values[op.results[0]] = place(op.map, v)[0]  # type: ignore[attr-defined]
            case "arith.constant":
                values[op.results[0]] = typed(op.value.value.data, op)  # type: ignore[attr-defined]
            case name if name.startswith("arith."):
                values[op.results[0]] = typed(scalar(op, v), op)
            case _:
                assert op.name in ("affine.yield", "scf.yield"), op.name


@pytest.mark.skipif(shutil.which("g++") is None, reason="needs g++")
def test_the_ir_computes_what_the_compiled_code_computes(tmp_path: Path) -> None:
    source, library = tmp_path / "k.cpp", tmp_path / "k.so"
    source.write_text(MEANING)
    subprocess.run(["g++", "-O0", "-ffp-contract=off", "-shared", "-fPIC", "-o", library, source], check=True)
    rng = np.random.default_rng(0)
    arrays = [
        rng.uniform(-2, 2, (16, 16)).astype(np.float32),
        rng.uniform(-2, 2, 16).astype(np.float32),
        rng.integers(0, 16, 16).astype(np.int32),
    ]
    compiled = [array.copy() for array in arrays]
    ctypes.CDLL(str(library)).top(*(array.ctypes.data_as(ctypes.c_void_p) for array in compiled))
    module = read(MEANING)
    schedule = ops(module, ScheduleOp)[0]
    run(schedule.body.block, dict(zip(schedule.body.block.args, arrays, strict=True)))
    assert np.isfinite(compiled[0]).all() and len(np.unique(compiled[1])) > 8
    for ours, theirs in zip(arrays, compiled, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_dataflow_design_computes_what_its_code_says() -> None:
    x, y = np.arange(32, dtype=np.float32), np.zeros(32, np.float32)
    schedule = ops(read(PIPELINE), ScheduleOp)[0]
    run(schedule.body.block, dict(zip(schedule.body.block.args, [x, y, np.array(3, np.float32)], strict=True)))
    np.testing.assert_array_equal(y, x * 3)
