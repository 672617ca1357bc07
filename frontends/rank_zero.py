"""A scalar tensor given unit dimensions, in a form that xDSL takes."""

from __future__ import annotations

from xdsl.dialects import tensor
from xdsl.dialects.builtin import AffineMapAttr, ArrayAttr, TensorType
from xdsl.dialects.linalg import ops as linalg
from xdsl.dialects.linalg.attrs import IteratorTypeAttr
from xdsl.ir import Block, Region, SSAValue
from xdsl.ir.affine import AffineMap


def broadcast_scalar(source: SSAValue, result: TensorType) -> tuple[tensor.EmptyOp, linalg.GenericOp]:
    """The tensor `result`, all dimensions 1, from `source` of rank 0.

    Before: `tensor.expand_shape %x [] : tensor<f32> into tensor<1x1xf32>`, which xDSL's verifier refuses.
    After: a `linalg.generic` that yields its only input.
    """
    rank = len(result.get_shape())
    empty = tensor.EmptyOp([], result)
    block = Block(arg_types=[result.element_type, result.element_type])
    block.add_op(linalg.YieldOp(block.args[0]))
    maps = [AffineMap(rank, 0, ()), AffineMap.identity(rank)]
    generic = linalg.GenericOp(
        [source],
        [empty.tensor],
        Region(block),
        ArrayAttr([AffineMapAttr(each) for each in maps]),
        ArrayAttr([IteratorTypeAttr.parallel()] * rank),
        [result],
    )
    return empty, generic
