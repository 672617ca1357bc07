"""Reads the TOML file of a target: inheritance by `base`, and tables that are checked key by key.

Every error names the file, the key and what is expected there.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dataflowc.diagnostics import UserError, nearest

TARGETS_FOLDER = Path(__file__).parent / "targets"
"""The targets that come with the compiler. A name that begins with `_` is a base for others, not a target."""


def known_targets() -> list[str]:
    """The names of the targets that come with the compiler, sorted."""
    return sorted(path.stem for path in TARGETS_FOLDER.glob("*.toml") if not path.stem.startswith("_"))


def is_path(name_or_path: str | Path) -> bool:
    """Whether a target is given as a file rather than by name."""
    return isinstance(name_or_path, Path) or name_or_path.endswith(".toml") or "/" in name_or_path


def find_target(name_or_path: str | Path) -> Path:
    """The file of a target. Raises UserError for a name that is not known (with the nearest ones)."""
    if is_path(name_or_path):
        return Path(name_or_path)
    name = str(name_or_path)
    if name in known_targets():
        return TARGETS_FOLDER / f"{name}.toml"
    close = nearest(name.lower(), known_targets())
    raise UserError(
        "DF150",
        f"unknown target '{name}'",
        notes=[f"known targets: {', '.join(known_targets())}"],
        hint=(f"did you mean {' or '.join(close)}? " if close else "")
        + "A target of your own is given as the path of its file, for example --target ./my.toml",
    )


def read_merged(path: Path, inside: Sequence[Path] = ()) -> dict[str, Any]:
    """The content of a target file over that of its `base`, if it has one; tables merge, everything else replaces.

    `base` is a known target or the path of a file, relative to the file that names it. `inside` holds the files
    that are being read, innermost last. Raises UserError for an unreadable or malformed file and for a circle of bases.
    """
    if path.resolve() in inside:
        raise UserError("DF155", f"{path.name}: key 'base': the target inherits from itself", hint="remove one `base`")
    content = _read(path)
    base = content.pop("base", None)
    if base is None:
        return content
    if not isinstance(base, str):
        raise _wrong(path.name, "base", "the name or path of a target", base)
    return _merge(read_merged(_find_base(path, base), (*inside, path.resolve())), content)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError("DF151", f"target file '{path}' is not valid TOML: {error}") from error
    except OSError as error:
        raise UserError(
            "DF151",
            f"cannot read the target file '{path}': {error.strerror}",
            notes=[f"known targets: {', '.join(known_targets())}"],
        ) from error


def _find_base(path: Path, base: str) -> Path:
    if is_path(base):
        return path.parent / base
    if base.startswith("_") and (TARGETS_FOLDER / f"{base}.toml").exists():
        return TARGETS_FOLDER / f"{base}.toml"
    try:
        return find_target(base)
    except UserError as error:
        message = f"{path.name}: key 'base': {error.message}"
        raise UserError("DF155", message, notes=error.notes, hint=error.hint) from error


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`over` on top of `base`. A figure is replaced as a whole: an inherited source must not vouch for a new value."""
    merged = dict(base)
    for key, value in over.items():
        inherited = merged.get(key)
        if isinstance(inherited, Mapping) and isinstance(value, Mapping) and "value" not in {*inherited, *value}:
            value = _merge(inherited, value)
        merged[key] = value
    return merged


class Table:
    """A TOML table whose keys are taken one by one; `finish` refuses the keys that nobody took.

    `file` and `prefix` (`resources.` or empty) are for messages. All methods raise UserError.
    """

    def __init__(self, file: str, content: Mapping[str, Any], prefix: str = "") -> None:
        self.file, self.content, self.prefix = file, content, prefix
        self.taken: list[str] = []

    def __contains__(self, key: str) -> bool:
        self.taken.append(key)
        return key in self.content

    def take(self, key: str, expected: str) -> Any:
        """The value of a key that must be there."""
        if key not in self:
            raise UserError(
                "DF153", f"{self.file}: key '{self.prefix}{key}' is missing", hint=f"expected there: {expected}"
            )
        return self.content[key]

    def text(self, key: str, choices: Sequence[str] = ()) -> str:
        """A string that is not empty, one of `choices` if there are any."""
        expected = f"one of {', '.join(map(repr, choices))}" if choices else "a string"
        value = self.take(key, expected)
        if not isinstance(value, str) or not value.strip() or (choices and value not in choices):
            raise self.wrong(key, expected, value)
        return value

    def number(self, key: str, *, integer: bool, above: float = -1, at_most: float = math.inf) -> int | float:
        """A number greater than `above` and not greater than `at_most`. The default refuses negative ones."""
        expected = _expected_number(integer, above, at_most)
        value = self.take(key, expected)
        kinds = int if integer else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not math.isfinite(value):
            raise self.wrong(key, expected, value)
        if value > at_most or (value < 0 if above < 0 else value <= above):
            raise self.wrong(key, expected, value)
        return value

    def table(self, key: str, expected: str = "a table") -> Table:
        """A table."""
        value = self.take(key, expected)
        if not isinstance(value, Mapping):
            raise self.wrong(key, expected, value)
        return Table(self.file, value, f"{self.prefix}{key}.")

    def tables(self, key: str) -> list[Table]:
        """An array of tables; empty if the key is not there."""
        if key not in self:
            return []
        value = self.content[key]
        if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
            raise self.wrong(key, f"an array of tables, written [[{self.prefix}{key}]]", value)
        return [Table(self.file, entry, f"{self.prefix}{key}[{place}].") for place, entry in enumerate(value)]

    def wrong(self, key: str, expected: str, value: object) -> UserError:
        """The error for a value of the wrong type or out of range."""
        return _wrong(self.file, self.prefix + key, expected, value)

    def finish(self) -> None:
        """Refuse keys that were not taken."""
        for key in self.content:
            if key not in self.taken:
                known = sorted(set(self.taken))
                close = nearest(key, known, 1)
                raise UserError(
                    "DF152",
                    f"{self.file}: unknown key '{self.prefix}{key}'",
                    notes=[f"expected there: {', '.join(known)}"],
                    hint=f"did you mean '{close[0]}'?" if close else "",
                )


def _expected_number(integer: bool, above: float, at_most: float) -> str:
    kind = "an integer" if integer else "a number"
    low = "of at least 0" if above < 0 else f"greater than {above:g}"
    return f"{kind} {low}" + ("" if math.isinf(at_most) else f" and at most {at_most:g}")


def _wrong(file: str, key: str, expected: str, value: object) -> UserError:
    return UserError("DF154", f"{file}: key '{key}': expected {expected}, got {value!r}")
