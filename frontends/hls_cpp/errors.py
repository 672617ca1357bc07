"""The errors of the C++ reader: each names the file, the line, the construct, and what is supported."""

from __future__ import annotations

from collections.abc import Sequence

from dataflowc.diagnostics import SourceLocation, UnsupportedOp, UserError
from dataflowc.frontends.hls_cpp.syntax import Place

SUBSET = (
    "supported: free functions; bool, int, float and double scalars; arrays of constant size; hls::stream and arrays "
    "of them; for, if, ternary, assignments, casts, arithmetic and math functions; #define constants"
)


def unsupported(place: Place, message: str, *, construct: str = "", supported: str = SUBSET) -> UnsupportedOp:
    """DF170: C++ outside the subset."""
    return UnsupportedOp(
        "DF170", message, where=_where(place, construct), hint=supported, notes=[place.text] if place.text else []
    )


def bad_pragma(place: Place, message: str, supported: str) -> UserError:
    """DF171: a pragma, or an option of one, that is not known or does not fit."""
    return UserError("DF171", message, where=_where(place, ""), hint=supported)


def unknown_bound(place: Place, loop: str, names: Sequence[str]) -> UserError:
    """DF172: a loop whose trip count is not constant and was not given."""
    choice = " or ".join(f"--tripcount {name}=N" for name in names)
    return UserError(
        "DF172",
        f"the bounds of loop '{loop}' are not constant",
        where=_where(place, "for"),
        hint=f"give the number of iterations: {choice}, or a LOOP_TRIPCOUNT pragma with max=N",
    )


def bad_design(place: Place, message: str, hint: str = "") -> UserError:
    """DF173: C++ that is well formed but makes no design (unknown names, wrong shapes, no top function)."""
    return UserError("DF173", message, where=_where(place, ""), hint=hint)


def _where(place: Place, construct: str) -> SourceLocation:
    return SourceLocation(place.function, construct, place.file, place.line)
