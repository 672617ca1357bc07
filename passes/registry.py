"""Every pass by its command-line name. Loaded lazily: importing this module imports no pass."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from xdsl.passes import ModulePass

PASSES: dict[str, str] = {
    "expand-powers": "dataflowc.passes.linalg.expand_powers:ExpandPowersPass",
    "split-pads": "dataflowc.passes.linalg.split_pads:SplitPadsPass",
    "tidy-tensors": "dataflowc.passes.linalg.tidy_tensors:TidyTensorsPass",
    "build-tasks": "dataflowc.passes.tasks.build_tasks:BuildTasksPass",
    "build-nodes": "dataflowc.passes.nodes.build_nodes:BuildNodesPass",
    "lift-affine": "dataflowc.passes.nodes.lift_affine:LiftAffinePass",
    "pipeline-loops": "dataflowc.passes.schedule.pipeline_loops:PipelineLoopsPass",
    "place-memories": "dataflowc.passes.schedule.place_memories:PlaceMemoriesPass",
    "size-streams": "dataflowc.passes.schedule.size_streams:SizeStreamsPass",
}


def load_pass(name: str) -> type[ModulePass]:
    """The pass class behind a command-line name; KeyError if there is none."""
    module, _, symbol = PASSES[name].partition(":")
    return getattr(import_module(module), symbol)


def all_passes() -> dict[str, Callable[[], type[ModulePass]]]:
    """Name -> zero-argument loader, the form xDSL's tools take."""
    return {name: (lambda name=name: load_pass(name)) for name in PASSES}
