"""Targets: a part or board as figures, each with its source and confidence, read from TOML.

A file holds (all figures are tables `{ value = ..., source = "...", confidence = "high" | "medium" | "low" }`):
`name`, `description`, `part`, `family`, `speed_grade`, `dsp_kind`, `clock_mhz`, `[resources]`, `[usable]` (the planning
share of each resource), and optionally `vitis_platform`, `notes`, `[slr]`, `[[off_chip]]` and `[aie]`.
`base = "zcu102"` (or a path) takes everything from another target; the file then holds only what differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from dataflowc.target_file import Table, find_target, known_targets, read_merged

__all__ = [
    "RESOURCE_KINDS",
    "AieArray",
    "Figure",
    "OffChipMemory",
    "Resources",
    "SlrSplit",
    "Target",
    "known_targets",
    "load_target",
]

Confidence = Literal["high", "medium", "low"]
CONFIDENCES: tuple[Confidence, ...] = ("high", "medium", "low")
Family = Literal["7-series", "ultrascale+", "versal"]
FAMILIES: tuple[Family, ...] = ("7-series", "ultrascale+", "versal")
DSP_KINDS = ("DSP48E1", "DSP48E2", "DSP58")
RESOURCE_KINDS = ("lut", "ff", "dsp", "bram18", "uram")
"""What a design uses up: look-up tables, flip-flops, DSP slices, 18 Kb block RAMs, 288 Kb UltraRAMs."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, where it comes from, and how far to trust it."""

    value: int | float
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Resources:
    """How many of each resource, as plain numbers; `figures` has the same with source and confidence."""

    lut: int
    ff: int
    dsp: int
    bram18: int
    uram: int
    figures: Mapping[str, Figure]

    def count(self, kind: str) -> int:
        """The number of a resource kind, one of `RESOURCE_KINDS`. KeyError for another."""
        return int(self.figures[kind].value)


@dataclass(frozen=True, slots=True)
class SlrSplit:
    """Super logic regions: how many dies the part has, and what each holds. `after_shell` is what the platform leaves
    of each, first SLR first, with the kinds for which that is published."""

    count: Figure
    each: Resources
    after_shell: tuple[Mapping[str, Figure], ...] = ()


@dataclass(frozen=True, slots=True)
class OffChipMemory:
    """Memory of one kind: number of banks (or HBM pseudo-channels), peak GB/s and bytes over all of them, if known."""

    kind: str
    banks: Figure | None
    gb_per_s: Figure | None
    bytes: Figure | None


@dataclass(frozen=True, slots=True)
class AieArray:
    """The AI Engine array: `columns` x `rows` compute tiles with `tile_bytes` of data memory each.

    `macs_per_cycle` is per tile by data type; `plio_in` and `plio_out` count the 64-bit streams into and out of it.
    """

    kind: Literal["AIE", "AIE-ML"]
    columns: Figure
    rows: Figure
    clock_mhz: Figure
    tile_bytes: Figure
    macs_per_cycle: Mapping[str, Figure]
    memory_tiles: Figure | None
    plio_in: Figure | None
    plio_out: Figure | None


@dataclass(frozen=True, slots=True)
class Target:
    """What a design is compiled for."""

    name: str
    description: str
    part: str
    family: Family
    speed_grade: str
    dsp_kind: str
    clock: Figure
    resources: Resources
    usable: Mapping[str, Figure]
    slr: SlrSplit | None
    off_chip: tuple[OffChipMemory, ...]
    aie: AieArray | None
    vitis_platform: str | None
    notes: tuple[str, ...]

    @property
    def clock_mhz(self) -> float:
        """The clock that a compilation takes if none is given, in MHz."""
        return float(self.clock.value)

    def planned(self, kind: str) -> int:
        """How many of a resource a plan may use: routing needs the rest."""
        return int(self.resources.count(kind) * self.usable[kind].value)


