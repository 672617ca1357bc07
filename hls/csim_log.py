"""What the log of a C-simulation says: a failure with a code, and the errors against the reference."""

from __future__ import annotations

import re
import signal
from collections.abc import Mapping

from dataflowc.diagnostics import CheckFailed

MAX_NOTES = 24
"""Lines of explanation that an error shows; a deadlock has one per process."""

_CODES: Mapping[str, tuple[str, str]] = {
    "deadlock": ("DF421", "the FIFO on the shorter path is too shallow: raise its depth"),
    "leftover": ("DF422", "producer and consumer disagree on the number of elements"),
    "empty read": ("DF422", "producer and consumer disagree on the number of elements"),
    "calls": ("DF424", "an element of an output is never written, or a value is kept from call to call"),
}
"""Kind of a runtime error (the word before the colon) -> code and hint."""


def failure_in(log: str, status: int) -> CheckFailed | None:
    """The failure that `log` and the exit code tell of; None if there is none but a difference from the reference."""
    lines = log.splitlines()
    errors = [number for number, line in enumerate(lines) if line.startswith("error: ")]
    first = next((number for number in errors if not lines[number].startswith("error: mismatch:")), None)
    if first is not None:
        message = lines[first].removeprefix("error: ")
        code, hint = _CODES.get(message.partition(":")[0], ("DF420", ""))
        return CheckFailed(code, f"C-simulation: {message}", notes=_explanation(lines[first + 1 :]), hint=hint)
    memory = next((line for line in lines if "runtime error:" in line or "ERROR: AddressSanitizer" in line), None)
    if memory is not None:
        return CheckFailed("DF423", f"C-simulation: {_without_address(memory)}", notes=_places(lines))
    if status < 0:
        return CheckFailed(
            "DF423",
            f"the C-simulation crashed with {signal.Signals(-status).name}",
            hint="the sanitize mode finds the access",
        )
    if not errors and status != 0:
        return CheckFailed("DF420", f"the C-simulation ended with exit code {status}", notes=lines[-MAX_NOTES:])
    return None


def max_errors_in(log: str) -> dict[str, float]:
    """max|y - reference| by output port, as the testbench printed it; empty without a reference."""
    found = re.findall(r"^output (\w+): max error (\S+), allowed", log, re.MULTILINE)
    return {port: float(error) for port, error in found}


def _explanation(lines: list[str]) -> list[str]:
    """The lines that belong to an error: indented ones, notes and further errors."""
    kept = []
    for line in lines:
        if line.startswith(("  ", "note: ", "error: ")):
            kept.append(line.strip().removeprefix("note: ").removeprefix("error: "))
    return kept[:MAX_NOTES]


def _without_address(line: str) -> str:
    line = re.sub(r"^.*(ERROR: )", "", line)
    return re.sub(r" on (unknown )?address .*", "", line).replace("AddressSanitizer: ", "")


def _places(lines: list[str]) -> list[str]:
    """The stack frames in the design, and what was overrun."""
    frames = [line for line in lines if re.match(r"\s+#\d+ .* src/", line)]
    frames = [re.sub(r"^\s+#\d+ 0x\w+ in ", "in ", line) for line in frames]
    objects = [line.strip() for line in lines if "is located" in line or "<== Memory access" in line]
    objects = [re.sub(r"^0x\w+ is", "the access is", re.sub(r" \[0x\w+,0x\w+\)", "", line)) for line in objects]
    return [*frames, *objects][:MAX_NOTES]
