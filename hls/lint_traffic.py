"""Rules about tokens: as many in as out, and never a look at whether there are any."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dataflowc.dialects.attributes import StreamType
from dataflowc.dialects.dataflow import NodeOp
from dataflowc.hls.cpp import StreamWrite
from dataflowc.hls.lint_expressions import NotDecidable
from dataflowc.hls.lint_subject import READ, Process, Subject, Violation, texts
from dataflowc.passes.analysis.token_rates import Repeat, Sequence, Step, Traffic, traffic_of

_METHOD = re.compile(r"(\w+)\s*\.\s*([A-Za-z_]\w*)")


def token_balance(subject: Subject) -> Iterator[Violation]:
    """R6: per call, the tokens written to a stream are those read, and both are what the IR says."""
    written: dict[str, int] = {}
    taken: dict[str, int] = {}
    planned = {node.label.data: node for node in subject.module.body.walk() if isinstance(node, NodeOp)}
    counts: dict[str, dict[str, tuple[int, int]]] = {}
    for process in subject.processes:
        yield from _readable(process)
        try:
            counts[process.function.name] = _count(process)
        except NotDecidable as reason:
            yield Violation("R6", process.where, f"the number of tokens depends on '{reason}'")
    for _, process, argument, parameter in subject.bindings():
        if parameter.kind == "stream" and process.function.name in counts:
            reads, writes = counts[process.function.name].get(parameter.name, (0, 0))
            taken[argument] = taken.get(argument, 0) + reads
            written[argument] = written.get(argument, 0) + writes
    for name in subject.streams:
        if written.get(name, 0) != taken.get(name, 0):
            what = f"stream '{name}' gets {written.get(name, 0)} tokens per call and gives {taken.get(name, 0)}"
            yield Violation("R6", subject.top_where, what)
    for process in subject.processes:
        node = planned.get(process.function.name)
        if node is not None and process.function.name in counts:
            yield from _as_planned(process, node, counts[process.function.name])


def _readable(process: Process) -> Iterator[Violation]:
    """At most one read per statement, never under `?`, `&&` or `||`: order and number of tokens stay fixed."""
    for site in process.sites:
        reads = [name for text in texts(site.statement) for name in READ.findall(text)]
        if len(reads) > 1:
            yield Violation("R6", process.where, f"one statement reads {', '.join(reads)}: C++ does not fix the order")
        if reads and any(sign in text for text in texts(site.statement) for sign in ("?", "&&", "||")):
            yield Violation("R6", process.where, f"whether '{reads[0]}' is read depends on data")


def _count(process: Process) -> dict[str, tuple[int, int]]:
    """(reads, writes) of one run per stream parameter, from the text's loops and guards."""
    totals: dict[str, tuple[int, int]] = {}
    for site in process.sites:
        moves = [(name, 1, 0) for text in texts(site.statement) for name in READ.findall(text)]
        if isinstance(site.statement, StreamWrite):
            moves.append((site.statement.stream, 0, 1))
        if not moves:
            continue
        times = site.space.iterations()
        for name, reads, writes in moves:
            before = totals.get(name, (0, 0))
            totals[name] = (before[0] + times * reads, before[1] + times * writes)
    return totals


def _as_planned(process: Process, node: NodeOp, counted: dict[str, tuple[int, int]]) -> Iterator[Violation]:
    """The text's counts against the static traffic of the node, by position of the operand."""
    totals: dict[int, tuple[int, int]] = {}
    _add(traffic_of(node), 1, totals)
    for position, (argument, parameter) in enumerate(zip(node.body.block.args, process.parameters, strict=False)):
        if isinstance(argument.type, StreamType):
            expected, found = totals.get(position, (0, 0)), counted.get(parameter.name, (0, 0))
            if expected != found:
                what = f"'{parameter.name}' has {found} reads and writes per call, the IR says {expected}"
                yield Violation("R6", process.where, what)


def _add(traffic: Traffic, times: int, totals: dict[int, tuple[int, int]]) -> None:
    match traffic:
        case Step(reads, writes):
            for position, tokens in reads:
                before = totals.get(position, (0, 0))
                totals[position] = (before[0] + times * tokens, before[1])
            for position, tokens in writes:
                before = totals.get(position, (0, 0))
                totals[position] = (before[0], before[1] + times * tokens)
        case Repeat(count, body):
            _add(body, times * count, totals)
        case Sequence(parts):
            for part in parts:
                _add(part, times, totals)


def blocking_only(subject: Subject) -> Iterator[Violation]:
    """R16: a stream is only ever read and written; `empty`, `full` and the non-blocking calls differ in hardware."""
    for process in subject.processes:
        for site in process.sites:
            for text in texts(site.statement):
                for name, method in _METHOD.findall(text):
                    if method != "read" and not name.isdigit():
                        yield Violation("R16", process.where, f"'{name}.{method}' is not a blocking read or write")
