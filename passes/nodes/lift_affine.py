"""`lift-affine`: a function of affine loops on memrefs (a C kernel) becomes a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from xdsl.context import Context
from xdsl.dialects import affine, func, memref
from xdsl.dialects.builtin import MemRefType, ModuleOp, TensorType
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import AffineMap
from xdsl.passes import ModulePass

from dataflowc.diagnostics import SourceLocation, UnsupportedOp
from dataflowc.dialects.attributes import OrderAttr
from dataflowc.dialects.effects import loads_from, stores_to
from dataflowc.passes.analysis.linear import Linear
from dataflowc.passes.analysis.loops import constant_bound, trip_count
from dataflowc.passes.nodes.channels import Channels
from dataflowc.passes.nodes.function import argument_names, replace_function
from dataflowc.passes.nodes.generic_node import fill
from dataflowc.passes.nodes.plan import Slab
from dataflowc.passes.nodes.writer import NodeWriter

_BODY_DIALECTS = ("affine.", "arith.", "math.", "memref.")


@dataclass(frozen=True)
class LiftAffinePass(ModulePass):
    """Turn `func @main(memrefs) { affine loops }` into loaders, one compute node on local arrays, and storers.

    Before: `func @main(%a : memref<8x8xf32>, %c : memref<8x8xf32>) { affine.for ... }`
    After:  `load_a -> kernel (a local copy of every argument, the loops unchanged) -> store_c`

    An argument that is stored gets an output port. It gets an input port too if it is loaded, or if the kernel may
    leave some of its elements as they were. The level before is affine text as a front end gives it, the level after
    is `nodes`.
    """

    name = "lift-affine"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Lift every function that works on memrefs."""
        for main in list(op.body.block.ops):
            if isinstance(main, func.FuncOp) and is_affine_function(main):
                _check(main)
                _lift(main)


def is_affine_function(main: func.FuncOp) -> bool:
    """Whether all arguments are arrays in memory and nothing is a tensor."""
    arguments = main.body.block.args
    return bool(arguments) and all(isinstance(a.type, MemRefType) for a in arguments)


def _check(main: func.FuncOp) -> None:
    """Report everything that has no place in a kernel, together."""
    notes = []
    for op in main.body.block.walk():
        if isinstance(op, func.ReturnOp):
            if op.operands:
                notes.append("func.return gives values; write results into an argument instead")
        elif not op.name.startswith(_BODY_DIALECTS):
            notes.append(f"{op.name}: only affine, arith, math and memref ops may stand in a kernel")
        elif op.name.startswith("memref.") and not isinstance(op, memref.AllocOp | memref.AllocaOp | memref.DeallocOp):
            notes.append(f"{op.name}: use affine.load and affine.store")
        for value in op.results:
            if isinstance(value.type, TensorType | MemRefType) and not value.type.has_static_shape():
                notes.append(f"{op.name}: the shape {value.type} is not static")
    if notes:
        raise UnsupportedOp(
            "DF160",
            "the kernel uses what cannot be lowered",
            where=SourceLocation(op=main.sym_name.data),
            notes=list(dict.fromkeys(notes)),
            hint="bring the function into affine form (static shapes, affine subscripts, no calls)",
        )


