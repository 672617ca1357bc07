"""Runs the pass list: verifies, times, counts, dumps, and says which pass failed where.

Exceptions other than a DataflowcError become an InternalError that names the pass and, where an op that knows its
origin is found in the traceback, the line of the user's model.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataflowc.diagnostics import DataflowcError, InternalError, UsageError, nearest
from dataflowc.ir_text import IrDump, failing_op, source_location
from dataflowc.pipeline import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xdsl.dialects.builtin import ModuleOp
    from xdsl.passes import ModulePass
    from xdsl.utils.arg_spec import ArgSpec

Progress = Callable[[str], None]
"""Called with the human title of a step as it begins."""


@dataclass(frozen=True, slots=True)
class PassRecord:
    """What one pass did: seconds of wall time, and how many ops of each name it added or removed."""

    name: str
    stage: str
    seconds: float
    op_deltas: Mapping[str, int]


@dataclass(slots=True)
class PassRun:
    """The result of a run: the module, a copy of it at every level that was reached, and the records."""

    module: ModuleOp
    levels: dict[str, ModuleOp] = field(default_factory=dict)
    records: list[PassRecord] = field(default_factory=list)


class PassManager:
    """Applies stages to a module.

    `settings` maps pass field names (`target`, `clock_ns`) to values; a pass that has the field gets the value.
    `registry` maps pass names to `module:Class`; `verify_level(module, level)` raises a DataflowcError.
    """

    def __init__(
        self,
        settings: Mapping[str, str | float] | None = None,
        *,
        registry: Mapping[str, str] | None = None,
        verify_level: Callable[[ModuleOp, str], None] | None = None,
        dump_directory: Path | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.settings = dict(settings or {})
        self.registry = _default_registry() if registry is None else registry
        self.verify_level = _default_verify_level() if verify_level is None else verify_level
        self.dump = IrDump(dump_directory)
        self.progress = progress or (lambda _title: None)

    def run(self, module: ModuleOp, stages: Sequence[Stage]) -> PassRun:
        """Apply `stages` to `module` in place.

        Raises what the passes raise as DataflowcError, and InternalError for anything else.
        """
        passes = {stage.name: [self.make_pass(spec) for spec in stage.passes] for stage in stages}
        run = PassRun(module)
        self.dump.write("input", module)
        for stage in stages:
            self.progress(stage.title)
            self._run_stage(run, stage, passes[stage.name])
        return run

    def make_pass(self, spec_text: str) -> ModulePass:
        """The pass written in `spec_text`, with the settings filled in. Raises UsageError for an unknown one."""
        from xdsl.utils.arg_spec import parse_spec

        spec = parse_spec(spec_text)
        pass_class = load_pass(spec.name, self.registry)
        return pass_class.from_spec(self._with_settings(spec, pass_class))

    def _with_settings(self, spec: ArgSpec, pass_class: type[ModulePass]) -> ArgSpec:
        given = spec.normalize_parameter_names().parameters
        names = {entry.name for entry in dataclasses.fields(pass_class)}
        added = {name: (value,) for name, value in self.settings.items() if name in names and name not in given}
        return type(spec)(spec.name, {**given, **added})

    def _run_stage(self, run: PassRun, stage: Stage, passes: Sequence[ModulePass]) -> None:
        from dataflowc.dialects import make_context

        context = make_context()
        stage_input = run.module.clone()
        done: list[str] = []
        for module_pass in passes:
            done.append(str(module_pass))
            with guard(module_pass.name, run.module, start=stage_input, passes=done, dump=self.dump):
                before, start = _op_counts(run.module), time.perf_counter()
                module_pass.apply(context, run.module)
                seconds = time.perf_counter() - start
                run.module.verify()
            run.records.append(
                PassRecord(module_pass.name, stage.name, seconds, _delta(before, _op_counts(run.module)))
            )
            self.dump.write(module_pass.name, run.module)
        if stage.reaches_level:
            end = f"the end of stage '{stage.name}'"
            with guard(end, run.module, start=stage_input, passes=done, dump=self.dump):
                self.verify_level(run.module, stage.name)
            run.levels[stage.name] = run.module.clone()


@contextmanager
def guard(
    name: str,
    module: ModuleOp,
    *,
    start: ModuleOp | None = None,
    passes: Sequence[str] = (),
    dump: IrDump | None = None,
) -> Iterator[None]:
    """Name the step in whatever is raised inside; dump `module` as the step left it.

    A DataflowcError goes through with a note. Any other exception becomes an InternalError with the line of the user's
    model. Either way an InternalError leaves with `start` (default: `module`) and `passes`, which reproduce it.
    """
    try:
        yield
    except Exception as error:
        dumped = dump.write_failed(name, module) if dump is not None else []
        if isinstance(error, DataflowcError):
            failure = error
            failure.notes = (*error.notes, f"raised in {name}", *dumped)
        else:
            failure = _internal(name, error, dumped)
        if isinstance(failure, InternalError):
            failure.module, failure.passes = (start or module), tuple(passes)
        if failure is error:
            raise
        raise failure from error


def _internal(name: str, error: Exception, dumped: Sequence[str]) -> InternalError:
    op = failing_op(error)
    return InternalError(
        "DF901",
        f"{name} failed: {_first_line(error)}",
        where=None if op is None else source_location(op),
        notes=[*([] if op is None else [f"at {op.name}"]), *dumped],
        hint="this is a defect of dataflowc; please report it",
    )


def load_pass(name: str, registry: Mapping[str, str]) -> type[ModulePass]:
    """The class registered as `name`. Raises UsageError if there is none."""
    if name not in registry:
        close = nearest(name, registry)
        raise UsageError(
            "DF202",
            f"no pass is called '{name}'",
            hint=f"did you mean {' or '.join(close)}?" if close else "`dataflowc passes` lists them",
        )
    module_name, _, class_name = registry[name].partition(":")
    loaded: type[ModulePass] = getattr(import_module(module_name), class_name)
    return loaded


def _default_registry() -> Mapping[str, str]:
    from dataflowc.passes.registry import PASSES

    return PASSES


def _default_verify_level() -> Callable[[ModuleOp, str], Any]:
    from dataflowc.dialects.levels import verify_level

    return verify_level


def _op_counts(module: ModuleOp) -> dict[str, int]:
    counts: dict[str, int] = {}
    for op in module.walk():
        counts[op.name] = counts.get(op.name, 0) + 1
    return counts


def _delta(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    names = sorted({*before, *after})
    return {
        name: after.get(name, 0) - before.get(name, 0) for name in names if after.get(name, 0) != before.get(name, 0)
    }


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    return f"{type(error).__name__}: {text.splitlines()[-1].strip()}" if text else type(error).__name__
