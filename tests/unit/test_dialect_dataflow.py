"""The `dataflow` dialect: the text of every op and attribute, and a failing case for every rule."""

from __future__ import annotations

from io import StringIO

import pytest
from xdsl.dialects.builtin import ModuleOp, f32
from xdsl.ir import Attribute
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from dataflowc.dialects import make_context
from dataflowc.dialects.attributes import (
    MEMORY_KINDS,
    DepthAttr,
    DimPartition,
    MemoryAttr,
    OrderAttr,
    OrderLoop,
    PartitionAttr,
    PipelineAttr,
    SourceAttr,
    StreamType,
    UnrollAttr,
)
from dataflowc.dialects.dataflow import Dataflow

S = "!dataflow.stream<f32>"
M = "memref<8xf32>"
FILL = f"""
dataflow.node "fill" writes(%c : {M}) {{
^bb0(%a: {M}):
  affine.for %i = 0 to 8 {{
    %v = arith.constant 1.0 : f32
    affine.store %v, %a[%i] : {M}
  }}
}}"""
USE = f"""
dataflow.node "use" reads(%c : {M}) {{
^bb0(%a: {M}):
  affine.for %i = 0 to 8 {{
    %v = affine.load %a[%i] : {M}
  }}
}}"""


def put(name: str, channel: str = "%c") -> str:
    """A node that writes one token."""
    return f"""
dataflow.node "{name}" writes({channel} : {S}) {{
^bb0(%a: {S}):
  %v = arith.constant 1.0 : f32
  dataflow.write %v to %a : f32, {S}
}}"""


def take(name: str, channel: str = "%c") -> str:
    """A node that reads one token."""
    return f"""
dataflow.node "{name}" reads({channel} : {S}) {{
^bb0(%a: {S}):
  %v = dataflow.read %a : {S} -> f32
}}"""


STREAM = f'%c = dataflow.stream "c" <0:1> : {S}'
BUFFER = f'%c = dataflow.buffer "c" stages 2 : {M}'


def schedule(*parts: str) -> str:
    return "dataflow.schedule {\n" + "\n".join(parts) + "\n}"


def parse(text: str) -> ModuleOp:
    return Parser(make_context(), text).parse_module()


def text_of(module: ModuleOp, *, generic: bool = False) -> str:
    stream = StringIO()
    Printer(stream=stream, print_generic_format=generic).print_op(module)
    return stream.getvalue()


def refused(text: str, message: str) -> None:
    """Parsing works, verification fails with `message`."""
    module = parse(text)
    with pytest.raises(VerifyException) as failure:
        module.verify()
    assert message in str(failure.value)


# --- text ---

