"""Rules about off-chip arrays: their interface pragmas, their types, and how processes touch them."""

from __future__ import annotations

from collections.abc import Iterator

from dataflowc.contracts import DTYPE_BITS
from dataflowc.hls.cpp import Pragma
from dataflowc.hls.expressions import C_TYPES
from dataflowc.hls.lint_subject import (
    Operand,
    Process,
    Site,
    Subject,
    Violation,
    is_counter_only,
    loads_of,
    options,
    store_of,
)

_BITS = {C_TYPES[name]: bits for name, bits in DTYPE_BITS.items()} | {"bool": 8}
"""Width in memory of the C++ types that stand behind a pointer."""


def bursts(subject: Subject) -> Iterator[Violation]:
    """R10: a port is touched once per iteration of a loop that does nothing else off chip, unconditionally.

    Its index is made of `int` counters. A table that data indexes is the exception: reading it is no burst anyway.
    """
    for _, process, argument, parameter in subject.bindings():
        if parameter.kind == "pointer":
            yield from _port_use(process, parameter, subject.port_elements.get(argument, 0))


def _port_use(process: Process, port: Operand, elements: int) -> Iterator[Violation]:
    uses: list[tuple[Site, str, bool]] = []
    for site in process.sites:
        store = store_of(site.statement)
        for element in (*loads_of(site.statement), *((store,) if store else ())):
            if element.array == port.name:
                uses.append((site, "".join(element.indices), element is store))
    if len(uses) > 1:
        yield Violation("R10", process.where, f"touches port '{port.name}' in {len(uses)} places, which ends a burst")
    for site, index, is_store in uses:
        is_table = is_counter_only(site, index) is None
        if is_table and is_store:
            yield Violation("R10", process.where, f"stores to '{port.name}' where data says, at '{index}'")
        if not is_table and site.guards != ():
            yield Violation("R10", process.where, f"touches port '{port.name}' only under a condition")
        if not site.loops and elements > 1:
            yield Violation("R10", process.where, f"touches port '{port.name}' outside of any loop")
        if not is_table and len(process.of_kind("pointer")) > 1:
            yield Violation("R10", process.where, f"touches another port beside '{port.name}'")


def bundles(subject: Subject) -> Iterator[Violation]:
    """R11: every port has one AXI bundle for itself, in lower case, and its exact number of elements as `depth`."""
    where = subject.top_where
    found = [options(s)[1] for s in subject.top.body if isinstance(s, Pragma) and s.text.startswith("INTERFACE")]
    taken: dict[str, str] = {}
    for name in subject.ports:
        masters = [words for words in found if "m_axi" in words and words.get("port") == name]
        if len(masters) != 1:
            yield Violation("R11", where, f"port '{name}' has {len(masters)} m_axi pragmas, expected 1")
            continue
        bundle, depth = masters[0].get("bundle", ""), masters[0].get("depth", "")
        if not bundle or bundle != bundle.lower():
            yield Violation("R11", where, f"bundle '{bundle}' of port '{name}' is not in lower case")
        if bundle in taken:
            yield Violation("R11", where, f"ports '{taken[bundle]}' and '{name}' share bundle '{bundle}'")
        taken[bundle] = name
        if depth != str(subject.port_elements.get(name)):
            yield Violation(
                "R11", where, f"port '{name}' has depth={depth} for {subject.port_elements.get(name)} elements"
            )
        if not any("s_axilite" in words and words.get("port") == name for words in found):
            yield Violation("R11", where, f"port '{name}' has no s_axilite pragma for its address")
    for name in {words.get("port", "") for words in found} - {*subject.ports, "return"}:
        yield Violation("R11", where, f"an INTERFACE pragma names '{name}', which is no argument")
    for port in subject.program.ports:
        if taken.get(port.bundle) != port.name:
            yield Violation("R11", where, f"the program says port '{port.name}' is on bundle '{port.bundle}'")
        array = subject.program.weights.get(port.name)
        if port.role == "weight" and (array is None or array.size != port.elements):
            held = "no data" if array is None else f"{array.size} elements of data"
            yield Violation("R11", where, f"weight port '{port.name}' of {port.elements} elements has {held}")
    if [port.name for port in subject.program.ports] != list(subject.ports):
        yield Violation("R11", where, "the arguments of the top function are not the ports of the program, in order")


def widths(subject: Subject) -> Iterator[Violation]:
    """R12: what lies off chip is as wide as a power of two bytes, so that it widens and aligns."""
    for name, port in subject.ports.items():
        bits = _BITS.get(port.element, 0)
        if port.kind != "pointer" or bits % 8 or bits == 0 or bits & (bits - 1):
            yield Violation("R12", subject.top_where, f"port '{name}' has elements of type '{port.element}'")
    for _, process, argument, parameter in subject.bindings():
        port_of = subject.ports.get(argument)
        if port_of is not None and (parameter.kind, parameter.element) != (port_of.kind, port_of.element):
            what = f"'{parameter.name}' is a {parameter.kind} of '{parameter.element}', port '{argument}' is not"
            yield Violation("R12", process.where, what)
