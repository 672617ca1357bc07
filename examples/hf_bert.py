"""BERT with two layers as `transformers` defines it, from a configuration: random weights, nothing is downloaded."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel


def build(tokens: int = 128, layers: int = 2, width: int = 768) -> tuple[nn.Module, tuple[Tensor, ...]]:
    """The model (BERT-base, but for the number of layers) and one sequence of `tokens` token numbers."""
    torch.manual_seed(0)
    config = BertConfig(
        hidden_size=width, num_hidden_layers=layers, num_attention_heads=width // 64, intermediate_size=4 * width
    )
    return BertModel(config).eval(), (torch.randint(0, config.vocab_size, (1, tokens)),)


model, example_inputs = build()