SOUND = {
    "stream": schedule(STREAM, put("p"), take("t")),
    "stream with depth": schedule(
        f'%c = dataflow.stream "c" <1:56, 2:56*2, 0:64> depth <32, "why"> : {S}', put("p"), take("t")
    ),
    "buffer": schedule(BUFFER, FILL, USE),
    "buffer in a memory": schedule(f'%c = dataflow.buffer "c" stages 1 in <uram, "large"> : {M}', FILL, USE),
    "schedule with attributes": schedule(STREAM, put("p"), take("t")).replace("{", 'attributes {note = "x"} {', 1),
    "node with a source": schedule(
        STREAM,
        put("p"),
        take("t").replace(
            f"reads(%c : {S}) {{",
            f'reads(%c : {S}) attributes {{source = #dataflow.source<"a.b", "relu", "m.py", 7>}} {{',
        ),
    ),
    "local buffer": schedule(
        """dataflow.node "n" {
  %b = dataflow.buffer "acc" stages 1 in <register, "a scalar"> : memref<f32>
  %v = affine.load %b[] : memref<f32>
}"""
    ),
    "ports": f"""
func.func @main(%x: {M}, %w: {M}, %y: {M}) {{
  dataflow.schedule(%x, %w, %y : {M}, {M}, {M}) {{
  ^bb0(%a: {M}, %b: {M}, %c: {M}):
    %xp = dataflow.port %a "input" "x" bundle "m_x" : {M}
    %wp = dataflow.port %b "weight" "w" bundle "m_w" order <0:2, 0:4*2> : {M}
    %yp = dataflow.port %c "output" "y" bundle "m_y" : {M}
    dataflow.node "mul" reads(%xp, %wp : {M}, {M}) writes(%yp : {M}) {{
    ^bb1(%p: {M}, %q: {M}, %r: {M}):
      affine.for %i = 0 to 8 {{
        %u = affine.load %p[%i] : {M}
        %v = affine.load %q[%i] : {M}
        %o = arith.mulf %u, %v : f32
        affine.store %o, %r[%i] : {M}
      }}
    }}
  }}
  func.return
}}""",
    "tasks": """
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %d = dataflow.dispatch -> tensor<4xf32> {
    %t = dataflow.task "relu" -> tensor<4xf32>
        attributes {source = #dataflow.source<"act", "relu", "m.py", 3>} {
      %e = tensor.empty() : tensor<4xf32>
      dataflow.yield %e : tensor<4xf32>
    }
    dataflow.yield %t : tensor<4xf32>
  }
  func.return %d : tensor<4xf32>
}""",
    "lanes and banks": """
func.func @main(%a: memref<4xf32>, %b: memref<4xf32>) {
  dataflow.schedule(%a, %b : memref<4xf32>, memref<4xf32>) {
  ^bb0(%x: memref<4xf32>, %y: memref<4xf32>):
    %p = dataflow.port %x "input" "x" bundle "g0" partition <0 cyclic 2> : memref<4xf32>
    %q = dataflow.port %y "output" "y" bundle "g1" : memref<4xf32>
    %s = dataflow.stream "s" <0:4> depth <32, "d"> : !dataflow.stream<f32, 2>
    dataflow.node "load" reads(%p : memref<4xf32>) writes(%s : !dataflow.stream<f32, 2>) {
    ^bb1(%m: memref<4xf32>, %o: !dataflow.stream<f32, 2>):
      %l = dataflow.buffer "b" stages 1 in <bram, "x"> partition <0 complete 4> : memref<4xf32>
      affine.for %i = 0 to 4 {
        %v = affine.load %m[%i] : memref<4xf32>
        dataflow.write %v to %o[%i] map affine_map<(d0) -> (d0 mod 2)> : f32, !dataflow.stream<f32, 2>
      } {unroll = #dataflow.unroll<2, "banks">}
    }
    dataflow.node "store" reads(%s : !dataflow.stream<f32, 2>) writes(%q : memref<4xf32>) {
    ^bb2(%o: !dataflow.stream<f32, 2>, %m: memref<4xf32>):
      affine.for %i = 0 to 4 {
        %v = dataflow.read %o[%i] map affine_map<(d0) -> (d0 mod 2)> : !dataflow.stream<f32, 2> -> f32
        affine.store %v, %m[%i] : memref<4xf32>
      }
    }
  }
  func.return
}""",
    "task without results": 'dataflow.dispatch {\n  dataflow.task "t" {\n    dataflow.yield\n  }\n  dataflow.yield\n}',
}


@pytest.mark.parametrize("name", SOUND)
def test_text_is_stable_and_verifies(name: str) -> None:
    module = parse(SOUND[name])
    module.verify()
    first = text_of(module)
    assert text_of(parse(first)) == first


@pytest.mark.parametrize("name", SOUND)
def test_generic_text_gives_the_same_module(name: str) -> None:
    module = parse(SOUND[name])
    assert parse(text_of(module, generic=True)).is_structurally_equivalent(module)


def test_the_sound_cases_cover_every_op_of_the_dialect() -> None:
    seen = {op.name for text in SOUND.values() for op in parse(text).walk()}
    assert {op.name for op in Dataflow.operations} <= seen


