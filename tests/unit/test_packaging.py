"""The five folders are one import package: in the wheel, on import, and nowhere else."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {
    "compiler": "dataflowc",
    "dialects": "dataflowc/dialects",
    "passes": "dataflowc/passes",
    "hls": "dataflowc/hls",
    "frontends": "dataflowc/frontends",
}
SHIPPED = ("*.py", "py.typed", "targets/*.toml", "cost/*.toml", "templates/**/*", "include/**/*")


def run_python(code: str, directory: Path, *path: Path) -> str:
    """Output of `code`, run from `directory` with `path` in front of the module search path."""
    setup = f"import sys; sys.path[:0] = {[str(entry) for entry in path]!r}\n"
    done = subprocess.run(
        [sys.executable, "-P", "-c", setup + code],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def ignore_built(_directory: str, names: list[str]) -> set[str]:
    return {name for name in names if name == "__pycache__"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the sources, so that no `build/lib` of earlier builds is picked up."""
    import shutil

    directory = tmp_path_factory.mktemp("wheel")
    source = directory / "source"
    source.mkdir()
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, source / folder, ignore=ignore_built)
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    code = f"import setuptools.build_meta as b; print(b.build_wheel({str(directory)!r}))"
    name = run_python(code, source, source).splitlines()[-1]
    return directory / name


def test_every_source_file_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"{package}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, package in FOLDERS.items()
        for pattern in SHIPPED
        for path in (ROOT / folder).rglob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert len(wanted) > 20
    assert wanted - names == set()


def test_the_wheel_holds_nothing_but_the_package(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"dataflowc"}


def test_the_wheel_has_the_commands_and_the_licence(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    entries = next(archive.read(n).decode() for n in archive.namelist() if n.endswith("entry_points.txt"))
    assert "dataflowc = dataflowc.cli:main" in entries and "dataflowc-opt = dataflowc.opt_main:main" in entries
    assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())


def test_the_wheel_imports_from_another_directory(wheel: Path, tmp_path: Path) -> None:
    unpacked = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(unpacked)
    code = "import dataflowc, dataflowc.dialects.dataflow as d; print(dataflowc.__file__); print(d.__file__)"
    files = run_python(code, tmp_path, unpacked).splitlines()
    assert [Path(file).relative_to(unpacked).as_posix() for file in files] == [
        "dataflowc/__init__.py",
        "dataflowc/dialects/dataflow.py",
    ]


@pytest.mark.parametrize("module", ["dataflowc", "dataflowc.cli", "dataflowc.diagnostics"])
def test_import_loads_no_heavy_package(module: str, tmp_path: Path) -> None:
    heavy = {"torch", "torch_mlir", "xdsl", "numpy", "scipy", "networkx", "ortools", "rich", "jinja2"}
    code = f"import sys, {module}; print(*sorted({heavy!r} & set(sys.modules)))"
    assert run_python(code, tmp_path) == ""


def test_no_bare_folder_name_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys, dataflowc.driver, dataflowc.opt_main, dataflowc.dialects.dataflow\n"
        "print(*sorted({'compiler', 'dialects', 'passes', 'hls', 'frontends'} & set(sys.modules)))"
    )
    assert run_python(code, tmp_path) == ""


def test_the_public_names_load_on_first_use(tmp_path: Path) -> None:
    code = (
        "import dataflowc; print(all(hasattr(dataflowc, name) for name in dataflowc.__all__), hasattr(dataflowc, 'no'))"
    )
    assert run_python(code, tmp_path) == "True False"


def test_the_version_is_written_once_and_the_same() -> None:
    import dataflowc

    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == dataflowc.__version__


def test_another_python_is_refused_with_what_to_do(tmp_path: Path) -> None:
    other = tmp_path / "python3.12"
    other.write_text("#!/usr/bin/env bash\n[[ $2 == *ensurepip* ]] || echo 3.12\n")
    other.chmod(0o755)
    done = subprocess.run(
        [ROOT / "scripts" / "setup.sh", other], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 3
    assert "needs Python 3.11" in done.stderr and "make PYTHON=" in done.stderr
