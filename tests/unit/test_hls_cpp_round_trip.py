"""What the emitter writes, the C++ reader reads back: the same loops, channels, memories and arithmetic."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from xdsl.dialects import affine
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.ir import Operation
from xdsl.parser import Parser

from dataflowc.dialects import make_context
from dataflowc.dialects.attributes import PipelineAttr
from dataflowc.dialects.dataflow import BufferOp, NodeOp, PortOp, ScheduleOp, StreamOp
from dataflowc.dialects.levels import verify_level
from dataflowc.frontends.hls_cpp import read_hls_cpp
from dataflowc.hls.cpp import print_file
from dataflowc.hls.emit import build_tree
from dataflowc.passes.registry import load_pass

GOLDEN = Path(__file__).parents[1] / "golden"
DESIGNS = sorted(GOLDEN.glob("designs/*.mlir")) + sorted(GOLDEN.glob("random_designs/*.mlir"))

PASSES = ("tidy-tensors", "build-tasks", "build-nodes", "pipeline-loops", "place-memories", "size-streams")

COUNTED = (
    "arith.addf arith.mulf arith.subf arith.divf math.exp math.sqrt affine.store dataflow.read dataflow.write "
    "affine.load memref.load memref.store"
).split()
"""Ops that have one C++ form each, so that their number per node survives."""


def scheduled(path: Path) -> ModuleOp:
    """The design on level `scheduled`."""
    context = make_context()
    module = Parser(context, path.read_text()).parse_module()
    for name in PASSES:
        load_pass(name)().apply(context, module)
    verify_level(module, "scheduled")
    return module


def schedule_of(module: ModuleOp) -> ScheduleOp:
    return next(op for op in module.walk() if isinstance(op, ScheduleOp))


def loops(op: Operation) -> list[Any]:
    """Label, bounds, step and interval of every loop, nested as the loops are."""
    found: list[Any] = []
    for region in op.regions:
        for block in region.blocks:
            for inner in block.ops:
                if isinstance(inner, affine.ForOp):
                    label, pipeline = inner.attributes.get("label"), inner.attributes.get("pipeline")
                    found.append(
                        (
                            label.data if isinstance(label, StringAttr) else "",
                            str(inner.lowerBoundMap),
                            str(inner.upperBoundMap),
                            inner.step.value.data,
                            pipeline.value.data if isinstance(pipeline, PipelineAttr) else None,
                            loops(inner),
                        )
                    )
                else:
                    found += loops(inner)
    return found


def unlabelled(nest: list[Any]) -> list[Any]:
    """The emitter numbers labels that occur twice in a function."""
    return [(*loop[1:-1], unlabelled(loop[-1])) for loop in nest]


def memory(op: BufferOp) -> tuple[Any, ...]:
    """Shape, element, copies and kind; a register is written as a complete partition, scalars as plain variables."""
    type_ = op.channel.type
    kind = op.memory.value.data if op.memory is not None else ""  # type: ignore[union-attr]
    is_scalar = not type_.get_shape()  # type: ignore[union-attr]
    is_split = kind == "register" or op.partition is not None
    return (str(type_), op.stages.value.data, is_scalar or is_split or kind)


def summary(node: NodeOp, names: dict[Any, str]) -> dict[str, Any]:
    counts = Counter(op.name for op in node.body.walk() if op.name in COUNTED)
    return {
        "reads": sorted(names[value] for value in node.reads),
        "writes": sorted(names[value] for value in node.writes),
        "counts": counts,
        "locals": sorted(str(memory(op)) for op in node.body.walk() if isinstance(op, BufferOp)),
    }


def design(module: ModuleOp) -> dict[str, Any]:
    """Everything of a schedule that the C++ says."""
    schedule = schedule_of(module)
    names: dict[Any, str] = {}
    for op in schedule.body.block.ops:
        if isinstance(op, StreamOp | BufferOp):
            names[op.channel] = op.label.data
        elif isinstance(op, PortOp):
            names[op.array] = op.bundle.data
    return {
        "streams": {
            op.label.data: (str(op.channel.type), op.depth.value.data)  # type: ignore[union-attr]
            for op in schedule.body.block.ops
            if isinstance(op, StreamOp)
        },
        "buffers": {op.label.data: memory(op) for op in schedule.body.block.ops if isinstance(op, BufferOp)},
        "ports": {
            op.bundle.data: (str(op.array.type), "output" if op.role.data == "output" else "input")
            for op in schedule.body.block.ops
            if isinstance(op, PortOp)
        },
        "nodes": {node.label.data: summary(node, names) for node in schedule.nodes},
        "order": [node.label.data for node in schedule.nodes],
    }


@pytest.mark.parametrize("path", DESIGNS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_emitted_program_reads_back(path: Path, tmp_path: Path) -> None:
    meant = scheduled(path)
    files, _ = build_tree(meant, path.stem)
    (tmp_path / "src").mkdir()
    for file in files:
        (tmp_path / file.path).write_text(print_file(file))
    read = read_hls_cpp(tmp_path)
    read.verify()
    verify_level(read, "nodes")
    assert design(read) == design(meant)
    for left, right in zip(schedule_of(read).nodes, schedule_of(meant).nodes, strict=True):
        assert unlabelled(loops(left)) == unlabelled(loops(right))
        if len({loop[0] for loop in loops(right)}) == len(loops(right)):
            assert [loop[0] for loop in loops(left)] == [loop[0] for loop in loops(right)]
