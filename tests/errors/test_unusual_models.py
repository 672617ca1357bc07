"""Models that look wrong and are not: they compile, and give what PyTorch gives."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("torch_mlir")

import torch
from torch import Tensor, nn

import dataflowc
from dataflowc.diagnostics import DataflowcError
from dataflowc.options import CompileOptions

from ..property.running import assert_equal, check_together

QUICK = CompileOptions(target="zcu102", csim_mode="plain")


class Tied(nn.Module):
    """Two layers with one weight."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(4, 4), nn.Linear(4, 4)
        self.second.weight = self.first.weight

    def forward(self, x: Tensor) -> Tensor:
        return self.second(torch.relu(self.first(x)))


class Unused(nn.Module):
    """Reads one of its inputs."""

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return x * 2


class Mixed(nn.Module):
    """No weights; integers, truth values, None and an input and a constant among the results."""

    def forward(self, x: Tensor) -> dict[str, Any]:
        return {"index": x.argmax(-1), "positive": x > 0, "none": None, "ones": torch.ones(3), "pair": (x, [x.sum()])}


def test_tied_weights_unused_inputs_and_mixed_results() -> None:
    models = [Tied(), Unused(), Mixed()]
    inputs = [(torch.randn(2, 4),), (torch.randn(3), torch.randn(2, 2)), (torch.randn(2, 4),)]
    others = [tuple(torch.randn(x.shape) for x in each) for each in inputs]
    check_together(models, inputs, others)


def test_a_model_in_training_mode_is_compiled_for_evaluation_and_left_as_it_was() -> None:
    model = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Dropout(0.5))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    x = torch.randn(3, 4)
    design = dataflowc.compile(model, (x,), options=QUICK)
    assert model.training and all(module.training for module in model)
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    with torch.no_grad():
        assert_equal(design.simulate(x), model.eval()(x))


def test_inputs_of_another_shape_are_refused_and_the_design_stays_usable() -> None:
    model, x = nn.Linear(4, 2), torch.randn(3, 4)
    design = dataflowc.compile(model, x, options=QUICK)
    with pytest.raises(DataflowcError, match="DF114") as caught:
        design.simulate(torch.randn(2, 4))
    assert "(3, 4)" in caught.value.notes[0]
    with torch.no_grad():
        assert_equal(design.simulate(x), model(x))
