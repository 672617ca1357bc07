"""Removes what computes nothing, and results that nobody reads, from the exported graph."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import torch
from torch.fx import Node

from dataflowc.frontends.program import TorchProgram, dtype_of, shape_of

aten = torch.ops.aten

_COPIES = (
    aten.alias.default,
    aten.clone.default,
    aten.detach.default,
    aten.detach_.default,
    aten.contiguous.default,
    aten.lift_fresh_copy.default,
    aten.dropout.default,
    aten.native_dropout.default,
    aten.alias_copy.default,
)
_RESHAPES = (
    aten.view.default,
    aten._unsafe_view.default,
    aten.reshape.default,
    aten.expand.default,
    aten.slice.Tensor,
    aten.constant_pad_nd.default,
)
_CASTS = (aten._to_copy.default, aten.to.dtype, aten._assert_tensor_metadata.default)
_SQUEEZES = (aten.squeeze.dims, aten.squeeze.dim, aten.squeeze.default)
_COMPARISONS = {
    aten.eq.Scalar: aten.eq.Tensor,
    aten.ne.Scalar: aten.ne.Tensor,
    aten.lt.Scalar: aten.lt.Tensor,
    aten.le.Scalar: aten.le.Tensor,
    aten.gt.Scalar: aten.gt.Tensor,
    aten.ge.Scalar: aten.ge.Tensor,
}
_NEUTRAL = {aten.add.Tensor: 0, aten.sub.Tensor: 0, aten.mul.Tensor: 1, aten.div.Tensor: 1}


def tidy_graph(program: TorchProgram) -> None:
    """Drop identities, checks and unused second results.

    Before: `%d = dropout(%x, p, False); %p = max_pool2d_with_indices(%d); %y = getitem(%p, 0)`.
    After: `%y = max_pool2d(%x)`.
    """
    for node in program.calls():
        if node.target in (aten._assert_tensor_metadata.default, aten._assert_async.msg):
            program.graph.erase_node(node)
        elif node.target is operator.getitem:
            _keep_first_result(program, node)
        elif node.target in _SQUEEZES:
            shape = list(shape_of(node))
            program.replace(node, program.insert_before(node, aten.view.default, (node.args[0], shape), node))
        elif _is_identity(node):
            program.replace(node, _argument(node, 0))
    program.erase_dead()


def round_scalars(program: TorchProgram) -> None:
    """Round number arguments of single-precision ops to single precision, as PyTorch's kernels do.

    The lowering writes numbers as doubles; only those that are exact in f32 lose their conversion there.
    Before: `add(%x, 1e-6)`. After: `add(%x, 9.999999974752427e-07)`.
    """
    for node in program.calls():
        if node.target in _COMPARISONS and dtype_of(_argument(node, 0)) == torch.float32:
            # Not rank 0: the lowering turns that back into a number, which it compares in double precision.
            ones = [1] * max(1, len(shape_of(node)))
            scalar = program.insert_before(node, aten.full.default, (ones, _rounded(float(node.args[1]))), node)
            scalar.kwargs = {"dtype": torch.float32}
            compared = program.insert_before(node, _COMPARISONS[node.target], (node.args[0], scalar), node)
            shape = list(shape_of(node))
            if not shape:
                compared = program.insert_before(node, aten.view.default, (compared, shape), node)
            program.replace(node, compared)
        elif isinstance(node.meta.get("val"), torch.Tensor) and dtype_of(node) == torch.float32:
            node.args = tuple(_rounded(arg) for arg in (*node.args, *_missing_defaults(node)))
            node.kwargs = {name: _rounded(arg) for name, arg in node.kwargs.items()}


def _missing_defaults(node: Node) -> list[Any]:
    """Default values of trailing positional arguments, up to the last one that is a float."""
    if not isinstance(node.target, torch._ops.OpOverload) or node.kwargs:
        return []
    positional = [argument for argument in node.target._schema.arguments if not argument.kwarg_only]
    missing = [argument.default_value for argument in positional[len(node.args) :]]
    while missing and not isinstance(missing[-1], float):
        missing.pop()
    return missing


def _rounded(value: Any) -> Any:
    return float(np.float32(value)) if isinstance(value, float) else value


def _argument(node: Node, index: int) -> Node:
    argument = node.args[index]
    assert isinstance(argument, Node)
    return argument


def _is_identity(node: Node) -> bool:
    if not node.args or not isinstance(node.args[0], Node) or not isinstance(node.meta.get("val"), torch.Tensor):
        return False
    source = node.args[0]
    if dtype_of(source) != dtype_of(node) or shape_of(source) != shape_of(node):
        return False
    if node.target in _COPIES or node.target in _CASTS or node.target in _RESHAPES:
        return not _is_cropping_pad(node)
    if node.target is aten.permute.default:
        return _is_identity_permutation(node.args[1])
    neutral = _NEUTRAL.get(node.target)
    return neutral is not None and _is_number(node.args[1], neutral)


def _is_cropping_pad(node: Node) -> bool:
    """A pad that adds on one side what it cuts on the other keeps the shape and is no identity."""
    return node.target is aten.constant_pad_nd.default and any(node.args[1])  # type: ignore[arg-type]


def _is_identity_permutation(dims: Any) -> bool:
    return [dim % len(dims) for dim in dims] == list(range(len(dims)))


def _is_number(value: Any, number: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == number


def _keep_first_result(program: TorchProgram, item: Node) -> None:
    """Replace (value, index) ops by the form without the index, when the index has no user."""
    whole = _argument(item, 0)
    if item.args[1] != 0 or any(user.args[1] != 0 for user in whole.users):
        return
    match whole.target:
        case aten.max_pool2d_with_indices.default:
            new = program.insert_before(whole, aten.max_pool2d.default, whole.args, whole)
        case aten.max.dim | aten.min.dim:
            reduce = aten.amax.default if whole.target is aten.max.dim else aten.amin.default
            dim, *keep = whole.args[1:]
            new = program.insert_before(whole, reduce, (whole.args[0], [dim], *keep), whole)
        case _:
            return
    for user in list(whole.users):
        program.replace(user, new)
    program.graph.erase_node(whole)
