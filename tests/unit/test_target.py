"""Targets: every file loads with sources, and a user's file is checked key by key."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from dataflowc.diagnostics import UserError
from dataflowc.target import CONFIDENCES, RESOURCE_KINDS, known_targets, load_target
from dataflowc.target_file import TARGETS_FOLDER

EXPECTED = {
    "kv260", "pynq-z2", "u200", "u250", "u280", "u55c", "ultra96", "vck190", "vek280", "vhk158", "vu9p", "vu9p-slr",
    "zcu102", "zcu104",
}  # fmt: skip
SMALL = 'base = "zcu102"\nname = "small"\n'


def write(folder: Path, text: str, name: str = "my.toml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def error_of(path: Path | str) -> UserError:
    with pytest.raises(UserError) as caught:
        load_target(path)
    return caught.value


def figures_of(value: object) -> list[dict[str, object]]:
    """Every table with a `value`, and every number that stands outside of one as {"bare": number}."""
    if isinstance(value, dict):
        return [value] if "value" in value else [figure for inner in value.values() for figure in figures_of(inner)]
    if isinstance(value, list):
        return [figure for inner in value for figure in figures_of(inner)]
    return [{"bare": value}] if isinstance(value, int | float) else []


def test_the_targets_of_the_specification_are_there() -> None:
    assert set(known_targets()) == EXPECTED


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_target_loads(name: str) -> None:
    target = load_target(name)
    assert target.name == name
    assert target.clock_mhz > 0
    assert target.part.startswith("xc")
    assert all(0 < target.planned(kind) <= target.resources.count(kind) for kind in ("lut", "ff", "dsp", "bram18"))
    if target.slr is not None and target.slr.count.value > 1:
        assert all(
            target.slr.each.count(kind) * target.slr.count.value == target.resources.count(kind)
            for kind in RESOURCE_KINDS
        )


@pytest.mark.parametrize("path", sorted(TARGETS_FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_number_has_a_source_and_a_confidence(path: Path) -> None:
    figures = figures_of(tomllib.loads(path.read_text()))
    assert figures
    for figure in figures:
        assert set(figure) == {"value", "source", "confidence"}, figure
        assert figure["source"] and figure["confidence"] in CONFIDENCES


@pytest.mark.parametrize(
    ("name", "lut", "ff", "dsp", "bram18", "uram"),
    [
        ("pynq-z2", 53200, 106400, 220, 280, 0),
        ("zcu102", 274080, 548160, 2520, 1824, 0),
        ("u280", 1303680, 2607360, 9024, 4032, 960),
        ("vu9p-slr", 394080, 788160, 2280, 1440, 320),
        ("vck190", 899840, 1799680, 1968, 1934, 463),
    ],
)
def test_resources_are_those_of_the_part(name: str, lut: int, ff: int, dsp: int, bram18: int, uram: int) -> None:
    found = load_target(name).resources
    assert (found.lut, found.ff, found.dsp, found.bram18, found.uram) == (lut, ff, dsp, bram18, uram)


def test_vck190_has_the_ai_engine_array() -> None:
    aie = load_target("vck190").aie
    assert aie is not None
    assert (aie.columns.value, aie.rows.value, aie.macs_per_cycle["i8"].value) == (50, 8, 128)
    assert (aie.plio_in.value, aie.plio_out.value) == (312, 234)  # type: ignore[union-attr]
    assert load_target("u280").aie is None


def test_off_chip_memory_has_bandwidth() -> None:
    hbm = load_target("u280").off_chip[0]
    assert (hbm.kind, hbm.banks.value, hbm.gb_per_s.value) == ("HBM2", 32, 460.0)  # type: ignore[union-attr]


def test_an_unknown_name_gets_the_nearest_ones_and_the_path_hint() -> None:
    error = error_of("zcu-102")
    assert error.code == "DF150"
    assert "zcu102" in error.hint and "./my.toml" in error.hint


def test_a_users_file_inherits_and_overrides(tmp_path: Path) -> None:
    figure = '{ value = 100, source = "my report", confidence = "high" }'
    path = write(tmp_path, SMALL + f"[resources]\ndsp = {figure}\n")
    target, base = load_target(str(path)), load_target("zcu102")
    assert (target.name, target.resources.dsp, target.part) == ("small", 100, base.part)
    assert target.resources.figures["dsp"].source == "my report"
    assert target.resources.lut == base.resources.lut


def test_a_base_may_be_a_file_beside_it(tmp_path: Path) -> None:
    write(tmp_path, SMALL, "parent.toml")
    target = load_target(write(tmp_path, 'base = "./parent.toml"\ndescription = "child"\n'))
    assert (target.name, target.description) == ("small", "child")


def test_an_overridden_number_needs_its_own_source(tmp_path: Path) -> None:
    error = error_of(write(tmp_path, SMALL + "[resources.dsp]\nvalue = 100\n"))
    assert (error.code, "resources.dsp.source" in error.message) == ("DF153", True)


def test_a_circle_of_bases_is_refused(tmp_path: Path) -> None:
    write(tmp_path, 'base = "./b.toml"\n', "a.toml")
    assert error_of(write(tmp_path, 'base = "./a.toml"\n', "b.toml")).code == "DF155"


def dsp(value: str, confidence: str = '"high"') -> str:
    return f'{SMALL}[resources]\ndsp = {{ value = {value}, source = "s", confidence = {confidence} }}\n'


@pytest.mark.parametrize(
    ("text", "code", "parts"),
    [
        ("name = ", "DF151", ["not valid TOML"]),
        (SMALL + "clok_mhz = 1\n", "DF152", ["clok_mhz"]),
        ('name = "x"\n', "DF153", ["resources"]),
        (SMALL + 'family = "spartan"\n', "DF154", ["family", "'ultrascale+'", "'spartan'"]),
        (SMALL + "part = 7\n", "DF154", ["part", "a string", "7"]),
        (SMALL + "clock_mhz = 200\n", "DF154", ["clock_mhz", "a figure"]),
        (SMALL + 'notes = "x"\n', "DF154", ["notes", "array of strings"]),
        (SMALL + "off_chip = 3\n", "DF154", ["off_chip", "array of tables"]),
        (SMALL + '[slr]\ncount = { value = 0, source = "s", confidence = "low" }\n', "DF154", ["slr.count.value"]),
        (SMALL + '[usable]\nlut = { value = 1.5, source = "s", confidence = "low" }\n', "DF154", ["usable.lut", "1.5"]),
        (dsp("-1"), "DF154", ["resources.dsp.value", "at least 0", "-1"]),
        (dsp("1.5"), "DF154", ["resources.dsp.value", "an integer"]),
        (dsp("true"), "DF154", ["resources.dsp.value", "an integer"]),
        (dsp("1", '"sure"'), "DF154", ["resources.dsp.confidence", "'high'"]),
        ('base = "zcu103"\n', "DF155", ["base", "zcu103"]),
        ("base = 3\n", "DF154", ["base"]),
    ],
)  # fmt: skip
def test_a_wrong_file_names_file_key_and_expectation(tmp_path: Path, text: str, code: str, parts: list[str]) -> None:
    error = error_of(write(tmp_path, text))
    assert error.code == code
    assert "my.toml" in error.message
    assert all(part in error.message for part in parts), error.message


def test_a_misspelt_key_gets_the_nearest_one(tmp_path: Path) -> None:
    assert "clock_mhz" in error_of(write(tmp_path, SMALL + "clok_mhz = 1\n")).hint


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    error = error_of(tmp_path / "nope.toml")
    assert (error.code, "nope.toml" in error.message) == ("DF151", True)
