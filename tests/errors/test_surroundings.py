"""Targets, output folders, tools and interruptions: what is refused, how, and what is left on disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dataflowc import cli

from .conftest import Refuse, tree

GOOD = "import torch\nmodel = torch.nn.Linear(4, 2)\nexample_inputs = (torch.ones(1, 4),)\n"
LARGE = (
    "import torch\nfrom torch import nn\n"
    "model = nn.Sequential(*(layer for _ in range(8) for layer in (nn.Linear(64, 64), nn.GELU(), nn.LayerNorm(64))))\n"
    "example_inputs = (torch.ones(8, 64),)\n"
)


def test_an_unknown_target_names_the_nearest(refused: Refuse) -> None:
    refused(GOOD, "--target", "vck19O").says(1, "DF150", "did you mean vck190", "zcu102")


def test_a_missing_target_file(refused: Refuse) -> None:
    refused(GOOD, "--target", "./mine.toml").says(1, "DF151", "mine.toml")


def test_a_clock_that_makes_no_sense(refused: Refuse) -> None:
    refused(GOOD, "--clock-mhz", "-5").says(2, "DF203", "-5 MHz")


def test_a_target_too_small_names_resource_excess_and_node(refused: Refuse) -> None:
    outcome = refused(LARGE, "--target", "pynq-z2", "--no-csim")
    outcome.says(4, "DF320", "does not fit pynq-z2", "LUT", "more than the 53,200 there are", "linear (", "help:")


def test_a_folder_that_is_not_ours(refused: Refuse, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "thesis.tex").write_text("years of work")
    refused(GOOD, output=theirs).says(1, "DF411", "'theirs'", "help:")


def test_an_output_that_is_a_file(refused: Refuse, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    refused(GOOD, output=tmp_path / "file").says(1, "DF411", "is a file")


def test_an_output_below_a_file(refused: Refuse, tmp_path: Path) -> None:
    """Nobody can write there, root included."""
    (tmp_path / "file").write_text("text")
    refused(GOOD, output=tmp_path / "file" / "project").says(1, "DF412", "-o")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a file system that nobody can write to")
def test_a_read_only_file_system(refused: Refuse) -> None:
    refused(GOOD, output=Path("/proc/self/project")).says(1, "DF412")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder(refused: Refuse, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    refused(GOOD, output=folder / "project").says(1, "DF412")


def test_a_missing_compiler(refused: Refuse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", "")
    refused(GOOD).says(3, "DF501", "g++", "--no-csim")


def test_no_compiler_is_needed_without_csim(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", "")
    (tmp_path / "net.py").write_text(GOOD)
    assert cli.main([str(tmp_path / "net.py"), "--no-csim", "-q", "-o", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "manifest.json").is_file()


def interrupted(folder: Path, condition: str, number: signal.Signals) -> subprocess.CompletedProcess[str]:
    """Compile in `folder`, send a signal to the process group once `condition` stands on stderr, wait for the end."""
    (folder / "net.py").write_text(GOOD)
    scratch = folder.parent / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "dataflowc", "net.py", "-v", "-o", "out"],
        cwd=folder,
        env={
            **os.environ,
            "TMPDIR": str(scratch),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TORCHINDUCTOR_CACHE_DIR": str(scratch),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    text = ""
    for line in process.stdout:
        text += line
        if condition in line:
            time.sleep(0.3)
            os.killpg(process.pid, number)
            break
    text += process.stdout.read()
    return subprocess.CompletedProcess([], process.wait(timeout=60), text)


@pytest.mark.parametrize("condition", ["import the model", "C-simulate and write"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interruption_leaves_nothing(tmp_path: Path, condition: str, number: signal.Signals, code: int) -> None:
    work = tmp_path / "work"
    work.mkdir()
    done = interrupted(work, condition, number)
    assert done.returncode == code, done.stdout
    assert "Traceback" not in done.stdout
    assert list(tree(work)) == ["net.py"]
    assert [name for name in tree(tmp_path / "scratch") if "dataflowc" in name] == []
