"""Every rule of the linter: a good design passes, and the same design with one fault is refused by that rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser

from dataflowc.contracts import HlsProgram, WeightStore
from dataflowc.diagnostics import CheckFailed
from dataflowc.dialects import make_context
from dataflowc.hls.cpp import (
    Assign,
    Call,
    Declare,
    DeclareStream,
    For,
    Function,
    If,
    Parameter,
    Pragma,
    SourceFile,
    Statement,
    StreamWrite,
    print_file,
)
from dataflowc.hls.emit import build_tree, emit_program
from dataflowc.hls.lint import RULES, Subject, check_program, check_subject, lint, table
from dataflowc.hls.lint_region import stages
from dataflowc.passes.schedule.pipeline_loops import PipelineLoopsPass
from dataflowc.passes.schedule.place_memories import PlaceMemoriesPass
from dataflowc.passes.schedule.size_streams import SizeStreamsPass

DESIGN = """
func.func @main(%a : memref<16xf32>, %b : memref<16xf32>, %c : memref<4xf32>) {
  dataflow.schedule (%a, %b, %c : memref<16xf32>, memref<16xf32>, memref<4xf32>) {
  ^bb0(%a1 : memref<16xf32>, %b1 : memref<16xf32>, %c1 : memref<4xf32>):
    %px = dataflow.port %a1 "input" "x" bundle "m_w" : memref<16xf32>
    %pw = dataflow.port %b1 "weight" "w" bundle "m_W" : memref<16xf32>
    %py = dataflow.port %c1 "output" "y" bundle "m_y" : memref<4xf32>
    %xs = dataflow.stream "x_in" <0:16> : !dataflow.stream<f32>
    %ws = dataflow.stream "w_in" <0:16> : !dataflow.stream<f32>
    %all = dataflow.buffer "x_all" stages 2 : memref<16xf32>
    %ys = dataflow.stream "y_out" <0:4> : !dataflow.stream<f32>
    dataflow.node "load_x" reads(%px : memref<16xf32>) writes(%xs : !dataflow.stream<f32>) {
    ^bb0(%p : memref<16xf32>, %y : !dataflow.stream<f32>):
      affine.for %i = 0 to 16 {
        %v = affine.load %p[%i] : memref<16xf32>
        dataflow.write %v to %y : f32, !dataflow.stream<f32>
      }
    }
    dataflow.node "load_w" reads(%pw : memref<16xf32>) writes(%ws : !dataflow.stream<f32>) {
    ^bb0(%p : memref<16xf32>, %y : !dataflow.stream<f32>):
      affine.for %i = 0 to 16 {
        %v = affine.load %p[%i] : memref<16xf32>
        dataflow.write %v to %y : f32, !dataflow.stream<f32>
      }
    }
    dataflow.node "collect" reads(%xs : !dataflow.stream<f32>) writes(%all : memref<16xf32>) {
    ^bb0(%x : !dataflow.stream<f32>, %y : memref<16xf32>):
      affine.for %f = 0 to 16 {
        %v = dataflow.read %x : !dataflow.stream<f32> -> f32
        affine.store %v, %y[%f] : memref<16xf32>
      }
    }
    dataflow.node "work" reads(%all, %ws : memref<16xf32>, !dataflow.stream<f32>)
        writes(%ys : !dataflow.stream<f32>) {
    ^bb0(%x : memref<16xf32>, %w : !dataflow.stream<f32>, %y : !dataflow.stream<f32>):
      %buf = dataflow.buffer "w_buf" stages 1 : memref<4x4xf32>
      %acc = dataflow.buffer "acc" stages 1 : memref<4xf32>
      affine.for %row = 0 to 6 {
        "affine.if"(%row) <{condition = affine_set<(d0) : ((d0 + -2) >= 0)>}> ({
          affine.for %f = 0 to 4 {
            %v = dataflow.read %w : !dataflow.stream<f32> -> f32
            affine.store %v, %buf[%row - 2, %f] : memref<4x4xf32>
          }
          "affine.yield"() : () -> ()
        }, {}) : (index) -> ()
      }
      affine.for %i = 0 to 4 {
        %zero = arith.constant 0.0 : f32
        affine.store %zero, %acc[%i] : memref<4xf32>
      }
      affine.for %j = 0 to 4 {
        affine.for %k = 0 to 4 {
          %p = affine.load %x[%k * 4 + %j] : memref<16xf32>
          %q = affine.load %buf[%k, %j] : memref<4x4xf32>
          %r = arith.mulf %p, %q : f32
          %s = affine.load %acc[%j] : memref<4xf32>
          %t = arith.addf %s, %r : f32
          affine.store %t, %acc[%j] : memref<4xf32>
        }
      }
      affine.for %d = 0 to 4 {
        %v = affine.load %acc[%d] : memref<4xf32>
        dataflow.write %v to %y : f32, !dataflow.stream<f32>
      }
    }
    dataflow.node "store_y" reads(%ys : !dataflow.stream<f32>) writes(%py : memref<4xf32>) {
    ^bb0(%x : !dataflow.stream<f32>, %p : memref<4xf32>):
      affine.for %i = 0 to 4 {
        %v = dataflow.read %x : !dataflow.stream<f32> -> f32
        affine.store %v, %p[%i] : memref<4xf32>
      }
    }
  }
  func.return
}
"""

Change = Callable[[Function], Function]


@pytest.fixture(scope="module")
def module() -> ModuleOp:
    """The design on level `scheduled`."""
    parsed = Parser(make_context(), DESIGN).parse_module()
    parsed.verify()
    for pass_ in (PipelineLoopsPass(), PlaceMemoriesPass(), SizeStreamsPass()):
        pass_.apply(Context(), parsed)
    return parsed


@pytest.fixture(scope="module")
def program(module: ModuleOp) -> HlsProgram:
    """Its program."""
    return emit_program(module, WeightStore({"w": np.arange(16, dtype=np.float32)}), "net")


def rules_after(module: ModuleOp, program: HlsProgram, function: str, change: Change) -> set[str]:
    """The ids of the rules that the program breaks once `function` is changed, in the tree and in the written text."""
    files, _ = build_tree(module, program.name)
    changed = [
        replace(file, functions=tuple(change(f) if f.name == function else f for f in file.functions)) for file in files
    ]
    assert changed != files, "the change does nothing"
    program = replace(program, sources={file.path: print_file(file) for file in changed})
    return {violation.rule for violation in check_subject(Subject(module, program, changed, "vck190"))}


def each(edit: Callable[[Statement], Statement | Iterable[Statement]]) -> Change:
    """Apply `edit` to every statement of a function, inner ones first; a list replaces a statement by several."""

    def block(body: Iterable[Statement]) -> tuple[Statement, ...]:
        result: list[Statement] = []
        for statement in body:
            if isinstance(statement, For | If):
                statement = replace(statement, body=block(statement.body))
            new = edit(statement)
            result += [*new] if isinstance(new, list | tuple) else [new]  # type: ignore[list-item]
        return tuple(result)

    return lambda function: replace(function, body=block(function.body))


def swap(old: Statement, *new: Statement) -> Change:
    """Replace statements equal to `old`."""
    return each(lambda s: list(new) if s == old else s)


def pragma(old: str, *new: str) -> Change:
    """Replace a pragma by its text."""
    return swap(Pragma(old), *(Pragma(text) for text in new))


def first(*statements: Statement) -> Change:
    """Put statements after INLINE off."""
    return lambda f: replace(f, body=(f.body[0], *statements, *f.body[1:]))


def array(name: str, extent: int, storage: str) -> Change:
    """Declare an array with a pragma about it."""
    return first(Declare("float", name, (extent,)), Pragma(storage))


def pipelined(counter: str) -> Change:
    """Put PIPELINE on the loops over `counter`."""
    fast = Pragma("PIPELINE II=1")
    return each(lambda s: replace(s, body=(fast, *s.body)) if isinstance(s, For) and s.name == counter else s)


def all_fast(function: Function) -> Function:
    """Ask for an interval of 1 everywhere."""
    fast = Pragma("PIPELINE II=1")
    return each(lambda s: fast if isinstance(s, Pragma) and s.text.startswith("PIPELINE") else s)(function)


def more_parameters(function: Function) -> Function:
    """Add a parameter that nothing uses."""
    return replace(function, parameters=(*function.parameters, Parameter("float z[4]", "z")))


def wide_multiplexer(function: Function) -> Function:
    """Read from 65 registers at the loop's counter."""
    return text("p[i]", "t[i]")(array("t", 65, "ARRAY_PARTITION variable=t complete dim=0")(function))


