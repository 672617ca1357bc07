"""`#pragma HLS ...` as values: every pragma and option is checked by name, none is passed over."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dataflowc.diagnostics import nearest
from dataflowc.frontends.hls_cpp.errors import bad_pragma
from dataflowc.frontends.hls_cpp.syntax import Place, Pragma

_NUMBER = "a number"
_WORD = "a word"
_FLAG = "no value"

PRAGMAS: Mapping[str, Mapping[str, str]] = {
    "interface": {
        key: _WORD
        for key in "mode port bundle offset depth register register_mode storage_type storage_impl latency name "
        "max_widen_bitwidth num_read_outstanding num_write_outstanding max_read_burst_length max_write_burst_length "
        "direct_io clock autorestart channel".split()
    }
    | {
        mode: _FLAG
        for mode in "m_axi s_axilite axis ap_memory ap_fifo ap_none ap_vld ap_ovld ap_ack ap_hs ap_stable ap_bus bram "
        "ap_ctrl_hs ap_ctrl_none ap_ctrl_chain".split()
    },
    "dataflow": {},
    "pipeline": {"ii": _NUMBER, "off": _FLAG, "rewind": _FLAG, "style": _WORD, "enable_flush": _FLAG},
    "unroll": {"factor": _NUMBER, "off": _WORD, "skip_exit_check": _FLAG},
    "loop_flatten": {"off": _FLAG},
    "loop_tripcount": {"min": _NUMBER, "max": _NUMBER, "avg": _NUMBER},
    "inline": {"off": _FLAG, "recursive": _FLAG, "region": _FLAG},
    "array_partition": {
        "variable": _WORD,
        "type": _WORD,
        "factor": _NUMBER,
        "dim": _NUMBER,
        "cyclic": _FLAG,
        "block": _FLAG,
        "complete": _FLAG,
    },
    "stream": {"variable": _WORD, "depth": _NUMBER, "type": _WORD, "off": _FLAG},
    "bind_storage": {"variable": _WORD, "type": _WORD, "impl": _WORD, "latency": _NUMBER},
    "bind_op": {"variable": _WORD, "op": _WORD, "impl": _WORD, "latency": _NUMBER},
    "resource": {"variable": _WORD, "core": _WORD, "latency": _NUMBER},
    "dependence": {
        "variable": _WORD,
        "type": _WORD,
        "dependent": _WORD,
        "direction": _WORD,
        "distance": _NUMBER,
        "class": _WORD,
        "inter": _FLAG,
        "intra": _FLAG,
        "true": _FLAG,
        "false": _FLAG,
        "raw": _FLAG,
        "war": _FLAG,
        "waw": _FLAG,
        "array": _FLAG,
        "pointer": _FLAG,
    },
    "top": {"name": _WORD},
}
"""Pragma -> option -> what its value is. A word may also be a number."""

VARIABLE_PRAGMAS = frozenset({"array_partition", "stream", "bind_storage", "bind_op", "resource"})
"""Pragmas that say something about one variable."""

LOOP_PRAGMAS = frozenset({"pipeline", "unroll", "loop_flatten", "loop_tripcount", "dependence", "dataflow"})
"""Pragmas that stand in the body of a loop."""

FUNCTION_PRAGMAS = frozenset({"interface", "dataflow", "pipeline", "inline", "top"})
"""Pragmas that stand in the body of a function."""

_COMMENT = re.compile(r"//.*|/\*.*?\*/", re.DOTALL)
_EQUALS = re.compile(r"\s*=\s*")
_TRUE_NAMES = {"true", "false"}


def parse_pragma(text: str, place: Place, constants: Mapping[str, int]) -> Pragma | None:
    """The pragma `text` (without `#pragma`); None for one that is not for HLS (`once`, `GCC ...`).

    `constants` are the macros that may stand for a number.

    Raises:
        UserError: DF171 for a pragma or option that is not known, or a value that is none.
    """
    words = _EQUALS.sub("=", _COMMENT.sub(" ", text)).replace("\\", " ").split()
    if not words or words[0].lower() != "hls":
        return None
    if len(words) == 1:
        raise bad_pragma(place, "an empty '#pragma HLS'", f"pragmas: {', '.join(sorted(PRAGMAS))}")
    name = words[1].lower()
    known = PRAGMAS.get(name)
    if known is None:
        raise bad_pragma(place, f"unknown pragma '{words[1]}'", f"pragmas: {', '.join(sorted(PRAGMAS))}")
    options = []
    for word in words[2:]:
        key, _, value = word.partition("=")
        options.append((key.lower(), _value(name, key.lower(), value, place, constants, known)))
    return Pragma(name, tuple(options), place.line)


def _value(
    pragma: str, key: str, value: str, place: Place, constants: Mapping[str, int], known: Mapping[str, str]
) -> str:
    kind = known.get(key)
    if kind is None:
        close = nearest(key, known, 1)
        guess = f"did you mean '{close[0]}'? " if close else ""
        raise bad_pragma(
            place, f"pragma {pragma.upper()} has no option '{key}'", f"{guess}options: {', '.join(sorted(known))}"
        )
    if kind == _NUMBER:
        value = str(constants[value]) if value in constants else value
        if not value.isdigit():
            raise bad_pragma(
                place, f"option '{key}' of pragma {pragma.upper()} is not a number: '{value}'", "write a constant"
            )
        if key in ("ii", "factor", "depth") and int(value) < 1:
            raise bad_pragma(place, f"option '{key}' of pragma {pragma.upper()} is {value}", "it is at least 1")
    elif kind == _WORD and not value and key != "off":
        raise bad_pragma(place, f"option '{key}' of pragma {pragma.upper()} has no value", f"write {key}=...")
    elif kind == _FLAG and value.lower() not in ("", *_TRUE_NAMES):
        raise bad_pragma(place, f"option '{key}' of pragma {pragma.upper()} takes no value", f"write {key}")
    elif value in constants and key == "depth":
        value = str(constants[value])
    return value