ATTRIBUTES: dict[str, Attribute] = {
    "!dataflow.stream<f32>": StreamType.get(f32),
    "!dataflow.stream<f32, 4, 8>": StreamType.get(f32, [4, 8]),
    '#dataflow.unroll<4, "banks of x">': UnrollAttr.get(4, "banks of x"),
    "#dataflow.partition<0 cyclic 4, 2 complete 8>": PartitionAttr.get(
        [DimPartition(2, "complete", 8), DimPartition(0, "cyclic", 4)]
    ),
    '#dataflow.source<"layer1.0", "conv2d", "resnet.py", 34>': SourceAttr.get("layer1.0", "conv2d", "resnet.py", 34),
    '#dataflow.source<"", "", "a \\22b\\22.py", 0>': SourceAttr.get("", "", 'a "b".py', 0),
    "#dataflow.order<1:56, 2:28*2, 0:64>": OrderAttr.get([OrderLoop(1, 56), OrderLoop(2, 28, 2), OrderLoop(0, 64)]),
    "#dataflow.order<>": OrderAttr.row_major([]),
    "#dataflow.order<0:2, 1:3>": OrderAttr.row_major([2, 3]),
    '#dataflow.pipeline<7, "acc: 7 cycles over distance 1">': PipelineAttr.get(7, "acc: 7 cycles over distance 1"),
    '#dataflow.depth<32, "default">': DepthAttr.get(32, "default"),
    '#dataflow.memory<bram, "65536 bits">': MemoryAttr.get("bram", "65536 bits"),
}


@pytest.mark.parametrize("text", ATTRIBUTES)
def test_an_attribute_prints_and_parses(text: str) -> None:
    assert str(ATTRIBUTES[text]) == text
    assert Parser(make_context(), text).parse_attribute() == ATTRIBUTES[text]


def test_the_attribute_cases_cover_every_attribute_of_the_dialect() -> None:
    assert set(Dataflow.attributes) == {type(attribute) for attribute in ATTRIBUTES.values()}


@pytest.mark.parametrize("kind", MEMORY_KINDS)
def test_every_memory_kind_is_accepted(kind: str) -> None:
    MemoryAttr.get(kind, "").verify()


# --- verifiers: attributes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [0, -3])
def test_a_depth_below_one_is_refused(depth: int) -> None:
    with pytest.raises(VerifyException, match=f"a stream has a depth of at least 1, got {depth}"):
        DepthAttr.get(depth, "why")


def test_an_unknown_memory_kind_is_refused() -> None:
    with pytest.raises(
        VerifyException, match="memory kind must be one of auto, register, lutram, bram, uram, got 'hbm'"
    ):
        MemoryAttr.get("hbm", "why")


# --- verifiers: tasks -------------------------------------------------------------------------------------------------


def test_a_dispatch_must_end_in_yield() -> None:
    refused('dataflow.dispatch {\n  "affine.yield"() : () -> ()\n}', "dataflow.dispatch must end in dataflow.yield")


def test_a_task_must_end_in_yield() -> None:
    refused(
        'dataflow.dispatch {\n  dataflow.task "t" {\n  "affine.yield"() : () -> ()\n}\n  dataflow.yield\n}',
        "dataflow.task must end in dataflow.yield",
    )


def test_a_dispatch_yields_the_types_of_its_results() -> None:
    refused(
        "%d = dataflow.dispatch -> i64 {\n  %c = arith.constant 1 : i32\n  dataflow.yield %c : i32\n}",
        "dataflow.dispatch: the types of dataflow.yield differ from the results",
    )


def test_a_task_yields_as_many_values_as_it_has_results() -> None:
    refused(
        'dataflow.dispatch {\n  %t = dataflow.task "t" -> i32 {\n  dataflow.yield\n}\n  dataflow.yield\n}',
        "dataflow.task: the types of dataflow.yield differ from the results",
    )


def test_a_task_stands_in_a_dispatch() -> None:
    refused('dataflow.task "t" {\n  dataflow.yield\n}', "'dataflow.task' expects parent op 'dataflow.dispatch'")


# --- verifiers: schedules ---------------------------------------------------------------------------------------------


def test_a_schedule_passes_its_operands_to_arguments_of_the_same_types() -> None:
    refused(
        f"""func.func @main(%x: {M}) {{
  dataflow.schedule(%x : {M}) {{
  ^bb0(%a: memref<4xf32>):
  }}
  func.return
}}""",
        "dataflow.schedule: the types of the operands differ from the block arguments",
    )


def test_a_schedule_holds_no_other_ops() -> None:
    refused(
        schedule("%v = arith.constant 1.0 : f32"),
        "dataflow.schedule holds nodes, streams, buffers and ports only, not arith.constant",
    )


