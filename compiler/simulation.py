"""C-simulation of a design: a scratch project, compiled once, run on any inputs, and the receipts it gives."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from dataflowc import __version__, receipts
from dataflowc.contracts import NUMPY_DTYPES, HlsProgram, ImportedModel, Receipt, TensorSpec
from dataflowc.diagnostics import CheckFailed, InternalError, UserError

if TYPE_CHECKING:
    from xdsl.ir import Operation

    from dataflowc.driver import Lowered
    from dataflowc.hls.csim import CsimResult

CsimRun = Literal["plain", "bounded", "sanitize"]

BOUNDED_LIMIT = 4_000_000_000
"""Loop iterations up to which `auto` also runs the bounded C-simulation; ResNet-18 (2.2e9) takes about a second."""


class Simulation:
    """Runs the emitted C++ of one design."""

    def __init__(self, lowered: Lowered, program: HlsProgram) -> None:
        self._lowered = lowered
        self._program = program

    def write_project(self, directory: Path) -> None:
        """Write the project folder, with the example inputs and references for its testbench."""
        from dataflowc.hls.project import write_project

        imported, options = self._lowered.imported, self._lowered.options
        write_project(
            self._program,
            directory,
            target=self._lowered.target,
            clock_ns=self._lowered.clock_ns,
            inputs=self._for_ports("input", imported.inputs, imported.example_inputs),
            references=self._for_ports("output", imported.outputs, imported.reference),
            tolerance=options.tolerance,
            manifest={
                "dataflowc": __version__,
                "source": Path(imported.source).name,
                "target": self._lowered.target.name,
            },
        )

    def run(self, *inputs: Any) -> Any:
        """What the model returns for `inputs`, computed by the C++. Raises UserError for inputs of the wrong shape."""
        imported = self._lowered.imported
        flat = imported.flatten(*inputs) if imported.flatten is not None else [np.asarray(value) for value in inputs]
        arrays = _checked(flat, imported.inputs)
        outputs = self._outputs(self._csim("plain", self._for_ports("input", imported.inputs, arrays)))
        return imported.rebuild(outputs) if imported.rebuild is not None else outputs

    @cached_property
    def receipts(self) -> tuple[Receipt, ...]:
        """C-simulation against PyTorch, and the bounded run; both say so where they did not run."""
        return (self._compared(), self._bounded())

    @cached_property
    def _project(self) -> Path:
        """A project folder that lives as long as this object; the compiled C-simulation stays in it."""
        scratch = tempfile.mkdtemp(prefix="dataflowc-csim-")
        weakref.finalize(self, shutil.rmtree, scratch, ignore_errors=True)
        project = Path(scratch) / self._program.name
        self.write_project(project)
        return project

    def _csim(self, mode: CsimRun, inputs: Sequence[np.ndarray] | None = None) -> CsimResult:
        from dataflowc.hls.csim import run_csim

        options = self._lowered.options
        try:
            return run_csim(
                self._project, mode=mode, inputs=inputs, jobs=options.jobs, timeout_s=options.csim_timeout_s
            )
        except InternalError as error:
            error.module = self._lowered.run.module
            raise

    def _for_ports(
        self, role: str, specs: Sequence[TensorSpec], arrays: Sequence[np.ndarray] | None
    ) -> list[np.ndarray] | None:
        """`arrays`, given in the order of `specs`, in the order of the ports of `role`."""
        if arrays is None:
            return None
        by_name = {spec.name: array for spec, array in zip(specs, arrays, strict=True)}
        return [by_name[port.tensor] for port in self._program.ports if port.role == role]

    def _outputs(self, result: CsimResult) -> list[np.ndarray]:
        """The model's outputs in its order and shapes; ports are flat and in an order of their own."""
        ports = [port for port in self._program.ports if port.role == "output"]
        by_name = {port.tensor: array for port, array in zip(ports, result.outputs, strict=True)}
        return [by_name[spec.name].reshape(spec.shape) for spec in self._lowered.imported.outputs]

    def _compared(self) -> Receipt:
        name = "C-simulation equals PyTorch"
        imported, options = self._lowered.imported, self._lowered.options
        missing = _why_not(imported, options.csim_mode)
        if missing:
            return Receipt(name, None, missing, "csim")
        assert imported.reference is not None
        mode: CsimRun = "sanitize" if options.csim_mode == "sanitize" else "plain"
        try:
            outputs = self._outputs(self._csim(mode))
        except CheckFailed as failure:
            return receipts.from_check(name, "", failure, "csim")
        return receipts.compare_outputs(outputs, imported.reference, imported.outputs, options.tolerance)

    def _bounded(self) -> Receipt:
        name = "no deadlock at the given depths"
        options = self._lowered.options
        imported = self._lowered.imported
        if options.csim_mode in ("off", "plain", "sanitize"):
            mode = "--no-csim" if options.csim_mode == "off" else f"--csim-mode {options.csim_mode}"
            return Receipt(name, None, f"not run: {mode}", "csim")
        iterations = loop_iterations(receipts.find_schedule(self._lowered.run.module))
        if options.csim_mode == "auto" and iterations > BOUNDED_LIMIT:
            why = f"not run: {iterations:.1e} loop iterations (--csim-mode bounded runs it anyway)"
            return Receipt(name, None, why, "csim")
        compared = imported.example_inputs is not None
        made_up = None if compared else self._for_ports("input", imported.inputs, _made_up(imported.inputs))
        try:
            agrees = self._csim("bounded", made_up).passed
        except CheckFailed as failure:
            return receipts.from_check(name, "", failure, "csim")
        detail = f"{len(self._program.streams)} streams ran with their real depths"
        detail += "" if compared else ", on random inputs; the results were compared with nothing"
        return Receipt(name, agrees, detail if agrees else f"{detail}, with another result than PyTorch", "csim")


def loop_iterations(root: Operation) -> int:
    """Iterations of all innermost loops below `root`; a loop whose bounds depend on another counts once."""
    from xdsl.dialects.affine import ForOp

    from dataflowc.passes.analysis.loops import trip_count

    total = 0
    for op in (inner for region in root.regions for block in region.blocks for inner in block.ops):
        inside = loop_iterations(op)
        if isinstance(op, ForOp):
            count = trip_count(op)
            inside = max(inside, 1) * (1 if count is None else count)
        total += inside
    return total


def _why_not(imported: ImportedModel, mode: str) -> str:
    """Why no C-simulation can be compared; empty if it can."""
    if mode == "off":
        return "not run: --no-csim"
    if imported.example_inputs is None or imported.reference is None:
        return "not run: the source brings no example inputs"
    return ""


def _made_up(specs: Sequence[TensorSpec]) -> list[np.ndarray]:
    """Inputs for a source that brings none: seeded random floats, and zeros for integers, which may be indices."""
    generator = np.random.default_rng(0)
    return [
        generator.standard_normal(spec.shape, dtype=np.float32)
        if spec.dtype == "f32"
        else np.zeros(spec.shape, NUMPY_DTYPES[spec.dtype])
        for spec in specs
    ]


def _checked(arrays: Sequence[np.ndarray], specs: Sequence[TensorSpec]) -> list[np.ndarray]:
    if len(arrays) != len(specs):
        raise UserError("DF311", f"the design takes {len(specs)} inputs, got {len(arrays)}")
    for array, spec in zip(arrays, specs, strict=True):
        if tuple(array.shape) != spec.shape:
            raise UserError("DF311", f"input '{spec.name}' has shape {spec.shape}, got {tuple(array.shape)}")
    return list(arrays)
