"""From a model to a `Design`: import, the passes, C++, the checks that need no simulation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataflowc import receipts
from dataflowc.contracts import ImportedModel, Receipt
from dataflowc.diagnostics import CheckFailed, UsageError
from dataflowc.options import CompileOptions
from dataflowc.pass_manager import PassManager, PassRun, guard
from dataflowc.pipeline import KERNEL_PIPELINE, PIPELINE, TOTAL_STEPS, Stage, stages_until

if TYPE_CHECKING:
    from torch import nn
    from xdsl.dialects.builtin import ModuleOp

    from dataflowc.contracts import HlsProgram
    from dataflowc.cost.estimate import Estimate
    from dataflowc.design import Design
    from dataflowc.target import Target

Progress = Callable[[int, int, str], None]
"""Called as a step begins: its number, how many there are, its title."""


@dataclass(frozen=True, slots=True)
class Lowered:
    """A model after the passes: what it was, what it became, and for which target and clock."""

    imported: ImportedModel
    run: PassRun
    target: Target
    clock_ns: float
    weights: tuple[str, ...]
    options: CompileOptions


def compile(
    model: nn.Module | str | Path,
    example_inputs: Sequence[Any] | None = None,
    *,
    target: str | None = None,
    clock_mhz: float | None = None,
    options: CompileOptions | None = None,
) -> Design:
    """Compile `model` for `target` and check what follows from the IR; nothing is written.

    `model` is an `nn.Module` with `example_inputs`, or the path of a `.py[:symbol]`, `.pt2` or `.mlir` file.
    `target` (a known name or a TOML file; "vck190" if not given) and `clock_mhz` win over `options`.
    Raises DataflowcError: an unsupported model, an unknown target, a design that does not fit.
    """
    chosen = options or CompileOptions()
    if target is not None:
        chosen = replace(chosen, target=target)
    if clock_mhz is not None:
        chosen = replace(chosen, clock_mhz=clock_mhz)
    return finish(lower(model, example_inputs, chosen))


def lower(
    model: nn.Module | str | Path,
    example_inputs: Sequence[Any] | None,
    options: CompileOptions,
    *,
    stop_after: str | None = None,
    dump_directory: Path | None = None,
    progress: Progress | None = None,
) -> Lowered:
    """Import `model` and run the passes up to and with `stop_after` (a stage or pass; None: all)."""
    from dataflowc.frontends import load
    from dataflowc.target import load_target

    stages_until(stop_after)  # an unknown name is refused before the model is read
    steps = _Steps(progress)
    target = load_target(options.target)
    clock_ns = _clock_ns(target.clock_mhz if options.clock_mhz is None else options.clock_mhz)
    steps.begin("import the model")
    imported = load(model, example_inputs=example_inputs)
    weights = receipts.used_weights(imported.module)
    stages = stages_until(stop_after, _pipeline_for(imported.module))
    settings: dict[str, str | float] = {"target": options.target, "clock_ns": clock_ns}
    for share in MEMORY_SHARES:
        manager = PassManager(
            {**settings, "memory_share": share}, dump_directory=dump_directory, progress=steps.again().begin
        )
        run = manager.run(imported.module.clone(), stages)
        if "scheduled" not in run.levels or _memory_fits(run.module, target):
            break
    return Lowered(imported, run, target, clock_ns, weights, options)


def _memory_fits(module: ModuleOp, target: Target) -> bool:
    """Whether the block RAMs of a scheduled module are there."""
    from dataflowc.cost.estimate import estimate_resources

    used = estimate_resources(module, target).to_json()["resources"]
    return used["bram18"] <= target.resources.bram18 and used["uram"] <= target.resources.uram


def finish(lowered: Lowered, progress: Progress | None = None) -> Design:
    """Emit the C++ of a fully lowered model, estimate it and check it. Raises InfeasibleTarget if it does not fit."""
    from dataflowc.cost.estimate import check_fits, estimate_resources
    from dataflowc.design import Design
    from dataflowc.hls.emit import emit_program

    steps = _Steps(progress, done=len(PIPELINE) + 1)
    steps.begin("emit C++")
    with guard("emit C++", lowered.run.module):
        program = emit_program(lowered.run.module, lowered.imported.weights, lowered.imported.name)
    steps.begin("estimate and check")
    estimate = estimate_resources(lowered.run.module, lowered.target, lowered.clock_ns)
    check_fits(estimate, lowered.target)
    checks = (*_structural(lowered), _fits(lowered, estimate), _lint(lowered, program))
    return Design(lowered, program, estimate, checks)


def _pipeline_for(module: ModuleOp) -> tuple[Stage, ...]:
    """The stages that take a module to the scheduled level."""
    from xdsl.dialects.func import FuncOp

    from dataflowc.passes.nodes.lift_affine import is_affine_function

    functions = [op for op in module.body.block.ops if isinstance(op, FuncOp)]
    return KERNEL_PIPELINE if functions and all(map(is_affine_function, functions)) else PIPELINE


MEMORY_SHARES = (0.6, 0.45, 0.3, 0.2, 0.1)
"""Parts of the on-chip memory tried, in turn, for buffers that save off-chip reads. How deep the FIFOs beside them must
be is known only afterwards; where both together do not fit, the buffers get less."""


class _Steps:
    """Numbers the steps of a compilation."""

    def __init__(self, progress: Progress | None, done: int = 0) -> None:
        self.progress, self.done = progress, done

    def again(self) -> _Steps:
        """A copy that counts on from here; used for one attempt at lowering."""
        return _Steps(self.progress, self.done)

    def begin(self, title: str) -> None:
        """Report the next step."""
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, TOTAL_STEPS, title)


def _clock_ns(clock_mhz: float) -> float:
    if not 0 < clock_mhz <= 2000:
        raise UsageError(
            "DF203", f"a clock of {clock_mhz:g} MHz makes no sense", hint="give MHz, as in --clock-mhz 200"
        )
    return 1000.0 / clock_mhz


def _structural(lowered: Lowered) -> tuple[Receipt, ...]:
    schedule = receipts.find_schedule(lowered.run.module)
    return (
        receipts.check_outputs_reachable(schedule, receipts.constant_outputs(lowered.imported.module)),
        receipts.check_weights_read(schedule, lowered.weights),
        receipts.check_channels(schedule),
        receipts.check_depths(schedule),
    )


def _fits(lowered: Lowered, estimate: Estimate) -> Receipt:
    """`check_fits` has compared; the receipt says what, and what is only known in part."""
    shown = estimate.to_json()
    known, parts = shown["resources"], []
    for kind, name in (("dsp", "DSP"), ("bram18", "BRAM18"), ("uram", "URAM"), ("lut", "LUT"), ("ff", "FF")):
        available, used = lowered.target.resources.count(kind), known[kind]
        if used is not None:
            parts.append(f"{name} {used:,} of {available:,}")
        else:
            parts.append(f"{name} at least {shown['at_least'][kind]:,} of {available:,}")
    return Receipt("fits the target", True, "; ".join(parts), "estimate")


def _lint(lowered: Lowered, program: HlsProgram) -> Receipt:
    from dataflowc.hls.lint import check_program

    error = None
    try:
        check_program(lowered.run.module, program, lowered.options.target, lowered.clock_ns)
    except CheckFailed as failure:
        error = failure
    return receipts.from_check("HLS C++ rules", "the linter found nothing", error, "static")
