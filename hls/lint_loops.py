"""Rules about loops: which are pipelined, and whether the interval they ask for can be had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import affine
from xdsl.dialects.builtin import AnyFloat

from dataflowc.dialects.attributes import PipelineAttr
from dataflowc.dialects.dataflow import NodeOp
from dataflowc.hls.cpp import For, If, Pragma, Statement
from dataflowc.hls.lint_subject import Process, Subject, Violation, array_dims, loads_of, options, sites, store_of
from dataflowc.passes.schedule.pipeline_loops import RAM_PORTS, PipelineLoopsPass


def _loops(body: Sequence[Statement]) -> Iterator[For]:
    """All loops, outer ones first."""
    return (site.statement for site in sites(body) if isinstance(site.statement, For))


def _has_loop(body: Sequence[Statement]) -> bool:
    return any(
        isinstance(s, For) or (isinstance(s, If) and (_has_loop(s.body) or _has_loop(s.otherwise))) for s in body
    )


def _interval(loop: For) -> int | None:
    """The initiation interval that the loop's own pragma asks for."""
    for statement in loop.body:
        if isinstance(statement, Pragma) and statement.text.startswith("PIPELINE"):
            value = options(statement)[1].get("II", "")
            return int(value) if value.isdigit() else None
    return None


def _innermost(process: Process) -> list[For]:
    return [loop for loop in _loops(process.function.body) if not _has_loop(loop.body)]


def _title(loop: For) -> str:
    return f"loop '{loop.label or loop.name}'"


def intervals(subject: Subject) -> Iterator[Violation]:
    """R7 and R15: every innermost loop asks for an interval that RAM ports and recurrences (of floats: R15) allow."""
    for process in subject.processes:
        for loop in _innermost(process):
            interval = _interval(loop)
            if interval is None:
                yield Violation("R7", process.where, f"{_title(loop)} is innermost and has no PIPELINE pragma")
            else:
                yield from _ports_allow(process, loop, interval)
    if subject.target_name is not None:
        yield from _recurrences(subject, subject.target_name)


def _ports_allow(process: Process, loop: For, interval: int) -> Iterator[Violation]:
    """An array kept in RAM is touched at most twice per cycle; equal elements count once."""
    dims = array_dims(process)
    partitioned = {
        options(site.statement)[1].get("variable")
        for site in process.sites
        if isinstance(site.statement, Pragma) and site.statement.text.startswith("ARRAY_PARTITION")
    }
    touched: dict[str, set[tuple[str, ...]]] = {}
    for site in sites(loop.body):
        store = store_of(site.statement)
        for kind, element in [("load", e) for e in loads_of(site.statement)] + ([("store", store)] if store else []):
            touched.setdefault(element.array, set()).add((kind, *element.indices))
    for name, accesses in touched.items():
        if dims.get(name) and name not in partitioned and len(accesses) > RAM_PORTS * interval:
            what = f"{_title(loop)} touches '{name}' {len(accesses)} times per iteration; II={interval} allows "
            yield Violation("R7", process.where, what + f"{RAM_PORTS * interval}")


def _recurrences(subject: Subject, target_name: str) -> Iterator[Violation]:
    """Loops whose pragma asks for less than `pipeline-loops` finds on the same IR."""
    needed = _needed(subject, target_name)
    for process in subject.processes:
        loops, least = _innermost(process), needed.get(process.function.name, [])
        if len(loops) != len(least):
            yield Violation("R7", process.where, f"has {len(loops)} innermost loops, the IR {len(least)}")
            continue
        for loop, need in zip(loops, least, strict=True):
            asked = _interval(loop)
            if asked is not None and asked < need.interval:
                what = f"{_title(loop)} asks for II={asked}, needs {need.interval}: {need.reason}"
                yield Violation("R15" if need.is_float else "R7", process.where, what)


@dataclass(frozen=True, slots=True)
class _Need:
    """The least interval of a loop, why, and whether it accumulates floats."""

    interval: int
    reason: str
    is_float: bool


def _needed(subject: Subject, target_name: str) -> dict[str, list[_Need]]:
    """Per process, of every innermost loop in textual order."""
    module = subject.module.clone()
    PipelineLoopsPass(target=target_name, clock_ns=subject.clock_ns).apply(Context(), module)
    return {node.label.data: list(_needs(node)) for node in module.body.walk() if isinstance(node, NodeOp)}


def _needs(node: NodeOp) -> Iterator[_Need]:
    for loop in node.body.walk():
        if isinstance(loop, affine.ForOp) and not any(isinstance(op, affine.ForOp) for op in loop.body.walk()):
            pipeline = loop.attributes["pipeline"]
            assert isinstance(pipeline, PipelineAttr)
            stored = [op.value.type for op in loop.body.walk() if isinstance(op, affine.StoreOp)]
            is_float = any(isinstance(type_, AnyFloat) for type_ in stored)
            yield _Need(pipeline.value.data, pipeline.reason.data, is_float)


def innermost_only(subject: Subject) -> Iterator[Violation]:
    """R8: PIPELINE unrolls every loop below it, so it stands on loops without inner loops only, once."""
    for process in subject.processes:
        for loop in _loops(process.function.body):
            count = sum(isinstance(s, Pragma) and s.text.startswith("PIPELINE") for s in loop.body)
            if count and _has_loop(loop.body):
                yield Violation("R8", process.where, f"{_title(loop)} is pipelined, which unrolls the loops inside it")
            if count > 1:
                yield Violation("R8", process.where, f"{_title(loop)} has {count} PIPELINE pragmas")
    for where, _, site, pragma in subject.pragmas:
        if pragma.text.startswith("PIPELINE") and not site.loops:
            yield Violation("R8", where, "PIPELINE outside of any loop unrolls every loop of the function")