def last(*statements: Statement) -> Change:
    """Put statements at the end."""
    return lambda f: replace(f, body=(*f.body, *statements))


def text(old: str, new: str) -> Change:
    """Replace text in assignments, writes and conditions."""

    def edit(s: Statement) -> Statement:
        match s:
            case Assign(target, value):
                return Assign(target.replace(old, new), value.replace(old, new))
            case StreamWrite(stream, value):
                return StreamWrite(stream, value.replace(old, new))
            case If(condition=condition):
                return replace(s, condition=condition.replace(old, new))
            case _:
                return s

    return each(edit)


def loop(counter: str, **fields: str) -> Change:
    """Change the fields of the loops over counter `name`."""
    return each(lambda s: replace(s, **fields) if isinstance(s, For) and s.name == counter else s)  # type: ignore[arg-type]


def parameter(name: str, new: str, new_name: str = "") -> Change:
    """Give a parameter another text."""

    def edit(p: Parameter) -> Parameter:
        return Parameter(new, new_name or name) if p.name == name else p

    return lambda f: replace(f, parameters=tuple(edit(p) for p in f.parameters))


def move_call(function: str, position: int) -> Change:
    """Move a call of the top function to another place among the calls."""

    def change(top: Function) -> Function:
        calls = [s for s in top.body if isinstance(s, Call)]
        call = next(c for c in calls if c.function == function)
        calls.remove(call)
        calls.insert(position, call)
        return replace(top, body=(*(s for s in top.body if not isinstance(s, Call)), *calls))

    return change


