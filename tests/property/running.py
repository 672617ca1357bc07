"""Compiles several models as one, and says which of them the C++ does not compute as PyTorch does."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils import _pytree as pytree

import dataflowc
from dataflowc.options import CompileOptions

TOLERANCE = 1e-4
TARGET = "u280"


class Batch(nn.Module):
    """Several models side by side, as one: one export and one C++ compiler call for all."""

    def __init__(self, models: Sequence[nn.Module], counts: Sequence[int]) -> None:
        super().__init__()
        self.parts = nn.ModuleList(models)
        self.counts = list(counts)

    def forward(self, *inputs: Tensor) -> list[Any]:
        results, start = [], 0
        for part, count in zip(self.parts, self.counts, strict=True):
            results.append(part(*inputs[start : start + count]))
            start += count
        return results


def check_together(
    models: Sequence[nn.Module], inputs: Sequence[tuple[Tensor, ...]], others: Sequence[tuple[Tensor, ...]]
) -> None:
    """Every receipt holds on `inputs`, with the real FIFO depths too, and the C++ gives PyTorch's results on `others`.

    Fails with what is wrong; the parts of a batch are numbered in output names: `output3.1` is part 3, result 1.
    """
    batch = Batch(models, [len(each) for each in inputs]).eval()
    options = CompileOptions(target=TARGET, csim_mode="auto", csim_timeout_s=300)
    design = dataflowc.compile(batch, tuple(x for each in inputs for x in each), options=options)
    assert [f"{r.name}: {r.detail}" for r in design.receipts if r.passed is not True] == []
    flat = tuple(x for each in others for x in each)
    with torch.no_grad():
        expected = batch(*(x.clone() for x in flat))
    assert_equal(design.simulate(*flat), expected)


def assert_equal(got: Any, expected: Any) -> None:
    """Same structure, shapes and element types; floats within the tolerance, everything else exactly."""
    ours, our_spec = pytree.tree_flatten(got)
    theirs, their_spec = pytree.tree_flatten(expected)
    assert our_spec == their_spec
    for place, (ours_, theirs_) in enumerate(zip(ours, theirs, strict=True)):
        if theirs_ is None:
            assert ours_ is None, f"result {place}"
            continue
        assert (ours_.shape, ours_.dtype) == (theirs_.shape, theirs_.dtype), f"result {place}"
        if theirs_.is_floating_point():
            largest = float(theirs_.abs().max()) or 1.0
            error = float((ours_ - theirs_).abs().max())
            assert error <= TOLERANCE * largest, f"result {place}: {error} of {largest}"
        else:
            assert torch.equal(ours_, theirs_), f"result {place}"


def is_well_conditioned(model: nn.Module, inputs: Sequence[Tensor]) -> bool:
    """Whether PyTorch's own rounding errors are far below the tolerance: single against double precision."""
    doubles = [x.double() if x.is_floating_point() else x for x in inputs]
    with torch.no_grad():
        single = pytree.tree_leaves(model(*(x.clone() for x in inputs)))
        try:
            double = pytree.tree_leaves(copy.deepcopy(model).double()(*doubles))
        except RuntimeError:  # a cast to float32 in the graph meets a double
            return True
    return all(
        float((a - b.to(a.dtype)).abs().max()) <= 0.05 * TOLERANCE * (float(a.abs().max()) or 1.0)
        for a, b in zip(single, double, strict=True)
        if a.is_floating_point()
    )
