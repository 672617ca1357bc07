"""The ops that random graphs are made of, each a function that makes one step on values of a pool."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from .graphs import Grower, Pick, Pool, Step


def is_float(x: Tensor) -> bool:
    return x.is_floating_point()


def of_rank(*ranks: int) -> Callable[[Tensor], bool]:
    """Floating-point tensors of one of these ranks."""
    return lambda x: x.is_floating_point() and x.dim() in ranks


def anything(_x: Tensor) -> bool:
    return True


SMOOTH: Mapping[str, Callable[[Tensor], Tensor]] = {
    "gelu": functional.gelu,
    "gelu tanh": lambda x: functional.gelu(x, approximate="tanh"),
    "silu": functional.silu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "hardswish": functional.hardswish,
    "hardsigmoid": functional.hardsigmoid,
    "leaky_relu": lambda x: functional.leaky_relu(x, 0.1),
    "elu": functional.elu,
    "softplus": functional.softplus,
    "erf": torch.erf,
    "exp": lambda x: torch.exp(torch.clamp(x, -4.0, 2.0)),
    "log": lambda x: torch.log(x.abs() + 1),
    "sqrt": lambda x: torch.sqrt(x.abs() + 0.1),
    "rsqrt": lambda x: torch.rsqrt(x.abs() + 0.5),
    "reciprocal": lambda x: 1.0 / (x.abs() + 1),
    "square": lambda x: x**2,
    "cube": lambda x: torch.tanh(x) ** 3,
    "scale": lambda x: 0.3 * x,
    "one minus": lambda x: 1 - x,
    "add a number": lambda x: x + 1.5,
    "divide by a number": lambda x: x / 3,
}
EXACT: Mapping[str, Callable[[Tensor], Tensor]] = {
    "relu": torch.relu,
    "relu6": functional.relu6,
    "abs": torch.abs,
    "neg": torch.neg,
    "clamp": lambda x: torch.clamp(x, -0.5, 1.0),
    "clamp below": lambda x: torch.clamp(x, min=-0.25),
    "masked_fill": lambda x: x.masked_fill(x > 0.5, -1.0),
    "where": lambda x: torch.where(x > 0, x, x * 2),
    "tril": lambda x: torch.tril(x),
}
BINARY: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": lambda x, y: x / (y.abs() + 1),
    "maximum": torch.maximum,
    "minimum": torch.minimum,
}
COMPARISONS: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "gt": torch.gt,
    "le": torch.le,
    "eq": torch.eq,
    "ne": torch.ne,
}
REDUCTIONS: Mapping[str, Callable[..., Tensor]] = {
    "mean": torch.mean,
    "sum": torch.sum,
    "amax": torch.amax,
    "amin": torch.amin,
}


def smooth(pick: Pick, pool: Pool) -> Step | None:
    name = pick(list(SMOOTH))
    x = pool.some(pick, is_float)
    return None if x is None else Step(name, (x,), SMOOTH[name])


def exact(pick: Pick, pool: Pool) -> Step | None:
    name = pick(list(EXACT))
    x = pool.some(pick, is_float)
    return None if x is None else Step(name, (x,), EXACT[name], exact=True)


def binary(pick: Pick, pool: Pool) -> Step | None:
    """Two values that broadcast, of one kind."""
    x = pool.some(pick, anything)
    if x is None:
        return None
    like = pool.values[x]
    y = pool.some(pick, lambda other: other.dtype == like.dtype and _broadcast(like, other))
    if like.dtype == torch.bool:
        return Step("logical_and", (x, y or x), torch.logical_and, exact=True)
    if is_float(like):
        name = pick(list(BINARY))
        return Step(name, (x, x if y is None else y), BINARY[name])
    name = pick(["add", "sub", "mul", "maximum"])
    return Step(f"integer {name}", (x, x if y is None else y), BINARY[name], exact=True)


class WithParameter(nn.Module):
    """`function(x, parameter)`."""

    def __init__(self, function: Callable[[Tensor, Tensor], Tensor], shape: tuple[int, ...], seed: int) -> None:
        super().__init__()
        self.function = function
        self.parameter = nn.Parameter(torch.randn(shape, generator=torch.Generator().manual_seed(seed)))

    def forward(self, x: Tensor) -> Tensor:
        return self.function(x, self.parameter)


def parameter(pick: Pick, pool: Pool) -> Step | None:
    """A value and a parameter whose shape broadcasts to it, or it to the parameter's."""
    x = pool.some(pick, is_float)
    if x is None:
        return None
    shape = tuple(pick((1, extent)) for extent in pool.values[x].shape)
    shape = shape[pick(range(len(shape) + 1)) :] if pick((True, False)) else (pick((1, 2)), *shape)
    name = pick(list(BINARY))
    layer = WithParameter(BINARY[name], shape, pick(range(1000)))
    return Step(f"{name} parameter{shape}", (x,), layer, layer)


def comparison(pick: Pick, pool: Pool) -> Step | None:
    """Only of values that are the same bits everywhere: a rounded one may fall on either side."""
    x = pool.some(pick, lambda value: value.dtype != torch.bool, exact=True)
    if x is None:
        return None
    like = pool.values[x]
    y = pool.some(
        pick, lambda other: other is not like and other.dtype == like.dtype and _broadcast(like, other), exact=True
    )
    name = pick(list(COMPARISONS))
    if y is None:
        return Step(f"{name} 0", (x,), lambda value: COMPARISONS[name](value, 0), exact=True)
    return Step(name, (x, y), COMPARISONS[name], exact=True)


