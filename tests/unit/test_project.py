"""The project folder: what is in it, that it is the same from run to run, and that it appears whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dataflowc.contracts import HlsProgram, Port
from dataflowc.diagnostics import InternalError, UserError
from dataflowc.hls.output import atomic_directory, check_output
from dataflowc.hls.project import write_project

WEIGHT = np.arange(6, dtype=np.float32)
INPUT = np.array([[1, -2], [3, 4]], dtype=np.int8)
REFERENCE = np.array([True, False])
PROGRAM = HlsProgram(
    name="tiny net",
    top="tiny_net",
    ports=(
        Port("data", "data", "input", "i8", (2, 2), "data"),
        Port("w", "w", "weight", "f32", (6,), "layer.weight"),
        Port("out", "out", "output", "i1", (2,), "out"),
    ),
    sources={
        "src/tiny_net.h": "// header\n",
        "src/tiny_net.cpp": '#include "tiny_net.h"\n',
        "src/nodes_00.cpp": "// nodes\n",
    },
    bounded_top="// bounded\n",
    weights={"w": WEIGHT},
    streams={"s": 4},
)


@dataclass(frozen=True)
class Device:
    name: str = "vck190"
    part: str = "xcvc1902-vsva2197-2MP-e-S"


def write(folder: Path, program: HlsProgram = PROGRAM, **options: Any) -> Path:
    values: dict[str, Any] = {
        "target": Device(),
        "clock_ns": 10 / 3,
        "inputs": [INPUT],
        "references": [REFERENCE],
        "tolerance": 1e-4,
        "manifest": {"source": "/somewhere/model.py", "dataflowc": "1.2"},
    }
    write_project(program, folder, **{**values, **options})
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("project") / "tiny")


# --- contents -------------------------------------------------------------------------------------------------------


def test_the_folder_holds_everything_a_user_runs(project: Path) -> None:
    files = set(contents(project))
    assert files >= {
        "Makefile",
        "README.md",
        "hls_config.cfg",
        "manifest.json",
        "run_hls.tcl",
        "src/nodes_00.cpp",
        "src/tiny_net.cpp",
        "src/tiny_net.h",
        "tb/bounded_top.cpp",
        "tb/testbench.cpp",
        "sim/include/hls_stream.h",
        "sim/include/hls_math.h",
        "sim/dfc_runtime.cpp",
        "sim/dfc_process.cpp",
    }
    assert (project / "src/nodes_00.cpp").read_text() == "// nodes\n"
    assert (project / "tb/bounded_top.cpp").read_text() == "// bounded\n"


def test_data_files_are_raw_little_endian(project: Path) -> None:
    assert (project / "weights/w.bin").read_bytes() == WEIGHT.astype("<f4").tobytes()
    assert (project / "data/data.bin").read_bytes() == bytes([1, 254, 3, 4])
    assert (project / "data/golden_out.bin").read_bytes() == bytes([1, 0])


def test_without_example_inputs_there_is_no_data(tmp_path: Path) -> None:
    project = write(tmp_path / "tiny", inputs=None, references=None)
    assert list((project / "data").iterdir()) == []


def test_the_manifest_has_the_hash_of_every_other_file(project: Path) -> None:
    manifest = json.loads((project / "manifest.json").read_text())
    hashes = {path: hashlib.sha256(data).hexdigest() for path, data in contents(project).items()}
    del hashes["manifest.json"]
    assert manifest["files"] == hashes


def test_the_manifest_says_what_was_built(project: Path) -> None:
    text = (project / "manifest.json").read_text()
    manifest = json.loads(text)
    assert text == json.dumps(manifest, indent=2, sort_keys=True) + "\n"
    assert manifest["generator"] == "dataflowc"
    assert manifest["part"] == "xcvc1902-vsva2197-2MP-e-S"
    assert manifest["clock_ns"] == 10 / 3
    assert manifest["ports"][0] == {
        "name": "data",
        "bundle": "data",
        "role": "input",
        "dtype": "i8",
        "shape": [2, 2],
        "tensor": "data",
    }
    assert manifest["streams"] == {"s": 4}
    assert manifest["options"] == {"source": "model.py", "dataflowc": "1.2"}
    assert manifest["versions"]["xdsl"] == "0.74.0"


def test_two_runs_write_the_same_bytes(project: Path, tmp_path: Path) -> None:
    assert contents(write(tmp_path / "another" / "name")) == contents(project)


def test_no_file_knows_where_it_was_written(project: Path) -> None:
    here = [str(project).encode(), os.uname().nodename.encode(), str(Path.home()).encode() + b"/"]
    for path, data in contents(project).items():
        assert not [word for word in here if word in data], path
        assert not re.search(rb"/(home|usr|tmp|root)/", data), path


def test_the_vendor_files_name_part_clock_and_sources(project: Path) -> None:
    config = (project / "hls_config.cfg").read_text().splitlines()
    for line in (
        "part=xcvc1902-vsva2197-2MP-e-S",
        "clock=3.333ns",
        "clock_uncertainty=27%",
        "syn.top=tiny_net",
        "syn.file=src/nodes_00.cpp",
        "syn.file=src/tiny_net.cpp",
        "tb.file=tb/testbench.cpp",
        "syn.dataflow.strict_mode=error",
    ):
        assert line in config
    assert not [line for line in config if "sim/" in line or "bounded" in line]
    script = (project / "run_hls.tcl").read_text()
    assert "set_part {xcvc1902-vsva2197-2MP-e-S}" in script
    assert "create_clock -period 3.333 -name default" in script
    assert "sim/" not in script


def test_the_testbench_calls_the_top_with_all_ports_in_order(project: Path) -> None:
    testbench = (project / "tb/testbench.cpp").read_text()
    assert "tiny_net(port_data.data, port_w.data, port_out.data);" in testbench
    assert "Buffer<int8_t> port_data(4);" in testbench
    assert 'port_w.read(root + "/weights/w.bin");' in testbench
    assert "Buffer<bool> port_out(2);" in testbench


def test_the_makefile_leaves_the_plain_top_out_of_the_bounded_program(project: Path) -> None:
    lines = (project / "Makefile").read_text().splitlines()
    plain = next(line for line in lines if line.startswith("PLAIN_SOURCES"))
    bounded = next(line for line in lines if line.startswith("BOUNDED_SOURCES"))
    assert "src/tiny_net.cpp" in plain and "bounded_top" not in plain
    assert "src/tiny_net.cpp" not in bounded and "tb/bounded_top.cpp" in bounded and "src/nodes_00.cpp" in bounded


@pytest.mark.parametrize(
    ("program", "options", "text"),
    [
        (replace(PROGRAM, weights={}), {}, "no array for the weight port 'w'"),
        (replace(PROGRAM, weights={"w": WEIGHT[:5]}), {}, "'w' has 6 elements, its array 5"),
        (PROGRAM, {"inputs": []}, "1 ports for 0 arrays"),
        (PROGRAM, {"references": [REFERENCE, REFERENCE]}, "1 ports for 2 arrays"),
    ],
)
def test_data_that_do_not_fit_the_ports_are_an_internal_error(
    tmp_path: Path, program: HlsProgram, options: dict[str, Any], text: str
) -> None:
    with pytest.raises(InternalError, match=re.escape(text)):
        write(tmp_path / "tiny", program, **options)
    assert list(tmp_path.iterdir()) == []


# --- whole or not at all --------------------------------------------------------------------------------------------


def test_an_earlier_project_is_replaced_with_all_its_files(tmp_path: Path) -> None:
    folder = write(tmp_path / "tiny")
    (folder / "src/old.cpp").write_text("")
    write(folder)
    assert not (folder / "src/old.cpp").exists()
    assert list(tmp_path.iterdir()) == [folder]


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "tiny").mkdir()
    assert (write(tmp_path / "tiny") / "manifest.json").is_file()


def foreign_folder(path: Path) -> None:
    path.mkdir()
    (path / "thesis.tex").write_text("years of work")


def foreign_manifest(path: Path) -> None:
    path.mkdir()
    (path / "manifest.json").write_text('{"generator": "something else"}')


def some_file(path: Path) -> None:
    path.write_text("years of work")


@pytest.mark.parametrize("make", [foreign_folder, foreign_manifest, some_file])
def test_what_is_not_ours_is_refused_and_left_alone(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "tiny")
    before = contents(tmp_path)
    with pytest.raises(UserError) as caught:
        write(tmp_path / "tiny")
    assert caught.value.code == "DF411"
    assert contents(tmp_path) == before


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_interruption_leaves_nothing_behind(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), atomic_directory(tmp_path / "new" / "deep" / "tiny") as staging:
        (staging / "half").write_text("x")
        raise error
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_leaves_the_earlier_project_as_it_was(tmp_path: Path) -> None:
    folder = write(tmp_path / "tiny")
    before = contents(tmp_path)
    with pytest.raises(KeyboardInterrupt), atomic_directory(folder) as staging:
        (staging / "half").write_text("x")
        raise KeyboardInterrupt
    assert contents(tmp_path) == before


def test_a_failed_move_brings_the_earlier_project_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "tiny")
    before = contents(tmp_path)
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.suffix == ".tmp":
            raise OSError(16, "Device or resource busy")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(UserError, match="busy") as caught:
        write(folder)
    assert caught.value.code == "DF412"
    assert contents(tmp_path) == before


def test_a_new_folder_has_the_permissions_of_any_other(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    assert write(tmp_path / "tiny").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_parent_that_is_a_file_is_a_user_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError) as caught:
        write(tmp_path / "file" / "tiny")
    assert caught.value.code == "DF412"


def test_a_read_only_parent_is_a_user_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Asked of the system in the check, so that it also holds for a user whom permissions do not stop.
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != tmp_path)
    with pytest.raises(UserError) as caught:
        write(tmp_path / "tiny")
    assert caught.value.code == "DF412"
    assert "-o" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_the_check_before_a_long_compilation_changes_nothing(tmp_path: Path) -> None:
    check_output(tmp_path / "new" / "tiny")
    assert list(tmp_path.iterdir()) == []
