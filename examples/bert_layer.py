"""One encoder layer of BERT-base (Devlin et al., 2018): post-norm attention and feed-forward, 128 tokens."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class SelfAttention(nn.Module):
    """Multi-head self-attention, written out."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.dropout = nn.Dropout(0.1)

    def split(self, x: Tensor) -> Tensor:
        """(batch, tokens, width) -> (batch, heads, tokens, width / heads)."""
        return x.view(*x.shape[:2], self.heads, -1).transpose(1, 2)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, tokens, width) -> the same."""
        query, key, value = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
        context = self.dropout(torch.softmax(scores, dim=-1)) @ value
        return context.transpose(1, 2).reshape(x.shape)


class BertLayer(nn.Module):
    """Attention and feed-forward, each followed by a shortcut and a layer norm."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.attention = SelfAttention(width, heads)
        self.output = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.expand = nn.Linear(width, hidden)
        self.gelu = nn.GELU()
        self.contract = nn.Linear(hidden, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)
        self.dropout = nn.Dropout(0.1)

    def forward(self, hidden_states: Tensor) -> Tensor:
        """(batch, tokens, width) -> the same."""
        attended = self.norm1(hidden_states + self.dropout(self.output(self.attention(hidden_states))))
        return self.norm2(attended + self.dropout(self.contract(self.gelu(self.expand(attended)))))


def build(
    tokens: int = 128, width: int = 768, heads: int = 12, hidden: int = 3072
) -> tuple[nn.Module, tuple[Tensor, ...]]:
    """The layer (BERT-base by default) and one sequence of `tokens` tokens."""
    torch.manual_seed(0)
    return BertLayer(width, heads, hidden).eval(), (torch.randn(1, tokens, width),)


model, example_inputs = build()
