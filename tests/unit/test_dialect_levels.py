"""The predicate of each level: what is accepted, and the message for each thing that is not."""

from __future__ import annotations

import pytest
from xdsl.parser import Parser
from xdsl.utils.exceptions import VerifyException

from dataflowc.dialects import make_context
from dataflowc.dialects.levels import LEVELS, verify_level

T = "tensor<4xf32>"


def function(body: str) -> str:
    return f"func.func @main(%x: {T}) {{\n{body}\nfunc.return\n}}"


def check(text: str, level: str) -> None:
    module = Parser(make_context(), text).parse_module()
    module.verify()
    verify_level(module, level)


def refused(text: str, level: str, message: str) -> None:
    with pytest.raises(VerifyException) as failure:
        check(text, level)
    assert message in str(failure.value)


def node(body: str) -> str:
    return function(f'dataflow.schedule {{\n dataflow.node "n" {{\n{body}\n}}\n}}')


STREAM_NODES = """
dataflow.node "p" writes(%c : !dataflow.stream<f32>) {
^bb0(%a: !dataflow.stream<f32>):
  %v = arith.constant 1.0 : f32
  dataflow.write %v to %a : f32, !dataflow.stream<f32>
}
dataflow.node "t" reads(%c : !dataflow.stream<f32>) {
^bb0(%a: !dataflow.stream<f32>):
  %v = dataflow.read %a : !dataflow.stream<f32> -> f32
}"""

SOUND = {
    "linalg": function("%e = tensor.empty() : tensor<2xf32>\n%c = arith.constant 1 : i32"),
    "tasks": function('dataflow.dispatch {\n dataflow.task "t" {\n dataflow.yield\n}\n dataflow.yield\n}'),
    "nodes": node("affine.for %i = 0 to 4 {\n %v = arith.constant 1.0 : f32\n}"),
    "scheduled": node(
        'affine.for %i = 0 to 4 {\n affine.for %j = 0 to 4 {\n} {pipeline = #dataflow.pipeline<1, "none">}\n}\n'
        '%b = dataflow.buffer "b" stages 1 in <lutram, "small"> : memref<4xf32>'
    ),
}


def test_every_level_has_a_sound_case() -> None:
    assert tuple(SOUND) == LEVELS


@pytest.mark.parametrize("level", LEVELS)
def test_a_module_of_the_level_is_accepted(level: str) -> None:
    check(SOUND[level], level)


@pytest.mark.parametrize(("level", "message"), [
    ("tasks", "level 'tasks': expected one dataflow.dispatch, found 0"),
    ("nodes", "level 'nodes': expected one dataflow.schedule, found 0"),
    ("scheduled", "level 'nodes': expected one dataflow.schedule, found 0"),
])  # fmt: skip
def test_a_linalg_module_is_on_no_other_level(level: str, message: str) -> None:
    refused(SOUND["linalg"], level, message)


@pytest.mark.parametrize("count", [0, 2])
def test_a_module_holds_one_function(count: int) -> None:
    text = "\n".join(f"func.func @f{i}() {{\nfunc.return\n}}" for i in range(count))
    refused(f"builtin.module {{\n{text}\n}}", "linalg", f"a module holds exactly one function, found {count}")


def test_a_module_holds_nothing_beside_its_function() -> None:
    refused(
        "builtin.module {\nfunc.func @f() {\nfunc.return\n}\n%c = arith.constant 1 : i32\n}",
        "linalg",
        "a module holds exactly one function, found 1",
    )


def test_linalg_holds_tensor_ops_only() -> None:
    refused(function("affine.for %i = 0 to 4 {\n}"), "linalg", "level 'linalg': affine.for is not a tensor op")


def test_linalg_has_static_shapes_only() -> None:
    refused(
        function("%n = arith.constant 4 : index\n%e = tensor.empty(%n) : tensor<?xf32>"),
        "linalg",
        "level 'linalg': tensor.empty has the dynamic type tensor<?xf32>",
    )


def test_the_message_names_the_source() -> None:
    source = '#dataflow.source<"fc", "linear", "m.py", 3>'
    refused(
        function(f'%n = "test.op"() {{source = {source}}} : () -> i32')
        .replace('"test.op"', '"memref.alloc"')
        .replace("() {source", "() <{operandSegmentSizes = array<i32: 0, 0>}> {source")
        .replace("-> i32", "-> memref<4xf32>"),
        "linalg",
        f"level 'linalg': memref.alloc is not a tensor op (from {source})",
    )


