"""Ops that move data: views, slices, concatenation, padding."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from .graphs import Grower, Pick, Pool, Step
from .ops import anything


def has_dims(x: Tensor) -> bool:
    return x.dim() > 0


def _moved(text: str, x: int, function: Callable[..., Tensor]) -> Step:
    return Step(text, (x,), function, exact=True)


def reshape(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, anything)
    if x is None:
        return None
    left, shape = pool.values[x].numel(), []
    for _ in range(pick((0, 1, 2, 3))):
        shape.append(pick([d for d in range(1, left + 1) if left % d == 0]))
        left //= shape[-1]
    shape.insert(pick(range(len(shape) + 1)), left)
    return _moved(f"reshape {shape}", x, lambda value: value.reshape(shape))


def flatten(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, has_dims)
    if x is None:
        return None
    start = pick(range(pool.values[x].dim()))
    return _moved(f"flatten {start}", x, lambda value: value.flatten(start))


def permute(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, lambda value: value.dim() > 1)
    if x is None:
        return None
    left, order = list(range(pool.values[x].dim())), []
    while left:
        order.append(left.pop(pick(range(len(left)))))
    return _moved(f"permute {order}", x, lambda value: value.permute(order))


def unsqueeze(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, lambda value: value.dim() < 4)
    if x is None:
        return None
    dim = pick(range(pool.values[x].dim() + 1))
    return _moved(f"unsqueeze {dim}", x, lambda value: value.unsqueeze(dim))


def squeeze(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, lambda value: 1 in value.shape)
    return None if x is None else _moved("squeeze", x, lambda value: value.squeeze())


def expand(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, anything)
    if x is None:
        return None
    shape = [pick((2, 3)) if extent == 1 else extent for extent in pool.values[x].shape]
    shape = [pick((1, 2, 3)), *shape] if pick((True, False)) else shape
    return _moved(f"expand {shape}", x, lambda value: value.expand(shape))


def strided_slice(pick: Pick, pool: Pool) -> Step | None:
    """Any start, end and step, in one or two dimensions."""
    x = pool.some(pick, has_dims)
    if x is None:
        return None
    slices = []
    for extent in pool.values[x].shape:
        if pick((True, False)):
            slices.append(slice(None))
            continue
        start = pick(range(extent))
        slices.append(slice(start, pick(range(start + 1, extent + 1)), pick((1, 1, 2, 3))))
    return _moved(f"slice {slices}", x, lambda value: value[tuple(slices)])


def select(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, has_dims)
    if x is None:
        return None
    dim = pick(range(pool.values[x].dim()))
    place = pick([*range(pool.values[x].shape[dim]), -1])
    return _moved(f"select {dim} {place}", x, lambda value: value.select(dim, place))


def part(pick: Pick, pool: Pool) -> Step | None:
    """Split or chunk, and the parts used in another order."""
    x = pool.some(pick, lambda value: value.dim() > 0 and max(value.shape) > 1)
    if x is None:
        return None
    dim = pick([d for d, extent in enumerate(pool.values[x].shape) if extent > 1])
    if pick((True, False)):
        size = pick(range(1, pool.values[x].shape[dim]))
        return _moved(
            f"split {size} {dim}, turned round",
            x,
            lambda value: torch.cat(tuple(reversed(value.split(size, dim))), dim),
        )
    return _moved(f"chunk 2 {dim}, first", x, lambda value: value.chunk(2, dim)[0])


def concatenate(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, has_dims)
    if x is None:
        return None
    like = pool.values[x]
    dim = pick(range(like.dim()))

    def joins(other: Tensor) -> bool:
        same = [a == b for d, (a, b) in enumerate(zip(like.shape, other.shape, strict=False)) if d != dim]
        return other.dtype == like.dtype and other.dim() == like.dim() and all(same)

    others = [pool.some(pick, joins) for _ in range(pick((1, 1, 2)))]
    chosen = (x, *(x if other is None else other for other in others))
    return Step(f"cat {dim}", chosen, lambda *parts: torch.cat(parts, dim), exact=True)


def stack(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, lambda value: value.dim() < 4)
    if x is None:
        return None
    like = pool.values[x]
    y = pool.some(pick, lambda other: other.shape == like.shape and other.dtype == like.dtype)
    dim = pick(range(like.dim() + 1))
    return Step(f"stack {dim}", (x, x if y is None else y), lambda *parts: torch.stack(parts, dim), exact=True)


def pad(pick: Pick, pool: Pool) -> Step | None:
    """Constant, also with a border taken away; reflect and replicate on the last dimension."""
    x = pool.some(pick, lambda value: value.is_floating_point() and value.dim() > 0)
    if x is None:
        return None
    dims = pick(range(1, pool.values[x].dim() + 1))
    widths = [pick((0, 0, 1, 2, -1)) for _ in range(2 * dims)]
    mode = pick(("constant", "constant", "constant", "reflect", "replicate"))
    if mode == "constant":
        value = pick((0.0, 1.5))
        return _moved(f"pad {widths} {value}", x, lambda tensor: functional.pad(tensor, widths, value=value))
    widths = [abs(width) for width in widths[:2]]
    return _moved(f"pad {mode} {widths}", x, lambda tensor: functional.pad(tensor, widths, mode=mode))


def rearrange(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, has_dims)
    if x is None:
        return None
    rank = pool.values[x].dim()
    dim = pick(range(rank))
    functions: dict[str, Callable[[Tensor], Tensor]] = {
        f"flip {dim}": lambda value: value.flip(dim),
        f"roll 1 {dim}": lambda value: value.roll(1, dim),
        f"repeat {dim}": lambda value: value.repeat([2 if d == dim else 1 for d in range(rank)]),
        f"index_select {dim}": lambda value: value.index_select(dim, torch.tensor([0, value.shape[dim] - 1, 0])),
        f"repeat_interleave {dim}": lambda value: value.repeat_interleave(2, dim),
    }
    name = pick(list(functions))
    return _moved(name, x, functions[name])


def upsample(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, lambda value: value.is_floating_point() and value.dim() == 4)
    if x is None:
        return None
    mode = pick(("nearest", "bilinear"))
    return Step(f"interpolate {mode}", (x,), lambda value: functional.interpolate(value, scale_factor=2.0, mode=mode))


def image(pick: Pick, pool: Pool) -> Step | None:
    """Back to four dimensions, so that image ops stay possible."""
    x = pool.some(pick, lambda value: value.is_floating_point() and value.numel() >= 4)
    if x is None:
        return None
    count = pool.values[x].numel()
    height = pick([d for d in range(1, math.isqrt(count) + 1) if count % d == 0])
    return _moved(f"image height {height}", x, lambda value: value.reshape(1, -1, height, 1))


SHAPE_OPS: tuple[Grower, ...] = (
    reshape,
    reshape,
    flatten,
    permute,
    permute,
    unsqueeze,
    squeeze,
    expand,
    strided_slice,
    strided_slice,
    select,
    part,
    concatenate,
    concatenate,
    stack,
    pad,
    pad,
    rearrange,
    upsample,
)
