"""Walks a module of MLIR's Python bindings into xDSL ops; text is parsed for types and attributes only, each once."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from xdsl.context import Context
from xdsl.dialects import arith, builtin, func, math, tensor
from xdsl.dialects.linalg import Linalg
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.irdl import IRDLOperation
from xdsl.parser import Parser

from dataflowc.contracts import NUMPY_DTYPES
from dataflowc.diagnostics import SourceLocation
from dataflowc.dialects.attributes import SourceAttr
from dataflowc.dialects.names import identifier
from dataflowc.frontends.rank_zero import broadcast_scalar

TENSOR_OPS = frozenset(
    {
        "tensor.empty",
        "tensor.pad",
        "tensor.concat",
        "tensor.extract_slice",
        "tensor.insert_slice",
        "tensor.expand_shape",
        "tensor.collapse_shape",
        "tensor.extract",
        "tensor.splat",
        "tensor.yield",
    }
)
LINALG_OPS = frozenset({"linalg.generic", "linalg.yield", "linalg.index"})
_FREE_DIALECTS = ("arith.", "math.")
_DROPPED = frozenset({"linalg.memoized_indexing_maps", "torch.assume_strict_symbolic_shapes"})


def is_allowed(name: str) -> bool:
    """True for the ops of the linalg level."""
    return name in TENSOR_OPS or name in LINALG_OPS or name in ("func.return",) or name.startswith(_FREE_DIALECTS)


def linalg_context() -> Context:
    """An xDSL context with the dialects of the linalg level."""
    context = Context()
    for dialect in (builtin.Builtin, func.Func, arith.Arith, math.Math, Linalg, tensor.Tensor):
        context.load_dialect(dialect)
    return context


@dataclass(slots=True)
class Leftover:
    """An op that is not of the linalg level, and where it comes from."""

    name: str
    source: SourceLocation | None


@dataclass(slots=True)
class WalkResult:
    """The xDSL function, the constants taken out of it (one leading argument each), and ops it must not hold."""

    function: func.FuncOp
    hoisted: list[np.ndarray] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)


def walk_function(native: Any, source_of: Callable[[Any], SourceLocation | None]) -> WalkResult:
    """The xDSL form of the bindings' `func.func` op; `source_of` tells the source of an op of the bindings."""
    return _Walker(source_of).function(native)


def hoist_constants(function: func.FuncOp) -> list[np.ndarray]:
    """Turn every tensor constant that is not a splat into a leading argument; their elements, in that order."""
    block = function.body.block
    hoisted: list[np.ndarray] = []
    for op in list(block.ops):
        if isinstance(op, arith.ConstantOp) and isinstance(op.value, builtin.DenseIntOrFPElementsAttr):
            if op.value.is_splat():
                continue
            shape = op.value.get_shape()
            dtype = NUMPY_DTYPES.get(str(op.value.get_element_type()), np.float64)
            argument = block.insert_arg(op.result.type, len(hoisted))
            hoisted.append(np.array(op.value.get_values(), dtype=dtype).reshape(shape))
            op.result.replace_all_uses_with(argument)
            block.erase_op(op)
    function.update_function_type()
    return hoisted


def unsupported_ops(function: func.FuncOp) -> list[Leftover]:
    """The ops in `function` that are not of the linalg level."""
    return [Leftover(op.name, None) for op in function.body.walk() if not is_allowed(op.name)]


