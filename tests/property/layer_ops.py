"""Ops with windows and products: convolutions, pools, linear layers, matrix products, embeddings."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from .graphs import Grower, Pick, Pool, Step
from .ops import is_float, of_rank, randomised


def _layer(text: str, x: int, layer: nn.Module, pick: Pick) -> Step:
    return Step(text, (x,), randomised(layer, pick), layer)


def conv2d(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, of_rank(4))
    if x is None:
        return None
    channels = pool.values[x].shape[1]
    groups = pick([g for g in range(1, channels + 1) if channels % g == 0])
    kernel = (pick((1, 2, 3)), pick((1, 2, 3)))
    stride, dilation = (pick((1, 1, 2, 3)), pick((1, 1, 2))), (pick((1, 1, 2)), pick((1, 1, 2)))
    padding = (pick((0, 1, 2)), pick((0, 1)))
    layer = nn.Conv2d(
        channels, groups * pick((1, 2, 3)), kernel, stride, padding, dilation, groups, bias=pick((True, False))
    )
    return _layer(f"{layer}", x, layer, pick)


def conv1d(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, of_rank(3))
    if x is None:
        return None
    channels = pool.values[x].shape[1]
    layer = nn.Conv1d(channels, pick((1, 2, 4)), pick((1, 2, 3)), pick((1, 2)), pick((0, 1, 2)), pick((1, 2)))
    return _layer(f"{layer}", x, layer, pick)


def conv_transpose(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, of_rank(3, 4))
    if x is None:
        return None
    channels = pool.values[x].shape[1]
    make = nn.ConvTranspose2d if pool.values[x].dim() == 4 else nn.ConvTranspose1d
    stride = pick((1, 2, 3))
    groups = pick([g for g in range(1, channels + 1) if channels % g == 0])
    layer = make(channels, groups * pick((1, 2)), pick((1, 2, 3)), stride, pick((0, 1)), pick((0, stride - 1)), groups)
    return _layer(f"{layer}", x, layer, pick)


def pool2d(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, of_rank(4))
    if x is None:
        return None
    kernel, stride = (pick((1, 2, 3)), pick((2, 3))), pick((1, 2, 3))
    padding, ceil = pick((0, 0, 1)), pick((False, False, True))
    if pick((True, False)):
        layer: nn.Module = nn.MaxPool2d(kernel, stride, padding, pick((1, 1, 2)), ceil_mode=ceil)
        return Step(f"{layer}", (x,), layer, layer, exact=True)
    layer = nn.AvgPool2d(kernel, stride, padding, ceil_mode=ceil, count_include_pad=pick((True, False)))
    return Step(f"{layer}", (x,), layer, layer)


def pool1d(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, of_rank(3))
    if x is None:
        return None
    make: Callable[..., nn.Module] = pick((nn.MaxPool1d, nn.AvgPool1d))
    layer = make(pick((1, 2, 3)), pick((1, 2)), pick((0, 0, 1)))
    return Step(f"{layer}", (x,), layer, layer)


def adaptive_pool(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, of_rank(4))
    if x is None:
        return None
    size = (pick((1, 1, 2, 3)), pick((1, 2)))
    layer = nn.AdaptiveAvgPool2d(size)
    return Step(f"{layer}", (x,), layer, layer)


def linear(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, lambda value: is_float(value) and value.dim() > 0)
    if x is None:
        return None
    layer = nn.Linear(pool.values[x].shape[-1], pick((1, 2, 5)), bias=pick((True, False)))
    return _layer(f"{layer}", x, layer, pick)


def product(pick: Pick, pool: Pool) -> Step | None:
    """`x @ y` for values that fit, else `x @ x^T`."""
    x = pool.some(pick, lambda value: is_float(value) and value.dim() > 0)
    if x is None:
        return None
    like = pool.values[x]

    def fits(other: Tensor) -> bool:
        return is_float(other) and other.dim() > 1 and other.shape[-2] == like.shape[-1]

    y = pool.some(pick, fits)
    if y is not None:
        return Step("matmul", (x, y), torch.matmul)
    return Step("x @ x^T", (x,), lambda value: value @ value.transpose(-1, -2))


def embedding(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, lambda v: v.dtype in (torch.int64, torch.int32) and int(v.min()) >= 0, exact=True)
    if x is None or int(pool.values[x].max()) > 4:
        return None
    layer = nn.Embedding(5, pick((1, 3, 4)))
    return _layer(f"clamped {layer}", x, nn.Sequential(Clamp(), layer), pick)


class Clamp(nn.Module):
    """Integers into the range of the embedding, whatever the inputs are."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.clamp(x, 0, 4)


def shuffle(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, lambda value: is_float(value) and value.dim() == 4 and value.shape[1] % 4 == 0)
    return None if x is None else Step("pixel_shuffle", (x,), lambda v: functional.pixel_shuffle(v, 2), exact=True)


LAYER_OPS: tuple[Grower, ...] = (
    conv2d,
    conv2d,
    conv2d,
    conv1d,
    conv_transpose,
    pool2d,
    pool2d,
    pool1d,
    adaptive_pool,
    linear,
    linear,
    product,
    product,
    embedding,
    shuffle,
)
