"""A small C++ tree: the constructs that emitted code uses, and nothing else.

Statements are a tree so that the linter can walk them; expressions are text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

INDENT = "  "


@dataclass(frozen=True, slots=True)
class Comment:
    """`// text`."""

    text: str


@dataclass(frozen=True, slots=True)
class Pragma:
    """`#pragma HLS text`, placed at the start of its scope."""

    text: str


@dataclass(frozen=True, slots=True)
class Declare:
    """`type name[dims] = init;`; `const` values get `init`, arrays get none."""

    type: str
    name: str
    dims: tuple[int, ...] = ()
    init: str | None = None


@dataclass(frozen=True, slots=True)
class DeclareStream:
    """`hls::stream<type> name("name");` and its depth pragma."""

    type: str
    name: str
    depth: int


@dataclass(frozen=True, slots=True)
class Assign:
    """`target = value;`."""

    target: str
    value: str


@dataclass(frozen=True, slots=True)
class Call:
    """`function(arguments);` with arguments that are bare names, as a dataflow region demands."""

    function: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StreamWrite:
    """`stream.write(value);`."""

    stream: str
    value: str


@dataclass(frozen=True, slots=True)
class For:
    """`label: for (int name = start; name < limit; name += step) { body }`; bounds are constants or affine text."""

    name: str
    limit: str
    body: tuple[Statement, ...]
    label: str = ""
    start: str = "0"
    step: int = 1


@dataclass(frozen=True, slots=True)
class If:
    """`if (condition) { body } else { otherwise }`."""

    condition: str
    body: tuple[Statement, ...]
    otherwise: tuple[Statement, ...] = ()


Statement = Comment | Pragma | Declare | DeclareStream | Assign | Call | StreamWrite | For | If


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter in C++ text: `hls::stream<float>& x`, `const float* w`, `float b[4][4]`."""

    text: str
    name: str


@dataclass(frozen=True, slots=True)
class Function:
    """A function that returns nothing."""

    name: str
    parameters: tuple[Parameter, ...]
    body: tuple[Statement, ...]
    comment: str = ""
    extern_c: bool = False

    @property
    def signature(self) -> str:
        """The declaration without its semicolon."""
        return f"void {self.name}({', '.join(p.text for p in self.parameters)})"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file: includes, then functions (or, in a header, their declarations)."""

    path: str
    comment: str
    includes: tuple[str, ...]
    functions: tuple[Function, ...] = ()
    declarations: tuple[Function, ...] = field(default_factory=tuple)


def print_file(file: SourceFile) -> str:
    """The text of a file."""
    lines = [f"// {file.comment}"]
    if file.path.endswith(".h"):
        lines.append("#pragma once")
    lines += [f"#include {name}" for name in file.includes]
    for function in file.declarations:
        prefix = 'extern "C" ' if function.extern_c else ""
        lines += ["", f"{prefix}{_wrapped(prefix + function.signature + ';')}"[len(prefix) :]]
    for function in file.functions:
        lines += ["", *_function_lines(function)]
    return "\n".join(lines) + "\n"


def _wrapped(text: str, width: int = 116) -> str:
    """`text` broken after commas so that no line is longer than `width`."""
    lines, current = [], ""
    for part in text.replace(", ", ",\0").split("\0"):
        if current and len(current) + len(part) > width:
            lines.append(current.rstrip())
            current = "    "
        current += part + (" " if part.endswith(",") else "")
    return "\n".join([*lines, current.rstrip()])


def _function_lines(function: Function) -> list[str]:
    lines = [f"// {function.comment}"] if function.comment else []
    prefix = 'extern "C" ' if function.extern_c else ""
    lines += _wrapped(f"{prefix}{function.signature} {{").split("\n")
    return [*lines, *print_statements(function.body, 1), "}"]


def print_statements(body: Sequence[Statement], depth: int) -> list[str]:
    """The lines of a block, indented by `depth`."""
    lines: list[str] = []
    for statement in body:
        lines += _statement_lines(statement, depth)
    return lines


def _statement_lines(statement: Statement, depth: int) -> list[str]:
    pad = INDENT * depth
    match statement:
        case Comment(text):
            return [f"{pad}// {text}"]
        case Pragma(text):
            return [f"#pragma HLS {text}"]
        case Declare(type_, name, dims, init):
            shape = "".join(f"[{extent}]" for extent in dims)
            return [f"{pad}{type_} {name}{shape}{f' = {init}' if init is not None else ''};"]
        case DeclareStream(type_, name, depth_tokens):
            pragma = f"#pragma HLS STREAM variable={name} depth={depth_tokens}"
            return [f'{pad}hls::stream<{type_}> {name}("{name}");', pragma]
        case Assign(target, value):
            return [f"{pad}{target} = {value};"]
        case Call(function, arguments):
            return [pad + line for line in _wrapped(f"{function}({', '.join(arguments)});", 110).split("\n")]
        case StreamWrite(stream, value):
            return [f"{pad}{stream}.write({value});"]
        case For(name, limit, body, label, start, step):
            increment = f"++{name}" if step == 1 else f"{name} += {step}"
            head = f"{pad}{label + ': ' if label else ''}for (int {name} = {start}; {name} < {limit}; {increment}) {{"
            return [head, *print_statements(body, depth + 1), f"{pad}}}"]
        case If(condition, body, otherwise):
            tail = [f"{pad}}} else {{", *print_statements(otherwise, depth + 1)] if otherwise else []
            return [f"{pad}if ({condition}) {{", *print_statements(body, depth + 1), *tail, f"{pad}}}"]
