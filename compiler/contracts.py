"""The types that cross folder borders. Everything else stays inside its folder.

Data types are named as in MLIR: `f32`, `i64`, `i32`, `i16`, `i8`, `i1`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from xdsl.dialects.builtin import ModuleOp

NUMPY_DTYPES: Mapping[str, Any] = {
    "f32": np.float32,
    "i64": np.int64,
    "i32": np.int32,
    "i16": np.int16,
    "i8": np.int8,
    "i1": np.bool_,
}
"""MLIR name -> numpy dtype, of every element type the compiler takes."""

DTYPE_BITS: Mapping[str, int] = {"f32": 32, "i64": 64, "i32": 32, "i16": 16, "i8": 8, "i1": 1}

Evidence = Literal["estimate", "sim-cycle", "csim", "csynth", "cosim", "impl", "board"]
"""The kind every printed number carries."""


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """Name, shape and element type of one model input or output."""

    name: str
    shape: tuple[int, ...]
    dtype: str

    @property
    def elements(self) -> int:
        """Number of elements (1 for a scalar)."""
        return int(np.prod(self.shape, dtype=np.int64))


class WeightStore:
    """Arrays by name, named as in the state dict. The IR holds only the names."""

    def __init__(self, arrays: Mapping[str, np.ndarray] | None = None) -> None:
        self._arrays: dict[str, np.ndarray] = dict(arrays or {})

    def __getitem__(self, name: str) -> np.ndarray:
        return self._arrays[name]

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def add(self, name: str, array: np.ndarray) -> str:
        """Store `array` and return the name it got: `name`, or `name.1`, `name.2`, ... if taken."""
        unique, count = name, 0
        while unique in self._arrays:
            count += 1
            unique = f"{name}.{count}"
        self._arrays[unique] = array
        return unique

    def set(self, name: str, array: np.ndarray) -> None:
        """Store or replace `name`."""
        self._arrays[name] = array

    def remove(self, name: str) -> None:
        """Forget `name`."""
        del self._arrays[name]


@dataclass(slots=True)
class ImportedModel:
    """What a front end hands over: a linalg-level module plus everything that is not IR.

    `module` holds one `func.func @main` whose arguments carry `dataflow.role` ("weight" or "input") and
    `dataflow.name` in `arg_attrs`, and whose results carry `dataflow.name` in `res_attrs`.
    `example_inputs` and `reference` (PyTorch's outputs on them, flat) are absent for `.mlir` text.
    `rebuild` turns the flat list of output arrays back into what the model returns.
    """

    name: str
    module: ModuleOp
    weights: WeightStore
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    source: str = ""
    example_inputs: tuple[np.ndarray, ...] | None = None
    reference: tuple[np.ndarray, ...] | None = None
    rebuild: Callable[[list[np.ndarray]], Any] | None = None
    flatten: Callable[..., list[np.ndarray]] | None = None


@dataclass(frozen=True, slots=True)
class Port:
    """One `m_axi` argument of the top function, in argument order.

    `shape` is the shape of the binary data, row-major. For weights the data is already in the order in which the
    hardware consumes it; inputs and outputs are in PyTorch's layout.
    """

    name: str
    bundle: str
    role: Literal["input", "weight", "output"]
    dtype: str
    shape: tuple[int, ...]
    tensor: str

    @property
    def elements(self) -> int:
        """Number of elements behind the pointer."""
        return int(np.prod(self.shape, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class HlsProgram:
    """The emitted program, before it is a folder: `sources` maps a path under the project to its text.

    `sources` holds `src/<top>.cpp`, `src/<top>.h` and so on; `bounded_top` is the text of a second top function with
    the same name and arguments that runs every process as a coroutine (`dfc::process`), for the bounded C-simulation.
    `weights` maps the name of a weight port to the array of its binary file.
    """

    name: str
    top: str
    ports: tuple[Port, ...]
    sources: Mapping[str, str]
    bounded_top: str
    weights: Mapping[str, np.ndarray]
    streams: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One check of a build: what was checked, whether it holds (None: not run), and the evidence in one line.

    `evidence` is `static` for what follows from the IR alone.
    """

    name: str
    passed: bool | None
    detail: str
    evidence: Evidence | Literal["static"]
