"""Folds batch normalisation into the convolution or matrix product before it, offline and in double precision."""

from __future__ import annotations

import operator
from dataclasses import dataclass

import torch
from torch.fx import Node

from dataflowc.frontends.fold_constants import ConstantValues
from dataflowc.frontends.program import Constant, TorchProgram, shape_of
from dataflowc.frontends.sources import layer_of

aten = torch.ops.aten

_BATCH_NORMS = (aten._native_batch_norm_legit_no_training.default,)


@dataclass(frozen=True, slots=True)
class _Affine:
    """y = x * scale + shift per channel, in f64."""

    scale: torch.Tensor
    shift: torch.Tensor


def fold_batch_norms(program: TorchProgram) -> None:
    """Fold every batch norm with constant statistics.

    Before: `%c = convolution(%x, %w, %b); %y = batch_norm(%c, ...)`, `%c` without other users.
    After: `%y = convolution(%x, %w', %b')`. Where nothing can take it, it becomes `%c * scale + shift`.
    """
    values = ConstantValues(program)
    for norm in program.calls():
        if norm.target not in _BATCH_NORMS:
            continue
        results = [user for user in norm.users if user.target is operator.getitem and user.args[1] == 0]
        if len(results) != len(norm.users) or not all(values.is_constant(arg) for arg in _statistics(norm)):
            continue
        replacement = _fold(program, norm, values)
        for result in results:
            program.replace(result, replacement)
        program.graph.erase_node(norm)
    program.erase_dead()


def _statistics(norm: Node) -> list[Node]:
    """Weight, bias, mean and variance of a batch norm, those that are there."""
    return [arg for arg in norm.args[1:5] if isinstance(arg, Node)]


def _affine_of(norm: Node, values: ConstantValues) -> _Affine:
    weight, bias, mean, variance = (
        values.evaluate(arg).double() if isinstance(arg, Node) else None for arg in norm.args[1:5]
    )
    eps = norm.args[6]
    assert mean is not None and variance is not None and isinstance(eps, float)
    scale = torch.rsqrt(variance + eps)
    scale = scale if weight is None else scale * weight
    shift = -mean * scale
    return _Affine(scale, shift if bias is None else shift + bias)


def _fold(program: TorchProgram, norm: Node, values: ConstantValues) -> Node:
    """The node that takes the place of the batch norm's first result."""
    source = norm.args[0]
    assert isinstance(source, Node)
    affine = _affine_of(norm, values)
    if len(source.users) == 1 and source.op == "call_function":
        if source.target is aten.convolution.default and _constant_parameters(source.args[1:3], values):
            return _into_convolution(program, source, affine, values)
        if source.target is aten.addmm.default and _constant_parameters((source.args[0], source.args[2]), values):
            return _into_product(program, source, affine, values)
        if source.target is aten.mm.default and _constant_parameters(source.args[1:2], values):
            return _into_product(program, source, affine, values)
    return _as_scale_and_shift(program, norm, source, affine)


def _constant_parameters(args: object, values: ConstantValues) -> bool:
    assert isinstance(args, tuple)
    return all(arg is None or values.is_constant(arg) for arg in args)


def _into_convolution(program: TorchProgram, conv: Node, affine: _Affine, values: ConstantValues) -> Node:
    _, weight, bias, *_ = conv.args
    assert isinstance(weight, Node)
    old = values.evaluate(weight).double()
    new = old * affine.scale.reshape(-1, *[1] * (old.dim() - 1))
    old_bias = values.evaluate(bias).double() if isinstance(bias, Node) else None
    shift = affine.shift if old_bias is None else old_bias * affine.scale + affine.shift
    weight_name = values.name_of(weight)
    bias_name = values.name_of(bias) if isinstance(bias, Node) else _sibling(weight_name, "bias")
    args = list(conv.args)
    args[1] = _constant(program, weight_name, new, conv)
    args[2] = _constant(program, bias_name, shift, conv)
    conv.args = tuple(args)
    return conv


def _into_product(program: TorchProgram, product: Node, affine: _Affine, values: ConstantValues) -> Node:
    """`addmm(bias, x, w)` or `mm(x, w)` with w of shape (in, out)."""
    *bias, data, weight = product.args
    assert isinstance(weight, Node) and isinstance(data, Node)
    weight_name = values.name_of(weight)
    new = _constant(program, weight_name, values.evaluate(weight).double() * affine.scale, product)
    shift, bias_name = affine.shift, _sibling(weight_name, "bias")
    if bias and isinstance(bias[0], Node):
        shift = values.evaluate(bias[0]).double() * affine.scale + shift
        bias_name = values.name_of(bias[0])
    shifted = _constant(program, bias_name, shift, product)
    folded = program.insert_before(product, aten.addmm.default, (shifted, data, new), product)
    program.replace(product, folded)
    return folded


def _as_scale_and_shift(program: TorchProgram, norm: Node, source: Node, affine: _Affine) -> Node:
    tail = [1] * (len(shape_of(source)) - 2)
    layer = layer_of(norm) or norm.name
    scale = _constant(program, f"{layer}.scale", affine.scale.reshape(-1, *tail), norm)
    shift = _constant(program, f"{layer}.shift", affine.shift.reshape(-1, *tail), norm)
    scaled = program.insert_before(norm, aten.mul.Tensor, (source, scale), norm)
    return program.insert_before(norm, aten.add.Tensor, (scaled, shift), norm)


def _constant(program: TorchProgram, name: str, value: torch.Tensor, like: Node) -> Node:
    return program.add_constant(Constant(name, value.float().contiguous()), like)


def _sibling(name: str, last: str) -> str:
    """`layer1.conv.bias` for `layer1.conv.weight`."""
    stem, _, _ = name.rpartition(".")
    return f"{stem}.{last}" if stem else last