def stream(label: str, **fields: object) -> Change:
    """Change the declaration of a stream."""
    return each(lambda s: replace(s, **fields) if isinstance(s, DeclareStream) and s.name == label else s)  # type: ignore[arg-type]


PIPO = "STREAM variable=x_all type=pipo depth=2"
PORT = "INTERFACE m_axi port=m_w bundle=m_w offset=slave depth=16 max_widen_bitwidth=32"
LOAD = StreamWrite("y", "p[i]")
STORE = Call("store_y", ("y_out", "m_y"))

FAULTS: list[tuple[str, str, str, Change]] = [
    ("R1", "a condition in the region", "net", last(If("true", ()))),
    ("R1", "an expression as argument", "net", swap(STORE, Call("store_y", ("y_out", "m_y + 1")))),
    ("R1", "a process called twice", "net", last(STORE)),
    ("R1", "a process never called", "net", swap(STORE)),
    ("R1", "a declaration after a call", "net", last(Declare("float", "late", (4,)))),
    ("R1", "two DATAFLOW pragmas", "net", pragma("DATAFLOW", "DATAFLOW", "DATAFLOW")),
    ("R2", "a second writer", "net", swap(Call("load_w", ("m_W", "w_in")), Call("load_w", ("m_W", "x_in")))),
    ("R2", "a stream that nobody reads", "collect", text("x.read()", "0.0f")),
    ("R2", "a second use of a port", "net", swap(Call("load_w", ("m_W", "w_in")), Call("load_w", ("m_w", "w_in")))),
    ("R2", "a const port that is written", "net", parameter("m_y", "const float* m_y")),
    ("R3", "the reader of an array first", "net", move_call("work", 0)),
    ("R4", "one copy over no process, as pipo", "net", pragma(PIPO, "STREAM variable=x_all type=pipo depth=1")),
    ("R4", "no pragma", "net", pragma(PIPO)),
    ("R5", "a depth of one", "net", stream("x_in", depth=1)),
    ("R5", "a depth that was not proved", "net", stream("x_in", depth=31)),
    ("R5", "a stream without depth", "net", first(Declare("hls::stream<float>", "s"))),
    ("R6", "one token too few", "load_x", loop("i", limit="15")),
    ("R6", "one row too few", "work", text("row >= 2", "row >= 3")),
    ("R6", "a read that data decides", "collect", text("x.read()", "f > 2 ? x.read() : 0.0f")),
    ("R6", "two reads in one statement", "collect", text("x.read()", "x.read() + x.read()")),
    ("R6", "a bound that data decides", "load_x", loop("i", limit="(int)(p[0])")),
    ("R7", "an innermost loop without pragma", "load_x", pragma("PIPELINE II=1")),
    ("R7", "more accesses than ports", "collect", text("x.read()", "x.read() + y[0] + y[1]")),
    ("R8", "an outer loop pipelined", "work", pipelined("j")),
    ("R8", "a pipelined function", "work", first(Pragma("PIPELINE II=1"))),
    ("R9", "a partitioned port", "load_x", first(Pragma("ARRAY_PARTITION variable=p complete dim=0"))),
    ("R9", "too many pieces", "load_x", array("t", 1025, "ARRAY_PARTITION variable=t complete dim=0")),
    ("R10", "a conditional access", "load_x", swap(LOAD, If("i >= 0", (LOAD,)))),
    ("R10", "two accesses", "load_x", text("p[i]", "p[i] + p[0]")),
    ("R10", "a store where data says", "store_y", text("p[i]", "p[(int)(x.read())]")),
    ("R11", "upper case", "net", pragma(PORT, PORT.replace("bundle=m_w", "bundle=M_w"))),
    ("R11", "a shared bundle", "net", pragma(PORT, PORT.replace("bundle=m_w", "bundle=m_y"))),
    ("R11", "a wrong depth", "net", pragma(PORT, PORT.replace("depth=16", "depth=15"))),
    ("R11", "no pragma", "net", pragma(PORT)),
    ("R11", "no address", "net", pragma("INTERFACE s_axilite port=m_y bundle=control")),
    ("R12", "an odd type", "net", parameter("m_y", "ap_int24* m_y")),
    ("R12", "another type inside", "store_y", parameter("p", "double* p")),
    ("R13", "a library call", "load_x", text("p[i]", "expf(p[i])")),
    ("R13", "an allocation", "load_x", text("p[i]", "*new float(p[i])")),
    ("R13", "a std name", "load_x", text("p[i]", "std::abs(p[i])")),
    ("R13", "a call in a process", "load_x", last(Call("load_x", ("p", "y")))),
    ("R13", "an undeclared name", "load_x", text("p[i]", "q")),
    ("R13", "a decrement", "load_x", text("p[i]", "(--i)")),
    ("R13", "a pointer to a pointer", "load_x", parameter("p", "const float** p")),
    ("R13", "an assignment inside", "load_x", text("p[i]", "(i = 3)")),
    ("R14", "a static", "work", first(Declare("static float", "kept", (4,)))),
    ("R15", "an accumulator too fast", "work", all_fast),
    ("R16", "a look at a stream", "collect", text("x.read()", "(x.empty() ? 0.0f : x.read())")),
    ("R16", "a non-blocking read", "collect", text("x.read()", "x.read_nb()")),
    ("R17", "one past the end", "load_x", text("p[i]", "p[i + 1]")),
    ("R17", "one before the start", "work", text("row >= 2", "row >= 1")),
    ("R17", "one past a guarded row", "work", loop("row", limit="7")),
    ("R17", "one past in two loops", "work", text("k * 4 + j", "k * 4 + j + 1")),
    ("R17", "a negative dividend", "load_x", text("p[i]", "p[(i - 1) / 2]")),
    ("R17", "a missing dimension", "work", text("[k][j]", "[k]")),
    ("R19", "a reserved word", "work", first(Declare("float", "y1"))),
    ("R19", "a hidden name", "load_x", loop("i", name="p")),
    ("R19", "a long name", "work", first(Declare("float", "x" * 61))),
    ("R19", "the name of a process", "net", stream("x_in", name="collect")),
    ("R19", "two functions of one name", "load_x", lambda f: replace(f, name="load_w")),
    ("R19", "one label twice", "work", each(lambda s: replace(s, label="same") if isinstance(s, For) else s)),
    ("R20", "an old pragma", "work", first(Pragma("RESOURCE variable=acc core=RAM_2P"))),
    ("R20", "an unknown option", "load_x", pragma("PIPELINE II=1", "PIPELINE II=1 enable_flush")),
    ("R20", "about nothing", "work", first(Pragma("BIND_STORAGE variable=nothing type=ram_2p impl=bram"))),
    ("R20", "twice", "net", pragma(PIPO, PIPO, PIPO)),
    ("R21", "no INLINE off", "load_x", pragma("INLINE off")),
    ("R21", "an unused parameter", "work", more_parameters),
    ("R22", "no control port", "net", pragma("INTERFACE s_axilite port=return bundle=control")),
    ("R22", "no handshake", "net", first(Pragma("INTERFACE ap_ctrl_none port=return"))),
    ("R23", "a struct token", "net", stream("x_in", type="ap_axiu<32,0,0,0>")),
    ("R23", "two types", "net", stream("x_in", type="double")),
    ("R24", "an initialiser", "work", first(Declare("const float", "rom", (2,), "{1.0f, 2.0f}"))),
    ("R24", "a fast URAM", "work", array("t", 8, "BIND_STORAGE variable=t type=ram_2p impl=uram")),
    ("R25", "a wide multiplexer", "load_x", wide_multiplexer),
    ("R26", "a claim", "work", first(Pragma("DEPENDENCE variable=acc inter false"))),
]  # fmt: skip
"""Rule, what is wrong, the function that is changed, and the change."""


