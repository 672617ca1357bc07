"""Rules about arrays: partitions, where they live, and whether every element that is touched exists."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from dataflowc.hls.cpp import Declare, Pragma
from dataflowc.hls.lint_expressions import INT_MAX, NotDecidable, bounds
from dataflowc.hls.lint_subject import (
    Element,
    Process,
    Site,
    Subject,
    Violation,
    array_dims,
    is_counter_only,
    loads_of,
    options,
    store_of,
)

MAX_PARTITIONS = 1024
"""More pieces take hours or fail (vitis.md section 2.1, pitfall 9)."""

MAX_MULTIPLEXER = 64
"""Inputs of a multiplexer that still meets common clocks (vitis.md pitfall 25)."""

URAM_MIN_LATENCY = 2


def partitions(subject: Subject) -> Iterator[Violation]:
    """R9: only arrays of the function are partitioned, into at most 1024 pieces; never a port."""
    for where, function, _, pragma in subject.pragmas:
        kind, words = options(pragma)
        if kind not in ("ARRAY_PARTITION", "ARRAY_RESHAPE"):
            continue
        name = words.get("variable", "")
        declared = {
            s.statement.name: s.statement for s in subject.sites_of(function) if isinstance(s.statement, Declare)
        }
        if name not in declared:
            yield Violation("R9", where, f"partitions '{name}', which is no array of this function")
        elif prod(declared[name].dims) > MAX_PARTITIONS:
            yield Violation("R9", where, f"'{name}' falls into {prod(declared[name].dims)} registers, at most 1024 do")


def multiplexers(subject: Subject) -> Iterator[Violation]:
    """R25: an array in registers that is indexed at run time has at most 64 elements."""
    for process in subject.processes:
        dims = array_dims(process)
        for name in _partitioned(process):
            if prod(dims.get(name, ())) <= MAX_MULTIPLEXER:
                continue
            for _, element in _touched(process):
                if element.array == name and not all(index.strip().isdigit() for index in element.indices):
                    what = f"'{name}' is {prod(dims[name])} registers indexed at run time: a multiplexer above 64:1"
                    yield Violation("R25", process.where, what)
                    break


def _partitioned(process: Process) -> list[str]:
    found = [options(site.statement) for site in process.sites if isinstance(site.statement, Pragma)]
    return [words.get("variable", "") for kind, words in found if kind == "ARRAY_PARTITION"]


def _touched(process: Process) -> Iterator[tuple[Site, Element]]:
    for site in process.sites:
        store = store_of(site.statement)
        for element in (*loads_of(site.statement), *((store,) if store else ())):
            yield site, element


def in_range(subject: Subject) -> Iterator[Violation]:
    """R17: every index made of loop counters is inside its array; such indices never overflow or divide a negative."""
    sizes = {(p.function.name, q.name): subject.port_elements.get(a) for _, p, a, q in subject.bindings()}
    for process in subject.processes:
        dims = array_dims(process)
        for pointer in process.of_kind("pointer"):
            elements = sizes.get((process.function.name, pointer.name))
            dims[pointer.name] = (elements,) if elements is not None else ()
        for site, element in _touched(process):
            yield from _element_in_range(process, site, element, dims.get(element.array))


def _element_in_range(
    process: Process, site: Site, element: Element, dims: tuple[int, ...] | None
) -> Iterator[Violation]:
    text = element.array + "".join(f"[{index}]" for index in element.indices)
    if dims is None or len(dims) != len(element.indices):
        known = "is not declared" if dims is None else f"has {len(dims)} dimensions"
        yield Violation("R17", process.where, f"{text}: '{element.array}' {known}")
        return
    for index, extent in zip(element.indices, dims, strict=True):
        expr = is_counter_only(site, index)
        if expr is None:
            continue  # an index that data decides; the C-simulation runs with an address checker for these
        try:
            found = bounds(expr, site.space, (0, extent - 1))
        except NotDecidable as reason:
            yield Violation("R17", process.where, f"{text}: cannot bound '{index}' ({reason})")
            continue
        if found is None:
            continue
        (low, high), divides_negative = found
        if low < 0 or high >= extent or max(-low, high) > INT_MAX:
            yield Violation(
                "R17", process.where, f"{text}: '{index}' goes from {low} to {high}, the extent is {extent}"
            )
        elif divides_negative:
            yield Violation("R17", process.where, f"{text}: '{index}' divides a negative number")


def initialisers(subject: Subject) -> Iterator[Violation]:
    """R24: no array has an initialiser, and UltraRAM answers after two cycles or more."""
    for path, function in subject.functions:
        for site in subject.sites_of(function):
            if isinstance(site.statement, Declare) and site.statement.dims and site.statement.init is not None:
                what = f"array '{site.statement.name}' has an initialiser, which URAM cannot hold"
                yield Violation("R24", f"{path}: {function.name}", what)
    for where, _, _, pragma in subject.pragmas:
        kind, words = options(pragma)
        if kind == "BIND_STORAGE" and words.get("impl") == "uram":
            latency = words.get("latency", "")
            if not latency.isdigit() or int(latency) < URAM_MIN_LATENCY:
                yield Violation("R24", where, f"'{words.get('variable')}' is in URAM with latency '{latency or 1}'")
