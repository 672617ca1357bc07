"""Finding Vitis HLS on the PATH and driving its C-simulation.

Command lines as documented in UG1399 and AMD's introductory examples; `vitis-run` from 2023.1, and its unified
configuration files from 2023.2; before that `vitis_hls -f`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

UNIFIED_SINCE = (2023, 2)
"""First version that takes hls_config.cfg."""

VERSION_TIMEOUT_S = 60.0
"""The tool starts slowly from a network drive."""


@dataclass(frozen=True, slots=True)
class VitisTool:
    """The tool found: which command, where, and its version ((0, 0) if it does not say)."""

    kind: Literal["vitis-run", "vitis_hls"]
    path: Path
    version: tuple[int, int]

    @property
    def unified(self) -> bool:
        """Whether it reads hls_config.cfg; an unknown version of vitis-run counts as new."""
        return self.kind == "vitis-run" and (self.version == (0, 0) or self.version >= UNIFIED_SINCE)

    def csim_command(self) -> list[str]:
        """The C-simulation, to be run in the project folder."""
        if self.unified:
            work = ["--config", "hls_config.cfg", "--work_dir", "build/vitis"]
            return [str(self.path), "--mode", "hls", "--csim", *work]
        if self.kind == "vitis-run":
            return [str(self.path), "--mode", "hls", "--tcl", "run_hls.tcl"]
        return [str(self.path), "-f", "run_hls.tcl"]

    @property
    def csim_environment(self) -> dict[str, str]:
        """What run_hls.tcl reads: the steps to run. Tcl scripts of vitis-run take no arguments."""
        return {} if self.unified else {"DATAFLOWC_STEPS": "csim"}


def find_vitis() -> VitisTool | None:
    """The Vitis HLS on the PATH, the newer command first; None if there is none."""
    for kind, argument in (("vitis-run", "--version"), ("vitis_hls", "-version")):
        path = shutil.which(kind)
        if path is not None:
            return VitisTool(kind, Path(path), _version(path, argument))  # type: ignore[arg-type]
    return None


def _version(path: str, argument: str) -> tuple[int, int]:
    try:
        done = subprocess.run(
            [path, argument],
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=VERSION_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    found = re.search(r"\bv?(20\d\d)\.(\d)", done.stdout + done.stderr)
    return (int(found.group(1)), int(found.group(2))) if found else (0, 0)
