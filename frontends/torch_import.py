"""The torch route: a traced model becomes an `ImportedModel`."""

from __future__ import annotations

import re
from typing import Any

from torch import nn
from torch.export import ExportedProgram
from xdsl.dialects.builtin import ModuleOp

from dataflowc.contracts import ImportedModel, TensorSpec, WeightStore
from dataflowc.diagnostics import InternalError
from dataflowc.frontends import support, torch_mlir_bridge
from dataflowc.frontends.arguments import annotate_arguments
from dataflowc.frontends.fold_batch_norm import fold_batch_norms
from dataflowc.frontends.fold_constants import fold_constants
from dataflowc.frontends.mlir_walk import WalkResult, walk_function
from dataflowc.frontends.program import TorchProgram, dtype_of, shape_of
from dataflowc.frontends.signature import Signature, array_of, example_call, signature_of
from dataflowc.frontends.source_files import SourceFiles
from dataflowc.frontends.sources import aten_name, source_of
from dataflowc.frontends.tidy_graph import round_scalars, tidy_graph
from dataflowc.frontends.torch_program import (
    DTYPE_NAMES,
    build_program,
    check_dtypes,
    check_sizes,
    evaluation_mode,
    export_module,
    run_model,
)

_ATEN_OP = re.compile(r"torch\.aten\.(\w+)")


def import_module(model: nn.Module, example_inputs: Any, name: str, source: str, files: SourceFiles) -> ImportedModel:
    """Import an `nn.Module` in evaluation mode for the shapes of `example_inputs`. Raises UserError, UnsupportedOp."""
    args, kwargs = example_call(example_inputs)
    with evaluation_mode(model):
        outputs = run_model(model, args, kwargs, files)
        signature = signature_of(model.forward, args, kwargs, outputs)
        exported = export_module(model, args, kwargs, files)
    return import_exported(exported, signature, name, source, files)


def import_saved(exported: ExportedProgram, name: str, source: str, files: SourceFiles) -> ImportedModel:
    """Import a saved program, on the example inputs saved with it. Raises UserError, UnsupportedOp."""
    assert exported.example_inputs is not None
    args, kwargs = exported.example_inputs
    model = exported.module()
    outputs = run_model(model, tuple(args), dict(kwargs), files)
    signature = signature_of(model.forward, tuple(args), dict(kwargs), outputs)
    return import_exported(exported, signature, name, source, files)


def import_exported(
    exported: ExportedProgram, signature: Signature, name: str, source: str, files: SourceFiles
) -> ImportedModel:
    """Decompose, fold, lower and walk."""
    program = fold_program(exported, signature, name, files)
    _check_supported(program)
    check_dtypes(program)
    check_sizes(program)
    walked = _lower(program)
    weights, names = _weights(program, walked)
    annotate_arguments(walked.function, names, program.input_names, program.output_names)
    module = ModuleOp([walked.function])
    module.verify()
    return ImportedModel(
        name=name,
        module=module,
        weights=weights,
        inputs=tuple(_spec(text, node) for text, node in zip(program.input_names, program.inputs, strict=True)),
        outputs=tuple(
            _spec(text, node) for text, node in zip(program.output_names, program.output.args[0], strict=True)
        ),
        source=source,
        example_inputs=tuple(array_of(value).copy() for value in signature.inputs),
        reference=tuple(array_of(value).copy() for value in signature.outputs),
        rebuild=signature.rebuild,
        flatten=signature.flatten,
    )


def fold_program(exported: ExportedProgram, signature: Signature, name: str, files: SourceFiles) -> TorchProgram:
    """The decomposed graph after all folding, its placeholders in argument order: weights, then inputs."""
    program = build_program(exported, name, files, signature)
    for step in (tidy_graph, fold_batch_norms, fold_constants, tidy_graph, round_scalars):
        step(program)
    _order_arguments(program)
    return program


def _check_supported(program: TorchProgram) -> None:
    found = [
        support.Unsupported(aten_name(node.target), source_of(node, program.files))
        for node in program.calls()
        if aten_name(node.target) not in support.SUPPORTED
    ]
    if found:
        raise support.report(found)


def _order_arguments(program: TorchProgram) -> None:
    """Weights first, in the order in which they are first used; then the inputs, in call order."""
    used = dict.fromkeys(
        arg for node in program.graph.nodes for arg in node.all_input_nodes if arg in program.constants
    )
    anchor = next(node for node in program.graph.nodes if node.op != "placeholder")
    for node in (*used, *program.inputs):
        anchor.prepend(node)
    program.constants = {node: program.constants[node] for node in used}


def _lower(program: TorchProgram) -> WalkResult:
    try:
        lowered = torch_mlir_bridge.lower_program(program)
    except torch_mlir_bridge.NativeFailure as failure:
        raise _native_error(failure, program) from failure
    functions = [op.operation for op in lowered.module.body.operations if op.operation.name == "func.func"]
    walked = walk_function(functions[0], lowered.source_of)
    if walked.leftovers:
        raise support.report(
            support.Unsupported(item.source.op if item.source else item.name, item.source) for item in walked.leftovers
        )
    return walked


def _native_error(failure: torch_mlir_bridge.NativeFailure, program: TorchProgram) -> Exception:
    sources = [source_of(node, program.files) for node in program.calls()]
    found = []
    for problem in failure.problems:
        if 0 <= problem.source < len(sources):
            named = _ATEN_OP.search(problem.message)
            source = sources[problem.source]
            found.append(support.Unsupported(named[1] if named else source.op, source))
    if found:
        return support.report(found)
    return InternalError(
        "DF901",
        "the lowering to linalg failed",
        notes=[problem.message[:500] for problem in failure.problems],
        hint="please report this with the model",
    )


def _weights(program: TorchProgram, walked: WalkResult) -> tuple[WeightStore, list[str]]:
    """The store, and the names of the leading arguments: hoisted constants, then weights."""
    store = WeightStore()
    names = [store.add(f"constant_{index}", array) for index, array in enumerate(walked.hoisted)]
    names += [store.add(constant.name, array_of(constant.value)) for constant in program.constants.values()]
    return store, names


def _spec(name: str, node: Any) -> TensorSpec:
    return TensorSpec(name, shape_of(node), DTYPE_NAMES[dtype_of(node)])
