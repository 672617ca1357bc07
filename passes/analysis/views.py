"""Views: tensor ops that only rename elements. They become index functions and cost nothing.

`resolve` follows an operand through its views to the tensor that holds the data and returns the index into that tensor,
as a function of the consumer's loops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from xdsl.dialects import arith, tensor
from xdsl.dialects.builtin import (
    AnyFloat,
    Attribute,
    DenseIntOrFPElementsAttr,
    FloatAttr,
    IndexType,
    IntegerAttr,
    IntegerType,
    TensorType,
)
from xdsl.dialects.linalg import ops as linalg
from xdsl.ir import BlockArgument, Operation, SSAValue
from xdsl.ir.affine import AffineDimExpr, AffineMap

from dataflowc.diagnostics import UserError
from dataflowc.dialects.levels import is_splat
from dataflowc.passes.analysis.linear import (
    Domain,
    Index,
    Linear,
    add_index,
    divmod_index,
    evaluate,
    scale_index,
)


@dataclass(frozen=True, slots=True)
class Access:
    """What a consumer reads: `index` into `value`, or the splat `constant`, or neither (undefined contents)."""

    value: SSAValue | None
    index: tuple[Index, ...] = ()
    constant: Attribute | None = None

    @property
    def is_linear(self) -> bool:
        """Whether every index is linear in the consumer's loops."""
        return all(isinstance(i, Linear) for i in self.index)


def shape_of(value: SSAValue) -> tuple[int, ...]:
    """Shape of a tensor value; () for a scalar."""
    return value.type.get_shape() if isinstance(value.type, TensorType) else ()


def element_of(value: SSAValue) -> Attribute:
    """Element type of a tensor value."""
    assert isinstance(value.type, TensorType)
    return value.type.element_type


def maps_of(op: linalg.GenericOp) -> list[AffineMap]:
    """Indexing maps, inputs first."""
    return [attr.data for attr in op.indexing_maps]


def copied_operand(op: Operation) -> int | None:
    """Position of the input that a generic copies unchanged to its only result; None if it does anything else."""
    if not isinstance(op, linalg.GenericOp) or len(op.outputs) != 1 or not op.res:
        return None
    block = op.body.block
    last = block.last_op
    assert last is not None
    if len(list(block.ops)) != 1 or not isinstance(last.operands[0], BlockArgument):
        return None
    position = last.operands[0].index
    if position >= len(op.inputs) or any(k.data.value != "parallel" for k in op.iterator_types):
        return None
    return position if _is_permutation(maps_of(op)[-1]) else None


def _is_permutation(map_: AffineMap) -> bool:
    dims = [r.position for r in map_.results if isinstance(r, AffineDimExpr)]
    return len(dims) == len(map_.results) == map_.num_dims and len(set(dims)) == map_.num_dims


def is_view(op: Operation) -> bool:
    """Whether `op` only renames, repeats or undefines elements, or is a scalar constant."""
    if isinstance(op, arith.ConstantOp | tensor.EmptyOp | tensor.SplatOp):
        return True
    if isinstance(op, tensor.ExpandShapeOp | tensor.CollapseShapeOp | tensor.CastOp):
        return True
    return copied_operand(op) is not None


def resolve(value: SSAValue, index: Sequence[Index], domain: Domain) -> Access:
    """Follow `value` through views up to a task result, function argument or constant. May raise `NeedSplit`."""
    op = value.owner
    if not isinstance(op, Operation) or not is_view(op):
        return Access(value, tuple(index))
    match op:
        case arith.ConstantOp():
            return Access(None, constant=_splat(op.value))
        case tensor.EmptyOp():
            return Access(None)
        case tensor.SplatOp():
            return resolve(op.input, (), domain)
        case tensor.CastOp():
            return resolve(op.source, index, domain)
        case tensor.ExpandShapeOp():
            return resolve(op.src, _merge(index, shape_of(op.result), _groups(op)), domain)
        case tensor.CollapseShapeOp():
            return resolve(op.src, _digits(index, shape_of(op.src), _groups(op), domain), domain)
        case linalg.GenericOp():
            return _through_copy(op, index, domain)
        case _:
            raise AssertionError(f"{op.name} is not a view")


def _splat(attribute: Attribute) -> Attribute:
    """The scalar of a scalar or splat constant. Raises UserError for an array whose elements differ."""
    if isinstance(attribute, IntegerAttr | FloatAttr):
        return attribute
    scalar = splat_of(attribute)
    if scalar is None:
        raise UserError(
            "DF215",
            "a constant array whose elements differ stands in the text of the module",
            notes=[str(attribute)[:80]],
            hint='make it an argument with dataflow.role = "weight", as the front ends do',
        )
    return scalar


def splat_of(attribute: Attribute) -> IntegerAttr | FloatAttr | None:
    """The one value of a dense constant; None if its elements differ or are not in the text."""
    if not isinstance(attribute, DenseIntOrFPElementsAttr) or not is_splat(attribute):
        return None
    element, values = attribute.get_element_type(), attribute.get_values()
    if isinstance(element, AnyFloat):
        return FloatAttr(float(values[0]), element)
    assert isinstance(element, IntegerType | IndexType)
    return IntegerAttr(int(values[0]), element)


def _groups(op: tensor.ExpandShapeOp | tensor.CollapseShapeOp) -> list[list[int]]:
    return [[i.value.data for i in group] for group in op.reassociation]


def _merge(index: Sequence[Index], shape: Sequence[int], groups: list[list[int]]) -> list[Index]:
    """Index into the source of an expand_shape: each group of result dimensions is one number."""
    merged: list[Index] = []
    for group in groups:
        total: Index = Linear()
        for place, dim in enumerate(group):
            weight = prod(shape[d] for d in group[place + 1 :])
            total = add_index(total, scale_index(index[dim], weight))
        merged.append(total)
    return merged


def _digits(index: Sequence[Index], shape: Sequence[int], groups: list[list[int]], domain: Domain) -> list[Index]:
    """Index into the source of a collapse_shape: each result index is cut into the digits of its group."""
    if not groups:
        return [Linear() for _ in shape]
    digits: list[Index] = []
    for rest, group in zip(index, groups, strict=True):
        for place, dim in enumerate(group):
            weight = prod(shape[d] for d in group[place + 1 :])
            if shape[dim] == 1:
                digits.append(Linear())
                continue
            digit, rest = divmod_index(rest, weight, domain)
            digits.append(digit)
    return digits


def _through_copy(op: linalg.GenericOp, index: Sequence[Index], domain: Domain) -> Access:
    position = copied_operand(op)
    assert position is not None
    maps = maps_of(op)
    loops: list[Index] = [Linear()] * maps[-1].num_dims
    for result, expr in zip(maps[-1].results, index, strict=True):
        assert isinstance(result, AffineDimExpr)
        loops[result.position] = expr
    source_index = [evaluate(expr, loops, domain) for expr in maps[position].results]
    return resolve(op.inputs[position], source_index, domain)
