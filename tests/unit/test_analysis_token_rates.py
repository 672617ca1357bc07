"""The static traffic of a node, against running its loops and guards one iteration at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects import affine
from xdsl.ir import Block, SSAValue
from xdsl.ir.affine import AffineConstraintKind
from xdsl.parser import Parser

from dataflowc.dialects import make_context
from dataflowc.dialects.dataflow import NodeOp, ReadOp, WriteOp
from dataflowc.passes.analysis.token_rates import (
    NOTHING,
    Repeat,
    Sequence,
    Step,
    Traffic,
    join,
    repeat,
    segments,
    traffic_of,
)

Event = tuple[str, int]
"""("read" or "write", operand position)."""

INPUTS, OUTPUTS = 2, 2


def node_of(body: str) -> NodeOp:
    """A node with two input and two output streams %s0 ... %s3 and the given body."""
    streams = ", ".join(f"%s{i} : !dataflow.stream<f32>" for i in range(INPUTS + OUTPUTS))
    channels = "\n".join(
        f'%c{i} = dataflow.stream "c{i}" <0:1> : !dataflow.stream<f32>' for i in range(INPUTS + OUTPUTS)
    )
    text = f"""
    dataflow.schedule {{
      {channels}
      dataflow.node "n" reads(%c0, %c1 : !dataflow.stream<f32>, !dataflow.stream<f32>)
                        writes(%c2, %c3 : !dataflow.stream<f32>, !dataflow.stream<f32>) {{
      ^bb0({streams}):
        %v = arith.constant 1.0 : f32
        {body}
      }}
    }}"""
    module = Parser(make_context(), text).parse_module()
    return next(op for op in module.walk() if isinstance(op, NodeOp))


def interpret(block: Block, positions: dict[SSAValue, int], counters: dict[SSAValue, int]) -> Iterator[Event]:
    """What the block does, in time order, with every loop run and every guard evaluated."""
    for op in block.ops:
        match op:
            case ReadOp():
                yield "read", positions[op.stream]
            case WriteOp():
                yield "write", positions[op.stream]
            case affine.ForOp():
                upper = op.upperBoundMap.data.eval([], [])[0]
                for value in range(0, upper, op.step.value.data):
                    yield from interpret(op.body.block, positions, {**counters, op.body.block.args[0]: value})
            case affine.IfOp():
                arguments = [counters[value] for value in op.args]
                for constraint in op.condition.data.constraints:
                    value = constraint.lhs.eval(arguments, []) - constraint.rhs.eval(arguments, [])
                    if not (value == 0 if constraint.kind is AffineConstraintKind.eq else value >= 0):
                        break
                else:
                    yield from interpret(op.then_region.block, positions, counters)


def events_of(node: NodeOp) -> list[Event]:
    block = node.body.block
    return list(interpret(block, {argument: i for i, argument in enumerate(block.args)}, {}))


def check_same(traffic: Traffic, events: list[Event]) -> None:
    """Each step takes the next events, reads before writes; nothing is left over."""
    rest = iter(events)
    for count, step in segments(traffic):
        for _ in range(count):
            size = sum(n for _, n in (*step.reads, *step.writes))
            group = [next(rest, ("end", -1)) for _ in range(size)]
            expected = Counter({("read", p): n for p, n in step.reads})
            expected.update({("write", p): n for p, n in step.writes})
            assert Counter(group) == expected
            kinds = [kind for kind, _ in group]
            assert kinds == sorted(kinds), "a step that writes before it reads is not one group"
    assert list(rest) == []


GUARDS = ["d0 - 1 >= 0", "-d0 + 2 >= 0", "d0 mod 2 == 0", "d0 == 0", "d0 + d1 - 3 >= 0", "-d1 == 0"]


@st.composite
def body_text(draw: st.DrawFn, loops: int = 0, depth: int = 0) -> str:
    """Random nests of loops and guards over reads and writes, inside `loops` loops %i0, %i1, ..."""
    kinds = ["read", "write", *(["loop"] if depth < 4 else []), *(["guard"] if loops and depth < 4 else [])]
    lines = []
    for place in range(draw(st.integers(1, 3))):
        match draw(st.sampled_from(kinds)):
            case "read":
                operand = draw(st.integers(0, INPUTS - 1))
                lines.append(f"%r{depth}_{place} = dataflow.read %s{operand} : !dataflow.stream<f32> -> f32")
            case "write":
                operand = INPUTS + draw(st.integers(0, OUTPUTS - 1))
                lines.append(f"dataflow.write %v to %s{operand} : f32, !dataflow.stream<f32>")
            case "loop":
                inner = draw(body_text(loops=loops + 1, depth=depth + 1))
                lines.append(f"affine.for %i{loops} = 0 to {draw(st.integers(1, 5))} {{\n{inner}\n}}")
            case _:
                guard, inner = draw(st.sampled_from(GUARDS)), draw(body_text(loops=loops, depth=depth + 1))
                first, second = draw(st.integers(0, loops - 1)), draw(st.integers(0, loops - 1))
                condition = f"<{{condition = affine_set<(d0, d1) : ({guard})>}}>"
                lines.append(
                    f'"affine.if"(%i{first}, %i{second}) {condition} ({{\n{inner}\n}}, {{}}) : (index, index) -> ()'
                )
    return "\n".join(lines)


@settings(deadline=None, max_examples=80)
@given(body_text())
def test_segments_are_the_reads_and_writes_of_the_loops_in_time_order(body: str) -> None:
    node = node_of(body)
    check_same(traffic_of(node), events_of(node))


def test_a_loop_without_guards_is_one_repeat() -> None:
    node = node_of("""
      affine.for %i = 0 to 7 {
        affine.for %j = 0 to 5 {
          %r = dataflow.read %s0 : !dataflow.stream<f32> -> f32
          dataflow.write %r to %s2 : f32, !dataflow.stream<f32>
        }
      }""")
    assert traffic_of(node) == Repeat(35, Step(reads=((0, 1),), writes=((2, 1),)))


def test_a_guard_cuts_a_loop_where_its_truth_changes() -> None:
    node = node_of("""
      affine.for %i = 0 to 10 {
        %r = dataflow.read %s0 : !dataflow.stream<f32> -> f32
        "affine.if"(%i) <{condition = affine_set<(d0) : (d0 - 4 >= 0)>}> ({
          dataflow.write %r to %s2 : f32, !dataflow.stream<f32>
        }, {}) : (index) -> ()
      }""")
    read, copy = Step(reads=((0, 1),)), Step(reads=((0, 1),), writes=((2, 1),))
    assert list(segments(traffic_of(node))) == [(4, read), (6, copy)]


def test_two_guards_on_different_loops_are_evaluated_together() -> None:
    node = node_of("""
      affine.for %i = 0 to 4 {
        affine.for %j = 0 to 4 {
          "affine.if"(%i, %j) <{condition = affine_set<(d0, d1) : (d0 + d1 - 5 >= 0)>}> ({
            %r = dataflow.read %s1 : !dataflow.stream<f32> -> f32
          }, {}) : (index, index) -> ()
        }
      }""")
    check_same(traffic_of(node), events_of(node))
    assert sum(count for count, _ in segments(traffic_of(node))) == 3


def test_a_loop_that_moves_no_token_vanishes() -> None:
    node = node_of("""
      affine.for %i = 0 to 9 {
        %w = arith.addf %v, %v : f32
      }""")
    assert traffic_of(node) == NOTHING


def test_a_read_after_a_write_is_a_step_of_its_own() -> None:
    write, read = Step(writes=((2, 1),)), Step(reads=((0, 1),))
    assert join([write, read]) == Sequence((write, read))
    assert join([read, write]) == Step(reads=((0, 1),), writes=((2, 1),))


def test_repeats_of_repeats_multiply() -> None:
    step = Step(reads=((0, 1),))
    assert repeat(3, repeat(4, step)) == Repeat(12, step)
    assert repeat(0, step) == NOTHING
    assert repeat(1, step) == step
