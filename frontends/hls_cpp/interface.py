"""Parameters of the top function and their INTERFACE pragmas."""

from __future__ import annotations

from xdsl.dialects.builtin import DictionaryAttr, StringAttr

from dataflowc.frontends.hls_cpp.builder import Builder
from dataflowc.frontends.hls_cpp.declarations import array_entity
from dataflowc.frontends.hls_cpp.errors import bad_design, bad_pragma
from dataflowc.frontends.hls_cpp.pragmas import PRAGMAS
from dataflowc.frontends.hls_cpp.storage import Entity
from dataflowc.frontends.hls_cpp.syntax import Declaration, Function, Pragma

_CONTROL = "return"


def parameter_entity(builder: Builder, top: Function, parameter: Declaration) -> Entity:
    """The array, register or stream behind a parameter; a pointer has the size that `depth` says.

    Raises:
        UserError: DF173 for a pointer of unknown size, DF171 for a pragma that names no parameter.
    """
    entity = array_entity(builder, parameter)
    names = {p.name for p in top.parameters}
    for pragma in _pragmas(top):
        port = pragma.get("port")
        if port not in names | {_CONTROL}:
            raise bad_pragma(
                builder.place(pragma.line), f"INTERFACE names the port '{port}'", f"ports: {', '.join(sorted(names))}"
            )
        if port == parameter.name:
            _take(entity, pragma)
    if parameter.is_pointer:
        depth = entity.interface.get("depth", "")
        if not depth.isdigit():
            raise bad_design(
                builder.place(parameter.line),
                f"the size of what '{parameter.name}' points to is not known",
                f"write {parameter.type} {parameter.name}[N], or depth=N in its INTERFACE pragma",
            )
        entity.shape = (int(depth),)
    return entity


def _take(entity: Entity, pragma: Pragma) -> None:
    """Options of one pragma; s_axilite beside m_axi is the register of its address and changes nothing."""
    options = _options(pragma)
    if options.get("mode") == "s_axilite" and entity.interface.get("mode", "s_axilite") != "s_axilite":
        return
    if entity.interface.get("mode") == "s_axilite" and options.get("mode") != "s_axilite":
        entity.interface.clear()
    entity.interface |= options


def _options(pragma: Pragma) -> dict[str, str]:
    modes = {key for key, kind in PRAGMAS["interface"].items() if kind == "no value"}
    found = {}
    for key, value in pragma.options:
        if key in modes:
            found["mode"] = key
        elif key != "port":
            found[key] = value
    return found


def control_interface(top: Function) -> DictionaryAttr | None:
    """The INTERFACE pragma of the function itself (`port=return`)."""
    found: dict[str, str] = {}
    for pragma in _pragmas(top):
        if pragma.get("port") == _CONTROL:
            found |= _options(pragma)
    return DictionaryAttr({key: StringAttr(value) for key, value in found.items()}) if found else None


def _pragmas(top: Function) -> list[Pragma]:
    return [pragma for pragma in top.body.pragmas if pragma.name == "interface"]
