"""`dataflowc doctor`: which tools are there, and what that makes possible."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dataflowc.hls.toolchain import find_ap_headers

PYTHON = (3, 11)
"""The one Python version: the torch-mlir wheel is built for it."""

VERSION_TIMEOUT_S = 20
"""A tool that takes longer than this to say its version is reported without one."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool or package: whether it is there, its version ("" if unknown), what it gives."""

    name: str
    found: bool
    version: str
    gives: str


@dataclass(frozen=True, slots=True)
class Ability:
    """One thing a user may want to do, and what it needs."""

    what: str
    possible: bool
    need: str


@dataclass(frozen=True, slots=True)
class Examination:
    """The result of `examine`."""

    tools: tuple[Tool, ...]
    abilities: tuple[Ability, ...]

    @property
    def main_job(self) -> bool:
        """Whether a PyTorch model can be compiled and C-simulated: the first two abilities."""
        return all(ability.possible for ability in self.abilities[:2])

    def to_json(self) -> dict[str, Any]:
        """The object that `dataflowc doctor --json` prints."""
        return {
            "main_job": self.main_job,
            "tools": [asdict(tool) for tool in self.tools],
            "abilities": [asdict(ability) for ability in self.abilities],
        }


def examine() -> Examination:
    """Look for everything dataflowc can use. Runs tools with `--version` only."""
    tools = (
        _python(),
        _package("torch", "PyTorch models"),
        _package("torch-mlir", "PyTorch models", "torch_mlir"),
        _package("xdsl", "the IR"),
        _command("g++", "C-simulation without Vitis", ("--version",)),
        _command("make", "the project's Makefile", ("--version",)),
        _command("vitis-run", "Vitis: C-simulation, synthesis, co-simulation", ("--version",)),
        _command("vitis_hls", "Vitis before 2024.2: the same", ("-version",)),
        _command("verilator", "RTL simulation", ("--version",)),
        _ap_headers(),
    )
    has = {tool.name: tool.found for tool in tools}
    vitis = has["vitis-run"] or has["vitis_hls"]
    front = has["python"] and has["torch"] and has["torch-mlir"]
    return Examination(
        tools,
        (
            Ability("compile PyTorch models", front and has["xdsl"], "Python 3.11, torch, torch-mlir, xdsl"),
            Ability("C-simulate", has["g++"] or vitis, "g++ or Vitis"),
            Ability("compile linalg .mlir text", has["xdsl"], "xdsl"),
            Ability("synthesize, co-simulate, build for a board", vitis, "Vitis (vitis-run or vitis_hls)"),
        ),
    )


def _python() -> Tool:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Tool("python", sys.version_info[:2] == PYTHON, version, "everything; 3.11 is the supported version")


def _package(name: str, gives: str, module: str = "") -> Tool:
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return Tool(name, False, "", gives)
    return Tool(name, importlib.util.find_spec(module or name) is not None, version, gives)


def _command(name: str, gives: str, arguments: Sequence[str]) -> Tool:
    path = shutil.which(name)
    if path is None:
        return Tool(name, False, "", gives)
    try:
        done = subprocess.run(
            [path, *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=VERSION_TIMEOUT_S,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return Tool(name, True, "", gives)
    found = re.search(r"\d+\.\d+(\.\d+)?", done.stdout + done.stderr)
    return Tool(name, True, found.group(0) if found else "", gives)


def _ap_headers() -> Tool:
    gives = "ap_int and ap_fixed in C-simulation"
    folder = find_ap_headers()
    if folder is not None:
        return Tool("ap_ headers", True, "", gives)
    return Tool("ap_ headers", False, "", gives)
