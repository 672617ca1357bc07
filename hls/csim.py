"""C-simulation of a written project: with Vitis where it is on the PATH, else with g++ and our own headers."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from dataflowc.contracts import NUMPY_DTYPES, Port
from dataflowc.diagnostics import CheckFailed, InternalError, ToolFailure, UserError
from dataflowc.hls.csim_log import failure_in, max_errors_in
from dataflowc.hls.output import is_ours
from dataflowc.hls.project import raw_bytes
from dataflowc.hls.toolchain import (
    COMMON_FLAGS,
    MODES,
    SANITIZER_ENVIRONMENT,
    CsimMode,
    find_ap_headers,
    mode_sources,
)
from dataflowc.hls.vitis import VitisTool, find_vitis

LOG_LINES = 12
"""Lines of a compiler's log that an error shows."""


@dataclass(frozen=True, slots=True)
class CsimResult:
    """What one C-simulation gave.

    `outputs` are the arrays of the output ports of the last call. `passed` says whether they agree with the reference
    in the project (True where there is none), `max_errors` max|y - reference| by port. `occupancy` is the peak
    number of tokens by stream, in bounded mode; processes run until they must wait there, so it is the most that fits.
    `compile_seconds` is 0 if the program was already compiled.
    """

    outputs: tuple[np.ndarray, ...]
    passed: bool
    max_errors: Mapping[str, float]
    log: str
    compile_seconds: float
    run_seconds: float
    occupancy: Mapping[str, int] = field(default_factory=dict)


def run_csim(
    project: Path,
    *,
    mode: CsimMode = "plain",
    inputs: Sequence[np.ndarray] | None = None,
    jobs: int = 2,
    timeout_s: float | None = None,
) -> CsimResult:
    """Compile and run the testbench of `project`, on `inputs` (one call) or on its own data (two calls).

    `jobs` compilers run side by side; `timeout_s` limits compilation and run together. The compiled program is kept in
    `<project>/build`. Raises CheckFailed for a deadlock, a wrong token count, an access out of bounds, a crash or a
    timeout; ToolFailure if there is no compiler; InternalError if the program does not compile; UserError if `project`
    is not a project or has no inputs.
    """
    project = Path(project).resolve()
    manifest = _read_manifest(project)
    ports = [_port(record) for record in manifest["ports"]]
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    with tempfile.TemporaryDirectory(prefix="dataflowc-run-") as scratch:
        data = _data_folder(project, ports, inputs, Path(scratch) / "data")
        out = Path(scratch) / "out"
        tool = find_vitis() if mode == "plain" else None
        if tool is not None:
            compile_seconds = 0.0
            started = time.monotonic()
            log, status = _run_vitis(tool, project, data, out, deadline)
        else:
            program, compile_seconds = _compile(project, manifest, mode, jobs, deadline)
            calls = 1 if inputs is not None or MODES[mode].coroutines else 2
            started = time.monotonic()
            log, status = _run(program, project, data, out, calls, deadline)
        run_seconds = time.monotonic() - started
        failure = failure_in(log, status)
        if failure is not None:
            raise failure
        outputs = tuple(_read(out / f"{port.name}.bin", port) for port in ports if port.role == "output")
        occupancy = _read_occupancy(out / "occupancy.json")
    passed = "result: pass" in log
    return CsimResult(outputs, passed, max_errors_in(log), log, compile_seconds, run_seconds, occupancy)


def _read_manifest(project: Path) -> dict[str, Any]:
    if not is_ours(project):
        raise UserError("DF413", f"'{project.name}' is not a project folder that dataflowc wrote")
    manifest: dict[str, Any] = json.loads((project / "manifest.json").read_text())
    return manifest


def _port(record: Mapping[str, Any]) -> Port:
    return Port(**{**record, "shape": tuple(record["shape"])})


def _data_folder(project: Path, ports: Sequence[Port], inputs: Sequence[np.ndarray] | None, scratch: Path) -> Path:
    """The folder with the input files: the project's own, or `scratch` filled with `inputs`."""
    targets = [port for port in ports if port.role == "input"]
    if inputs is None:
        missing = [port.name for port in targets if not (project / "data" / f"{port.name}.bin").is_file()]
        if missing:
            raise UserError(
                "DF413", f"the project has no data for the inputs {', '.join(missing)}", hint="give inputs to simulate"
            )
        return project / "data"
    sizes = [array.size for array in inputs]
    if sizes != [port.elements for port in targets]:
        raise UserError(
            "DF413",
            f"the inputs have {sizes} elements, the project takes {[port.elements for port in targets]}",
        )
    scratch.mkdir()
    for port, array in zip(targets, inputs, strict=True):
        (scratch / f"{port.name}.bin").write_bytes(raw_bytes(array, port))
    return scratch