@pytest.mark.parametrize(
    ("nodes", "writing", "reading"),
    [
        ([put("p"), take("t"), take("u")], 1, 2),
        ([put("p"), put("q"), take("t")], 2, 1),
        ([put("p")], 1, 0),
        ([take("t")], 0, 1),
        ([], 0, 0),
    ],
    ids=["two readers", "two writers", "no reader", "no writer", "no node"],
)
def test_a_stream_has_one_writer_and_one_reader(nodes: list[str], writing: int, reading: int) -> None:
    refused(
        schedule(STREAM, *nodes),
        f"dataflow.stream 'c' has {writing} writing and {reading} reading nodes, expected 1 and 1",
    )


def test_a_buffer_has_one_writer_and_one_reader() -> None:
    refused(
        schedule(BUFFER, FILL, USE, USE.replace("use", "again")),
        "dataflow.buffer 'c' has 1 writing and 2 reading nodes, expected 1 and 1",
    )


def test_a_buffer_is_written_before_it_is_read() -> None:
    refused(schedule(BUFFER, USE, FILL), "dataflow.buffer 'c' is read before it is written")


@pytest.mark.parametrize("stages", [0, -1])
def test_a_buffer_has_at_least_one_stage(stages: int) -> None:
    refused(
        schedule(BUFFER.replace("stages 2", f"stages {stages}"), FILL, USE),
        f"dataflow.buffer 'c' needs at least 1 stage, got {stages}",
    )


def test_a_local_buffer_has_one_stage() -> None:
    refused(
        schedule(f'dataflow.node "n" {{\n  %b = dataflow.buffer "b" stages 2 : {M}\n}}'),
        "dataflow.buffer 'b' has 2 stages but is local to a node",
    )


PORT = """func.func @main(%x: memref<8xf32>) {{
  dataflow.schedule(%x : memref<8xf32>) {{
  ^bb0(%x0: memref<8xf32>):
    %c = dataflow.port %x0 "{role}" "x" bundle "m_x" : memref<8xf32>
    {nodes}
  }}
  func.return
}}"""


def test_a_port_has_a_known_role() -> None:
    refused(PORT.format(role="bias", nodes=USE), "dataflow.port: role must be one of input, weight, output")


@pytest.mark.parametrize("nodes", [[], [USE, USE.replace("use", "again")]], ids=["none", "two"])
def test_a_port_has_one_node(nodes: list[str]) -> None:
    refused(
        PORT.format(role="input", nodes="\n".join(nodes)),
        f"dataflow.port 'm_x' is used by {len(nodes)} nodes, expected 1",
    )


# --- verifiers: nodes -------------------------------------------------------------------------------------------------


def test_a_node_stands_in_a_schedule() -> None:
    refused(
        'dataflow.node "n" {\n  %v = arith.constant 1.0 : f32\n}',
        "'dataflow.node' expects parent op 'dataflow.schedule'",
    )


def test_a_nodes_arguments_have_the_types_of_its_operands() -> None:
    refused(
        schedule(
            STREAM,
            put("p"),
            take("t")
            .replace(f"%a: {S}", "%a: !dataflow.stream<f64>")
            .replace(f"{S} -> f32", "!dataflow.stream<f64> -> f64"),
        ),
        "node 't': operand types differ from the block arguments",
    )


def test_a_nodes_operands_are_streams_or_arrays() -> None:
    refused(
        schedule(
            "%x = arith.constant 1.0 : f32",
            'dataflow.node "n" reads(%x : f32) {\n^bb0(%a: f32):\n  %v = arith.negf %a : f32\n}',
        ),
        "node 'n': operands are streams or arrays, not f32",
    )


def test_a_node_sees_nothing_but_its_operands() -> None:
    refused(
        schedule(STREAM, put("p"), f'dataflow.node "t" {{\n  %v = dataflow.read %c : {S} -> f32\n}}'),
        "Operation using value defined out of its IsolatedFromAbove parent",
    )


