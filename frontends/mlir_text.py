"""The `.mlir` route: linalg on tensors (named or generic), or affine loops on memrefs, as text."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xdsl.context import Context
from xdsl.dialects import affine, memref
from xdsl.dialects.builtin import MemRefType, ModuleOp, ShapedType, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Operation
from xdsl.parser import Parser
from xdsl.utils.exceptions import ParseError, VerifyException

from dataflowc.contracts import DTYPE_BITS, ImportedModel, TensorSpec, WeightStore
from dataflowc.diagnostics import SourceLocation, UserError
from dataflowc.dialects.attributes import SourceAttr
from dataflowc.frontends import support
from dataflowc.frontends.arguments import annotate_arguments, model_name
from dataflowc.frontends.mlir_walk import WalkResult, hoist_constants, linalg_context, unsupported_ops, walk_function
from dataflowc.frontends.source_files import SourceFiles

_LINE = re.compile(r'loc\("[^"]*":(\d+):\d+\)')
_STORES = ("affine.store", "memref.store", "affine.vector_store")


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of a file, and how the file is called in the IR."""

    path: str
    shown: str
    content: str

    @property
    def is_affine(self) -> bool:
        """True if the function works on memrefs with affine loops."""
        return "affine.for" in self.content and "linalg." not in self.content

    def source(self, line: int) -> SourceLocation:
        """The source of what stands on `line` (1-based, 0: unknown)."""
        lines = self.content.splitlines()
        match = (
            re.search(r"\b(?:linalg|tensor|arith|math|affine)\.(\w+)", lines[line - 1])
            if 0 < line <= len(lines)
            else None
        )
        return SourceLocation(op=match[1] if match else "", file=self.shown, line=line)

    def argument_names(self, count: int) -> list[str]:
        """The names of the function's arguments as written, else `arg0`, `arg1`, ..."""
        header = re.search(r"func\.func[^(\n]*@[\w$.-]+\s*\((.*)", self.content)
        names = re.findall(r"%([A-Za-z_][\w$.-]*)\s*:", header[1])[:count] if header else []
        return names if len(names) == count else [f"arg{index}" for index in range(count)]


def import_text(path: str) -> ImportedModel:
    """Import the one function of an `.mlir` file; dense constants become weights. Raises UserError, UnsupportedOp."""
    files = SourceFiles.beside(path)
    try:
        content = Path(path).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("DF103", f"{path} cannot be read: {error}", where=SourceLocation(file=path)) from error
    text = _Text(path, files.short(str(Path(path).resolve())), content)
    return _import_affine(text) if text.is_affine else _import_linalg(text)


def _import_linalg(text: _Text) -> ImportedModel:
    walked = _walk_native(text) if _has_torch_mlir() else _walk_xdsl(text)
    if walked.leftovers:
        raise support.report(support.Unsupported(item.name, item.source) for item in walked.leftovers)
    function = walked.function
    _check_types(text, function)
    store = WeightStore()
    weights = [store.add(f"constant_{index}", array) for index, array in enumerate(walked.hoisted)]
    inputs = text.argument_names(len(function.body.block.args) - len(weights))
    result_types = list(function.function_type.outputs)
    outputs = ["output"] if len(result_types) == 1 else [f"output{index}" for index in range(len(result_types))]
    annotate_arguments(function, weights, inputs, outputs)
    arguments = function.body.block.args[len(weights) :]
    return _imported(
        text,
        function,
        store,
        [_spec(name, argument.type) for name, argument in zip(inputs, arguments, strict=True)],
        [_spec(name, kind) for name, kind in zip(outputs, result_types, strict=True)],
    )


def _import_affine(text: _Text) -> ImportedModel:
    context = linalg_context()
    for dialect in (affine.Affine, memref.MemRef):
        context.load_dialect(dialect)
    content = text.content
    if _has_torch_mlir():
        content = str(_parse_native(text, generalize=False).module.operation.get_asm(print_generic_op_form=True))
    function = _only_function(text, _parse_xdsl(text, content, context))
    function.sym_name = type(function.sym_name)("main")
    _check_types(text, function)
    names = text.argument_names(len(function.body.block.args))
    annotate_arguments(function, [], names, [f"output{index}" for index in range(len(function.function_type.outputs))])
    for op in function.body.block.ops:
        op.attributes["source"] = SourceAttr.get("", op.name.split(".")[-1], text.shown, 0)
    specs = [_spec(name, argument.type) for name, argument in zip(names, function.body.block.args, strict=True)]
    stored = {op.operands[1] for op in function.walk() if op.name in _STORES}
    written = [spec for spec, value in zip(specs, function.body.block.args, strict=True) if value in stored]
    return _imported(text, function, WeightStore(), specs, written)


