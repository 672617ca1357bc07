"""The one module that knows torch_mlir: FX graph -> linalg on tensors, as objects of its Python bindings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from torch_mlir import ir
from torch_mlir.dialects import torch as torch_dialect
from torch_mlir.extras.fx_importer import ContextCache, FxImporter
from torch_mlir.passmanager import PassManager

from dataflowc.diagnostics import SourceLocation
from dataflowc.frontends.silence import silent_stderr
from dataflowc.frontends.sources import source_of

if TYPE_CHECKING:
    from torch.fx import Node

    from dataflowc.frontends.program import TorchProgram

_TO_TORCH_BACKEND = (
    "builtin.module(func.func(torch-match-quantized-custom-ops),"
    "torchdynamo-export-to-torch-backend-pipeline{extra-library=})"
)
_TO_LINALG = "builtin.module(torch-backend-to-linalg-on-tensors-backend-pipeline{allow-non-finites=true})"
_GENERALIZE = "builtin.module(func.func(linalg-generalize-named-ops),canonicalize,cse)"
_TEXT_LINE = re.compile(r'loc\("[^"]*":(\d+):')
_LOCATION = re.compile(r'loc\("dataflowc-(\d+)"')


@dataclass(frozen=True, slots=True)
class Problem:
    """One error of a native pass or parser: its text, the index of its source or -1, the line of the text or 0."""

    message: str
    source: int = -1
    line: int = 0


class NativeFailure(Exception):
    """A native pass failed; `problems` are its diagnostics."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


@dataclass(slots=True)
class LoweredModule:
    """A linalg-level module of the bindings. `sources` is the table that locations index."""

    module: Any
    sources: list[SourceLocation] = field(default_factory=list)

    def source_of(self, op: Any) -> SourceLocation | None:
        """The source of an operation of the bindings, None if it has none of ours."""
        match = _LOCATION.search(str(op.location))
        return self.sources[int(match[1])] if match else None


class _SourceCache(ContextCache):
    """Gives every node a name location that indexes `sources`: names survive the lowering, machine paths stay out."""

    __slots__ = ("files", "sources")

    def get_node_location(self, node: Node) -> Any:
        """The location of `node`."""
        if node.op != "call_function":
            return None
        self.sources.append(source_of(node, self.files))
        return ir.Location.name(f"dataflowc-{len(self.sources) - 1}", context=self._c)


def lower_program(program: TorchProgram) -> LoweredModule:
    """Lower to generic linalg on tensors. Raises NativeFailure."""
    context = ir.Context()
    torch_dialect.register_dialect(context)
    importer = FxImporter(context=context)
    cache = _SourceCache(context, py_attr_tracker=importer._py_attr_tracker)
    cache.files, cache.sources = program.files, []
    importer._cc = cache
    lowered = LoweredModule(importer.module, cache.sources)
    with _diagnostics(context, lowered):
        function = importer.import_stateless_graph(program.graph, func_name="main")
        # Shapes were checked by the export: without this, every op would guard them at run time.
        function.attributes["torch.assume_strict_symbolic_shapes"] = ir.UnitAttr.get(context)
        for pipeline in (_TO_TORCH_BACKEND, _TO_LINALG):
            _run(pipeline, importer.module)
        _strip_asserts(importer.module.operation)
        _run(_GENERALIZE, importer.module)
    return lowered


def parse_text(text: str, *, generalize: bool) -> LoweredModule:
    """Parse MLIR text; `generalize` brings its linalg ops into generic form. Raises NativeFailure."""
    context = ir.Context()
    torch_dialect.register_dialect(context)
    lowered = LoweredModule(None)
    with _diagnostics(context, lowered):
        lowered.module = ir.Module.parse(text, context)
        if generalize:
            _strip_asserts(lowered.module.operation)
            _run(_GENERALIZE, lowered.module)
    return lowered


def _run(pipeline: str, module: Any) -> None:
    with module.context:
        PassManager.parse(pipeline).run(module.operation)


@contextmanager
def _diagnostics(context: Any, lowered: LoweredModule) -> Iterator[None]:
    """Collect native errors instead of printing them; they become one NativeFailure."""
    problems: list[Problem] = []

    def keep(diagnostic: Any) -> bool:
        if diagnostic.severity == ir.DiagnosticSeverity.ERROR:
            place = str(diagnostic.location)
            match, line = _LOCATION.search(place), _TEXT_LINE.search(place)
            index = int(match[1]) if match else -1
            problems.append(Problem(str(diagnostic.message), index, int(line[1]) if line else 0))
        return True

    handler = context.attach_diagnostic_handler(keep)
    context.emit_error_diagnostics = True
    try:
        with silent_stderr():
            yield
    except NotImplementedError as error:
        raise NativeFailure([*problems, Problem(str(error), len(lowered.sources) - 1)]) from error
    except Exception as error:
        raise NativeFailure(problems or [Problem(str(error))]) from error
    finally:
        handler.detach()


def _strip_asserts(operation: Any) -> None:
    """Remove `cf.assert`: it guards shapes and indices at run time, which hardware does not do."""
    for region in operation.regions:
        for block in region.blocks:
            for op in list(block.operations):
                if op.operation.name == "cf.assert":
                    op.operation.erase()
                else:
                    _strip_asserts(op.operation)