def test_the_good_design_passes(module: ModuleOp, program: HlsProgram) -> None:
    assert lint(module, program, "vck190") == []
    check_program(module, program)


@pytest.mark.parametrize(("rule", "fault", "function", "change"), FAULTS, ids=[f"{r} {f}" for r, f, _, _ in FAULTS])
def test_a_fault_is_refused(
    module: ModuleOp, program: HlsProgram, rule: str, fault: str, function: str, change: Change
) -> None:
    assert rule in rules_after(module, program, function, change)


def test_every_checked_rule_has_a_fault() -> None:
    checked = {rule.id for rule in RULES if rule.check is not None}
    assert checked - {rule for rule, *_ in FAULTS} == {"R0"}


def test_text_that_differs_from_the_tree_is_refused(module: ModuleOp, program: HlsProgram) -> None:
    path = next(iter(program.sources))
    changed = replace(program, sources={**program.sources, path: program.sources[path] + "int x;\n"})
    assert [v.rule for v in lint(module, changed)] == ["R0"]


def test_a_file_beside_the_tree_is_refused(module: ModuleOp, program: HlsProgram) -> None:
    changed = replace(program, sources={**program.sources, "src/more.cpp": ""})
    assert [v.rule for v in lint(module, changed)] == ["R0"]


def test_the_error_lists_every_violation_and_what_its_rule_demands(module: ModuleOp, program: HlsProgram) -> None:
    changed = replace(program, streams={name: 7 for name in program.streams})
    with pytest.raises(CheckFailed) as caught:
        check_program(module, changed)
    assert caught.value.code == "DF405"
    assert sum(note.startswith("R5 src/net.cpp: net") for note in caught.value.notes) == 3
    assert any(note.startswith("R5 demands") for note in caught.value.notes)


