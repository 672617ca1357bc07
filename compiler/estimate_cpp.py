"""`dataflowc estimate kernel.cpp`: the cycles of HLS C++ that anybody wrote."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataflowc.diagnostics import UserError, nearest

if TYPE_CHECKING:
    from dataflowc.target import Target

SUFFIXES = (".cpp", ".cc", ".cxx", ".c", ".h", ".hpp")


def estimate_cpp(
    source: Path,
    target: Target,
    clock_ns: float,
    *,
    top: str | None = None,
    tripcounts: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """The object that `dataflowc estimate --json` prints for a C++ file: simulated cycles, and what each process did.

    Resources are null: they are not modelled for C++ that dataflowc did not write. Raises UserError for C++ outside the
    subset that `frontends/hls_cpp` reads.
    """
    from dataflowc.frontends.hls_cpp import read_hls_cpp
    from dataflowc.hls.cycles import simulate

    module = read_hls_cpp(source, top=top, tripcounts=tripcounts or {})
    report = simulate(module, target, clock_ns).to_json()
    unknown = dict.fromkeys(("dsp", "lut", "ff", "bram18", "uram"))
    return {**report, "resources": unknown, "at_least": dict.fromkeys(unknown, 0)}


def target_of_part(part: str) -> Target:
    """The target with this part, or whose part begins so. Raises UserError with the nearest parts."""
    from dataflowc.target import known_targets, load_target

    targets = [load_target(name) for name in known_targets()]
    found = next((target for target in targets if target.part.startswith(part)), None)
    if found is None:
        close = nearest(part, [target.part for target in targets])
        raise UserError(
            "DF156",
            f"no target has the part '{part}'",
            hint=f"nearest: {', '.join(close)}" if close else "`dataflowc targets` lists the parts",
        )
    return found


def parse_tripcounts(texts: list[str]) -> dict[str, int]:
    """`name=N` texts as a mapping. Raises UserError for another form."""
    counts: dict[str, int] = {}
    for text in texts:
        name, _, count = text.partition("=")
        if not name or not count.isdigit():
            raise UserError("DF209", f"'{text}' is not of the form name=N", hint="as in --tripcount rows=64")
        counts[name] = int(count)
    return counts