def _lift(main: func.FuncOp) -> None:
    block = main.body.block
    names = [name for _, name in argument_names(main)]
    channels = Channels({})
    writer = NodeWriter(channels.label(f"{main.sym_name.data}_kernel"), None)
    mapping: dict[SSAValue, SSAValue] = {}
    stored: list[tuple[SSAValue, str]] = []
    for argument, name in zip(block.args, names, strict=True):
        assert isinstance(argument.type, MemRefType)
        shape, element = argument.type.get_shape(), argument.type.element_type
        local = writer.buffer(name, element, shape)
        mapping[argument] = local
        order = OrderAttr.row_major(shape)
        if loads_from(argument) or not _is_filled(argument):
            port = channels.port("input", name, element, prod(shape))
            stream = channels.stream(f"{name}_in", element, order)
            _copy(channels, f"load_{name}", port, stream, prod(shape))
            fill(
                writer, writer.reading(stream, f"{name}_in"), local, Slab(0, order.data, shape, (), keep_rank=True), -1
            )
        if stores_to(argument):
            stored.append((argument, name))
    for op in block.ops:
        if not isinstance(op, func.ReturnOp | memref.DeallocOp):
            _clone(op, writer, mapping)
    drains = []
    for argument, name in stored:
        assert isinstance(argument.type, MemRefType)
        shape, element = argument.type.get_shape(), argument.type.element_type
        stream = channels.stream(f"{name}_out", element, OrderAttr.row_major(shape))
        loops = [(v, extent, f"d{v}") for v, extent in enumerate(shape)]
        with writer.loops(loops, "drain"):
            value = writer.load(mapping[argument], [Linear.of(v).affine() for v in range(len(shape))])
            writer.put(value, writer.writing(stream, f"{name}_out"))
        drains.append((stream, name, element, prod(shape)))
    channels.add(writer.finish())
    for stream, name, element, elements in drains:
        _copy(channels, f"store_{name}", stream, channels.port("output", name, element, elements), elements)
    replace_function(main, channels)


def _is_filled(array: SSAValue) -> bool:
    """Whether some unguarded store walks every element: its index is the counters of as many loops over the extents."""
    assert isinstance(array.type, MemRefType)
    shape = array.type.get_shape()
    return any(isinstance(op, affine.StoreOp) and _walks_all(op, shape) for op in stores_to(array))


def _walks_all(store: affine.StoreOp, shape: tuple[int, ...]) -> bool:
    if store.map.data != AffineMap.identity(len(shape)):
        return False
    counters = {}
    parent = store.parent_op()
    while isinstance(parent, affine.ForOp):
        starts_at_0 = constant_bound(parent.lowerBoundMap.data) == 0 and parent.step.value.data == 1
        counters[parent.body.block.args[0]] = trip_count(parent) if starts_at_0 else None
        parent = parent.parent_op()
    if not isinstance(parent, func.FuncOp):
        return False
    return len(set(store.indices)) == len(shape) and all(
        counters.get(index) == extent for index, extent in zip(store.indices, shape, strict=True)
    )


def _clone(op: Operation, writer: NodeWriter, mapping: dict[SSAValue, SSAValue]) -> None:
    """Copy an op of the kernel; allocations, also nested ones, become local buffers of the node."""
    for inner in op.walk():
        if isinstance(inner, memref.AllocOp | memref.AllocaOp):
            assert isinstance(inner.memref.type, MemRefType)
            type_ = inner.memref.type
            mapping[inner.memref] = writer.buffer(
                inner.memref.name_hint or "local", type_.element_type, type_.get_shape()
            )
    if isinstance(op, memref.AllocOp | memref.AllocaOp):
        return
    clone = writer.add(op.clone(value_mapper=mapping))
    mapping.update(zip(op.results, clone.results, strict=True))
    for inner in list(clone.walk()):
        if isinstance(inner, memref.AllocOp | memref.AllocaOp | memref.DeallocOp):
            inner.detach()
            inner.erase()


def _copy(channels: Channels, label: str, source: SSAValue, target: SSAValue, elements: int) -> None:
    """A process that moves a flat array: memory to stream, or stream to memory."""
    writer = NodeWriter(channels.label(label), None)
    index = [Linear.of(0).affine()]
    with writer.loop(0, elements, "i", "load" if isinstance(source.type, MemRefType) else "store"):
        if isinstance(source.type, MemRefType):
            writer.put(writer.load(writer.reading(source), index), writer.writing(target))
        else:
            writer.store(writer.take(writer.reading(source)), writer.writing(target), index)
    channels.add(writer.finish())