def choose(pick: Pick, pool: Pool) -> Step | None:
    """`where` on a condition that is a value."""
    condition = pool.some(pick, lambda value: value.dtype == torch.bool)
    x = pool.some(pick, is_float)
    if condition is None or x is None:
        return None
    if pick((True, False)):
        return Step("where condition, x, -2.0", (condition, x), lambda c, a: torch.where(c, a, -2.0), exact=True)
    return Step("where condition, x, -x", (condition, x), lambda c, a: torch.where(c, a, -a), exact=True)


def cast(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, anything, exact=True)
    if x is None:
        return None
    dtype = pick((torch.float32, torch.int64, torch.int32))
    return Step(f"to {dtype}", (x,), lambda value: value.to(dtype), exact=True)


def index(pick: Pick, pool: Pool) -> Step | None:
    """Argmax or argmin of values that are the same bits everywhere and differ from one another."""
    x = pool.some(pick, lambda v: is_float(v) and v.dim() > 0 and v.unique().numel() == v.numel(), exact=True)
    if x is None:
        return None
    dim = pick([*range(pool.values[x].dim()), -1])
    keepdim, largest = pick((True, False)), pick((True, False))
    function = torch.argmax if largest else torch.argmin
    text = f"{'argmax' if largest else 'argmin'} dim={dim} keepdim={keepdim}"
    return Step(text, (x,), lambda value: function(value, dim, keepdim), exact=True)


def reduction(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, lambda value: is_float(value) and value.dim() > 0)
    if x is None:
        return None
    rank = pool.values[x].dim()
    dims = sorted({pick(range(rank)) for _ in range(pick((1, 1, 2, 3)))})
    name, keepdim = pick(list(REDUCTIONS)), pick((True, False))
    function = REDUCTIONS[name]
    whole = name in ("amax", "amin")
    text = f"{name} dims={dims} keepdim={keepdim}"
    return Step(text, (x,), lambda value: function(value, dims, keepdim), exact=whole)


def spread(pick: Pick, pool: Pool) -> Step | None:
    """Variance, norm and running sum."""
    x = pool.some(pick, lambda value: is_float(value) and value.dim() > 0)
    if x is None:
        return None
    dim = pick(range(pool.values[x].dim()))
    functions: dict[str, Callable[[Tensor], Tensor]] = {
        "var": lambda value: torch.var(value, dim, unbiased=False),
        "norm": lambda value: torch.linalg.vector_norm(value, 2, dim),
        "cumsum": lambda value: torch.cumsum(value, dim),
        "logsumexp": lambda value: torch.logsumexp(value, dim),
    }
    name = pick(list(functions))
    return Step(f"{name} dim={dim}", (x,), functions[name])


def softmax(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, lambda value: is_float(value) and value.dim() > 0)
    if x is None:
        return None
    dim = pick(range(-pool.values[x].dim(), pool.values[x].dim()))
    if pick((True, True, False)):
        return Step(f"softmax dim={dim}", (x,), lambda value: torch.softmax(value, dim))
    return Step(f"log_softmax dim={dim}", (x,), lambda value: torch.log_softmax(value, dim))


def norm(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, of_rank(2, 3, 4))
    if x is None:
        return None
    shape = pool.values[x].shape
    layer: nn.Module
    match pick(("layer", "layer", "group", "batch", "rms")):
        case "layer":
            layer = nn.LayerNorm(shape[-pick(range(1, len(shape))) :])
        case "group":
            layer = nn.GroupNorm(pick([g for g in range(1, shape[1] + 1) if shape[1] % g == 0]), shape[1])
        case "batch":
            layer = (nn.BatchNorm2d if len(shape) == 4 else nn.BatchNorm1d)(shape[1])
            layer.running_mean = seeded(pick, (shape[1],))
            layer.running_var = seeded(pick, (shape[1],)).abs() + 0.5
        case _:
            layer = nn.RMSNorm(shape[-1], eps=1e-5)
    return Step(f"{layer}", (x,), randomised(layer, pick), layer)


def softmax_attention(pick: Pick, pool: Pool) -> Step | None:
    x = pool.some(pick, of_rank(3, 4))
    if x is None:
        return None
    causal = pick((True, False))
    attention = functional.scaled_dot_product_attention
    return Step(f"attention causal={causal}", (x,), lambda q: attention(q, q * 0.5, q + 1, is_causal=causal))


def _broadcast(x: Tensor, y: Tensor) -> bool:
    try:
        return math.prod(torch.broadcast_shapes(x.shape, y.shape)) > 0
    except RuntimeError:
        return False


def seeded(pick: Pick, shape: tuple[int, ...]) -> Tensor:
    """Normal numbers of this shape."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(pick(range(1000))))


def randomised(layer: nn.Module, pick: Pick) -> Any:
    """`layer` in evaluation mode with parameters from a seed."""
    generator = torch.Generator().manual_seed(pick(range(1000)))
    with torch.no_grad():
        for value in layer.parameters():
            value.copy_(torch.randn(value.shape, generator=generator) / math.sqrt(max(1, value[0].numel())))
    return layer.eval()


VALUE_OPS: tuple[Grower, ...] = (
    smooth,
    smooth,
    exact,
    binary,
    binary,
    parameter,
    comparison,
    choose,
    cast,
    index,
    reduction,
    reduction,
    spread,
    softmax,
    norm,
    softmax_attention,
)
