"""THE list: every pass that a compilation runs, in order.

A stage takes the module to one level (`dataflowc.dialects.levels.LEVELS`). Passes are written as for
`dataflowc-opt -p`. A pass with a field `target`, `clock_ns` or `memory_share` gets the value of the compilation;
nothing else is set from outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dataflowc.diagnostics import UsageError, nearest


@dataclass(frozen=True, slots=True)
class Stage:
    """Passes that together reach a level: the level's name is the stage's name.

    `reaches_level` is false only for a stage that `stages_until` cut short.
    """

    name: str
    title: str
    passes: tuple[str, ...]
    reaches_level: bool = True


PIPELINE: tuple[Stage, ...] = (
    # Tensor code first gets into the few forms that the lowering knows.
    Stage("linalg", "tidy the tensor code", ("expand-powers", "split-pads", "tidy-tensors")),
    # What belongs together: one compute op and its views per task.
    Stage("tasks", "build tasks", ("build-tasks",)),
    # Processes and channels: token orders are chosen here, so FIFOs and buffers are.
    Stage("nodes", "build nodes and channels", ("build-nodes",)),
    # Decisions, each taken from the nodes alone: none of the three passes reads what another one decided.
    Stage("scheduled", "schedule and size", ("pipeline-loops", "place-memories", "size-streams")),
)

KERNEL_PIPELINE: tuple[Stage, ...] = (
    # A C kernel comes as affine loops on arrays: there are no tensors to make tasks of.
    Stage("nodes", "lift the kernel", ("lift-affine",)),
    PIPELINE[-1],
)
"""The stages for affine text; `PIPELINE` is for everything else."""

TOTAL_STEPS = len(PIPELINE) + 4
"""Steps that a user sees: the stages, and import, emit, check, write with C-simulation."""


def stages_until(stop: str | None, pipeline: Sequence[Stage] = PIPELINE) -> tuple[Stage, ...]:
    """The stages up to and with `stop`: a stage, or a pass (the stage is then cut after it); None: all of them.

    Raises UsageError for an unknown name.
    """
    if stop is None:
        return tuple(pipeline)
    kept: list[Stage] = []
    for stage in pipeline:
        if stage.name == stop:
            return (*kept, stage)
        for position, spec in enumerate(stage.passes):
            if spec.partition("{")[0] == stop:
                done = stage.passes[: position + 1]
                return (*kept, replace(stage, passes=done, reaches_level=len(done) == len(stage.passes)))
        kept.append(stage)
    known = [name for stage in pipeline for name in (stage.name, *(spec.partition("{")[0] for spec in stage.passes))]
    raise UsageError(
        "DF201",
        f"no stage or pass is called '{stop}'",
        notes=[f"known: {', '.join(known)}"],
        hint=f"did you mean {' or '.join(nearest(stop, known))}?" if nearest(stop, known) else "",
    )
