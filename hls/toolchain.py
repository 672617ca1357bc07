"""How the C-simulation is compiled with g++: one place for the flags, used by the Makefile and by `run_csim`."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

CsimMode = Literal["plain", "bounded", "sanitize"]

AP_HEADER_HOMES = (
    ("hls4ml", "templates/vivado/ap_types"),
    ("da4ml", "codegen/hls/source/ap_types/include"),
)
"""Packages that bring the official Apache-licensed ap_ headers, and the folder in them that holds ap_int.h."""


@dataclass(frozen=True, slots=True)
class BuildMode:
    """Flags of one mode, and whether every process is a coroutine (`bounded_top` instead of the top function)."""

    flags: tuple[str, ...]
    coroutines: bool = False


# Contraction into fused multiply-add would make the result depend on the machine that simulates.
# Unknown pragmas are most of the program, hence -w.
COMMON_FLAGS = ("-std=c++17", "-w", "-ffp-contract=off", "-pthread")

MODES: Mapping[CsimMode, BuildMode] = {
    "plain": BuildMode(("-O2",)),
    "bounded": BuildMode(("-O2", "-DDFC_BOUNDED"), coroutines=True),
    "sanitize": BuildMode(
        ("-O1", "-g1", "-fsanitize=address,undefined,bounds-strict", "-fno-sanitize-recover=all"),
    ),
}
"""Every way to C-simulate with g++."""

SANITIZER_ENVIRONMENT = {"ASAN_OPTIONS": "detect_leaks=0", "UBSAN_OPTIONS": "print_stacktrace=0"}
"""Leaks are of no interest in a program that ends, and finding them needs rights a container may not have."""


def mode_sources(mode: CsimMode, top: str, sources: Iterable[str]) -> tuple[str, ...]:
    """The .cpp files, relative to the project, of the simulation; `sources` are the paths of the design."""
    files = sorted(path for path in sources if path.endswith(".cpp"))
    if not MODES[mode].coroutines:
        return (*files, "tb/testbench.cpp", "sim/dfc_runtime.cpp")
    files = [path for path in files if path != f"src/{top}.cpp"]
    return (*files, "tb/bounded_top.cpp", "tb/testbench.cpp", "sim/dfc_runtime.cpp", "sim/dfc_process.cpp")


def find_ap_headers() -> Path | None:
    """The folder with ap_int.h and ap_fixed.h, from an installed package; None if there is none.

    The package is not imported.
    """
    for package, folder in AP_HEADER_HOMES:
        try:
            spec = importlib.util.find_spec(package)
            importlib.metadata.version(package)
        except (ImportError, ValueError):
            continue
        for location in (spec.submodule_search_locations or []) if spec is not None else []:
            if (Path(location) / folder / "ap_int.h").is_file():
                return Path(location) / folder
    return None
