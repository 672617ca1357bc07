"""The graph after decomposition and folding computes what the model computes, and lowers to the linalg level."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("torch_mlir")

from torch import Tensor, nn  # noqa: E402
from torch.nn import functional  # noqa: E402

from dataflowc.dialects.levels import verify_level  # noqa: E402
from dataflowc.frontends import load  # noqa: E402
from dataflowc.frontends.signature import signature_of  # noqa: E402
from dataflowc.frontends.source_files import SourceFiles  # noqa: E402
from dataflowc.frontends.torch_import import fold_program  # noqa: E402
from dataflowc.frontends.torch_program import export_module  # noqa: E402
from dataflowc.ir_text import module_text  # noqa: E402

aten = torch.ops.aten
TOLERANCE = 1e-5
"""Relative to the largest output: folding changes the order of rounding."""


class Call(nn.Module):
    """A function of tensors, and of the modules it uses, as a module."""

    def __init__(self, function: Callable[..., Any], *parts: nn.Module) -> None:
        super().__init__()
        self.function = function
        self.parts = nn.ModuleList(parts)

    def forward(self, *inputs: Tensor) -> Any:
        return self.function(*inputs, *self.parts)


def random_norm(norm: nn.Module) -> nn.Module:
    nn.init.uniform_(norm.weight, 0.5, 1.5)
    nn.init.normal_(norm.bias)
    nn.init.normal_(norm.running_mean)
    nn.init.uniform_(norm.running_var, 0.5, 1.5)
    return norm


def image() -> Tensor:
    return torch.randn(1, 4, 13, 11)


def check(model: nn.Module, *inputs: Tensor) -> list[str]:
    """Compare the folded graph with the model, and lower it; the names of the weights that are left."""
    model.eval()
    with torch.no_grad():
        outputs = model(*inputs)
    signature = signature_of(model.forward, inputs, {}, outputs)
    program = fold_program(export_module(model, inputs, {}, SourceFiles()), signature, "m", SourceFiles())
    graph = torch.fx.GraphModule(nn.Module(), copy.deepcopy(program.graph))
    for node in graph.graph.nodes:
        if node.target is aten.view.default:  # copies are gone, so strides may not allow a view
            node.target = aten.reshape.default
    graph.recompile()
    with torch.no_grad():
        results = graph(*[constant.value for constant in program.constants.values()], *inputs)
    for result, expected in zip(results, signature.outputs, strict=True):
        assert result.dtype == expected.dtype and result.shape == expected.shape
        error = (result.double() - expected.double()).abs().max()
        assert error <= TOLERANCE * expected.double().abs().max()
    imported = load(model, example_inputs=inputs)
    verify_level(imported.module, "linalg")
    assert "f64" not in module_text(imported.module)
    return list(imported.weights)


@pytest.mark.parametrize(
    ("layer", "norm", "shape"),
    [
        (lambda: nn.Conv2d(4, 8, 3, groups=2), lambda: nn.BatchNorm2d(8), (1, 4, 9, 7)),
        (lambda: nn.Conv2d(4, 8, 3, bias=False), lambda: nn.BatchNorm2d(8), (1, 4, 9, 7)),
        (lambda: nn.ConvTranspose2d(4, 8, 3, 2, groups=2), lambda: nn.BatchNorm2d(8), (1, 4, 5, 4)),
        (lambda: nn.Conv1d(4, 6, 3), lambda: nn.BatchNorm1d(6), (2, 4, 9)),
        (lambda: nn.Linear(8, 6), lambda: nn.BatchNorm1d(6), (3, 8)),
        (lambda: nn.Linear(8, 6, bias=False), lambda: nn.BatchNorm1d(6), (3, 8)),
    ],
)
def test_batch_norm_folds_into_the_layer_before(
    layer: Callable[[], nn.Module], norm: Callable[[], nn.Module], shape: tuple[int, ...]
) -> None:
    torch.manual_seed(1)
    weights = check(nn.Sequential(layer(), random_norm(norm())), torch.randn(shape))
    assert sorted(weights) == ["0.bias", "0.weight"]


def test_batch_norm_of_an_output_with_other_users_becomes_scale_and_shift() -> None:
    torch.manual_seed(1)
    model = Call(
        lambda x, conv, norm: (lambda y: y + norm(y))(conv(x)), nn.Conv2d(4, 4, 1), random_norm(nn.BatchNorm2d(4))
    )
    assert sorted(check(model, image())) == ["parts.0.bias", "parts.0.weight", "parts.1.scale", "parts.1.shift"]


def test_batch_norm_first_becomes_scale_and_shift() -> None:
    torch.manual_seed(1)
    assert sorted(check(nn.Sequential(random_norm(nn.BatchNorm2d(4)), nn.ReLU()), image())) == ["0.scale", "0.shift"]


CASES: dict[str, Callable[[Tensor], Any]] = {
    "silu and gelu": lambda x: functional.silu(x) + functional.gelu(x) + functional.gelu(x, approximate="tanh"),
    "hard activations": lambda x: functional.hardswish(x) + functional.hardsigmoid(x) + functional.relu6(x),
    "soft activations": lambda x: functional.elu(x) + functional.softplus(x) + functional.mish(x),
    "leaky activations": lambda x: functional.leaky_relu(x) + functional.hardshrink(x) + functional.glu(x, 1).sum(),
    "functions": lambda x: torch.exp(x) + torch.log(x.abs() + 1) + torch.sin(x) + torch.erf(x) + torch.tanh(x),
    "powers": lambda x: x**2 + x**3 + torch.sqrt(x.abs()) + torch.rsqrt(x.abs() + 1) + 1 / (x.abs() + 1),
    "selection": lambda x: (
        torch.where(x > 0.1, x, -x) + x.clamp(-1, 1) + torch.maximum(x, -x) + x.masked_fill(x < 0, 2)
    ),
    "filling": lambda x: x.masked_fill(x < 0, 2).nan_to_num(0) + x.masked_fill(x >= 0.3, -1),
    "rounding": lambda x: (torch.floor(x), torch.div(x, 0.3, rounding_mode="floor"), x // 1.0),
    "softmax": lambda x: (torch.softmax(x, 1), functional.log_softmax(x, -1), torch.logsumexp(x, 2)),
    "statistics": lambda x: (x.var(2), x.std((2, 3)), x.norm(dim=1), x.mean(), x.sum((1, 2))),
    "extrema": lambda x: (x.amax((2, 3)), x.max(2).values, x.min(1)[0], x.max(), x.min()),
    "average pooling": lambda x: (
        functional.avg_pool2d(x, 3, 2, 1),
        functional.avg_pool2d(x, 3, 2, 1, count_include_pad=False),
        functional.avg_pool2d(x, 3, 2, 1, ceil_mode=True),
        functional.avg_pool2d(x, 2, 2, ceil_mode=True, count_include_pad=False),
        functional.avg_pool2d(x, 2, divisor_override=3),
    ),
    "maximum pooling": lambda x: (functional.max_pool2d(x, 3, 2, 1), functional.max_pool2d(x, 2, ceil_mode=True)),
    "adaptive pooling": lambda x: (
        functional.adaptive_avg_pool2d(x, 1),
        functional.adaptive_avg_pool2d(x, (3, 4)),
        functional.adaptive_avg_pool2d(x, (13, 1)),
        functional.adaptive_max_pool2d(x, 1),
    ),
    "one-dimensional pooling": lambda x: (functional.avg_pool1d(x[:, 0], 3), functional.max_pool1d(x[:, 1], 2)),
    "interpolation": lambda x: (
        functional.interpolate(x, scale_factor=2),
        functional.interpolate(x, size=(20, 17)),
        functional.interpolate(x, scale_factor=2, mode="bilinear"),
        functional.interpolate(x, size=(7, 17), mode="bilinear"),
        functional.interpolate(x, size=(20, 17), mode="bilinear", align_corners=True),
    ),
    "padding": lambda x: (
        functional.pad(x, (1, 2, 0, 1), value=3.0),
        functional.pad(x, (1, 1, 1, 1), mode="reflect"),
        functional.pad(x, (1, 1, 1, 1), mode="replicate"),
        functional.pad(x, (1, -1)),
    ),
    "slices": lambda x: torch.cat([x[:, :2], x[:, 2:].flip(1), x[:, 1:3]], 1).repeat(1, 2, 1, 1),
    "stacks": lambda x: torch.stack([part * 2 for part in x.chunk(2, 1)]).roll(1, -1),
    "literals": lambda x: x * torch.tensor([1.0, 2.0, 3.0, 4.0])[None, :, None, None] + torch.arange(11.0),
    "triangles": lambda x: (torch.tril(x), x.cumsum(1)),
    "products": lambda x: (torch.einsum("bchw,bdhw->bcd", x, x), x @ x[0, 0].t(), x[0, 0] @ x[0, 0, 0]),
    "the input itself": lambda x: (x, x + 1, x),
    "unfolding": lambda x: (functional.unfold(x, 3), functional.pixel_shuffle(x, 2)),
}


@pytest.mark.parametrize("name", CASES)
def test_functions_of_an_image(name: str) -> None:
    torch.manual_seed(1)
    check(Call(CASES[name]), image())


@pytest.mark.parametrize(
    "layer",
    [
        lambda: nn.ConvTranspose2d(4, 6, 3, 2, padding=1, output_padding=1, groups=2),
        lambda: nn.ConvTranspose2d(4, 6, (3, 2), (1, 3), dilation=2, bias=False),
        lambda: nn.ConvTranspose2d(4, 6, 1, 2),
    ],
)
def test_transposed_convolutions_are_convolutions_of_a_spread_input(layer: Callable[[], nn.Module]) -> None:
    torch.manual_seed(1)
    model = layer()
    check(model, image())
    text = module_text(load(model, example_inputs=image()).module)
    assert "linalg.index" not in text and "tensor.extract " not in text


LAYERS: dict[str, Callable[[], nn.Module]] = {
    "group norm": lambda: nn.GroupNorm(2, 4),
    "instance norm": lambda: nn.InstanceNorm2d(4, affine=True),
    "layer norm": lambda: nn.LayerNorm([13, 11]),
    "rms norm": lambda: nn.RMSNorm(11),
    "prelu": lambda: nn.PReLU(4),
    "linear on four dimensions": lambda: nn.Linear(11, 3),
    "dropout": lambda: nn.Dropout(0.3),
}


@pytest.mark.parametrize("name", LAYERS)
def test_layers_on_an_image(name: str) -> None:
    torch.manual_seed(1)
    check(LAYERS[name](), image())


@pytest.mark.parametrize(
    "attention",
    [
        lambda q: functional.scaled_dot_product_attention(q, q, q, is_causal=True),
        lambda q: functional.scaled_dot_product_attention(q, q, q, scale=0.3),
        lambda q: functional.scaled_dot_product_attention(q, q[:, :2], q[:, 2:], enable_gqa=True),
        lambda q: functional.scaled_dot_product_attention(
            q, q, q, attn_mask=torch.triu(torch.full((5, 5), float("-inf")), 1)
        ),
    ],
)
def test_attention(attention: Callable[[Tensor], Tensor]) -> None:
    torch.manual_seed(1)
    check(Call(attention), torch.randn(1, 4, 5, 8))


def test_an_encoder_layer_keeps_its_weights_two_dimensional() -> None:
    torch.manual_seed(1)
    model = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True)
    check(model, torch.randn(2, 5, 16))
    weights = load(model, example_inputs=torch.randn(2, 5, 16)).weights
    assert max(weights[name].ndim for name in weights) == 2


def test_a_recurrent_layer_is_unrolled() -> None:
    torch.manual_seed(1)
    check(nn.LSTM(4, 5, batch_first=True), torch.randn(1, 3, 4))


def test_embedding_and_gather() -> None:
    torch.manual_seed(1)
    check(nn.Embedding(20, 6), torch.randint(0, 20, (2, 5)))
    check(Call(lambda x, i: x.gather(0, i)), torch.randn(5, 3), torch.randint(0, 5, (2, 3)))


@pytest.mark.parametrize("dtype", [torch.int32, torch.int64])
def test_integers_stay_integers(dtype: torch.dtype) -> None:
    values = torch.arange(-10, 10, dtype=dtype).reshape(4, 5)
    check(Call(lambda a: (a * 2 + 1, a > 3, a // 3, a % 3, a.float() / 2)), values)


def test_a_literal_of_ones_leaves_nothing_behind() -> None:
    assert check(Call(lambda x: x * torch.ones(11) + torch.zeros(13, 1)), image()) == []