def test_a_weight_of_another_size_is_refused(module: ModuleOp, program: HlsProgram) -> None:
    changed = replace(program, weights={"m_W": np.zeros(15, dtype=np.float32)})
    assert [v.rule for v in lint(module, changed)] == ["R11"]


def test_bundles_that_differ_only_in_case_get_numbers(program: HlsProgram) -> None:
    assert [port.bundle for port in program.ports] == ["m_w", "m_w_2", "m_y"]


def copies(kind: str, depth: int) -> Subject:
    """Processes a -> b -> c by streams, and an array from a to c that so jumps over b."""
    out, through = Parameter("float m[4]", "m"), Parameter("hls::stream<float>& s", "s")
    send = (StreamWrite("s", "1.0f"), Assign("m[0]", "1.0f"))
    pass_on = StreamWrite("t", "s.read()")
    take = (StreamWrite("t", "s.read()"), StreamWrite("t", "m[0]"))
    target = Parameter("hls::stream<float>& t", "t")
    processes = (
        Function("a", (through, out), send),
        Function("b", (through, target), (pass_on,)),
        Function("c", (through, out, target), take),
    )
    body = (
        Pragma("DATAFLOW"),
        DeclareStream("float", "s1", 32),
        DeclareStream("float", "s2", 32),
        Declare("float", "far", (4,)),
        Pragma(f"STREAM variable=far type={kind} depth={depth}"),
        Call("a", ("s1", "far")),
        Call("b", ("s1", "s2")),
        Call("c", ("s2", "far", "s3")),
    )
    top = Function("top", (), body, extern_c=True)
    program = HlsProgram("top", "top", (), {}, "", {})
    return Subject(ModuleOp([]), program, [SourceFile("src/top.cpp", "", (), (top, *processes))])


