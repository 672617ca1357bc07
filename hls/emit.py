"""The whole program: a scheduled module and its weights become C++ files."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
from xdsl.dialects.builtin import IntAttr, MemRefType, ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue

from dataflowc.contracts import NUMPY_DTYPES, HlsProgram, Port, WeightStore
from dataflowc.dialects.attributes import OrderAttr, StreamType
from dataflowc.dialects.dataflow import BufferOp, NodeOp, PortOp, ScheduleOp, StreamOp
from dataflowc.dialects.names import identifier
from dataflowc.hls.cpp import (
    Call,
    Declare,
    DeclareStream,
    Function,
    Parameter,
    Pragma,
    SourceFile,
    Statement,
    print_file,
)
from dataflowc.hls.emit_node import NodeEmitter, storage_pragmas
from dataflowc.hls.expressions import c_type

FUNCTIONS_PER_FILE = 24
"""Small files compile in parallel and stay readable."""

ELEMENT_BYTES = {name: np.dtype(dtype).itemsize for name, dtype in NUMPY_DTYPES.items()}
"""Bytes of one element behind a port. Ports stay as wide as their elements: the estimate counts narrow adapters, and
widening to 512 bits, the tool's default, takes about 15 BRAM18 per port (vitis.md section 4)."""

_INCLUDES = ("<math.h>", "<stdint.h>", "<hls_math.h>", "<hls_stream.h>")


def emit_program(module: ModuleOp, weights: WeightStore, name: str) -> HlsProgram:
    """The C++ program of a module on level `scheduled`, with the weight files laid out as its loaders read them."""
    files, schedule = build_tree(module, name)
    bundles = _bundles(schedule)
    ports = tuple(_port(op, bundles[op.bundle.data]) for op in _ports(schedule))
    arrays = {
        port.name: _laid_out(weights[op.tensor.data], op)
        for port, op in zip(ports, _ports(schedule), strict=True)
        if port.role == "weight"
    }
    streams = {op.label.data: _depth(op) for op in schedule.body.block.ops if isinstance(op, StreamOp)}
    return HlsProgram(
        name=name,
        top=top_name(name, schedule),
        ports=ports,
        sources={file.path: print_file(file) for file in files},
        bounded_top=_bounded_top(schedule, name),
        weights=arrays,
        streams=streams,
    )


def top_name(name: str, schedule: ScheduleOp) -> str:
    """The top function of model `name`: no word the tools reserve, and no name that a process or channel has."""
    taken = {op.label.data for op in schedule.body.block.ops if isinstance(op, NodeOp | StreamOp | BufferOp)}
    taken |= {op.bundle.data for op in _ports(schedule)}
    top = identifier(name)
    while top in taken:
        top += "_top"
    return top


def build_tree(module: ModuleOp, name: str) -> tuple[list[SourceFile], ScheduleOp]:
    """The C++ tree of every file, and the schedule it came from."""
    main = next(op for op in module.body.block.ops if isinstance(op, FuncOp))
    schedule = next(op for op in main.body.block.ops if isinstance(op, ScheduleOp))
    functions = [NodeEmitter(node).function() for node in schedule.nodes]
    top = _top(schedule, name)
    header = f"{top.name}.h"
    files = [
        SourceFile(f"src/{header}", f"Processes and top function of {name}.", _INCLUDES, (), (*functions, top)),
        SourceFile(f"src/{top.name}.cpp", f"{name}: channels and processes.", (f'"{header}"',), (top,)),
    ]
    for start in range(0, len(functions), FUNCTIONS_PER_FILE):
        number = start // FUNCTIONS_PER_FILE
        part = tuple(functions[start : start + FUNCTIONS_PER_FILE])
        comment = f"Processes of {name}, part {number + 1}."
        files.append(SourceFile(f"src/nodes_{number:02d}.cpp", comment, (f'"{header}"',), part))
    return files, schedule


def _ports(schedule: ScheduleOp) -> list[PortOp]:
    """Ports in the order of the function's arguments."""
    ports = [op for op in schedule.body.block.ops if isinstance(op, PortOp)]
    return sorted(ports, key=lambda op: op.argument.index)  # type: ignore[attr-defined]


def _bundles(schedule: ScheduleOp) -> dict[str, str]:
    """Port -> AXI bundle: its name in lower case, as Vitis demands, with a number where two differ only in case."""
    bundles: dict[str, str] = {}
    for op in _ports(schedule):
        base = bundle = op.bundle.data.lower()
        count = 1
        while bundle in bundles.values():
            count += 1
            bundle = f"{base}_{count}"
        bundles[op.bundle.data] = bundle
    return bundles


def _port(op: PortOp, bundle: str) -> Port:
    type_ = op.array.type
    assert isinstance(type_, MemRefType)
    role = op.role.data
    assert role in ("input", "weight", "output")
    return Port(op.bundle.data, bundle, role, str(type_.element_type), tuple(type_.get_shape()), op.tensor.data)


def _laid_out(array: np.ndarray, op: PortOp) -> np.ndarray:
    """`array` in the order in which its loader reads it, flat."""
    type_ = op.array.type
    assert isinstance(type_, MemRefType)
    array = np.ascontiguousarray(array, dtype=NUMPY_DTYPES[str(type_.element_type)])
    if op.order is None:
        return array.reshape(-1)
    return np.ascontiguousarray(array.reshape(-1)[element_order(op.order, array.shape)])