def test_on_tasks_everything_stands_in_a_task() -> None:
    refused(
        function("dataflow.dispatch {\n%c = arith.constant 1 : i32\ndataflow.yield\n}"),
        "tasks",
        "level 'tasks': arith.constant stands outside a task",
    )


def test_on_tasks_there_is_one_dispatch() -> None:
    one = "dataflow.dispatch {\ndataflow.yield\n}\n"
    refused(function(one + one), "tasks", "level 'tasks': expected one dataflow.dispatch, found 2")


def test_on_nodes_bodies_are_loops_over_scalars() -> None:
    refused(
        node("%e = tensor.empty() : tensor<2xf32>"),
        "nodes",
        "level 'nodes': tensor.empty does not belong in a node: bodies are affine loops over scalars",
    )


def test_on_nodes_no_scalar_op_works_on_tensors() -> None:
    refused(
        node("%c = arith.constant dense<1.0> : tensor<2xf32>"),
        "nodes",
        "level 'nodes': arith.constant still works on tensors",
    )


def test_on_scheduled_every_stream_has_a_depth() -> None:
    refused(
        function(f'dataflow.schedule {{\n%c = dataflow.stream "c" <0:1> : !dataflow.stream<f32>{STREAM_NODES}\n}}'),
        "scheduled",
        "level 'scheduled': dataflow.stream 'c' has no depth",
    )


@pytest.mark.parametrize("memory", ["", ' in <auto, "later">'], ids=["none", "auto"])
def test_on_scheduled_every_buffer_has_a_memory(memory: str) -> None:
    refused(
        node(f'%b = dataflow.buffer "b" stages 1{memory} : memref<4xf32>'),
        "scheduled",
        "level 'scheduled': dataflow.buffer 'b' has no memory kind",
    )


def test_on_scheduled_every_innermost_loop_has_an_interval() -> None:
    refused(
        SOUND["nodes"], "scheduled", "level 'scheduled': affine.for is an innermost loop without an initiation interval"
    )


def test_linalg_takes_no_dynamic_arguments() -> None:
    refused(
        "func.func @main(%x: tensor<?xf32>) {\nfunc.return\n}",
        "linalg",
        "level 'linalg': argument 0 has the dynamic type tensor<?xf32>",
    )


def test_linalg_is_in_generic_form() -> None:
    square = "tensor<2x2xf32>"
    refused(
        function(
            f"%e = tensor.empty() : {square}\n"
            f"%m = linalg.matmul ins(%e, %e : {square}, {square}) outs(%e : {square}) -> {square}"
        ),
        "linalg",
        "level 'linalg': linalg.matmul is not in generic form",
    )


@pytest.mark.parametrize("array", ["dense<[1.0, 2.0]>", "dense<[0.0, -0.0]>"])
def test_linalg_holds_no_arrays(array: str) -> None:
    refused(
        function(f"%c = arith.constant {array} : tensor<2xf32>"),
        "linalg",
        "level 'linalg': arith.constant holds an array whose elements differ: weights are arguments",
    )


@pytest.mark.parametrize("array", ["dense<1.0>", "dense<[2.0, 2.0]>", "dense<[0x7FC00000, 0x7FC00000]>"])
def test_linalg_takes_an_array_of_one_value(array: str) -> None:
    check(function(f"%c = arith.constant {array} : tensor<2xf32>"), "linalg")


NESTED = 'dataflow.schedule {\n^bb0:\n%t = dataflow.stream "t" <0:4> : !dataflow.stream<f32>\n}'


@pytest.mark.parametrize(("op", "name"), [
    ("dataflow.dispatch {\ndataflow.yield\n}", "dispatch"),
    (NESTED.replace("schedule", "schedule attributes {imported}"), "schedule"),
    ('%t = dataflow.stream "t" <0:4> : !dataflow.stream<f32>', "stream"),
])  # fmt: skip
def test_on_nodes_a_body_has_no_design_of_its_own(op: str, name: str) -> None:
    refused(node(op), "nodes", f"level 'nodes': dataflow.{name} does not belong in a node")


def test_on_nodes_an_imported_design_may_hold_another() -> None:
    check(node(NESTED).replace("schedule", "schedule attributes {imported}"), "nodes")
