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

aten = torch.ops.aten


def decomposition_table() -> dict[Any, Callable[..., Any]]:
    """ATen overload -> decomposition, for `ExportedProgram.run_decompositions`."""
    table = torch.export.default_decompositions()
    # The constant folder handles batch norm itself, with the statistics at hand.
    table.pop(aten._native_batch_norm_legit_no_training.default, None)
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


def _silu(x: Tensor) -> Tensor:
    return x * torch.sigmoid(x)


def _avg_pool2d(
    x: Tensor,
    kernel_size: Sequence[int],
    stride: Sequence[int] = (),
    padding: Sequence[int] = (0, 0),
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """Average pooling with zero padding as plain pooling times a constant map of window sizes."""
    kernel = _pair(kernel_size)
    step, pad = _pair(stride) or kernel, _pair(padding)
    if not ceil_mode and divisor_override is None and (count_include_pad or pad == [0, 0]):
        return NotImplemented
    axes = list(zip((int(size) for size in x.shape[-2:]), kernel, step, pad, strict=True))
    windows = [_window_count(*axis, ceil_mode) for axis in axes]
    extra = [max(0, (n - 1) * s + k - size - 2 * p) for n, (size, k, s, p) in zip(windows, axes, strict=True)]
    edges = [pad[1], pad[1] + extra[1], pad[0], pad[0] + extra[0]]
    averaged = aten.avg_pool2d.default(aten.constant_pad_nd.default(x, edges, 0.0), kernel, step)
    area = float(kernel[0] * kernel[1])
    if divisor_override is not None:
        return averaged * (area / divisor_override)
    rows, columns = (
        _window_sizes(n, *axis, count_include_pad).to(x.dtype) for n, axis in zip(windows, axes, strict=True)
    )
    return averaged * (area / (rows.reshape(1, 1, -1, 1) * columns.reshape(1, 1, 1, -1)))


def _window_count(size: int, kernel: int, step: int, pad: int, ceil_mode: bool) -> int:
    """Windows along one axis; in ceil mode the last one must begin inside the input or its left padding."""
    count = (size + 2 * pad - kernel + (step - 1 if ceil_mode else 0)) // step + 1
    return count - 1 if ceil_mode and (count - 1) * step >= size + pad else count


def _window_sizes(count: int, size: int, kernel: int, step: int, pad: int, count_include_pad: bool) -> Tensor:
    """How many elements PyTorch counts in each window along one axis."""
    start = torch.arange(count) * step - pad
    end = torch.clamp(start + kernel, max=size + pad)
    if count_include_pad:
        return end - start
    return torch.clamp(end, max=size) - torch.clamp(start, min=0)


def _pair(value: Sequence[int]) -> list[int]:
    """A two-element list, from one or two values; empty stays empty."""
    return list(value) * 2 if len(value) == 1 else list(value)


def _adaptive_avg_pool2d(x: Tensor, output_size: Sequence[int]) -> Tensor:
    """Plain pooling where the windows are equal, else one constant averaging matrix per axis."""
    sizes = [int(extent) for extent in x.shape[-2:]]
    wanted = _pair(output_size)
    if all(size % want == 0 for size, want in zip(sizes, wanted, strict=True)):
        kernel = [size // want for size, want in zip(sizes, wanted, strict=True)]
        if wanted == [1, 1]:
            return torch.mean(x, [-2, -1], keepdim=True)
        return aten.avg_pool2d.default(x, kernel, kernel)
    rows, columns = (_averaging(size, want, x) for size, want in zip(sizes, wanted, strict=True))
    return _separable(x, rows, columns)


def _averaging(size: int, wanted: int, like: Tensor) -> Tensor:
    """(wanted, size) matrix whose row i averages elements floor(i*size/wanted) .. ceil((i+1)*size/wanted)."""
    index = torch.arange(size).reshape(1, size)
    out = torch.arange(wanted).reshape(wanted, 1)
    start, end = out * size // wanted, -((-(out + 1) * size) // wanted)
    inside = ((index >= start) & (index < end)).to(like.dtype)
    return inside / (end - start).to(like.dtype)


def _separable(x: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """rows @ x @ columns^T on the last two axes."""
    *lead, height, width = x.shape
    across = torch.mm(x.reshape(-1, width), columns.t()).reshape(*lead, height, columns.shape[0])
    down = torch.mm(across.transpose(-1, -2).reshape(-1, height), rows.t())
    return down.reshape(*lead, columns.shape[0], rows.shape[0]).transpose(-1, -2)


def _upsample_nearest2d(
    x: Tensor, output_size: Sequence[int], scales_h: float | None = None, scales_w: float | None = None
) -> Any:
    """Whole-number scales repeat elements; others gather with constant indices, as the core table does."""
    n, c, height, width = x.shape
    rows, columns = output_size
    if rows % height or columns % width:
        return NotImplemented
    up, across = rows // height, columns // width
    spread = x.reshape(n, c, height, 1, width, 1).expand(n, c, height, up, width, across)
    return spread.reshape(n, c, rows, columns)


def _upsample_bilinear2d(
    x: Tensor,
    output_size: Sequence[int],
    align_corners: bool,
    scales_h: float | None = None,
    scales_w: float | None = None,
) -> Tensor:
    rows, columns = (
        _interpolation(size, want, align_corners, scale, x)
        for size, want, scale in zip(x.shape[-2:], output_size, (scales_h, scales_w), strict=True)
    )
    return _separable(x, rows, columns)


def _interpolation(size: int, wanted: int, align_corners: bool, scale: float | None, like: Tensor) -> Tensor:
    """(wanted, size) matrix of linear interpolation weights."""
    out = torch.arange(wanted).to(like.dtype)
    if align_corners:
        position = out * ((size - 1) / max(wanted - 1, 1))
    else:
        ratio = 1.0 / scale if scale else size / wanted
        position = torch.clamp((out + 0.5) * ratio - 0.5, min=0.0)
    index = torch.arange(size).to(like.dtype).reshape(1, size)
    position = torch.clamp(position, max=float(size - 1)).reshape(wanted, 1)
    return torch.clamp(1.0 - torch.abs(position - index), min=0.0)


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
    aten.silu.default: _silu,
    aten.avg_pool2d.default: _avg_pool2d,
    aten._adaptive_avg_pool2d.default: _adaptive_avg_pool2d,
    aten.adaptive_avg_pool2d.default: _adaptive_avg_pool2d,
    aten.upsample_nearest2d.default: _upsample_nearest2d,
    aten.upsample_bilinear2d.default: _upsample_bilinear2d,
}
"""Own decompositions. A function that returns NotImplemented leaves the op as it is."""