class _Walker:
    """Converts one function."""

    def __init__(self, source_of: Callable[[Any], SourceLocation | None]) -> None:
        self._context = linalg_context()
        self._source_of = source_of
        self._types: dict[str, Attribute] = {}
        self._attributes: dict[str, Attribute] = {}
        self._values: dict[Any, SSAValue] = {}
        self._hoisted: list[tuple[Block, Any, np.ndarray]] = []
        self._leftovers: list[Leftover] = []

    def function(self, native: Any) -> WalkResult:
        native_block = native.regions[0].blocks[0]
        block = Block(arg_types=[self._type(argument.type) for argument in native_block.arguments])
        self._values.update(zip(native_block.arguments, block.args, strict=True))
        hoisted: list[np.ndarray] = []
        for native_op in native_block.operations:
            native_op = native_op.operation
            data = _dense_data(native_op)
            if data is not None:
                result = native_op.results[0]
                self._values[result] = block.insert_arg(self._type(result.type), len(hoisted))
                hoisted.append(data)
                continue
            ops = self._widened_scalar(native_op)
            if ops is None:
                op = self._op(native_op)
                ops = () if op is None else (op,)
            for op in ops:
                self._annotate(op, self._source_of(native_op))
                block.add_op(op)
        _fill_sources(block)
        results = [] if block.last_op is None else [operand.type for operand in block.last_op.operands]
        body = Region([block])
        function = func.FuncOp("main", (list(block.arg_types), results), body)
        return WalkResult(function, hoisted, self._leftovers)

    def _widened_scalar(self, native: Any) -> tuple[Operation, ...] | None:
        """The ops for an expand_shape of rank 0; None for any other op."""
        if native.name != "tensor.expand_shape":
            return None
        source, result = self._values[native.operands[0]], self._type(native.results[0].type)
        if not isinstance(source.type, builtin.TensorType) or source.type.get_num_dims():
            return None
        assert isinstance(result, builtin.TensorType)
        empty, generic = broadcast_scalar(source, result)
        self._values[native.results[0]] = generic.res[0]
        return empty, generic

    def _op(self, native: Any) -> Operation | None:
        """One op with its regions; None and a leftover if it is not of the linalg level."""
        kind = self._context.get_optional_op(native.name)
        if kind is None or not is_allowed(native.name) or _uses_doubles(native):
            self._leftovers.append(Leftover(native.name, self._source_of(native)))
            for result in native.results:
                self._values[result] = _placeholder(self._type(result.type))
            return None
        assert issubclass(kind, IRDLOperation)
        inherent = kind.get_irdl_definition().properties
        properties: dict[str, Attribute] = {}
        attributes: dict[str, Attribute] = {}
        for index in range(len(native.attributes)):
            named = native.attributes[index]
            if named.name not in _DROPPED:
                # The bindings do not tell inherent from discardable attributes; the op's definition does.
                (properties if named.name in inherent else attributes)[named.name] = self._attribute(named.attr)
        op = kind.create(
            operands=[self._values[operand] for operand in native.operands],
            result_types=[self._type(result.type) for result in native.results],
            properties=properties,
            attributes=attributes,
            regions=[self._region(region) for region in native.regions],
        )
        self._values.update(zip(native.results, op.results, strict=True))
        return op

    def _region(self, native: Any) -> Region:
        blocks = []
        for native_block in native.blocks:
            block = Block(arg_types=[self._type(argument.type) for argument in native_block.arguments])
            self._values.update(zip(native_block.arguments, block.args, strict=True))
            for inner in native_block.operations:
                op = self._op(inner.operation)
                if op is not None:
                    block.add_op(op)
            blocks.append(block)
        return Region(blocks)

    def _type(self, native: Any) -> Attribute:
        text = str(native)
        if text not in self._types:
            self._types[text] = Parser(self._context, text).parse_type()
        return self._types[text]

    def _attribute(self, native: Any) -> Attribute:
        text = str(native)
        if text not in self._attributes:
            self._attributes[text] = (
                _splat_of_bits(text, self._context) or Parser(self._context, text).parse_attribute()
            )
        return self._attributes[text]

    def _annotate(self, op: Operation, source: SourceLocation | None) -> None:
        if source is not None:
            op.attributes["source"] = SourceAttr.get(source.layer, source.op, source.file, source.line)


def _splat_of_bits(text: str, context: Context) -> Attribute | None:
    """The constant `dense<0xFF800000> : tensor<4xf32>`: infinities and NaN are written as their bits, which xDSL's
    parser takes for an integer. None for any other text."""
    match = re.fullmatch(r"dense<0x([0-9A-Fa-f]{8})> : (tensor<.*xf32>|tensor<f32>)", text)
    if match is None:
        return None
    (value,) = struct.unpack(">f", bytes.fromhex(match[1]))
    type_ = Parser(context, match[2]).parse_type()
    assert isinstance(type_, builtin.TensorType)
    return builtin.DenseIntOrFPElementsAttr.from_list(type_, [value])


def _uses_doubles(native: Any) -> bool:
    """True for scalar arithmetic in f64, which the lowering of some ops falls back to."""
    return any(str(value.type) == "f64" for value in (*native.operands, *native.results))


def _placeholder(kind: Attribute) -> SSAValue:
    """Stands for the result of an op that cannot be converted; the module is thrown away."""
    return Block(arg_types=[kind]).args[0]


def _dense_data(native: Any) -> np.ndarray | None:
    """The elements of a tensor constant that is not a splat, else None."""
    if native.name != "arith.constant":
        return None
    value = native.attributes["value"]
    if not str(native.results[0].type).startswith("tensor<") or getattr(value, "is_splat", False):
        return None
    return np.array(value)


def _fill_sources(block: Block) -> None:
    """Give every op without a source that of what uses it, else of what it uses; and name results."""
    for op in reversed(list(block.ops)):
        if "source" not in op.attributes:
            users = [use.operation for result in op.results for use in result.uses]
            producers = [operand.owner for operand in op.operands if isinstance(operand.owner, Operation)]
            around = (other.attributes.get("source") for other in (*_top_level(users, block), *producers))
            found = next((source for source in around if source is not None), None)
            if found is not None:
                op.attributes["source"] = found
    for op in block.ops:
        source = op.attributes.setdefault("source", SourceAttr.get("", "", "", 0))
        if isinstance(source, SourceAttr) and (source.layer.data or source.op.data) and op.operands:
            hint = identifier("_".join(filter(None, (source.layer.data, source.op.data))))
            for result in op.results:
                result.name_hint = hint


def _top_level(ops: list[Operation], block: Block) -> list[Operation]:
    """The ops of `block` that hold `ops`, in block order of use."""
    found = []
    for op in ops:
        current: Operation | None = op
        while current is not None and current.parent_block() is not block:
            current = current.parent_op()
        if current is not None:
            found.append(current)
    return found
