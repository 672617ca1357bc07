"""ResNet-18 as `transformers` defines it, from a configuration: random weights, nothing is downloaded."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import ResNetConfig, ResNetForImageClassification


def build(image_size: int = 224) -> tuple[nn.Module, tuple[Tensor, ...]]:
    """The network and one image of `image_size` x `image_size` pixels."""
    torch.manual_seed(0)
    config = ResNetConfig(
        embedding_size=64, hidden_sizes=[64, 128, 256, 512], depths=[2, 2, 2, 2], layer_type="basic", num_labels=1000
    )
    network = ResNetForImageClassification(config)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):  # as after training; with the defaults the output is all but zero
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0.0, 0.1)
            nn.init.normal_(module.running_mean, 0.0, 0.1)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    return network.eval(), (torch.randn(1, 3, image_size, image_size),)


model, example_inputs = build()
