"""One function per sub-command of `dataflowc`. Each takes the parsed arguments and returns the exit code."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from dataflowc import console
from dataflowc.codes import CODES
from dataflowc.diagnostics import ExitCode, UsageError, UserError, nearest
from dataflowc.estimate_cpp import SUFFIXES as CPP_SUFFIXES
from dataflowc.options import CompileOptions
from dataflowc.pipeline import PIPELINE, TOTAL_STEPS

DEFAULT_OUTPUT = Path("build")


def run_compile(arguments: argparse.Namespace) -> ExitCode:
    """The main job: compile, check and write."""
    if arguments.emit == "project" and arguments.stop_after is None:
        return _compile_project(arguments)
    if arguments.emit == "cpp":
        return _emit_cpp(arguments)
    return _emit_ir(arguments)


def run_estimate(arguments: argparse.Namespace) -> ExitCode:
    """The cycles of HLS C++, the estimate of a model, or the one that stands in a project folder."""
    source = Path(arguments.source)
    if source.suffix in CPP_SUFFIXES:
        found = _estimate_of_cpp(source, arguments)
    else:
        found = _estimate_of_project(source) if source.is_dir() else _estimate_of_model(arguments)
    if arguments.json:
        console.write_json(found)
    else:
        _print_cycles(found)
        _print_resources(found)
        console.table("Nodes", *_node_table(found["nodes"]))
    return ExitCode.OK


def run_targets(arguments: argparse.Namespace) -> ExitCode:
    """List the targets."""
    from dataflowc.target import RESOURCE_KINDS, known_targets, load_target

    targets = [load_target(name) for name in known_targets()]
    records = [
        {
            "name": target.name,
            "part": target.part,
            "clock_mhz": target.clock_mhz,
            "resources": {kind: target.resources.count(kind) for kind in RESOURCE_KINDS},
        }
        for target in targets
    ]
    if arguments.json:
        console.write_json(records)
        return ExitCode.OK
    rows = [
        (t.name, t.part, f"{t.clock_mhz:g} MHz", *(f"{t.resources.count(kind):,}" for kind in RESOURCE_KINDS))
        for t in targets
    ]
    console.table("Targets", ("name", "part", "clock", *RESOURCE_KINDS), rows)
    return ExitCode.OK


def run_passes(arguments: argparse.Namespace) -> ExitCode:
    """List the passes of a compilation, in order."""
    from dataflowc.pass_manager import load_pass
    from dataflowc.passes.registry import PASSES

    records = []
    for stage in PIPELINE:
        for spec in stage.passes:
            summary = (load_pass(spec.partition("{")[0], PASSES).__doc__ or "").strip().partition("\n")[0]
            records.append({"stage": stage.name, "title": stage.title, "pass": spec, "summary": summary})
    if arguments.json:
        console.write_json(records)
    else:
        rows = [(record["stage"], record["pass"], record["summary"]) for record in records]
        console.table("Passes, in order", ("level", "pass", "what it does"), rows)
    return ExitCode.OK


def run_doctor(arguments: argparse.Namespace) -> ExitCode:
    """What is installed, and what that makes possible; exit code 3 if the main job is not."""
    from dataflowc.doctor import examine

    report = examine()
    if arguments.json:
        console.write_json(report.to_json())
    else:
        words = {True: "found", False: "missing"}
        tools = [(tool.name, words[tool.found], tool.version, tool.gives) for tool in report.tools]
        console.table("Tools", ("tool", "", "version", "for"), tools)
        abilities = [(a.what, "yes" if a.possible else "no", a.need) for a in report.abilities]
        console.table("What is possible", ("", "", "needs"), abilities)
    return ExitCode.OK if report.main_job else ExitCode.TOOL_MISSING


def run_explain(arguments: argparse.Namespace) -> ExitCode:
    """Say what an error code means."""
    code = arguments.code.upper()
    if code not in CODES:
        close = nearest(code, CODES)
        raise UsageError("DF205", f"no error has the code '{arguments.code}'", hint=f"near it: {', '.join(close)}")
    if arguments.json:
        console.write_json({"code": code, "text": CODES[code]})
    else:
        console.write_out(f"{code}: {CODES[code]}")
    return ExitCode.OK


def _options(arguments: argparse.Namespace) -> CompileOptions:
    return CompileOptions(
        target=arguments.target,
        clock_mhz=arguments.clock_mhz,
        csim_mode=getattr(arguments, "csim_mode", "off"),
        jobs=getattr(arguments, "jobs", 2),
    )


def _steps(arguments: argparse.Namespace) -> console.StepLine:
    return console.StepLine(quiet=arguments.quiet, verbose=arguments.verbose)


def _compile_project(arguments: argparse.Namespace) -> ExitCode:
    from dataflowc.design import failed_name
    from dataflowc.driver import finish, lower
    from dataflowc.hls.output import atomic_directory

    directory = arguments.output or DEFAULT_OUTPUT
    # The folder is opened first: one that cannot be written is refused before the work, not after it.
    with _steps(arguments) as steps, atomic_directory(directory) as staging:
        lowered = lower(arguments.source, None, _options(arguments), dump_directory=arguments.dump_ir, progress=steps)
        design = finish(lowered, steps)
        steps(TOTAL_STEPS, TOTAL_STEPS, "C-simulate and write the project")
        design.write(staging, keep_failed_as=failed_name(directory) if arguments.keep_failed else None)
    if arguments.json:
        console.write_json(
            {
                "project": str(directory),
                "name": design.name,
                "target": design.target.name,
                "clock_ns": design.clock_ns,
                "estimate": design.estimate().to_json(),
                "receipts": [_receipt_record(receipt) for receipt in design.receipts],
                "passes": [_pass_record(record) for record in design.pass_records],
            }
        )
    elif not arguments.quiet:
        _print_design(design, directory)
    if arguments.time_passes and not arguments.json:
        console.table("Passes", ("level", "pass", "time", "ops"), console.time_rows(design.pass_records))
    return ExitCode.OK


def _print_design(design: Any, directory: Path) -> None:
    title = f"{design.name} for {design.target.name} ({design.target.part}) at {1000 / design.clock_ns:g} MHz"
    console.table(title, ("check", "result", "kind", "detail"), console.receipt_rows(design.receipts))
    estimate = design.estimate().to_json()
    _print_resources(estimate)
    console.write_out(f"project: {directory}")


def _emit_ir(arguments: argparse.Namespace) -> ExitCode:
    """Print the IR at a level, or after a stage or pass."""
    from dataflowc.driver import lower
    from dataflowc.ir_text import module_text

    stop = arguments.stop_after or arguments.emit
    with _steps(arguments) as steps:
        lowered = lower(
            arguments.source,
            None,
            _options(arguments),
            stop_after=stop,
            dump_directory=arguments.dump_ir,
            progress=steps,
        )
    _write_text(module_text(lowered.run.module), arguments.output)
    if arguments.time_passes:
        for row in console.time_rows(lowered.run.records):
            console.write_err("  ".join(row))
    return ExitCode.OK


def _emit_cpp(arguments: argparse.Namespace) -> ExitCode:
    """Print the C++ sources, each under a line with its path."""
    from dataflowc.driver import finish, lower

    with _steps(arguments) as steps:
        lowered = lower(arguments.source, None, _options(arguments), dump_directory=arguments.dump_ir, progress=steps)
        program = finish(lowered, steps).program
    text = "\n".join(f"// ==== {path}\n{text}" for path, text in sorted(program.sources.items()))
    _write_text(text, arguments.output)
    return ExitCode.OK


def _write_text(text: str, output: Path | None) -> None:
    """To a file, or to stdout for None and `-`."""
    if output is None or str(output) == "-":
        console.write_out(text)
        return
    try:
        output.write_text(text)
    except OSError as error:
        raise UserError("DF206", f"cannot write '{output}': {error.strerror}") from error


def _estimate_of_model(arguments: argparse.Namespace) -> dict[str, Any]:
    from dataflowc.driver import finish, lower

    with _steps(arguments) as steps:
        lowered = lower(arguments.source, None, _options(arguments), progress=steps)
        found: dict[str, Any] = finish(lowered, steps).estimate().to_json()
    return found


def _estimate_of_cpp(source: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    from dataflowc.estimate_cpp import estimate_cpp, parse_tripcounts, target_of_part
    from dataflowc.target import load_target

    target = target_of_part(arguments.part) if arguments.part else load_target(arguments.target)
    clock_ns = arguments.clock or 1000.0 / (arguments.clock_mhz or target.clock_mhz)
    tripcounts = parse_tripcounts(arguments.tripcount)
    return estimate_cpp(source, target, clock_ns, top=arguments.top, tripcounts=tripcounts)


def _print_cycles(estimate: dict[str, Any]) -> None:
    """Cycles and interval, or the circle of waits, where they are known."""
    if estimate.get("deadlock"):
        console.table("Deadlock", ("who waits for whom",), [(text,) for text in estimate["deadlock"]])
    elif estimate["cycles"] is not None:
        row = (estimate["kind"], f"{estimate['cycles']:,}", f"{estimate['interval']:,}", f"{estimate['clock_ns']:g}")
        console.table("Cycles", ("kind", "cycles", "interval", "clock ns"), [row])


def _estimate_of_project(directory: Path) -> dict[str, Any]:
    path = directory / "estimate.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise UserError(
            "DF207", f"'{directory}' is not a project folder of dataflowc: it has no readable estimate.json"
        ) from error
    return found


def _print_resources(estimate: dict[str, Any]) -> None:
    """One row: the resources that have a figure."""
    used = {kind: f"{count:,}" for kind, count in estimate["resources"].items() if count is not None}
    if used:
        console.table("Resources", ("kind", *used), [(estimate["kind"], *used.values())])


def _node_table(nodes: list[dict[str, Any]]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Header and rows of the nodes: the columns that any node has a figure for."""
    flat = [{**node, **node.get("resources", {})} for node in nodes]
    columns = dict.fromkeys(key for node in flat for key, value in node.items() if isinstance(value, str | int | float))
    rows = [tuple(re.sub(r"^None$", "", str(node.get(column))) for column in columns) for node in flat]
    return tuple(columns), rows


def _receipt_record(receipt: Any) -> dict[str, Any]:
    return {"name": receipt.name, "passed": receipt.passed, "detail": receipt.detail, "evidence": receipt.evidence}


def _pass_record(record: Any) -> dict[str, Any]:
    return {"name": record.name, "stage": record.stage, "seconds": record.seconds, "ops": dict(record.op_deltas)}