def load_target(name_or_path: str | Path) -> Target:
    """The target of that name, or of that file if it is a path (`./my.toml`).

    Raises UserError: DF150 unknown name, DF151 unreadable file, DF152 unknown key, DF153 missing key, DF154 wrong
    value, DF155 wrong `base`.
    """
    path = find_target(name_or_path)
    table = Table(path.name, read_merged(path))
    resources = _resources(table, "resources")
    target = Target(
        name=table.text("name"),
        description=table.text("description"),
        part=table.text("part"),
        family=cast(Family, table.text("family", FAMILIES)),
        speed_grade=table.text("speed_grade"),
        dsp_kind=table.text("dsp_kind", DSP_KINDS),
        clock=_figure(table, "clock_mhz", integer=False, above=0),
        resources=resources,
        usable=_usable(table.table("usable")),
        slr=_slr(table.table("slr"), resources) if "slr" in table else None,
        off_chip=tuple(_off_chip(entry) for entry in table.tables("off_chip")),
        aie=_aie(table.table("aie")) if "aie" in table else None,
        vitis_platform=table.text("vitis_platform") if "vitis_platform" in table else None,
        notes=_notes(table),
    )
    table.finish()
    return target


def _figure(
    table: Table, key: str, *, integer: bool = True, above: float = -1, at_most: float = float("inf")
) -> Figure:
    inner = table.table(key, 'a figure, { value = ..., source = "...", confidence = "high" | "medium" | "low" }')
    figure = Figure(
        inner.number("value", integer=integer, above=above, at_most=at_most),
        inner.text("source"),
        cast(Confidence, inner.text("confidence", CONFIDENCES)),
    )
    inner.finish()
    return figure


def _optional_figure(table: Table, key: str, *, integer: bool = True) -> Figure | None:
    return _figure(table, key, integer=integer, above=0) if key in table else None


def _resources(table: Table, key: str) -> Resources:
    inner = table.table(key)
    figures = {kind: _figure(inner, kind) for kind in RESOURCE_KINDS}
    inner.finish()
    return Resources(**{kind: int(figure.value) for kind, figure in figures.items()}, figures=figures)


def _usable(table: Table) -> Mapping[str, Figure]:
    usable = {kind: _figure(table, kind, integer=False, above=0, at_most=1) for kind in RESOURCE_KINDS}
    table.finish()
    return usable


def _slr(table: Table, whole: Resources) -> SlrSplit:
    """`each` may be left out of a part with one SLR."""
    after_shell = []
    for entry in table.tables("after_shell"):
        after_shell.append({kind: _figure(entry, kind) for kind in RESOURCE_KINDS if kind in entry})
        entry.finish()
    count = _figure(table, "count", above=0)
    each = _resources(table, "each") if "each" in table or count.value > 1 else whole
    split = SlrSplit(count, each, tuple(after_shell))
    if after_shell and len(after_shell) != split.count.value:
        raise table.wrong("after_shell", f"one table per SLR, {split.count.value}", f"{len(after_shell)} tables")
    table.finish()
    return split


def _off_chip(table: Table) -> OffChipMemory:
    memory = OffChipMemory(
        table.text("kind"),
        _optional_figure(table, "banks"),
        _optional_figure(table, "gb_per_s", integer=False),
        _optional_figure(table, "bytes"),
    )
    table.finish()
    return memory


def _aie(table: Table) -> AieArray:
    macs = table.table("macs_per_cycle")
    array = AieArray(
        kind=cast(Literal["AIE", "AIE-ML"], table.text("kind", ("AIE", "AIE-ML"))),
        columns=_figure(table, "columns", above=0),
        rows=_figure(table, "rows", above=0),
        clock_mhz=_figure(table, "clock_mhz", integer=False, above=0),
        tile_bytes=_figure(table, "tile_bytes", above=0),
        macs_per_cycle={
            dtype: _figure(macs, dtype, above=0) for dtype in ("i8", "i16", "bf16", "f32") if dtype in macs
        },
        memory_tiles=_optional_figure(table, "memory_tiles"),
        plio_in=_optional_figure(table, "plio_in"),
        plio_out=_optional_figure(table, "plio_out"),
    )
    macs.finish()
    table.finish()
    return array


def _notes(table: Table) -> tuple[str, ...]:
    if "notes" not in table:
        return ()
    notes = table.content["notes"]
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise table.wrong("notes", "an array of strings", notes)
    return tuple(notes)
