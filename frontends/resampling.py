"""Pooling and interpolation as plain pooling, products with constant matrices, and repetition."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

aten = torch.ops.aten


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


def _adaptive_max_pool2d(x: Tensor, output_size: Sequence[int]) -> Any:
    """Plain pooling where the windows are equal."""
    sizes, wanted = [int(extent) for extent in x.shape[-2:]], _pair(output_size)
    if any(size % want for size, want in zip(sizes, wanted, strict=True)):
        return NotImplemented
    kernel = [size // want for size, want in zip(sizes, wanted, strict=True)]
    return aten.max_pool2d_with_indices.default(x, kernel, kernel)


def _upsample_nearest2d(
    x: Tensor, output_size: Sequence[int], scales_h: float | None = None, scales_w: float | None = None
) -> Tensor:
    """Whole-number scales repeat elements; others gather with constant indices."""
    n, c, height, width = x.shape
    rows, columns = output_size
    if rows % height == 0 and columns % width == 0:
        up, across = rows // height, columns // width
        spread = x.reshape(n, c, height, 1, width, 1).expand(n, c, height, up, width, across)
        return spread.reshape(n, c, rows, columns)
    for dim, wanted, scale in ((2, rows, scales_h), (3, columns, scales_w)):
        ratio = 1.0 / scale if scale else x.shape[dim] / wanted
        x = torch.index_select(x, dim, torch.floor(torch.arange(wanted, dtype=torch.float32) * ratio).to(torch.int64))
    return x


def _upsample_nearest2d_vec(
    x: Tensor, output_size: Sequence[int] | None, scale_factors: Sequence[float] | None
) -> Tensor:
    return _upsample_nearest2d(x, *_target(x, output_size, scale_factors))


def _upsample_bilinear2d(
    x: Tensor,
    output_size: Sequence[int],
    align_corners: bool,
    scales_h: float | None = None,
    scales_w: float | None = None,
) -> Tensor:
    """One constant interpolation matrix per axis."""
    rows, columns = (
        _interpolation(size, want, align_corners, scale, x)
        for size, want, scale in zip(x.shape[-2:], output_size, (scales_h, scales_w), strict=True)
    )
    return _separable(x, rows, columns)


def _upsample_bilinear2d_vec(
    x: Tensor, output_size: Sequence[int] | None, align_corners: bool, scale_factors: Sequence[float] | None
) -> Tensor:
    size, *scales = _target(x, output_size, scale_factors)
    return _upsample_bilinear2d(x, size, align_corners, *scales)


def _target(
    x: Tensor, output_size: Sequence[int] | None, scale_factors: Sequence[float] | None
) -> tuple[list[int], float | None, float | None]:
    """Output size and scales, of which a call gives one."""
    if scale_factors is None:
        assert output_size is not None
        return list(output_size), None, None
    sizes = [math.floor(size * scale) for size, scale in zip(x.shape[-2:], scale_factors, strict=True)]
    return sizes, scale_factors[0], scale_factors[1]


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


RESAMPLING: dict[Any, Callable[..., Any]] = {
    aten.avg_pool2d.default: _avg_pool2d,
    aten._adaptive_avg_pool2d.default: _adaptive_avg_pool2d,
    aten.adaptive_avg_pool2d.default: _adaptive_avg_pool2d,
    aten.adaptive_max_pool2d.default: _adaptive_max_pool2d,
    aten.upsample_nearest2d.default: _upsample_nearest2d,
    aten.upsample_nearest2d.vec: _upsample_nearest2d_vec,
    aten.upsample_bilinear2d.default: _upsample_bilinear2d,
    aten.upsample_bilinear2d.vec: _upsample_bilinear2d_vec,
}
"""ATen overload -> decomposition."""
