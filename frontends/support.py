"""What can be lowered, and what to write instead of what cannot."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from dataflowc.diagnostics import SourceLocation, UnsupportedOp

_ELEMENTWISE = """
    abs acos asin atan atan2 bitwise_and bitwise_not bitwise_or bitwise_xor ceil clamp cos cosh div elu eq erf exp expm1
    floor fmod ge gelu gt hardtanh isinf isnan le leaky_relu log log10 log1p log2 logical_and logical_not logical_or
    logical_xor lt add maximum minimum mul ne neg pow reciprocal relu remainder round rsqrt sigmoid sign sin sinh sqrt
    sub tan tanh trunc where
"""
_REDUCTIONS = "all amax amin any mean prod sum"
_PRODUCTS = "addmm avg_pool1d avg_pool2d bmm convolution max_pool2d mm"
_MOVES = """
    _to_copy cat clone constant_pad_nd embedding expand flip full gather getitem index index_select permute repeat
    reshape scalar_tensor select slice split_with_sizes squeeze transpose unsqueeze view
"""
SUPPORTED = frozenset(" ".join((_ELEMENTWISE, _REDUCTIONS, _PRODUCTS, _MOVES)).split())
"""ATen ops, by packet name, that reach the linalg level after decomposition."""

_ALIKE = 0.8
"""How alike two names must be, from 0 to 1, for one to be offered for the other."""

_ADVICE = {
    "topk": "return the scores, and sort on the host",
    "sort": "return the values, and sort on the host",
    "max": "torch.amax gives the values without the indices",
    "min": "torch.amin gives the values without the indices",
    "max_pool2d_with_indices": "nn.MaxPool2d without return_indices",
    "max_pool3d_with_indices": "nn.MaxPool2d",
    "remainder": "x - torch.floor(x / y) * y, or integers",
    "fmod": "x - torch.trunc(x / y) * y, or integers",
    "cumsum": "a cumulative sum of floats",
    "cumprod": "torch.prod over slices",
    "nonzero": "torch.where with three arguments: shapes must not depend on data",
    "masked_select": "torch.where with three arguments: shapes must not depend on data",
    "_native_batch_norm_legit_no_training": "batch norm whose statistics are buffers",
    "_native_batch_norm_legit": "batch norm in evaluation mode",
    "rand": "pass random numbers in as an input",
    "randn": "pass random numbers in as an input",
    "rand_like": "pass random numbers in as an input",
    "randn_like": "pass random numbers in as an input",
    "bernoulli": "pass random numbers in as an input",
    "_fft_r2c": "a matrix product with a constant DFT matrix",
    "_fft_c2c": "matrix products with constant DFT matrices",
    "scatter": "torch.where or torch.cat",
    "index_put": "torch.where or torch.cat",
    "grid_sampler_2d": "torch.nn.functional.interpolate with a fixed size",
    "upsample_bicubic2d": "torch.nn.functional.interpolate with mode='bilinear'",
    "_adaptive_avg_pool3d": "nn.AdaptiveAvgPool2d",
    "adaptive_max_pool2d": "nn.MaxPool2d with a fixed kernel size",
    "_cdist_forward": "matrix products and squares",
    "lstm": "the cell's equations, written out for a fixed number of steps",
}
"""Op -> nearest supported form, where spelling does not suggest it."""


@dataclass(frozen=True, slots=True)
class Unsupported:
    """An op that cannot be lowered: its name in torch or MLIR, and where it stands."""

    op: str
    source: SourceLocation | None


def advice_for(op: str) -> str:
    """The nearest supported form of a torch op, or of an MLIR op if `op` has a dialect."""
    if op in _ADVICE:
        return _ADVICE[op]
    if "." in op:
        return "linalg.generic" if op.startswith("linalg.") else "linalg, tensor, arith and math ops on static tensors"
    if op in SUPPORTED:
        return f"torch.{op} on other element types"
    close = difflib.get_close_matches(op, SUPPORTED, 1, _ALIKE)
    return f"torch.{close[0]}" if close else "elementwise ops, products, convolutions, reductions and reshapes"


def report(found: Iterable[Unsupported]) -> UnsupportedOp:
    """One error for all of `found`, each with its line and what to use instead; equal ones are told once."""
    unique = list(dict.fromkeys(found))
    names = list(dict.fromkeys(item.op for item in unique))
    notes = [
        f"{item.op}: {item.source or 'unknown line'}; nearest supported form: {advice_for(item.op)}" for item in unique
    ]
    return UnsupportedOp(
        "DF120",
        f"{len(names)} op{'s are' if len(names) > 1 else ' is'} not supported: {', '.join(names)}",
        where=unique[0].source,
        notes=notes,
        hint="replace the ops, or move them out of the model and run them on the host",
    )
