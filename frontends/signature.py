"""How a model's arguments and results, possibly nested, map to flat lists of tensors and back."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.utils import _pytree as pytree

from dataflowc.diagnostics import UserError


@dataclass(frozen=True, slots=True)
class Signature:
    """The flat form of one call: names and values of input tensors, names of output tensors, and the way back.

    `input_spec` and `output_spec` are pytree structures; the flags say which of their leaves are tensors.
    """

    input_names: tuple[str, ...]
    inputs: tuple[torch.Tensor, ...]
    input_flags: tuple[bool, ...]
    output_names: tuple[str, ...]
    outputs: tuple[torch.Tensor, ...]
    output_spec: pytree.TreeSpec
    output_flags: tuple[bool, ...]
    parameters: inspect.Signature | None

    def rebuild(self, arrays: list[np.ndarray]) -> Any:
        """What the model returns, from its flat outputs."""
        if len(arrays) != len(self.outputs):
            raise ValueError(f"expected {len(self.outputs)} outputs, got {len(arrays)}")
        tensors = iter(torch.from_numpy(np.asarray(array, order="C")) for array in arrays)
        return pytree.tree_unflatten([next(tensors) if flag else None for flag in self.output_flags], self.output_spec)

    def flatten(self, *args: Any, **kwargs: Any) -> list[np.ndarray]:
        """The flat input arrays of a call. Raises UserError if they do not fit the example inputs."""
        leaves = _leaves(args, kwargs, self.parameters)
        arrays = [array_of(leaf) for _, leaf in leaves if isinstance(leaf, torch.Tensor | np.ndarray)]
        wanted = [
            f"{name}: {tuple(example.shape)}" for name, example in zip(self.input_names, self.inputs, strict=True)
        ]
        shapes = [tuple(array.shape) for array in arrays]
        if shapes != [tuple(example.shape) for example in self.inputs]:
            raise UserError(
                "DF114",
                f"the inputs have the shapes {shapes}",
                notes=[f"the model was compiled for {', '.join(wanted)}"],
                hint="pass inputs of the shapes of the example inputs",
            )
        dtypes = [array_of(example).dtype for example in self.inputs]
        return [array.astype(dtype, copy=False) for array, dtype in zip(arrays, dtypes, strict=True)]


def signature_of(forward: Any, args: tuple[Any, ...], kwargs: dict[str, Any], outputs: Any) -> Signature:
    """The signature of the call `forward(*args, **kwargs)` that returned `outputs`."""
    try:
        parameters = inspect.signature(forward)
    except (TypeError, ValueError):
        parameters = None
    leaves = _leaves(args, kwargs, parameters)
    inputs = [(name, leaf) for name, leaf in leaves if isinstance(leaf, torch.Tensor)]
    results, spec = pytree.tree_flatten_with_path(outputs)
    for path, leaf in results:
        if leaf is not None and not isinstance(leaf, torch.Tensor):
            raise UserError(
                "DF111",
                f"the model returns {type(leaf).__name__} at output{pytree.keystr(path)}, which is not a tensor",
                hint="return tensors, or tuples and dictionaries of them",
            )
    named = [(_clean(pytree.keystr(path)) or "output", leaf) for path, leaf in results if leaf is not None]
    return Signature(
        tuple(name for name, _ in inputs),
        tuple(leaf for _, leaf in inputs),
        tuple(isinstance(leaf, torch.Tensor) for _, leaf in leaves),
        tuple(f"output{name}" if name[0].isdigit() else name for name, _ in named),
        tuple(leaf for _, leaf in named),
        spec,
        tuple(leaf is not None for _, leaf in results),
        parameters,
    )


def example_call(example_inputs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Positional and keyword arguments from `example_inputs`: one tensor, a tuple, or a dictionary by name."""
    if isinstance(example_inputs, torch.Tensor):
        return (example_inputs,), {}
    if isinstance(example_inputs, Mapping):
        return (), dict(example_inputs)
    if isinstance(example_inputs, Sequence) and not isinstance(example_inputs, str):
        return tuple(example_inputs), {}
    raise UserError(
        "DF104",
        f"example_inputs is a {type(example_inputs).__name__}",
        hint="give a tuple of tensors, one tensor, or a dictionary of tensors by argument name",
    )


def array_of(value: torch.Tensor | np.ndarray) -> np.ndarray:
    """A numpy array of the same element type and data, in row-major order; rank 0 stays rank 0."""
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu().numpy()
    return np.asarray(value, order="C")


def _leaves(
    args: tuple[Any, ...], kwargs: dict[str, Any], parameters: inspect.Signature | None
) -> list[tuple[str, Any]]:
    """All leaves of a call, named after the parameters of `forward`, in call order."""
    names = _positional_names(len(args), parameters)
    found = []
    for name, value in (*zip(names, args, strict=True), *_in_order(kwargs, parameters)):
        found += [
            (_clean(f"{name}{pytree.keystr(path)}"), leaf) for path, leaf in pytree.tree_flatten_with_path(value)[0]
        ]
    return found


def _in_order(kwargs: dict[str, Any], parameters: inspect.Signature | None) -> list[tuple[str, Any]]:
    """Keyword arguments as `torch.export` orders them: as in the signature of `forward`."""
    order = list(parameters.parameters) if parameters else []
    return sorted(kwargs.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))


def _positional_names(count: int, parameters: inspect.Signature | None) -> list[str]:
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    known = [name for name, item in parameters.parameters.items() if item.kind in kinds] if parameters else []
    return (known + [f"input{index}" for index in range(len(known), count)])[:count]


def _clean(path: str) -> str:
    """`x.0.mask` for `x[0]['mask']`."""
    return path.replace("['", ".").replace("']", "").replace("[", ".").replace("]", "").strip(".")
