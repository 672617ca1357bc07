"""`lift-affine`: a function of affine loops on memrefs (a C kernel) becomes a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from xdsl.context import Context
from xdsl.dialects import affine, func, memref
from xdsl.dialects.builtin import MemRefType, ModuleOp, TensorType
from xdsl.ir import SSAValue
from xdsl.ir.affine import AffineDimExpr, AffineSymExpr
from xdsl.passes import ModulePass

from dataflowc.dialects.attributes import OrderAttr
from dataflowc.dialects.effects import loads_from, stores_to
from dataflowc.passes.analysis.linear import Linear
from dataflowc.passes.analysis.loops import constant_bound, trip_count
from dataflowc.passes.nodes.channels import Channels
from dataflowc.passes.nodes.function import argument_names, replace_function
from dataflowc.passes.nodes.generic_node import fill
from dataflowc.passes.nodes.kernel_form import carry_in_registers, check_kernel
from dataflowc.passes.nodes.plan import Slab
from dataflowc.passes.nodes.writer import NodeWriter


@dataclass(frozen=True)
class LiftAffinePass(ModulePass):
    """Turn `func @main(memrefs) { affine loops }` into loaders, one compute node on local arrays, and storers.

    Before: `func @main(%a : memref<8x8xf32>, %c : memref<8x8xf32>) { affine.for ... }`
    After:  `load_a -> kernel (a local copy of every argument, the loops unchanged) -> store_c`

    An argument that is stored gets an output port. It gets an input port too if it is loaded, or if the kernel may
    leave some of its elements as they were. A number comes through a port of one element. An allocation is a local
    buffer, also one in a loop: its contents are undefined when the loop begins anew. Values that a loop carries are
    kept in registers. The level before is affine text as a front end gives it, the level after is `nodes`.
    """

    name = "lift-affine"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Lift every function that works on memrefs."""
        for main in list(op.body.block.ops):
            if isinstance(main, func.FuncOp) and is_affine_function(main):
                check_kernel(main)
                carry_in_registers(main)
                _lift(main)


def is_affine_function(main: func.FuncOp) -> bool:
    """Whether an argument is an array in memory and none is a tensor."""
    types = main.body.block.arg_types
    return any(isinstance(t, MemRefType) for t in types) and not any(isinstance(t, TensorType) for t in types)


def _lift(main: func.FuncOp) -> None:
    block = main.body.block
    names = [name for _, name in argument_names(main)]
    channels = Channels({})
    writer = NodeWriter(channels.label(f"{main.sym_name.data}_kernel"), None)
    mapping: dict[SSAValue, SSAValue] = {}
    stored: list[tuple[SSAValue, str]] = []
    for argument, name in zip(block.args, names, strict=True):
        if not isinstance(argument.type, MemRefType):
            mapping[argument] = _number(argument, name, channels, writer)
            continue
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
    _place_allocations(main, writer)
    for op in block.ops:
        if not isinstance(op, func.ReturnOp):
            clone = writer.add(op.clone(value_mapper=mapping))
            mapping.update(zip(op.results, clone.results, strict=True))
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
    walked = _plain_operands(store)
    counters = {}
    parent = store.parent_op()
    while isinstance(parent, affine.ForOp):
        starts_at_0 = constant_bound(parent.lowerBoundMap.data) == 0 and parent.step.value.data == 1
        counters[parent.body.block.args[0]] = trip_count(parent) if starts_at_0 else None
        parent = parent.parent_op()
    if not isinstance(parent, func.FuncOp):
        return False
    return len(set(walked)) == len(shape) and all(
        index is not None and counters.get(index) == extent for index, extent in zip(walked, shape, strict=True)
    )


def _plain_operands(store: affine.StoreOp) -> list[SSAValue | None]:
    """The operand that is the index of each dimension; None where the index is computed."""
    operands: list[SSAValue | None] = []
    for expr in store.map.data.results:
        match expr:
            case AffineDimExpr():
                operands.append(store.indices[expr.position])
            case AffineSymExpr():
                operands.append(store.indices[store.map.data.num_dims + expr.position])
            case _:
                operands.append(None)
    return operands


def _number(argument: SSAValue, name: str, channels: Channels, writer: NodeWriter) -> SSAValue:
    """A scalar argument: the one token of a stream from memory, taken before anything else."""
    port = channels.port("input", name, argument.type, 1)
    stream = channels.stream(f"{name}_in", argument.type, OrderAttr.row_major([1]))
    _copy(channels, f"load_{name}", port, stream, 1)
    return writer.take(writer.reading(stream, f"{name}_in"))


def _place_allocations(main: func.FuncOp, writer: NodeWriter) -> None:
    """Allocations, also those in loops, become local buffers of the node."""
    for op in list(main.walk()):
        if isinstance(op, memref.AllocOp | memref.AllocaOp):
            type_ = op.memref.type
            assert isinstance(type_, MemRefType)
            buffer = writer.buffer(op.memref.name_hint or "local", type_.element_type, type_.get_shape())
            op.memref.replace_all_uses_with(buffer)
        elif not isinstance(op, memref.DeallocOp):
            continue
        op.detach()
        op.erase()


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
