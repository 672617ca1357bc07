"""How composite torch ops are taken apart before lowering.

The base is PyTorch's core ATen table. Where it (or the lowering behind it) gives doubles, index outputs, safe-softmax
tests or windows whose size varies, this table gives the plain single-precision form instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from dataflowc.frontends.resampling import RESAMPLING

aten = torch.ops.aten


def decomposition_table() -> dict[Any, Callable[..., Any]]:
    """ATen overload -> decomposition, for `ExportedProgram.run_decompositions`."""
    table = torch.export.default_decompositions()
    # The constant folder handles batch norm itself, with the statistics at hand.
    table.pop(aten._native_batch_norm_legit_no_training.default, None)
    table.update(torch._decomp.get_decompositions(_RECURRENT))
    table.update(RESAMPLING)
    table.update(_TABLE)
    return table


def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """softmax(q k^T * scale + mask) v, with the scale on the scores and a finite mask value."""
    if enable_gqa and key.shape[-3] != query.shape[-3]:
        key, value = (_repeat_heads(part, query.shape[-3] // part.shape[-3]) for part in (key, value))
    scores = torch.matmul(query, key.transpose(-1, -2)) * (1.0 / math.sqrt(query.shape[-1]) if scale is None else scale)
    if is_causal:
        attn_mask = torch.ones(query.shape[-2], key.shape[-2], dtype=torch.bool, device=query.device).tril()
    if attn_mask is not None and attn_mask.dtype == torch.bool:
        scores = torch.where(attn_mask, scores, torch.finfo(scores.dtype).min)
    elif attn_mask is not None:
        scores = scores + attn_mask
    return torch.matmul(_softmax(scores, -1), value)


def _repeat_heads(heads: Tensor, times: int) -> Tensor:
    shape = list(heads.shape)
    expanded = heads.unsqueeze(-3).expand(*shape[:-2], times, *shape[-2:])
    return expanded.reshape(*shape[:-3], shape[-3] * times, *shape[-2:])


def _softmax(x: Tensor, dim: int, half_to_float: bool = False) -> Tensor:
    exponentials = torch.exp(x - torch.amax(x, dim, keepdim=True))
    return exponentials / torch.sum(exponentials, dim, keepdim=True)


def _log_softmax(x: Tensor, dim: int, half_to_float: bool = False) -> Tensor:
    shifted = x - torch.amax(x, dim, keepdim=True)
    return shifted - torch.log(torch.sum(torch.exp(shifted), dim, keepdim=True))


def _native_layer_norm(
    x: Tensor, normalized_shape: Sequence[int], weight: Tensor | None, bias: Tensor | None, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    y, mean, rstd = _normalize(x, list(range(x.dim() - len(normalized_shape), x.dim())), eps)
    return _affine(y, weight, bias), mean, rstd


def _native_group_norm(
    x: Tensor, weight: Tensor | None, bias: Tensor | None, n: int, c: int, hxw: int, group: int, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    y, mean, rstd = _normalize(x.reshape(n, group, c // group * hxw), [2], eps)
    tail = [1] * (x.dim() - 2)
    y = y.reshape(x.shape)
    y = _affine(y, *(part if part is None else part.reshape(c, *tail) for part in (weight, bias)))
    return y, mean.reshape(n, group), rstd.reshape(n, group)


def _batch_norm_without_statistics(
    x: Tensor, weight: Tensor | None, bias: Tensor | None, training: bool, momentum: float, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    dims = [dim for dim in range(x.dim()) if dim != 1]
    y, mean, rstd = _normalize(x, dims, eps)
    tail = [1] * (x.dim() - 2)
    y = _affine(y, *(part if part is None else part.reshape(-1, *tail) for part in (weight, bias)))
    return y, mean.reshape(-1), rstd.reshape(-1)


def _normalize(x: Tensor, dims: list[int], eps: float) -> tuple[Tensor, Tensor, Tensor]:
    mean = torch.mean(x, dims, keepdim=True)
    centered = x - mean
    rstd = torch.rsqrt(torch.mean(centered * centered, dims, keepdim=True) + eps)
    return centered * rstd, mean, rstd


def _affine(y: Tensor, weight: Tensor | None, bias: Tensor | None) -> Tensor:
    y = y if weight is None else y * weight
    return y if bias is None else y + bias


def _rms_norm(
    x: Tensor, normalized_shape: Sequence[int], weight: Tensor | None = None, eps: float | None = None
) -> Tensor:
    dims = list(range(x.dim() - len(normalized_shape), x.dim()))
    epsilon = torch.finfo(x.dtype).eps if eps is None else eps
    return _affine(x * torch.rsqrt(torch.mean(x * x, dims, keepdim=True) + epsilon), weight, None)


def _var(
    x: Tensor, dim: Sequence[int] | None = None, *, correction: float | None = None, keepdim: bool = False
) -> Tensor:
    dims = list(range(x.dim())) if not dim else [d % x.dim() for d in dim]
    count = math.prod(x.shape[d] for d in dims)
    centered = x - torch.mean(x, dims, keepdim=True)
    return torch.sum(centered * centered, dims, keepdim=keepdim) / (count - (1.0 if correction is None else correction))


def _var_mean(
    x: Tensor, dim: Sequence[int] | None = None, *, correction: float | None = None, keepdim: bool = False
) -> tuple[Tensor, Tensor]:
    dims = list(range(x.dim())) if not dim else list(dim)
    return _var(x, dims, correction=correction, keepdim=keepdim), torch.mean(x, dims, keepdim=keepdim)


def _gelu(x: Tensor, approximate: str = "none") -> Tensor:
    """GELU with PyTorch's own constants; torch-mlir's tanh form has sqrt(2 / pi) to four digits only."""
    if approximate == "tanh":
        inner = math.sqrt(2.0 / math.pi) * (x + 0.044715 * (x * x * x))
        return 0.5 * x * (1.0 + torch.tanh(inner))
    return 0.5 * x * (1.0 + torch.erf(x * math.sqrt(0.5)))


def _silu(x: Tensor) -> Tensor:
    return x * torch.sigmoid(x)


def _linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """One two-dimensional product, whatever the rank and layout of x: a weight is never repeated per batch."""
    rows = x.reshape(-1, x.shape[-1])
    y = torch.mm(rows, weight.t()) if bias is None else torch.addmm(bias, rows, weight.t())
    return y.reshape(*x.shape[:-1], weight.shape[0])


def _matmul(left: Tensor, right: Tensor) -> Tensor:
    """As `torch.matmul`: mm where the right side has two dimensions, else bmm over the broadcast batch."""
    if left.dim() == 1:
        return _matmul(left.unsqueeze(0), right).squeeze(-1 if right.dim() == 1 else -2)
    if right.dim() == 1:
        return _matmul(left, right.unsqueeze(-1)).squeeze(-1)
    if right.dim() == 2:
        return torch.mm(left.reshape(-1, left.shape[-1]), right).reshape(*left.shape[:-1], right.shape[-1])
    batch = torch.broadcast_shapes(left.shape[:-2], right.shape[:-2])
    lefts, rights = (part.expand(*batch, *part.shape[-2:]).reshape(-1, *part.shape[-2:]) for part in (left, right))
    return torch.bmm(lefts, rights).reshape(*batch, left.shape[-2], right.shape[-1])


def _convolution(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    transposed: bool,
    output_padding: Sequence[int],
    groups: int,
) -> Any:
    """A transposed convolution as a plain one: zeros between the inputs, and the kernel turned around offline."""
    if not transposed:
        return NotImplemented
    kernel = list(weight.shape[2:])
    turned = torch.flip(weight, list(range(2, weight.dim())))
    turned = turned.reshape(groups, -1, *weight.shape[1:]).transpose(1, 2).reshape(-1, x.shape[1] // groups, *kernel)
    apart = x.reshape(*x.shape[:2], *(part for extent in x.shape[2:] for part in (extent, 1)))
    between = [edge for step in reversed(stride) for edge in (0, step - 1, 0, 0)]
    spread = torch.constant_pad_nd(apart, between).reshape(
        *x.shape[:2], *(extent * step for extent, step in zip(x.shape[2:], stride, strict=True))
    )
    around = []
    for k, s, p, d, extra in zip(kernel, stride, padding, dilation, output_padding, strict=True):
        reach = d * (k - 1) - p
        around = [reach, reach + extra - (s - 1), *around]
    padded = torch.constant_pad_nd(spread, around)
    ones, zeros = [1] * len(kernel), [0] * len(kernel)
    return aten.convolution.default(padded, turned, bias, ones, zeros, list(dilation), False, zeros, groups)


def _constant_pad_nd(x: Tensor, pad: Sequence[int], value: float = 0) -> Any:
    """A pad that also crops as slices and a pad: the lowering takes one that keeps the shape for an identity."""
    if min(pad, default=0) >= 0:
        return NotImplemented
    for place, (low, high) in enumerate(zip(pad[::2], pad[1::2], strict=True)):
        dim = x.dim() - 1 - place
        x = torch.narrow(x, dim, max(-low, 0), x.shape[dim] - max(-low, 0) - max(-high, 0))
    widths = [max(width, 0) for width in pad]
    if x.numel() == 0:
        around = [low + high for low, high in zip(widths[-2::-2], widths[::-2], strict=True)]
        first = x.dim() - len(around)
        shape = [extent + (around[dim - first] if dim >= first else 0) for dim, extent in enumerate(x.shape)]
        return torch.full(shape, value, dtype=x.dtype)
    return aten.constant_pad_nd.default(x, widths, value)


def _argmax(x: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    return _first_index(x, dim, keepdim, torch.amax)


def _argmin(x: Tensor, dim: int | None = None, keepdim: bool = False) -> Tensor:
    return _first_index(x, dim, keepdim, torch.amin)


def _first_index(x: Tensor, dim: int | None, keepdim: bool, extreme: Callable[..., Tensor]) -> Tensor:
    """The smallest index at which x has its extreme value along `dim` (None: of the flattened x)."""
    if dim is None:
        found = _first_index(x.reshape(-1), 0, False, extreme)
        return found.reshape([1] * x.dim()) if keepdim else found
    if x.dim() == 0:
        return torch.zeros([], dtype=torch.int64)
    count = x.shape[dim]
    places = torch.arange(count).reshape([count if d == dim % x.dim() else 1 for d in range(x.dim())])
    return torch.amin(torch.where(x == extreme(x, [dim], keepdim=True), places, count), [dim], keepdim)


def _vector_norm(
    x: Tensor, ord: float = 2, dim: Sequence[int] | None = None, keepdim: bool = False, *, dtype: Any = None
) -> Any:
    dims = list(range(x.dim())) if dim is None else list(dim)
    if ord == 2:
        return torch.sqrt(torch.sum(x * x, dims, keepdim=keepdim))
    if ord == 1:
        return torch.sum(torch.abs(x), dims, keepdim=keepdim)
    if ord == math.inf:
        return torch.amax(torch.abs(x), dims, keepdim=keepdim)
    return NotImplemented


def _max(x: Tensor) -> Tensor:
    return torch.amax(x, list(range(x.dim())))


def _min(x: Tensor) -> Tensor:
    return torch.amin(x, list(range(x.dim())))


def _cumsum(x: Tensor, dim: int, *, dtype: torch.dtype | None = None) -> Any:
    """A product with a triangular matrix of ones."""
    if not x.is_floating_point() or dtype not in (None, x.dtype) or x.dim() == 0:
        return NotImplemented
    moved = x.transpose(dim, -1)
    ones = torch.ones(x.shape[dim], x.shape[dim], dtype=x.dtype).triu()
    return torch.mm(moved.reshape(-1, x.shape[dim]), ones).reshape(moved.shape).transpose(dim, -1)


def _floor_divide(x: Tensor, y: Any, *, rounding_mode: str | None = None) -> Any:
    """Integer division without doubles: what the remainder leaves divides exactly."""
    if rounding_mode != "floor" or x.is_floating_point() or (isinstance(y, Tensor) and y.is_floating_point()):
        return NotImplemented
    return aten.div.Tensor_mode(x - torch.remainder(x, y), y, rounding_mode="trunc")


_RECURRENT = [
    aten.lstm.input,
    aten.gru.input,
    aten.rnn_tanh.input,
    aten.rnn_relu.input,
]
"""Recurrent layers, unrolled over the steps of the example."""

_TABLE: dict[Any, Callable[..., Any]] = {
    aten.scaled_dot_product_attention.default: scaled_dot_product_attention,
    aten._softmax.default: _softmax,
    aten._log_softmax.default: _log_softmax,
    aten.native_layer_norm.default: _native_layer_norm,
    aten.native_group_norm.default: _native_group_norm,
    aten._native_batch_norm_legit.no_stats: _batch_norm_without_statistics,
    aten.rms_norm.default: _rms_norm,
    aten.var.correction: _var,
    aten.var_mean.correction: _var_mean,
    aten.gelu.default: _gelu,
    aten.silu.default: _silu,
    aten.linear.default: _linear,
    aten.convolution.default: _convolution,
    aten.matmul.default: _matmul,
    aten.constant_pad_nd.default: _constant_pad_nd,
    aten.argmax.default: _argmax,
    aten.argmin.default: _argmin,
    aten.linalg_vector_norm.default: _vector_norm,
    aten.max.default: _max,
    aten.min.default: _min,
    aten.cumsum.default: _cumsum,
    aten.div.Tensor_mode: _floor_divide,
}
"""Own decompositions. A function that returns NotImplemented leaves the op as it is."""
