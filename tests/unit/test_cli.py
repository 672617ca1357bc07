"""The command line: arguments, exit codes, where text goes, and that nothing half-written stays."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dataflowc import cli, commands
from dataflowc.codes import CODES
from dataflowc.diagnostics import CheckFailed, InfeasibleTarget, InternalError, ToolFailure, UserError

ROOT = Path(__file__).resolve().parents[2]


def refuse_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `dataflowc compile` raise `error`."""

    def run(_arguments: argparse.Namespace) -> int:
        raise error

    monkeypatch.setattr(commands, "run_compile", run)


def parsed(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> argparse.Namespace:
    """The arguments that `dataflowc compile` would get."""
    seen: list[argparse.Namespace] = []

    def run(options: argparse.Namespace) -> int:
        seen.append(options)
        return 0

    monkeypatch.setattr(commands, "run_compile", run)
    assert cli.main(arguments) == 0
    return seen[0]


def test_a_model_without_a_sub_command_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    options = parsed(monkeypatch, "model.py", "--target", "zcu102", "-o", "out")
    assert (options.command, options.source, options.target, options.output) == (
        "compile",
        "model.py",
        "zcu102",
        Path("out"),
    )


def test_options_may_stand_before_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parsed(monkeypatch, "--target", "u280", "model.py").source == "model.py"


def test_no_csim_is_the_mode_off(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parsed(monkeypatch, "model.py", "--no-csim").csim_mode == "off"
    assert parsed(monkeypatch, "model.py").csim_mode == "auto"


@pytest.mark.parametrize(
    "arguments",
    [[], ["--nonsense"], ["m.py", "--emit", "vhdl"], ["m.py", "-j", "0"], ["m.py", "--csim-mode", "off", "--no-csim"]],
)
def test_a_wrong_command_line_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage:")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UserError("DF199", "no such file"), 1),
        (CheckFailed("DF310", "1 of 7 checks failed"), 1),
        (ToolFailure("DF599", "g++ is missing"), 3),
        (InfeasibleTarget("DF399", "needs 12 more DSP"), 4),
    ],
)
def test_an_error_is_rendered_on_stderr_with_its_exit_code(
    error: UserError, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refuse_with(error, monkeypatch)
    assert cli.main(["model.py"]) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == error.render() + "\n"


@pytest.mark.parametrize("error", [ValueError("odd"), InternalError("DF901", "crash failed")])
def test_a_defect_exits_with_70_and_names_a_bundle(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    refuse_with(error, monkeypatch)
    assert cli.main(["model.py", "--target", "kv260"]) == 70
    found = re.search(r"what reproduces it is in (\S+)", capsys.readouterr().err)
    assert found is not None
    bundle = Path(found.group(1))
    assert json.loads((bundle / "options.json").read_text())["options"]["target"] == "kv260"
    assert str(error) in (bundle / "traceback.txt").read_text()


def test_ctrl_c_exits_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    refuse_with(KeyboardInterrupt(), monkeypatch)
    assert cli.main(["model.py"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_explain_tells_about_a_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "df310"]) == 0
    assert "check of the build failed" in capsys.readouterr().out


def test_explain_refuses_an_unknown_code_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "DF3100"]) == 2
    assert "DF310" in capsys.readouterr().err


def test_doctor_json_is_one_object_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["doctor", "--json"])
    report = json.loads(capsys.readouterr().out)
    assert code == (0 if report["main_job"] else 3)
    tools = {tool["name"]: tool for tool in report["tools"]}
    assert tools["xdsl"]["version"] == "0.74.0"


def test_doctor_exits_with_3_when_the_main_job_is_impossible(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert cli.main(["doctor"]) == 3
    assert re.search(r"C-simulate +no +g\+\+ or Vitis", capsys.readouterr().out)


def test_estimate_of_a_project_folder_is_read_from_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    estimate = {"kind": "estimate", "resources": {"dsp": 12, "lut": None}, "nodes": [], "cycles": None}
    (tmp_path / "estimate.json").write_text(json.dumps(estimate))
    assert cli.main(["estimate", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == estimate


def test_estimate_refuses_a_folder_that_is_no_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["estimate", str(tmp_path)]) == 1
    assert "not a project folder" in capsys.readouterr().err


def test_every_code_in_the_sources_is_explained() -> None:
    folders = ("compiler", "dialects", "passes", "hls", "frontends")
    used = {
        code
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        for code in re.findall(r'"(DF\d{3})"', path.read_text())
    }
    assert len(used) > 5
    assert used - set(CODES) == set()


def test_every_exit_code_in_the_help_is_the_one_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    for code in ("0 done", "1 error", "2 usage", "3 a tool", "4 does not fit", "70 defect"):
        assert code in text.replace("\n", " ")


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -P -m dataflowc explain DF310 | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_unwinds_and_leaves_nothing(number: int, code: int, tmp_path: Path) -> None:
    """The command is a stand-in that opens a temporary folder, says so and waits."""
    script = (
        "import sys, tempfile, time\n"
        "from dataflowc import cli, commands\n"
        "def run(_options):\n"
        "    with tempfile.TemporaryDirectory(dir='.') as folder:\n"
        "        print('ready', flush=True)\n"
        "        time.sleep(30)\n"
        "commands.run_compile = run\n"
        "sys.exit(cli.main(['model.py']))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", script],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    start = time.monotonic()
    os.kill(process.pid, number)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == code
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []
    assert time.monotonic() - start < 15
