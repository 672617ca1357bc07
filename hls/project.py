"""The project folder: sources, testbench, data, build files and a manifest; byte-identical from run to run."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import numpy as np
from jinja2 import DictLoader, Environment, StrictUndefined

from dataflowc.contracts import NUMPY_DTYPES, HlsProgram, Port
from dataflowc.diagnostics import InternalError
from dataflowc.hls.output import GENERATOR, atomic_directory
from dataflowc.hls.toolchain import COMMON_FLAGS, MODES, SANITIZER_ENVIRONMENT, mode_sources

if TYPE_CHECKING:
    from dataflowc.target import Target

MANIFEST_FORMAT = 1
"""Raised when a reader of manifest.json would have to change."""

CLOCK_UNCERTAINTY_PERCENT = 27
"""Vitis HLS's own default (UG1399), said explicitly so that no version decides."""

C_TYPES: Mapping[str, str] = {
    "f32": "float",
    "i64": "int64_t",
    "i32": "int32_t",
    "i16": "int16_t",
    "i8": "int8_t",
    "i1": "bool",
}
"""Element type of a port -> type of the testbench's buffer."""

_VERSIONED = ("dataflowc", "xdsl", "torch", "torch-mlir")

_RENDERED = {
    "hls_config.cfg.j2": "hls_config.cfg",
    "run_hls.tcl.j2": "run_hls.tcl",
    "Makefile.j2": "Makefile",
    "README.md.j2": "README.md",
    "testbench.cpp.j2": "tb/testbench.cpp",
}


def write_project(
    program: HlsProgram,
    directory: Path,
    *,
    target: Target,
    clock_ns: float,
    inputs: Sequence[np.ndarray] | None,
    references: Sequence[np.ndarray] | None,
    tolerance: float,
    manifest: Mapping[str, object],
) -> None:
    """Write `program` as a project to `directory`, which appears whole or not at all.

    `inputs` and `references` are the arrays of the input and output ports, in port order; without them the testbench
    has nothing to run on or to compare with. Floats may differ by `tolerance * max|reference|`. `manifest` is kept
    under `options`. Raises UserError if `directory` cannot be written or holds something else.
    """
    files = {path: text.encode() for path, text in _texts(program, target, clock_ns, tolerance).items()}
    files |= _simulation_files()
    files |= {f"weights/{port.name}.bin": _weight(program, port) for port in _of_role(program, "weight")}
    files |= _data(_of_role(program, "input"), inputs, "")
    files |= _data(_of_role(program, "output"), references, "golden_")
    files["manifest.json"] = _manifest(program, target, clock_ns, tolerance, manifest, files)
    with atomic_directory(directory) as staging:
        for folder in ("data", "weights"):
            (staging / folder).mkdir()
        for path, content in files.items():
            (staging / path).parent.mkdir(parents=True, exist_ok=True)
            (staging / path).write_bytes(content)


def _texts(program: HlsProgram, target: Target, clock_ns: float, tolerance: float) -> dict[str, str]:
    values = _template_values(program, target, clock_ns, tolerance)
    texts = {path: _templates().get_template(name).render(values) for name, path in _RENDERED.items()}
    return {**program.sources, "tb/bounded_top.cpp": program.bounded_top, **texts}


@cache
def _templates() -> Environment:
    folder = resources.files("dataflowc.hls") / "templates"
    texts = {entry.name: entry.read_text() for entry in folder.iterdir() if entry.name.endswith(".j2")}
    return Environment(
        loader=DictLoader(texts),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,
    )


def _template_values(program: HlsProgram, target: Target, clock_ns: float, tolerance: float) -> dict[str, Any]:
    ports = [{**_port_record(port), "elements": port.elements, "c_type": C_TYPES[port.dtype]} for port in program.ports]
    return {
        "name": program.name,
        "top": program.top,
        "target": target.name,
        "part": target.part,
        "clock_ns": _decimal(clock_ns),
        "uncertainty": CLOCK_UNCERTAINTY_PERCENT,
        "tolerance": repr(float(tolerance)),
        "sources": sorted(path for path in program.sources if path.endswith(".cpp")),
        "ports": ports,
        "outputs": [port for port in ports if port["role"] == "output"],
        "arguments": ", ".join(f"port_{port.name}.data" for port in program.ports),
        "common_flags": " ".join(COMMON_FLAGS),
        "modes": [_mode_record(program, mode) for mode in MODES],
    }


