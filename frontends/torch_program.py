"""From an `nn.Module` or a saved ExportedProgram to a `TorchProgram`: export, decomposition, checks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.export import ExportedProgram
from torch.export.graph_signature import ConstantArgument, InputKind, OutputKind
from torch.fx import Graph, Node

from dataflowc.diagnostics import SourceLocation, UserError
from dataflowc.frontends import support
from dataflowc.frontends.decompositions import decomposition_table
from dataflowc.frontends.program import Constant, TorchProgram, dtype_of, shape_of
from dataflowc.frontends.signature import Signature
from dataflowc.frontends.silence import no_warnings, silent_stderr
from dataflowc.frontends.source_files import SourceFiles
from dataflowc.frontends.sources import aten_name, source_of, torch_op_of
from dataflowc.frontends.traceback_info import user_frame

DTYPE_NAMES: dict[torch.dtype, str] = {
    torch.float32: "f32",
    torch.int64: "i64",
    torch.int32: "i32",
    torch.int16: "i16",
    torch.int8: "i8",
    torch.bool: "i1",
}
"""The element types the compiler takes."""

_DATA_DEPENDENT = ("DataDependent", "data-dependent", "dynamic control flow", "torch.cond", "Dynamic control flow")


@contextmanager
def evaluation_mode(module: nn.Module) -> Iterator[None]:
    """Put `module` in eval mode, and each submodule back into its own mode afterwards."""
    modes = [(part, part.training) for part in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for part, training in modes:
            part.training = training


def run_model(model: Any, args: tuple[Any, ...], kwargs: dict[str, Any], files: SourceFiles) -> Any:
    """The model's own outputs. Raises UserError with the user's line if its code raises."""
    try:
        with no_warnings(), torch.no_grad():
            return model(*_cloned(args), **_cloned(kwargs))
    except Exception as error:
        raise UserError(
            "DF105",
            f"the model raises {type(error).__name__} on the example inputs: {first_line(error)}",
            where=user_frame(error, files),
            hint="run the model on the example inputs in plain PyTorch first; both must fit together",
        ) from error


def _cloned(value: Any) -> Any:
    """Copies of all tensors: a model may write into its inputs."""
    return torch.utils._pytree.tree_map_only(torch.Tensor, lambda tensor: tensor.clone(), value)


def export_module(
    model: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], files: SourceFiles
) -> ExportedProgram:
    """torch.export with static shapes. Raises UserError for control flow and shapes that depend on data."""
    try:
        with silent_stderr(), no_warnings(), torch.no_grad():
            return torch.export.export(model, args, kwargs or None, strict=False)
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        where = user_frame(error, files)
        if any(mark in text for mark in _DATA_DEPENDENT):
            raise UserError(
                "DF106",
                "control flow or a shape depends on the data",
                where=where,
                notes=[first_line(error)],
                hint="hardware has a fixed schedule: use torch.where, or choose by module attributes",
            ) from error
        raise UserError(
            "DF107",
            f"torch.export cannot trace the model: {first_line(error)}",
            where=where,
            hint="python -c 'torch.export.export(model, example_inputs)' shows the same failure in full",
        ) from error


def build_program(exported: ExportedProgram, name: str, files: SourceFiles, signature: Signature) -> TorchProgram:
    """Decompose `exported` and flatten its signature; checks inputs, outputs, weights and element types."""
    _refuse_dynamic_shapes(exported, files)
    with silent_stderr(), no_warnings(), torch.no_grad():
        exported = exported.run_decompositions(decomposition_table())
    graph = exported.graph_module.graph
    _refuse_effects(graph, files)
    placeholders = {node.name: node for node in graph.nodes if node.op == "placeholder"}
    program = TorchProgram(name, graph, {}, [], list(signature.input_names), list(signature.output_names), files)
    for spec in exported.graph_signature.input_specs:
        node = placeholders[spec.arg.name]
        if isinstance(spec.arg, ConstantArgument):
            node.replace_all_uses_with(spec.arg.value)
            graph.erase_node(node)
        elif spec.kind == InputKind.USER_INPUT:
            program.inputs.append(node)
        else:
            program.constants[node] = _constant_of(exported, spec)
    _merge_shared(program)
    _refuse_mutation(exported, program)
    _keep_tensor_outputs(program)
    program.erase_dead()
    _check_constants(program)
    return program


def _refuse_dynamic_shapes(exported: ExportedProgram, files: SourceFiles) -> None:
    unbacked = [node for node in exported.graph.nodes if _makes_size(node)]
    if unbacked:
        raise UserError(
            "DF106",
            f"a number or a shape depends on the data: {torch_op_of(unbacked[0])}",
            where=source_of(unbacked[0], files),
            hint="hardware has a fixed schedule: keep tensors as tensors, of a size that is known beforehand",
        )
    if exported.range_constraints:
        names = ", ".join(sorted(str(symbol) for symbol in exported.range_constraints))
        raise UserError(
            "DF108",
            f"the program has dynamic shapes ({names})",
            hint="export it without dynamic_shapes, for the one size the hardware is built for",
        )


def _refuse_effects(graph: Graph, files: SourceFiles) -> None:
    """Ops that PyTorch orders by tokens because they print or raise; `torch.linalg.inv` checks its result so."""
    found = [
        support.Unsupported(aten_name(node.args[1]), source_of(node, files))
        for node in graph.nodes
        if node.op == "call_function" and node.target is torch.ops.higher_order.with_effects
    ]
    if found:
        raise support.report(found)


def _makes_size(node: Node) -> bool:
    """Whether `node` takes a number out of a tensor, or makes a tensor whose size depends on values."""
    value = node.meta.get("val")
    if node.op != "call_function" or any(_is_symbolic(arg.meta.get("val")) for arg in node.all_input_nodes):
        return False
    return _is_symbolic(value)


def _is_symbolic(value: Any) -> bool:
    """Whether a traced value is a number, or has an extent, that is known only at run time."""
    if isinstance(value, torch.Tensor):
        return any(isinstance(extent, torch.SymInt) for extent in value.shape)
    return isinstance(value, torch.SymInt | torch.SymFloat | torch.SymBool)


def _constant_of(exported: ExportedProgram, spec: Any) -> Constant:
    """The tensor behind a parameter, buffer or lifted literal."""
    target = spec.target
    if spec.kind not in (InputKind.PARAMETER, InputKind.BUFFER, InputKind.CONSTANT_TENSOR):
        raise UserError("DF109", f"the model takes '{target}', which is not a tensor", hint="pass tensors only")
    value = exported.state_dict.get(target)
    if value is None:
        value = exported.constants[target]
    if not isinstance(value, torch.Tensor):
        raise UserError("DF109", f"'{target}' is not a tensor", hint="keep only tensors as parameters and buffers")
    return Constant(target, value.detach(), spec.kind == InputKind.CONSTANT_TENSOR)


def _merge_shared(program: TorchProgram) -> None:
    """Let parameters that are one tensor under several names be one constant, named as the first."""
    first: dict[object, Node] = {}
    for node, constant in list(program.constants.items()):
        value = constant.value
        key = (value.data_ptr(), value.dtype, tuple(value.shape), value.stride())
        kept = first.setdefault(key, node)
        if kept is not node and value.numel():
            program.replace(node, kept)
            del program.constants[node]


def _refuse_mutation(exported: ExportedProgram, program: TorchProgram) -> None:
    outputs = {node.name: node for node in program.graph.nodes}
    for spec in exported.graph_signature.output_specs:
        if spec.kind in (OutputKind.BUFFER_MUTATION, OutputKind.USER_INPUT_MUTATION):
            node = outputs.get(spec.arg.name)
            raise UserError(
                "DF110",
                f"the model writes into '{spec.target}'",
                where=None if node is None else source_of(node, program.files),
                hint="the compiled model has no state: return the new value instead",
            )
        if spec.kind != OutputKind.USER_OUTPUT:
            raise UserError("DF110", f"the model has an output of kind {spec.kind.name}", hint="return tensors only")


def _keep_tensor_outputs(program: TorchProgram) -> None:
    """None among the outputs is left to the signature, which puts it back."""
    results = [value for value in program.output.args[0] if value is not None]
    for value in results:
        if not isinstance(value, Node) or not isinstance(value.meta.get("val"), torch.Tensor):
            raise UserError(
                "DF111", f"the model returns {value!r}, which is not a tensor", hint="return tensors, or tuples of them"
            )
    if not results:
        raise UserError("DF111", "the model returns no tensor", hint="return at least one tensor")
    program.output.args = (tuple(results),)


def _check_constants(program: TorchProgram) -> None:
    """NaN and infinity in weights make every later comparison meaningless; minus infinity is a mask in buffers."""
    notes = []
    for constant in program.constants.values():
        if constant.literal or not constant.value.is_floating_point():
            continue
        is_mask = not isinstance(constant.value, nn.Parameter) and bool((constant.value <= 0).all())
        bad = torch.isnan(constant.value) if is_mask else ~torch.isfinite(constant.value)
        if bool(bad.any()):
            notes.append(f"'{constant.name}' has {int(bad.sum())} of {constant.value.numel()} elements NaN or infinite")
    if notes:
        raise UserError(
            "DF112", "weights are not finite", notes=notes, hint="load a good checkpoint, or initialise them"
        )


def check_dtypes(program: TorchProgram) -> None:
    """Refuse element types the compiler does not take; called once folding has left only what reaches hardware."""
    found: dict[str, SourceLocation] = {}
    for node in program.graph.nodes:
        if node.op == "output" or not isinstance(node.meta.get("val"), torch.Tensor) or not node.users:
            continue
        if dtype_of(node) in DTYPE_NAMES:
            continue
        named = program.constants.get(node)
        name = named.name if named else _name_of(program, node)
        found[f"'{name}' is {str(dtype_of(node)).removeprefix('torch.')}"] = source_of(node, program.files)
    if found:
        notes = [f"{what} ({where})" if where.file else what for what, where in found.items()]
        raise UserError(
            "DF113",
            f"element types that are not supported: {next(iter(found))}",
            where=next((where for where in found.values() if where.file), None),
            notes=notes,
            hint=f"supported are {', '.join(DTYPE_NAMES.values())}; convert with model.float() or tensor.to(...)",
        )


def check_sizes(program: TorchProgram) -> None:
    """Refuse inputs and outputs without elements: there is nothing to stream."""
    named = [
        *zip(program.input_names, program.inputs, strict=True),
        *zip(program.output_names, program.output.args[0], strict=True),
    ]
    for name, node in named:
        if 0 in shape_of(node):
            raise UserError(
                "DF115",
                f"'{name}' has no elements: its shape is {tuple(shape_of(node))}",
                hint="give example inputs of the size the hardware is built for",
            )


def _name_of(program: TorchProgram, node: Node) -> str:
    """The name of an input, or the torch op that gives a value."""
    return program.input_names[program.inputs.index(node)] if node in program.inputs else torch_op_of(node)


def first_line(error: BaseException) -> str:
    """The first line of an exception's text that says something; its type if it has no text."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:300] if lines else type(error).__name__
