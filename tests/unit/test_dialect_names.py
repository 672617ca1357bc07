"""Names of processes, channels and variables: always C identifiers that nothing else has."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflowc.dialects.names import MAX_LENGTH, RESERVED, Labels, identifier

WORDS = st.lists(
    st.one_of(st.sampled_from(sorted(RESERVED)), st.text("aZ09_.é ", max_size=60), st.integers(0, 10**9).map(str)),
    max_size=5,
)


@given(WORDS.map("_".join) | WORDS.map(".".join) | st.text())
def test_every_text_becomes_an_identifier(text: str) -> None:
    name = identifier(text)
    assert re.fullmatch(r"[A-Za-z][0-9A-Za-z_]*", name)
    assert name not in RESERVED
    assert len(name) <= MAX_LENGTH + 2


@pytest.mark.parametrize(("text", "name"), [
    ("layer1.0.conv1", "layer1_0_conv1"),
    ("float", "float_x"),
    ("l" * 60 + ".int", "int_x"),
    ("l" * 60 + ".3.7", "n7"),
    ("0weight", "n0weight"),
    ("1" * 60, "n" + "1" * MAX_LENGTH),
    ("...", "x"),
    ("", "x"),
    ("blocks." + "a" * 45 + ".norm", "norm"),
])  # fmt: skip
def test_what_stays_of_a_text(text: str, name: str) -> None:
    assert identifier(text) == name


@given(st.lists(WORDS.map(".".join), max_size=6))
def test_labels_are_handed_out_once(texts: list[str]) -> None:
    labels = Labels()
    names = [labels.unique(text) for text in texts]
    assert len(set(names)) == len(names)