@pytest.mark.parametrize(("kind", "depth", "passes"), [("pipo", 3, True), ("pipo", 2, False), ("shared", 1, False)])
def test_an_array_over_one_process_needs_three_copies(kind: str, depth: int, passes: bool) -> None:
    assert (list(stages(copies(kind, depth))) == []) == passes


def test_one_shared_copy_may_join_neighbours(module: ModuleOp, program: HlsProgram) -> None:
    change = pragma(PIPO, "STREAM variable=x_all type=shared depth=1")
    assert rules_after(module, program, "net", change) == set()


def test_the_table_has_all_27_pitfalls_each_with_a_guard() -> None:
    assert [rule.pitfall for rule in RULES] == list(range(28))
    assert [rule.id for rule in RULES if rule.check is None] == ["R18", "R27"]
    assert all(rule.elsewhere for rule in RULES if rule.check is None)
    assert len(table()) == 28


@pytest.mark.parametrize("name", ["collect", "x_in", "m_y"])
def test_a_model_named_like_a_part_of_it_gets_another_top(module: ModuleOp, name: str) -> None:
    program = emit_program(module, WeightStore({"w": np.arange(16, dtype=np.float32)}), name)
    assert program.top == f"{name}_top"
    assert lint(module, program) == []


def test_variables_named_like_words_of_the_tools_get_other_names() -> None:
    design = DESIGN.replace("%acc", "%fmod").replace("%row", "%while")
    parsed = Parser(make_context(), design).parse_module()
    for pass_ in (PipelineLoopsPass(), PlaceMemoriesPass(), SizeStreamsPass()):
        pass_.apply(Context(), parsed)
    program = emit_program(parsed, WeightStore({"w": np.arange(16, dtype=np.float32)}), "net")
    assert lint(parsed, program) == []


def test_an_array_touched_more_often_than_it_has_ports_gets_a_longer_interval() -> None:
    loads = "".join(
        f"%p{i} = affine.load %x[%k + {i}] : memref<16xf32>\n%e{i} = arith.addf %p{i}, %p{i} : f32\n"
        f"dataflow.write %e{i} to %y : f32, !dataflow.stream<f32>\n"
        for i in range(5)
    )
    design = DESIGN.replace("%p = affine.load %x[%k * 4", f"{loads}%p = affine.load %x[%k * 4", 1)
    parsed = Parser(make_context(), design).parse_module()
    PipelineLoopsPass().apply(Context(), parsed)
    reasons = [attribute.reason.data for op in parsed.walk() if (attribute := op.attributes.get("pipeline"))]
    assert "x: 6 accesses through 2 ports" in reasons