def _mode_record(program: HlsProgram, mode: Any) -> dict[str, str]:
    environment = SANITIZER_ENVIRONMENT if mode == "sanitize" else {}
    return {
        "name": mode,
        "flags": " ".join(MODES[mode].flags),
        "sources": " ".join(mode_sources(mode, program.top, program.sources)),
        "environment": "".join(f"{name}={value} " for name, value in environment.items()),
        "arguments": " --calls 1" if MODES[mode].coroutines else "",
    }


def _decimal(value: float) -> str:
    """At most three decimals: a picosecond."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _simulation_files() -> dict[str, bytes]:
    """Headers under sim/include, where the design finds them; their sources beside."""
    folder = resources.files("dataflowc.hls") / "include"
    result = {}
    for entry in folder.iterdir():
        if entry.name.endswith(".h"):
            result[f"sim/include/{entry.name}"] = entry.read_bytes()
        elif entry.name.endswith(".cpp"):
            result[f"sim/{entry.name}"] = entry.read_bytes()
    return result


def _of_role(program: HlsProgram, role: str) -> list[Port]:
    return [port for port in program.ports if port.role == role]


def _weight(program: HlsProgram, port: Port) -> bytes:
    if port.name not in program.weights:
        raise InternalError("DF414", f"the program has no array for the weight port '{port.name}'")
    return raw_bytes(program.weights[port.name], port)


def _data(ports: Sequence[Port], arrays: Sequence[np.ndarray] | None, prefix: str) -> dict[str, bytes]:
    if arrays is None:
        return {}
    if len(arrays) != len(ports):
        raise InternalError("DF414", f"the program has {len(ports)} ports for {len(arrays)} arrays of data")
    return {f"data/{prefix}{port.name}.bin": raw_bytes(array, port) for port, array in zip(ports, arrays, strict=True)}


def raw_bytes(array: np.ndarray, port: Port) -> bytes:
    """The binary file of `array` for `port`: row-major, little-endian. Raises InternalError for a wrong size."""
    if array.size != port.elements:
        raise InternalError("DF414", f"port '{port.name}' has {port.elements} elements, its array {array.size}")
    raw = np.ascontiguousarray(array, dtype=NUMPY_DTYPES[port.dtype])
    return raw.tobytes() if sys.byteorder == "little" else raw.byteswap().tobytes()


def _port_record(port: Port) -> dict[str, Any]:
    return {
        "name": port.name,
        "bundle": port.bundle,
        "role": port.role,
        "dtype": port.dtype,
        "shape": list(port.shape),
        "tensor": port.tensor,
    }


def _manifest(
    program: HlsProgram,
    target: Target,
    clock_ns: float,
    tolerance: float,
    options: Mapping[str, object],
    files: Mapping[str, bytes],
) -> bytes:
    record = {
        "generator": GENERATOR,
        "format": MANIFEST_FORMAT,
        "name": program.name,
        "top": program.top,
        "target": target.name,
        "part": target.part,
        "clock_ns": clock_ns,
        "tolerance": tolerance,
        "options": {name: _portable(value) for name, value in options.items()},
        "versions": dict(_versions(_VERSIONED)),
        "ports": [_port_record(port) for port in program.ports],
        "streams": dict(program.streams),
        "files": {path: hashlib.sha256(content).hexdigest() for path, content in files.items()},
    }
    return (json.dumps(record, indent=2, sort_keys=True) + "\n").encode()


def _portable(value: object) -> object:
    """A path of this machine says nothing elsewhere: only its last part is kept."""
    if isinstance(value, PurePath) or (isinstance(value, str) and PurePath(value).is_absolute()):
        return PurePath(value).name
    return value


def _versions(packages: Iterable[str]) -> Iterable[tuple[str, str]]:
    for package in packages:
        try:
            yield package, importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