@pytest.mark.parametrize(
    ("body", "listed", "loads", "stores"),
    [
        ("", "reads", 0, 0),
        (f"dataflow.write %k to %a : f32, {S}", "reads", 0, 1),
        (f"%v = dataflow.read %a : {S} -> f32\n  dataflow.write %v to %a : f32, {S}", "reads", 1, 1),
        ("", "writes", 0, 0),
        (f"%v = dataflow.read %a : {S} -> f32", "writes", 1, 0),
    ],
    ids=["unused read", "read is written", "read and written", "unused write", "write is read"],
)
def test_a_nodes_lists_say_what_its_body_does(body: str, listed: str, loads: int, stores: int) -> None:
    node = f'dataflow.node "n" {listed}(%c : {S}) {{\n^bb0(%a: {S}):\n  %k = arith.constant 1.0 : f32\n  {body}\n}}'
    other = put("o") if listed == "reads" else take("o")
    refused(
        schedule(STREAM, node, other),
        f"node 'n': operand 0 is listed under '{listed}' but the body loads it {loads} and stores it {stores} times",
    )


@pytest.mark.parametrize(
    ("node", "message"),
    [
        (take("t").replace(f"{S} -> f32", f"{S} -> f64"), "dataflow.read: the value's type is not the stream's"),
        (
            put("t").replace("1.0 : f32", "1.0 : f64").replace("to %a : f32", "to %a : f64"),
            "dataflow.write: the value's type is not the stream's",
        ),
    ],
    ids=["read", "write"],
)
def test_a_token_has_the_streams_element_type(node: str, message: str) -> None:
    other = put("o") if "reads" in node else take("o")
    refused(schedule(STREAM, node, other), message)


def test_two_nodes_have_two_labels() -> None:
    refused(schedule(STREAM, put("n"), take("n")), "dataflow.node 'n' stands there twice")


def test_two_channels_have_two_labels() -> None:
    second = STREAM.replace("%c", "%d")
    parts = (STREAM, second, put("p"), take("t"), put("q", "%d"), take("u", "%d"))
    refused(schedule(*parts), "dataflow.stream 'c' stands there twice")
    parse(schedule(STREAM, second.replace('"c"', '"d"'), *parts[2:])).verify()


def test_an_imported_schedule_may_repeat_labels() -> None:
    parts = schedule(STREAM, put("n"), take("n"))
    parse(parts.replace("dataflow.schedule", "dataflow.schedule attributes {imported}")).verify()


@pytest.mark.parametrize("interval", [0, -3])
def test_an_interval_is_positive(interval: int) -> None:
    with pytest.raises(VerifyException, match="at least 1"):
        PipelineAttr.get(interval, "why")


@pytest.mark.parametrize("loop", [OrderLoop(-1, 4), OrderLoop(0, 0), OrderLoop(0, 4, 0), OrderLoop(0, 4, -1)])
def test_the_loops_of_an_order_move(loop: OrderLoop) -> None:
    with pytest.raises(VerifyException, match="positive extent and step"):
        OrderAttr.get([loop])


def port(order: str, bundles: tuple[str, ...] = ("m_w",)) -> str:
    """A function with ports on arrays of 8 elements, each loaded by one node."""
    arguments = [f"%a{i}: {M}" for i in range(len(bundles))]
    types = ", ".join([M] * len(bundles))
    ports = "".join(
        f'%p{i} = dataflow.port %x{i} "weight" "w" bundle "{bundle}" {order} : {M}\n'
        f'dataflow.node "use{i}" reads(%p{i} : {M}) {{\n^bb0(%b: {M}):\n'
        f"affine.for %k = 0 to 8 {{\n%v = affine.load %b[%k] : {M}\n}}\n}}\n"
        for i, bundle in enumerate(bundles)
    )
    outer, inner = (", ".join(f"%{n}{i}" for i in range(len(bundles))) for n in "ax")
    block = ", ".join(f"{name}: {M}" for name in inner.split(", "))
    body = f"dataflow.schedule({outer} : {types}) {{\n^bb0({block}):\n{ports}}}"
    return f"func.func @main({', '.join(arguments)}) {{\n{body}\nfunc.return\n}}"


def test_the_order_of_a_weight_has_all_its_elements() -> None:
    parse(port("order <0:2*4, 0:4>")).verify()
    refused(port("order <0:2, 1:2>"), "dataflow.port 'm_w': the order has 4 elements, the array 8")


def test_two_ports_have_two_bundles() -> None:
    parse(port("", ("m_a", "m_b"))).verify()
    refused(port("", ("m_a", "m_a")), "dataflow.port 'm_a' stands there twice")
