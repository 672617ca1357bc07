"""The imported module: which ops, which names, which weights; the same every time."""

from __future__ import annotations

import importlib.util
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("torch_mlir")

from torch import Tensor, nn  # noqa: E402
from xdsl.dialects.builtin import StringAttr, TensorType  # noqa: E402
from xdsl.dialects.func import FuncOp  # noqa: E402

from dataflowc.contracts import NUMPY_DTYPES, ImportedModel  # noqa: E402
from dataflowc.dialects.attributes import SourceAttr  # noqa: E402
from dataflowc.dialects.levels import verify_level  # noqa: E402
from dataflowc.frontends import load  # noqa: E402
from dataflowc.frontends.mlir_walk import is_allowed  # noqa: E402
from dataflowc.ir_text import module_text  # noqa: E402

EXAMPLES = Path(__file__).parents[2] / "examples"
SMALL = {
    "mlp": {},
    "lenet5": {},
    "resnet18": {"image_size": 32},
    "mobilenetv2": {"image_size": 32},
    "vit_block": {"image_size": 32, "width": 32, "heads": 2, "hidden": 64},
    "bert_layer": {"tokens": 8, "width": 32, "heads": 2, "hidden": 64},
    "hf_resnet18": {"image_size": 32},
    "hf_bert": {"tokens": 8, "width": 64},
}
"""Example -> arguments of its `build` that make it small."""


def example_module(name: str) -> ModuleType:
    if name.startswith("hf_"):
        pytest.importorskip("transformers")
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def small(name: str) -> ImportedModel:
    module = example_module(name)
    model, inputs = module.build(**SMALL[name]) if SMALL[name] else (module.model, module.example_inputs)
    return load(model, example_inputs=inputs)


def main_of(imported: ImportedModel) -> FuncOp:
    (main,) = imported.module.body.block.ops
    assert isinstance(main, FuncOp)
    return main


def arguments(imported: ImportedModel) -> list[tuple[str, str]]:
    attributes = main_of(imported).arg_attrs
    assert attributes is not None
    return [(entry.data["dataflow.role"].data, entry.data["dataflow.name"].data) for entry in attributes]


@pytest.mark.parametrize("name", SMALL)
def test_only_ops_of_the_linalg_level(name: str) -> None:
    imported = small(name)
    imported.module.verify()
    verify_level(imported.module, "linalg")
    found = {op.name for op in main_of(imported).body.walk()}
    assert {op for op in found if not is_allowed(op)} == set()
    assert any(op.name == "linalg.generic" for op in main_of(imported).body.block.ops)


@pytest.mark.parametrize("name", SMALL)
def test_nothing_is_in_double_precision(name: str) -> None:
    assert "f64" not in module_text(small(name).module)


@pytest.mark.parametrize("name", SMALL)
def test_arguments_are_weights_then_inputs_and_fit_the_store(name: str) -> None:
    imported = small(name)
    roles = [role for role, _ in arguments(imported)]
    assert roles == sorted(roles, key=("weight", "input").index)
    assert [text for role, text in arguments(imported) if role == "weight"] == list(imported.weights)
    assert [text for role, text in arguments(imported) if role == "input"] == [spec.name for spec in imported.inputs]
    for (role, text), argument in zip(arguments(imported), main_of(imported).body.block.args, strict=True):
        assert isinstance(argument.type, TensorType)
        if role == "weight":
            array = imported.weights[text]
            assert array.shape == argument.type.get_shape()
            assert array.dtype == NUMPY_DTYPES[str(argument.type.element_type)]
            assert argument.uses, f"{text} is not used"


@pytest.mark.parametrize("name", SMALL)
def test_every_op_has_a_source_with_a_relative_file(name: str) -> None:
    for op in main_of(small(name)).body.block.ops:
        source = op.attributes["source"]
        assert isinstance(source, SourceAttr)
        if op.operands:
            assert source.line.data > 0
            assert not source.file.data.startswith("/")
            assert source.op.data


@pytest.mark.parametrize("name", SMALL)
def test_reference_and_examples_have_the_shapes_of_the_specs(name: str) -> None:
    imported = small(name)
    assert imported.example_inputs is not None and imported.reference is not None
    for arrays, specs in ((imported.example_inputs, imported.inputs), (imported.reference, imported.outputs)):
        assert [array.shape for array in arrays] == [spec.shape for spec in specs]
        assert [array.dtype for array in arrays] == [NUMPY_DTYPES[spec.dtype] for spec in specs]
    assert all(float(np.abs(array).max()) > 0.01 for array in imported.reference)


@pytest.mark.parametrize("name", ["lenet5", "bert_layer"])
def test_two_imports_are_identical(name: str) -> None:
    module = example_module(name)
    model, inputs = module.build(**SMALL[name]) if SMALL[name] else (module.model, module.example_inputs)
    first, second = (load(model, example_inputs=inputs) for _ in range(2))
    assert module_text(first.module) == module_text(second.module)
    assert list(first.weights) == list(second.weights)
    assert all(np.array_equal(first.weights[key], second.weights[key]) for key in first.weights)