def _compile(
    project: Path, manifest: Mapping[str, Any], mode: CsimMode, jobs: int, deadline: float | None
) -> tuple[Path, float]:
    """Compile the program of `mode` unless that was done; returns it and the seconds it took."""
    compiler = shutil.which("g++")
    if compiler is None:
        raise ToolFailure(
            "DF501",
            "there is neither g++ nor Vitis on the PATH, so the C++ cannot be simulated",
            hint="install g++ 9 or newer, or compile with --no-csim",
        )
    sources = mode_sources(mode, manifest["top"], [path for path in manifest["files"] if path.startswith("src/")])
    flags = [*COMMON_FLAGS, *MODES[mode].flags, "-Isrc", "-isystem", "sim/include"]
    headers = find_ap_headers()
    if headers is not None:
        flags += ["-isystem", str(headers)]
    folder = project / "build" / f"csim-{mode}"
    program, stamp = folder / "testbench", folder / "stamp"
    key = _build_key(project, [compiler, *flags], manifest["files"])
    if program.is_file() and stamp.is_file() and stamp.read_text() == key:
        return program, 0.0
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    started = time.monotonic()
    objects = [str(folder / f"{source.replace('/', '_')}.o") for source in sources]
    commands = [
        [compiler, *flags, "-c", source, "-o", object_] for source, object_ in zip(sources, objects, strict=True)
    ]
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        for future in [pool.submit(_compile_one, command, project, deadline) for command in commands]:
            future.result()
    _compile_one([compiler, *flags, *objects, "-o", str(program)], project, deadline)
    stamp.write_text(key)
    return program, time.monotonic() - started


def _build_key(project: Path, command: Sequence[str], files: Mapping[str, str]) -> str:
    """Changes with the command and with the text of any file that is compiled."""
    digest = hashlib.sha256("\n".join(command).encode())
    for path in sorted(files):
        if path.endswith((".cpp", ".h")):
            digest.update(path.encode() + b"\0" + (project / path).read_bytes())
    return digest.hexdigest()


def _compile_one(command: Sequence[str], project: Path, deadline: float | None) -> None:
    log, status = _execute(command, project, {}, deadline)
    if status != 0:
        lines = [line for line in log.splitlines() if "error" in line or "undefined" in line] or log.splitlines()
        raise InternalError(
            "DF430",
            "the emitted C++ does not compile",
            notes=lines[:LOG_LINES],
            hint="this is a defect of dataflowc: please report it with the model",
        )


def _run(program: Path, project: Path, data: Path, out: Path, calls: int, deadline: float | None) -> tuple[str, int]:
    arguments = ["--root", str(project), "--data", str(data), "--out", str(out), "--calls", str(calls)]
    return _execute([str(program), *arguments], project, SANITIZER_ENVIRONMENT, deadline)


def _run_vitis(tool: VitisTool, project: Path, data: Path, out: Path, deadline: float | None) -> tuple[str, int]:
    environment = {"DATAFLOWC_DATA": str(data), "DATAFLOWC_OUT": str(out), **tool.csim_environment}
    log, status = _execute(tool.csim_command(), project, environment, deadline)
    if not re.search(r"^result: (pass|fail)", log, re.MULTILINE):
        raise ToolFailure(
            "DF502",
            f"the C-simulation of {tool.kind} ended without a result (exit code {status})",
            notes=log.splitlines()[-LOG_LINES:],
            hint="take it off the PATH to simulate with g++",
        )
    return log, status


def _execute(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], deadline: float | None
) -> tuple[str, int]:
    """Run `command` in `folder`; its output, both streams in order, and exit code."""
    left = None if deadline is None else max(0.0, deadline - time.monotonic())
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=left,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CheckFailed("DF425", "the C-simulation did not end within its time limit") from error
    return done.stdout, done.returncode


def _read(path: Path, port: Port) -> np.ndarray:
    dtype = np.dtype(NUMPY_DTYPES[port.dtype]).newbyteorder("<")
    return np.fromfile(path, dtype=dtype).reshape(port.shape).astype(NUMPY_DTYPES[port.dtype], copy=False)


def _read_occupancy(path: Path) -> dict[str, int]:
    """Peak tokens by stream; empty where streams are unbounded, and under Vitis."""
    if not path.is_file():
        return {}
    return {name: record["peak"] for name, record in json.loads(path.read_text()).items()}
