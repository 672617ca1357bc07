"""The front of ViT-B/16 (Dosovitskiy et al., 2020): patch embedding, class token, positions, one encoder block."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class Attention(nn.Module):
    """Multi-head self-attention."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, tokens, width) -> the same."""
        batch, tokens, width = x.shape
        qkv = self.qkv(x).reshape(batch, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        out = functional.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2])
        return self.proj(out.transpose(1, 2).reshape(batch, tokens, width))


class EncoderBlock(nn.Module):
    """Pre-norm attention and MLP, each with a shortcut."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, width))

    def forward(self, x: Tensor) -> Tensor:
        """(batch, tokens, width) -> the same."""
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class VitBlock(nn.Module):
    """Image to tokens, then one block."""

    def __init__(self, image_size: int, patch: int, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.patch_embed = nn.Conv2d(3, width, patch, patch)
        self.cls_token = nn.Parameter(0.02 * torch.randn(1, 1, width))
        self.pos_embed = nn.Parameter(0.02 * torch.randn(1, (image_size // patch) ** 2 + 1, width))
        self.block = EncoderBlock(width, heads, hidden)

    def forward(self, image: Tensor) -> Tensor:
        """(batch, 3, H, W) -> (batch, 1 + patches, width)."""
        patches = self.patch_embed(image).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.cls_token.expand(image.shape[0], -1, -1), patches], dim=1)
        return self.block(tokens + self.pos_embed)


def build(
    image_size: int = 224, width: int = 768, heads: int = 12, hidden: int = 3072
) -> tuple[nn.Module, tuple[Tensor, ...]]:
    """The network (ViT-B/16 by default) and one image of `image_size` x `image_size` pixels."""
    torch.manual_seed(0)
    network = VitBlock(image_size, 16, width, heads, hidden)
    return network.eval(), (torch.randn(1, 3, image_size, image_size),)


model, example_inputs = build()