def test_batch_norm_is_folded_into_every_convolution_of_resnet18() -> None:
    names = list(small("resnet18").weights)
    assert len(names) == 42
    assert not any("running" in text or "bn" in text for text in names)
    assert {"conv1.weight", "conv1.bias", "layer2.0.downsample.0.bias", "fc.weight"} <= set(names)


def test_both_resnets_have_the_same_structure() -> None:
    mine, theirs = (main_of(small(name)) for name in ("resnet18", "hf_resnet18"))
    assert Counter(op.name for op in mine.body.walk()) == Counter(op.name for op in theirs.body.walk())


def test_linear_weights_are_transposed_offline() -> None:
    imported = small("mlp")
    assert imported.weights["fc1.weight"].shape == (784, 512)
    model = example_module("mlp").model
    assert np.array_equal(imported.weights["fc1.weight"], model.fc1.weight.detach().numpy().T)


def test_the_attention_mask_of_bert_is_folded_away() -> None:
    assert "xi1>" not in module_text(small("hf_bert").module)
    assert [spec.name for spec in small("hf_bert").inputs] == ["input_ids"]
    assert [spec.name for spec in small("hf_bert").outputs] == ["last_hidden_state", "pooler_output"]


def test_layers_ops_and_lines_come_from_the_model() -> None:
    imported = load(str(EXAMPLES / "lenet5.py"))
    lines = (EXAMPLES / "lenet5.py").read_text().splitlines()
    sources = [op.attributes["source"] for op in main_of(imported).body.block.ops]
    conv = next(source for source in sources if isinstance(source, SourceAttr) and source.layer == StringAttr("conv2"))
    assert isinstance(conv, SourceAttr)
    assert (conv.op.data, conv.file.data) == ("conv2d", "lenet5.py")
    assert "self.conv2(x)" in lines[conv.line.data - 1]


def test_the_name_of_the_model_is_an_identifier(tmp_path: Path) -> None:
    path = tmp_path / "3-Layer Net.py"
    path.write_text("import torch\nmodel = torch.nn.Linear(2, 2)\nexample_inputs = torch.randn(1, 2)\n")
    imported = load(path)
    assert imported.name.isidentifier() and imported.name == "m_3_layer_net"
    assert imported.source == "3-Layer Net.py"


def test_a_symbol_names_another_model(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text("import torch\nother = torch.nn.Linear(2, 3)\nexample_inputs = torch.randn(1, 2)\n")
    assert load(f"{path}:other").outputs[0].shape == (1, 3)


def test_a_saved_program_gives_the_same_module(tmp_path: Path) -> None:
    module = example_module("lenet5")
    path = tmp_path / "lenet5.pt2"
    torch.export.save(torch.export.export(module.model, module.example_inputs), path)
    saved, direct = load(path), load(module.model, example_inputs=module.example_inputs)
    assert [op.name for op in saved.module.walk()] == [op.name for op in direct.module.walk()]
    assert list(saved.weights) == list(direct.weights)
    assert saved.reference is not None and direct.reference is not None
    assert np.array_equal(saved.reference[0], direct.reference[0])


def test_training_mode_is_put_back() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5)).train()
    model[0].eval()
    load(model, example_inputs=torch.randn(1, 2))
    assert model.training and not model[0].training and model[1].training


class Nested(nn.Module):
    def forward(self, pair: tuple[Tensor, Tensor], scale: Tensor) -> dict[str, Tensor | None]:
        return {"sum": (pair[0] + pair[1]) * scale, "none": None}


def test_nested_inputs_and_outputs_are_flattened_and_rebuilt() -> None:
    values = ((torch.ones(2), torch.full((2,), 2.0)), torch.tensor([3.0, 4.0]))
    imported = load(Nested(), example_inputs=values)
    assert [spec.name for spec in imported.inputs] == ["pair.0", "pair.1", "scale"]
    assert imported.flatten is not None and imported.rebuild is not None and imported.reference is not None
    assert [array.tolist() for array in imported.flatten(*values)] == [[1, 1], [2, 2], [3, 4]]
    rebuilt = imported.rebuild(list(imported.reference))
    assert rebuilt["none"] is None and rebuilt["sum"].tolist() == [9.0, 12.0]


def test_model_outputs_of_transformers_are_rebuilt() -> None:
    imported = small("hf_bert")
    assert imported.rebuild is not None and imported.reference is not None
    rebuilt = imported.rebuild(list(imported.reference))
    assert type(rebuilt).__name__ == "BaseModelOutputWithPoolingAndCrossAttentions"
    assert tuple(rebuilt.pooler_output.shape) == imported.outputs[1].shape


class Tied(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(4, 4)
        self.second = nn.Linear(4, 4)
        self.second.weight = self.first.weight
        self.unused = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.second(self.first(x))


def test_shared_weights_are_kept_once_and_unused_ones_dropped() -> None:
    names = list(load(Tied(), example_inputs=torch.randn(1, 4)).weights)
    assert sorted(names) == ["first.bias", "first.weight", "second.bias"]
