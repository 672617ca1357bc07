"""Everything a user may set for one compilation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CsimMode = Literal["auto", "plain", "bounded", "sanitize", "off"]
CSIM_MODES: tuple[CsimMode, ...] = ("auto", "plain", "bounded", "sanitize", "off")
"""`auto`: plain, and bounded too where that is affordable; `off`: no C-simulation, and the receipts say so."""


@dataclass(frozen=True, slots=True)
class CompileOptions:
    """Options of one compilation.

    `target` is a known name or the path of a TOML file. `clock_mhz` of None takes the target's own clock.
    `tolerance` bounds `max|y - y_ref| / max|y_ref|` of floating-point outputs; integers are compared exactly.
    `jobs` is the number of processes that compile a C-simulation, `csim_timeout_s` its limit in seconds (None: none).
    """

    target: str = "vck190"
    clock_mhz: float | None = None
    csim_mode: CsimMode = "auto"
    tolerance: float = 1e-4
    jobs: int = 2
    csim_timeout_s: float | None = None