def _imported(
    text: _Text,
    function: FuncOp,
    store: WeightStore,
    inputs: Sequence[TensorSpec],
    outputs: Sequence[TensorSpec],
) -> ImportedModel:
    if function.parent is not None:
        function.detach()
    module = ModuleOp([function])
    module.verify()
    return ImportedModel(
        name=model_name(Path(text.path).stem),
        module=module,
        weights=store,
        inputs=tuple(inputs),
        outputs=tuple(outputs),
        source=text.shown,
    )


def _walk_native(text: _Text) -> WalkResult:
    lowered = _parse_native(text, generalize=True)
    functions = [op.operation for op in lowered.module.body.operations]
    if [function.name for function in functions] != ["func.func"]:
        raise _function_count(text, len(functions))

    def source_of(op: Any) -> SourceLocation:
        match = _LINE.search(str(op.location))
        return text.source(int(match[1]) if match else 0)

    return walk_function(functions[0], source_of)


def _parse_native(text: _Text, *, generalize: bool) -> Any:
    from dataflowc.frontends import torch_mlir_bridge

    try:
        return torch_mlir_bridge.parse_text(text.content, generalize=generalize)
    except torch_mlir_bridge.NativeFailure as failure:
        problem = failure.problems[0]
        raise _parse_failure(text, problem.message, problem.line) from failure


def _walk_xdsl(text: _Text) -> WalkResult:
    """Without torch-mlir: xDSL's own parser, which knows the generic form only."""
    function = _only_function(text, _parse_xdsl(text, text.content, linalg_context()))
    function.sym_name = type(function.sym_name)("main")
    hoisted = hoist_constants(function)
    for op in function.body.block.ops:
        op.attributes.setdefault("source", SourceAttr.get("", op.name.split(".")[-1], text.shown, 0))
    return WalkResult(function, hoisted, unsupported_ops(function))


def _parse_xdsl(text: _Text, content: str, context: Context) -> ModuleOp:
    try:
        module = Parser(context, content, text.shown).parse_module()
        module.verify()
    except ParseError as error:
        raise _parse_failure(text, (error.span and error.msg) or str(error), _line_of(error)) from error
    except VerifyException as error:
        raise _parse_failure(text, str(error), 0) from error
    return module


def _line_of(error: ParseError) -> int:
    """1-based line of a parse error."""
    span = error.span
    return span.input.content.count("\n", 0, span.start) + 1


def _parse_failure(text: _Text, message: str, line: int) -> UserError:
    return UserError(
        "DF103",
        f"{text.path} is not valid MLIR: {message.strip().splitlines()[0][:300]}",
        where=SourceLocation(file=text.shown, line=line),
        hint="the file must hold one func.func on tensors with linalg, tensor, arith and math ops",
    )


def _only_function(text: _Text, module: ModuleOp) -> FuncOp:
    ops: list[Operation] = list(module.body.block.ops)
    if len(ops) != 1 or not isinstance(ops[0], FuncOp):
        raise _function_count(text, len(ops))
    return ops[0]


def _function_count(text: _Text, count: int) -> UserError:
    return UserError(
        "DF102",
        f"{text.path} holds {count} top-level operations",
        where=SourceLocation(file=text.shown),
        hint="the file must hold exactly one func.func and nothing else",
    )


def _check_types(text: _Text, function: FuncOp) -> None:
    """Every tensor and memref is ranked, static, and of a known element type."""
    for value in (*function.body.block.args, *(result for op in function.walk() for result in op.results)):
        owner = value.owner
        source = owner.attributes.get("source") if isinstance(owner, Operation) else None
        line = source.line.data if isinstance(source, SourceAttr) else 0
        kind = value.type
        element = kind.element_type if isinstance(kind, TensorType | MemRefType) else kind
        if isinstance(kind, ShapedType) and not kind.has_static_shape():
            raise UserError(
                "DF108", f"the dynamic type {kind}", where=text.source(line), hint="give every dimension a number"
            )
        if str(element) not in (*DTYPE_BITS, "index"):
            raise UserError(
                "DF113",
                f"the element type {element} of '{value.name_hint or kind}' is not supported",
                where=text.source(line),
                hint=f"supported are {', '.join(DTYPE_BITS)}",
            )


def _spec(name: str, kind: Attribute) -> TensorSpec:
    """The spec of a tensor, memref or scalar type."""
    if isinstance(kind, TensorType | MemRefType):
        return TensorSpec(name, tuple(kind.get_shape()), str(kind.element_type))
    return TensorSpec(name, (), str(kind))


def _has_torch_mlir() -> bool:
    return importlib.util.find_spec("torch_mlir") is not None
