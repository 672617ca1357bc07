"""The checks of a build that follow from the IR, and the comparison of the C-simulation with PyTorch.

Every function answers one question of design rule «a build that is not checked is not a result» with a `Receipt`.
The structural ones work on the `dataflow.schedule` of the nodes or scheduled level.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from dataflowc.contracts import Receipt, TensorSpec
from dataflowc.diagnostics import DataflowcError

if TYPE_CHECKING:
    from xdsl.dialects.builtin import ModuleOp
    from xdsl.ir import SSAValue

    from dataflowc.dialects.dataflow import NodeOp, PortOp, ScheduleOp

MAX_NAMES = 5
"""How many offenders a receipt lists by name."""


def find_schedule(module: ModuleOp) -> ScheduleOp:
    """The one schedule of a module at the nodes or scheduled level."""
    from dataflowc.dialects.dataflow import ScheduleOp

    return next(op for op in module.walk() if isinstance(op, ScheduleOp))


def used_weights(module: ModuleOp) -> tuple[str, ...]:
    """Names of the weight arguments of a linalg-level module whose values are used."""
    from xdsl.dialects.builtin import DictionaryAttr, StringAttr
    from xdsl.dialects.func import FuncOp

    names: list[str] = []
    for func in module.body.block.ops:
        if not isinstance(func, FuncOp) or func.arg_attrs is None or not func.body.blocks:
            continue
        for argument, attributes in zip(func.body.block.args, func.arg_attrs.data, strict=True):
            if not isinstance(attributes, DictionaryAttr) or not argument.uses:
                continue
            role, name = attributes.data.get("dataflow.role"), attributes.data.get("dataflow.name")
            if isinstance(role, StringAttr) and isinstance(name, StringAttr) and role.data == "weight":
                names.append(name.data)
    return tuple(names)


def constant_outputs(module: ModuleOp) -> tuple[str, ...]:
    """Names of the outputs of a linalg-level module, or of a C kernel, that are the same for all inputs."""
    from xdsl.dialects.func import FuncOp

    from dataflowc.passes.analysis.dependence import loads_an_argument, varying_results
    from dataflowc.passes.nodes.function import argument_names, result_names
    from dataflowc.passes.nodes.lift_affine import is_affine_function

    constant: list[str] = []
    for main in module.body.block.ops:
        if not isinstance(main, FuncOp):
            continue
        names = argument_names(main)
        if is_affine_function(main):
            constant += [] if loads_an_argument(main) else [name for _, name in names]
            continue
        inputs = [value for value, (role, _) in zip(main.body.block.args, names, strict=True) if role == "input"]
        varying = varying_results(main, inputs)
        constant += [name for name, varies in zip(result_names(main), varying, strict=True) if not varies]
    return tuple(constant)


def check_outputs_reachable(schedule: ScheduleOp, constant: Iterable[str] = ()) -> Receipt:
    """Every output port is fed by a chain of nodes that starts at an input port.

    An output named in `constant` depends on no input in the model either: it only has to be written.
    """
    producers = _producers(schedule)
    outputs = list(_ports(schedule, "output"))
    named = set(constant)
    fixed = [port.tensor.data for port in outputs if port.tensor.data in named]
    lost = [
        port.tensor.data
        for port in outputs
        if not (
            port.array in producers
            if port.tensor.data in named
            else _reaches_input(schedule, producers, producers.get(port.array))
        )
    ]
    held = f"{len(outputs) - len(fixed)} of {len(outputs)} outputs depend on an input"
    if fixed:
        held += f", constant in the model too: {', '.join(fixed[:MAX_NAMES])}"
    return _structural("outputs reachable", bool(outputs) and not lost, held, "not reachable from an input", lost)


def check_weights_read(schedule: ScheduleOp, weights: Iterable[str]) -> Receipt:
    """Every weight that the model uses stands behind a port that a node reads."""
    consumed = {value for node in schedule.nodes for value in node.reads}
    read = {port.tensor.data for port in _ports(schedule, "weight") if port.array in consumed}
    wanted = list(weights)
    lost = [name for name in wanted if name not in read]
    return _structural("weights read", not lost, f"{len(wanted)} weights read from off-chip ports", "never read", lost)


def check_channels(schedule: ScheduleOp) -> Receipt:
    """Every stream and buffer between nodes has one producing and one consuming node."""
    from dataflowc.dialects.dataflow import BufferOp, Endpoints, StreamOp

    channels = [op for op in schedule.body.block.ops if isinstance(op, StreamOp | BufferOp)]
    endpoints = Endpoints.of(schedule)
    wrong = [
        f"{op.label.data} ({writers} to {readers})"
        for op in channels
        for writers, readers in [endpoints.counts(op)]
        if (writers, readers) != (1, 1)
    ]
    held = f"{len(channels)} channels with one producer and one consumer"
    return _structural("channels", not wrong, held, "not one to one", wrong)


def check_depths(schedule: ScheduleOp) -> Receipt:
    """Every stream has a decided depth: `size-streams` sets them only after its run of all nodes came to the end."""
    from dataflowc.dialects.dataflow import StreamOp

    streams = [op for op in schedule.body.block.ops if isinstance(op, StreamOp)]
    undecided = [stream.label.data for stream in streams if stream.depth is None]
    tokens = sum(stream.depth.value.data for stream in streams if stream.depth is not None)
    held = f"{len(streams)} streams, {tokens} tokens in all; the static run of all nodes ended"
    return _structural("stream depths", not undecided, held, "without a depth", undecided)


def compare_outputs(
    outputs: Sequence[np.ndarray], reference: Sequence[np.ndarray], specs: Sequence[TensorSpec], tolerance: float
) -> Receipt:
    """C-simulation against PyTorch: floats within `tolerance * max|reference|`, integers exactly.

    A NaN or infinity in an output fails, even where PyTorch gives one too.
    """
    name = "C-simulation equals PyTorch"
    if len(outputs) != len(reference):
        return Receipt(name, False, f"{len(outputs)} outputs, PyTorch gives {len(reference)}", "csim")
    worst, lines = 0.0, []
    for got, want, spec in zip(outputs, reference, specs, strict=True):
        if got.shape != want.shape:
            lines.append(f"{spec.name} has shape {got.shape}, expected {want.shape}")
        elif not np.issubdtype(want.dtype, np.floating):
            different = int(np.count_nonzero(got != want))
            if different:
                lines.append(f"{spec.name}: {different} of {want.size} integers differ")
        else:
            error = _relative_error(got, want)
            worst = max(worst, error)
            if not error <= tolerance:
                lines.append(f"{spec.name}: max|y - y_ref| is {error:.2e} of max|y_ref|, allowed {tolerance:.0e}")
    if lines:
        return Receipt(name, False, "; ".join(lines[:MAX_NAMES]), "csim")
    floats = any(np.issubdtype(want.dtype, np.floating) for want in reference)
    exact = f"max|y - y_ref| = {worst:.1e} * max|y_ref|" if floats else "all integers equal"
    return Receipt(name, True, f"{len(reference)} outputs, {exact}", "csim")


def from_check(name: str, held: str, error: DataflowcError | None, evidence: Literal["static", "csim"]) -> Receipt:
    """A receipt of a check that raises: `held` if `error` is None, else what it said."""
    if error is None:
        return Receipt(name, True, held, evidence)
    return Receipt(name, False, "; ".join((error.message, *error.notes[:MAX_NAMES])), evidence)


def _relative_error(got: np.ndarray, want: np.ndarray) -> float:
    """max|got - want| / max|want| (absolute where `want` is all zero); NaN if `got` is not finite."""
    if want.size == 0:
        return 0.0
    if not np.isfinite(got).all():
        return float("nan")
    largest = float(np.max(np.abs(want)))
    return float(np.max(np.abs(got.astype(np.float64) - want.astype(np.float64)))) / (largest or 1.0)


def _structural(name: str, passed: bool, held: str, complaint: str, offenders: Sequence[str]) -> Receipt:
    if passed:
        return Receipt(name, True, held, "static")
    more = f" and {len(offenders) - MAX_NAMES} more" if len(offenders) > MAX_NAMES else ""
    return Receipt(name, False, f"{complaint}: {', '.join(offenders[:MAX_NAMES]) or 'nothing'}{more}", "static")


def _ports(schedule: ScheduleOp, role: str) -> Iterable[PortOp]:
    from dataflowc.dialects.dataflow import PortOp

    return (op for op in schedule.body.block.ops if isinstance(op, PortOp) and op.role.data == role)


def _producers(schedule: ScheduleOp) -> dict[SSAValue, NodeOp]:
    return {value: node for node in schedule.nodes for value in node.writes}


def _reaches_input(schedule: ScheduleOp, producers: dict[SSAValue, NodeOp], start: NodeOp | None) -> bool:
    """Whether walking from `start` against the data flow meets an input port."""
    inputs = {port.array for port in _ports(schedule, "input")}
    pending, seen = ([] if start is None else [start]), set()
    while pending:
        node = pending.pop()
        if node in seen:
            continue
        seen.add(node)
        if any(value in inputs for value in node.reads):
            return True
        pending += [producers[value] for value in node.reads if value in producers]
    return False
