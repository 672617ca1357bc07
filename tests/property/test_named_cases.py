"""Small models, one op or one old failure each: the emitted C++ computes what PyTorch computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from .graphs import Graph, fresh_inputs
from .running import check_together


class Call(nn.Module):
    """Calls a function on the inputs, or on a layer and the inputs."""

    def __init__(self, function: Callable[..., Any], layer: nn.Module | None) -> None:
        super().__init__()
        self.function = function
        self.layer = layer

    def forward(self, *inputs: Tensor) -> Any:
        return self.function(*inputs) if self.layer is None else self.function(self.layer, *inputs)


Case = tuple[Callable[..., Any], tuple[Any, ...]] | tuple[Callable[..., Any], tuple[Any, ...], Callable[[], nn.Module]]
"""A function, its inputs (a tuple is a shape of floats, a Tensor itself), and what makes its layer."""

INDEX = torch.tensor([0, 2, 1])


def reversed_parts(x: Tensor, size: int, dim: int) -> Tensor:
    return torch.cat(x.split(size, dim)[::-1], dim)


ATTENTION: Mapping[str, Case] = {
    "causal mask": (lambda x: torch.where(torch.ones(6, 6).tril().bool(), x, -1e9), ((2, 6, 6),)),
    "infinite causal mask": (
        lambda x: x.masked_fill(~torch.ones(6, 6).tril().bool(), float("-inf")).softmax(-1),
        ((2, 6, 6),),
    ),
    "an op called like a namespace": (lambda x: x.std(1), ((3, 4),)),
    "attention": (functional.scaled_dot_product_attention, ((1, 2, 6, 4),) * 3),
    "causal attention": (
        lambda q, k, v: functional.scaled_dot_product_attention(q, k, v, is_causal=True),
        ((1, 2, 6, 4),) * 3,
    ),
    "query, key and value split": (
        lambda x: (lambda q, k, v: (q @ k.transpose(1, 2)) @ v)(*x.split(4, 2)),
        ((1, 3, 12),),
    ),
    "multi-head layer": (
        lambda layer, x: layer(x, x, x, need_weights=False)[0],
        ((2, 5, 8),),
        lambda: nn.MultiheadAttention(8, 2, batch_first=True),
    ),
    "x times its own transpose": (lambda x: x @ x.transpose(-1, -2) + 1, ((2, 3, 4),)),
    "batched product": (torch.bmm, ((2, 3, 4), (2, 4, 5))),
    "product with a transpose": (lambda a, b: a @ b.transpose(-1, -2), ((2, 3, 4), (2, 5, 4))),
    "embedding": (lambda layer, i: layer(i), (torch.tensor([[1, 0, 4], [2, 3, 1]]),), lambda: nn.Embedding(11, 4)),
    "softmax over the first dimension": (lambda x: torch.softmax(x, 0), ((4, 3),)),
    "softmax of one dimension": (lambda x: torch.softmax(x, 0), ((5,),)),
    "layer norm": (lambda layer, x: layer(x), ((2, 3, 8),), lambda: nn.LayerNorm(8)),
    "lstm": (lambda layer, x: layer(x)[0], ((1, 3, 4),), lambda: nn.LSTM(4, 5, batch_first=True)),
}
IMAGES: Mapping[str, Case] = {
    "grouped convolution": (
        lambda layer, x: layer(x),
        ((1, 16, 6, 6),),
        lambda: nn.Conv2d(16, 16, 3, padding=1, groups=4),
    ),
    "depthwise": (lambda layer, x: layer(x), ((2, 4, 6, 5),), lambda: nn.Conv2d(4, 8, 3, 2, 1, groups=4)),
    "strided convolution of a batch": (lambda layer, x: layer(x), ((2, 3, 7, 7),), lambda: nn.Conv2d(3, 4, 3, 2, 1)),
    "dilated convolution": (lambda layer, x: layer(x), ((1, 3, 9, 8),), lambda: nn.Conv2d(3, 4, 3, dilation=2)),
    "1x1 with stride 3": (lambda layer, x: layer(x), ((1, 3, 8, 8),), lambda: nn.Conv2d(3, 4, 1, stride=3)),
    "transposed convolution": (
        lambda layer, x: layer(x),
        ((1, 3, 4, 4),),
        lambda: nn.ConvTranspose2d(3, 4, 3, 2, 1, 1),
    ),
    "convolution of one dimension": (lambda layer, x: layer(x), ((1, 3, 9),), lambda: nn.Conv1d(3, 4, 3, padding=1)),
    "average pool with padding": (lambda x: functional.avg_pool2d(x, 3, 2, 1), ((1, 4, 8, 8),)),
    "average pool of a repeated tensor": (
        lambda x: (functional.avg_pool2d(x.expand(2, 2, 6, 4), 2, 3), torch.softmax(x, 2)),
        ((1, 6, 4),),
    ),
    "large max pool": (lambda x: functional.max_pool2d(x, 5, 1, 2), ((1, 3, 7, 7),)),
    "group norm": (lambda layer, x: layer(x), ((1, 16, 4, 4),), lambda: nn.GroupNorm(4, 16)),
    "nearest": (lambda x: functional.interpolate(x, scale_factor=2.0), ((1, 3, 4, 4),)),
    "bilinear": (lambda x: functional.interpolate(x, scale_factor=2.0, mode="bilinear"), ((1, 3, 4, 4),)),
    "half of the channels": (
        lambda layer, x: (lambda a, b: torch.cat([layer(a), b], 1))(*x.chunk(2, 1)),
        ((1, 4, 5, 5),),
        lambda: nn.Conv2d(2, 2, 3, padding=1),
    ),
    "squeeze and excite": (lambda x: x * torch.sigmoid(x.mean((2, 3), keepdim=True)), ((1, 4, 5, 5),)),
    "pixel shuffle": (lambda x: functional.pixel_shuffle(x, 2), ((1, 8, 3, 3),)),
    "flat features": (lambda layer, x: torch.relu(layer(x).flatten(1)), ((1, 3, 5, 5),), lambda: nn.Conv2d(3, 4, 3)),
}
MOVES: Mapping[str, Case] = {
    "split turned round": (lambda x: reversed_parts(x, 4, 2), ((1, 3, 12),)),
    "concatenation": (lambda x, y: torch.cat([x, y, x], 1), ((2, 3, 4), (2, 5, 4))),
    "stack": (lambda x: torch.stack([x, x * 2], 0), ((2, 3),)),
    "last step": (lambda x: x[:, -1], ((2, 5, 3),)),
    "every second": (lambda x: x[:, 1::2], ((2, 7, 3),)),
    "sum with a transpose": (lambda x, y: x + y.t(), ((3, 4), (4, 3))),
    "permuted, reshaped, multiplied": (lambda x, y: x.permute(2, 0, 1).reshape(4, 6) @ y, ((2, 3, 4), (6, 3))),
    "reshaped output": (lambda x: (x + 1).reshape(3, 4).t(), ((2, 6),)),
    "input returned": (lambda x: (x, x + 1), ((2, 3),)),
    "repeated view returned twice": (lambda x: (x.expand(2, 6), x.expand(2, 6)), ((6,),)),
    "concatenation with a repeated view": (lambda x: torch.cat([x.expand(6, 4), x + 1], 0), ((1, 4),)),
    "slice of a repeated view": (lambda x: x.expand(2, 3, 6, 4)[:, 1:, ::2], ((1, 6, 4),)),
    "pad and crop to another shape": (lambda x: functional.pad(x, (-1, -1, 2, 0)), ((2, 4),)),
    "pad and crop to the same shape": (lambda x: functional.pad(x, (-1, 1, 1, -1), value=1.5), ((2, 3),)),
    "cropped away before it is padded": (lambda x: (functional.pad(x, (-1, 1)) + x, x), ((3, 1),)),
    "pad with a value": (lambda x: functional.pad(x, (1, 2, 0, 3), value=1.5), ((2, 3, 4),)),
    "reflect": (lambda x: functional.pad(x, (1, 2), mode="reflect"), ((2, 3, 4),)),
    "roll": (lambda x: torch.roll(x, (1, 1), (1, 2)), ((1, 4, 4, 3),)),
    "roll of a repeated view": (lambda x: x.expand(2, 2, 3).roll(1, 2), ((1, 2, 3),)),
    "permuted table indexed by a tensor": (lambda x, i: x.permute(2, 0, 1)[i], ((1, 2, 3), INDEX)),
    "repeated table indexed by a tensor": (lambda x, i: x.expand(3, 2, 3)[i], ((1, 2, 3), INDEX)),
}
NUMBERS: Mapping[str, Case] = {
    "gelu": (lambda x: (functional.gelu(x), functional.gelu(x, approximate="tanh")), ((3, 5),)),
    "sigmoid and tanh": (lambda x: torch.sigmoid(x) * torch.tanh(x), ((2, 9),)),
    "hardswish": (functional.hardswish, ((2, 9),)),
    "mean of all": (lambda x: x.mean(), ((5, 3),)),
    "variance": (lambda x: x.var(-1), ((4, 3),)),
    "running sum": (lambda x: x.cumsum(-1), ((2, 3),)),
    "integers": (lambda x: x * 3 - 1, (torch.tensor([[1, -2], [5, 7]]),)),
    "truth values": (lambda x: (x > 0, ~(x > 0.5)), ((2, 3),)),
    "argmax": (lambda x: (x.argmax(-1), x.argmax(), x.argmin(0, keepdim=True)), ((5, 3),)),
    "argmax of equal integers takes the first": (lambda x: x.argmax(1), (torch.tensor([[1, 3, 3], [2, 2, 0]]),)),
    "a sum times its tensor": (lambda x: x.sum() * x, ((2, 3),)),
    "scalar input": (lambda x, y: (x * y, x.reshape(1, 1)), (torch.tensor(0.5), (2, 3))),
    "stacked scalars": (lambda x: torch.stack([x.sum(), x.mean(), x.amax()]), ((3,),)),
    "one element selected": (lambda x: x[1], ((4,),)),
    "comparison of a scalar": (lambda x: torch.where(x.amax(0) > 0, x, -x), ((3,),)),
    "truth value of a scalar": (lambda x: (x.amax(0) > 0).unsqueeze(0), ((3,),)),
    "greatest of all, kept as a dimension": (lambda x: x.amax(0, keepdim=True) + x, ((4,),)),
}
GROUPS = {"attention": ATTENTION, "images": IMAGES, "moves": MOVES, "numbers": NUMBERS}


@pytest.mark.parametrize("group", GROUPS)
def test_named_cases(group: str) -> None:
    """One compilation per group; output names such as `output3.1` say the case (in order) and the result."""
    torch.manual_seed(0)
    models, inputs = [], []
    for function, given, *layer in GROUPS[group].values():
        models.append(Call(function, layer[0]() if layer else None))
        inputs.append(tuple(x if isinstance(x, Tensor) else torch.randn(x) for x in given))
    others = [_others(each, seed) for seed, each in enumerate(inputs)]
    check_together(models, inputs, others)


def _others(inputs: tuple[Tensor, ...], seed: int) -> tuple[Tensor, ...]:
    """Fresh floats; integers stay, since some of them are indices."""
    fresh = fresh_inputs(Graph(inputs, (), ()), seed)
    return tuple(new if old.is_floating_point() else old for new, old in zip(fresh, inputs, strict=True))