def element_order(order: OrderAttr, shape: Sequence[int]) -> np.ndarray:
    """Flat row-major positions of the elements of a tensor of `shape`, in the given order."""
    positions = np.zeros(1, dtype=np.int64)
    for loop in order.data:
        stride = loop.step * prod(shape[loop.dim + 1 :])
        steps = np.arange(loop.extent, dtype=np.int64) * stride
        positions = (positions[:, None] + steps[None, :]).reshape(-1)
    return positions


def _depth(op: StreamOp) -> int:
    assert op.depth is not None, "size-streams sets every depth"
    assert isinstance(op.depth.value, IntAttr)
    return op.depth.value.data


def _names(schedule: ScheduleOp) -> dict[SSAValue, str]:
    names: dict[SSAValue, str] = {}
    for op in schedule.body.block.ops:
        if isinstance(op, StreamOp | BufferOp):
            names[op.channel] = op.label.data
        elif isinstance(op, PortOp):
            names[op.array] = op.bundle.data
    return names


def _calls(schedule: ScheduleOp) -> list[tuple[NodeOp, Call]]:
    names = _names(schedule)
    return [
        (node, Call(node.label.data, tuple(names[v] for v in (*node.reads, *node.writes)))) for node in schedule.nodes
    ]


def _parameters(schedule: ScheduleOp) -> tuple[Parameter, ...]:
    parameters = []
    for op in _ports(schedule):
        assert isinstance(op.array.type, MemRefType)
        constant = "" if op.role.data == "output" else "const "
        name = op.bundle.data
        parameters.append(Parameter(f"{constant}{c_type(op.array.type.element_type)}* {name}", name))
    return tuple(parameters)


def _top(schedule: ScheduleOp, name: str) -> Function:
    """Interface, channels, then one call per process: the strict dataflow form."""
    body: list[Statement] = []
    bundles = _bundles(schedule)
    for op in _ports(schedule):
        assert isinstance(op.array.type, MemRefType)
        port, depth = op.bundle.data, prod(op.array.type.get_shape())
        width = 8 * ELEMENT_BYTES[str(op.array.type.element_type)]
        body.append(
            Pragma(
                f"INTERFACE m_axi port={port} bundle={bundles[port]} offset=slave depth={depth} "
                f"max_widen_bitwidth={width}"
            )
        )
        body.append(Pragma(f"INTERFACE s_axilite port={port} bundle=control"))
    body.append(Pragma("INTERFACE s_axilite port=return bundle=control"))
    body.append(Pragma("DATAFLOW"))
    for op in schedule.body.block.ops:
        if isinstance(op, StreamOp):
            assert isinstance(op.channel.type, StreamType)
            body.append(DeclareStream(c_type(op.channel.type.element_type), op.label.data, _depth(op)))
        elif isinstance(op, BufferOp):
            body += _channel_array(op)
    body += [call for _, call in _calls(schedule)]
    return Function(
        top_name(name, schedule), _parameters(schedule), tuple(body), f"Top function of {name}.", extern_c=True
    )


def _channel_array(op: BufferOp) -> list[Statement]:
    type_ = op.channel.type
    assert isinstance(type_, MemRefType)
    name, stages = op.label.data, op.stages.value.data
    kind = "shared" if stages == 1 else "pipo"
    stream = Pragma(f"STREAM variable={name} type={kind} depth={stages}")
    shape = tuple(type_.get_shape()) or (1,)
    return [Declare(c_type(type_.element_type), name, shape), stream, *storage_pragmas(op, name)]


def _bounded_top(schedule: ScheduleOp, name: str) -> str:
    """The same top with real depths, every process a coroutine; for the bounded C-simulation only."""
    top = top_name(name, schedule)
    lines = [
        f"// Top function of {name} with every process as a coroutine; for simulation with real FIFO depths only.",
        f'#include "{top}.h"',
        "",
        f'extern "C" void {top}({", ".join(p.text for p in _parameters(schedule))}) {{',
    ]
    writer_of: dict[SSAValue, str] = {}
    for node in schedule.nodes:
        for value in node.writes:
            if isinstance(value.owner, BufferOp):
                writer_of[value] = node.label.data
    for op in schedule.body.block.ops:
        if isinstance(op, StreamOp):
            assert isinstance(op.channel.type, StreamType)
            label = op.label.data
            lines.append(f'  hls::stream<{c_type(op.channel.type.element_type)}> {label}("{label}", {_depth(op)});')
        elif isinstance(op, BufferOp):
            assert isinstance(op.channel.type, MemRefType)
            shape = "".join(f"[{e}]" for e in op.channel.type.get_shape()) or "[1]"
            lines.append(f"  {c_type(op.channel.type.element_type)} {op.label.data}{shape};")
    for node, call in _calls(schedule):
        after = ", ".join(f'"{writer_of[v]}"' for v in node.reads if v in writer_of)
        lines.append(
            f'  dfc::process("{call.function}", {{{after}}}, [&] {{ {call.function}({", ".join(call.arguments)}); }});'
        )
    return "\n".join([*lines, "  dfc::run();", "}"]) + "\n"
