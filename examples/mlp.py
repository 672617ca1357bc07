"""A multilayer perceptron for 28x28 digits: 784-512-256-10 with ReLU."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class MLP(nn.Module):
    """Three linear layers with ReLU between them."""

    def __init__(self, widths: tuple[int, int, int, int]) -> None:
        super().__init__()
        self.fc1 = nn.Linear(widths[0], widths[1])
        self.fc2 = nn.Linear(widths[1], widths[2])
        self.fc3 = nn.Linear(widths[2], widths[3])

    def forward(self, x: Tensor) -> Tensor:
        """(batch, 784) -> (batch, 10) logits."""
        x = torch.relu(self.fc1(x))
        x = torch.relu(self.fc2(x))
        return self.fc3(x)


def build(widths: tuple[int, int, int, int] = (784, 512, 256, 10)) -> tuple[nn.Module, tuple[Tensor, ...]]:
    """The network and one input vector."""
    torch.manual_seed(0)
    return MLP(widths).eval(), (torch.randn(1, widths[0]),)


model, example_inputs = build()
