"""ARCHITECTURE.md names what is there."""

from __future__ import annotations

import re
from pathlib import Path

from dataflowc.passes.registry import PASSES
from dataflowc.pipeline import KERNEL_PIPELINE, PIPELINE

PAGE = (Path(__file__).parents[2] / "ARCHITECTURE.md").read_text()


def test_the_pipeline_table_lists_every_pass_in_order() -> None:
    rows = re.findall(r"^\| (\w+) \| `([a-z-]+)` \|", PAGE, re.MULTILINE)
    in_code = [(stage.name, spec) for stage in PIPELINE for spec in stage.passes]
    assert [row for row in rows if row[1] != "lift-affine"] == in_code
    assert ("nodes", "lift-affine") in [(s.name, spec) for s in KERNEL_PIPELINE for spec in s.passes]
    assert {name for _, name in rows} == set(PASSES)


def test_every_file_the_page_names_exists() -> None:
    root = Path(__file__).parents[2]
    compiler = {"contracts.py", "target.py", "pipeline.py"}
    named = set(re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.(?:py|toml))`", PAGE))
    assert named
    assert [name for name in sorted(named) if not (root / name).is_file()] == []
    assert all((root / "compiler" / name).is_file() for name in compiler)
