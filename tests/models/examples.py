"""The example models, as they are and in a size for the default tests, and other inputs for them."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SMALL: Mapping[str, Mapping[str, Any]] = {
    "mlp": {"widths": (64, 32, 16, 10)},
    "lenet5": {},
    "resnet18": {"image_size": 32},
    "mobilenetv2": {"image_size": 32},
    "vit_block": {"image_size": 48, "width": 32, "heads": 2, "hidden": 64},
    "bert_layer": {"tokens": 12, "width": 24, "heads": 3, "hidden": 40},
    "hf_resnet18": {"image_size": 32},
    "hf_bert": {"tokens": 8, "layers": 1, "width": 64},
}
"""Arguments of each example's `build` for the default tests; an example without arguments is small enough."""


@cache
def example(name: str) -> ModuleType:
    """The example file as a module of its own."""
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def small(name: str) -> tuple[nn.Module, tuple[Tensor, ...]]:
    """The model at reduced size, and its example inputs."""
    module = example(name)
    return module.build(**SMALL[name]) if SMALL[name] else (module.model, module.example_inputs)


def others(inputs: tuple[Tensor, ...], seed: int = 7) -> tuple[Tensor, ...]:
    """Inputs of the same shapes and kinds that no compilation has seen."""
    generator = torch.Generator().manual_seed(seed)
    return tuple(
        torch.randn(x.shape, generator=generator)
        if x.is_floating_point()
        else torch.randint(0, int(x.max()) + 1, x.shape, generator=generator)
        for x in inputs
    )
