"""Every example: all checks hold, and the emitted C++ gives PyTorch's results on inputs it was not compiled with."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("torch_mlir")

import torch
from torch import Tensor, nn

import dataflowc
from dataflowc.options import CompileOptions

from ..property.running import assert_equal
from .examples import EXAMPLES, SMALL, example, others, small

TARGETS = ("vck190", "zcu102", "u280")


def check(design: dataflowc.Design, model: nn.Module, inputs: tuple[Tensor, ...]) -> None:
    """All receipts hold, and so does the comparison on other inputs, in the structure that the model returns."""
    assert [f"{r.name}: {r.detail}" for r in design.receipts if r.passed is not True] == []
    unseen = others(inputs)
    with torch.no_grad():
        expected = model(*unseen)
    got = design.simulate(*unseen)
    assert type(got) is type(expected)
    assert_equal(got, expected)


@pytest.mark.parametrize("name", SMALL)
def test_at_reduced_size(name: str) -> None:
    model, inputs = small(name)
    check(dataflowc.compile(model, inputs, target="u280"), model, inputs)


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", SMALL)
def test_at_full_size(name: str, target: str) -> None:
    module = example(name)
    check(dataflowc.compile(EXAMPLES / f"{name}.py", target=target), module.model, module.example_inputs)


@pytest.mark.parametrize("name", ["lenet5", "bert_layer"])
def test_no_access_out_of_bounds(name: str) -> None:
    model, inputs = small(name)
    options = CompileOptions(target="zcu102", csim_mode="sanitize")
    results = {r.name: r for r in dataflowc.compile(model, inputs, options=options).receipts}
    compared = results["C-simulation equals PyTorch"]
    assert compared.passed is True, compared.detail


def test_transformers_outputs_keep_their_class() -> None:
    model, inputs = small("hf_bert")
    design = dataflowc.compile(model, inputs, options=CompileOptions(target="u280", csim_mode="plain"))
    got = design.simulate(*inputs)
    assert type(got).__name__ == "BaseModelOutputWithPoolingAndCrossAttentions"
    assert list(got) == ["last_hidden_state", "pooler_output"]


def contents(folder: Path) -> dict[str, str]:
    """Hash of every file, by path."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_projects_are_identical_whatever_the_hash_seed(tmp_path: Path) -> None:
    found = []
    for seed in ("1", "2"):
        folder = tmp_path / seed / "project"
        command = [sys.executable, "-P", "-m", "dataflowc", str(EXAMPLES / "bert_layer.py"), "--no-csim", "-q"]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([*command, "-o", str(folder)], check=True, env=environment, cwd=tmp_path, timeout=300)
        found.append(contents(folder))
    assert found[0] == found[1] and len(found[0]) > 20


def test_the_manifest_has_the_hash_of_every_file(tmp_path: Path) -> None:
    model, inputs = small("mlp")
    options = CompileOptions(target="zcu102", csim_mode="off")
    one = dataflowc.compile(model, inputs, options=options).emit(tmp_path / "one")
    two = dataflowc.compile(model, inputs, options=options).emit(tmp_path / "two")
    assert contents(one) == contents(two)
    listed = json.loads((one / "manifest.json").read_text())["files"]
    found = contents(one)
    assert {path: found[path] for path in listed} == listed
    assert set(found) - set(listed) <= {"manifest.json", "receipts.json", "estimate.json"}
