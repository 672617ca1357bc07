"""Constants of decomposed functions are PyTorch's own."""

from __future__ import annotations

import math

import torch

from dataflowc.frontends.decompositions import decomposition_table


def test_gelu_is_pytorchs_to_the_last_digits() -> None:
    gelu = decomposition_table()[torch.ops.aten.gelu.default]
    x = torch.linspace(-6, 6, 1001, dtype=torch.float64)
    for form in ("none", "tanh"):
        assert torch.allclose(gelu(x, form), torch.nn.functional.gelu(x, approximate=form), rtol=0, atol=1e-13)
    assert math.isclose(float(gelu(torch.tensor(-3.0, dtype=torch.float64), "tanh")), -0.00363739, abs_tol=1e-8)
