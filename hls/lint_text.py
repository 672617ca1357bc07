"""Rules about the text itself: allowed words, names, pragmas, and what stands in every process."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dataflowc.dialects.names import RESERVED
from dataflowc.hls.cpp import Call, Declare, DeclareStream, For, Function, If, Pragma, Statement, print_file
from dataflowc.hls.lint_subject import SCALARS, Subject, Violation, options, texts

MAX_NAME_LENGTH = 60
"""Vitis appends to names and has limits from 80 characters on (vitis.md pitfall 19)."""

MATH = frozenset(
    """
    abs atan atan2 ceil cos erf exp exp2 expm1 fabs floor fma log log10 log1p log2 pow rint round rsqrt sin sqrt tanh
    trunc
    """.split()
)
"""Functions of `hls_math.h` that emitted code calls, as `hls::name`."""

_CONSTANTS = frozenset({"true", "false", "INFINITY", "NAN"})
_FORBIDDEN = re.compile(
    r"\b(new|delete|malloc|calloc|free|std|while|do|goto|virtual|class|template|try|throw|volatile|union|asm|_Complex)\b"
    r"|\*\s*\*|->"
)
_WORD = re.compile(
    r"\s*(?:(?P<call>hls::\w+)|(?P<number>(?:\d+\.\d+|\d+)(?:[eE][+-]?\d+)?(?:f|LL)?)(?![\w.])|(?P<method>\.\w+\(\))"
    r"|(?P<name>[A-Za-z_]\w*)|(?P<sign>&&|\|\||==|!=|<=|>=|<<|>>|[-+*/%&|^!<>?:()\[\],]))"
)
_IDENTIFIER = re.compile(r"[A-Za-z]\w*")

_PRAGMAS = (
    r"INLINE off",
    r"DATAFLOW",
    r"PIPELINE II=[1-9]\d*( style=flp)?",
    r"STREAM variable=(?P<v1>\w+) type=(pipo|shared) depth=[1-9]\d*",
    r"ARRAY_PARTITION variable=(?P<v2>\w+) complete dim=0",
    r"BIND_STORAGE variable=(?P<v3>\w+) type=ram_2p impl=(bram|lutram|uram)( latency=[1-3])?",
    r"INTERFACE m_axi port=\w+ bundle=\w+ offset=slave depth=[1-9]\d* max_widen_bitwidth=(8|16|32|64)",
    r"INTERFACE s_axilite port=\w+ bundle=control",
)
"""Every pragma that may be printed; valid from Vitis HLS 2021.1 on (`STREAM type=`, vitis.md section 2.1)."""

_PRAGMA = re.compile("|".join(f"(?:{form})" for form in _PRAGMAS))


def allowed_words(subject: Subject) -> Iterator[Violation]:
    """R13: statements are built of declared names, integers, floats, casts, operators and `hls::` functions only."""
    for file in subject.files:
        for line in print_file(file).splitlines():
            match = None if line.startswith("#") else _FORBIDDEN.search(line.partition("//")[0])
            if match:
                yield Violation("R13", file.path, f"'{match[0].strip()}' in: {line.strip()}")
    for path, function in subject.functions:
        where = f"{path}: {function.name}"
        scope = {p.name for p in function.parameters}
        yield from _words(where, function.body, scope)
        for statement in _inner_calls(subject, function):
            yield Violation("R13", where, f"calls '{statement.function}'; only the top function calls")
    for process in subject.processes:
        for parameter in process.parameters:
            if parameter.kind == "unknown" or (parameter.kind != "stream" and parameter.element not in SCALARS):
                yield Violation("R13", process.where, f"parameter '{parameter.name}' is of no allowed type")


def _inner_calls(subject: Subject, function: Function) -> Iterator[Call]:
    for site in subject.sites_of(function):
        if isinstance(site.statement, Call) and function is not subject.top:
            yield site.statement


def _words(where: str, body: Iterable[Statement], scope: set[str]) -> Iterator[Violation]:
    scope = set(scope)
    for statement in body:
        for text in texts(statement):
            for word in _strange(text, scope):
                yield Violation("R13", where, f"'{word}' in: {text}")
        match statement:
            case Declare(type_, name, _, init):
                if type_.removeprefix("const ") not in SCALARS or type_.startswith("const ") != (init is not None):
                    yield Violation("R13", where, f"'{name}' is declared as '{type_}'")
                scope.add(name)
            case DeclareStream():
                scope.add(statement.name)
            case For():
                yield from _words(where, statement.body, scope | {statement.name})
            case If():
                yield from _words(where, statement.body, scope)
                yield from _words(where, statement.otherwise, scope)
            case _:
                pass


def _strange(text: str, scope: set[str]) -> Iterator[str]:
    """What in `text` is not allowed."""
    position, before = 0, ""
    while position < len(text.rstrip()):
        match = _WORD.match(text, position)
        if match is None:
            yield text[position:].strip()[:20]
            return
        word, kind = match[0].strip(), match.lastgroup
        if kind == "call" and word.removeprefix("hls::") not in MATH:
            yield word
        elif kind == "name" and word not in scope and word not in _CONSTANTS:
            if not (word in SCALARS and before == "(" and text[match.end() :].lstrip().startswith(")")):
                yield word
        elif word == before and word in "+-" and not match[0][0].isspace():
            yield word * 2
        position, before = match.end(), word


def no_statics(subject: Subject) -> Iterator[Violation]:
    """R14: nothing keeps a value from one call to the next."""
    for path, function in subject.functions:
        for site in subject.sites_of(function):
            if isinstance(site.statement, Declare) and "static" in site.statement.type.split():
                yield Violation("R14", f"{path}: {function.name}", f"'{site.statement.name}' is static")


def names(subject: Subject) -> Iterator[Violation]:
    """R19: names are no words of C++ or of the tools, at most 60 long, unique, and never hide another.

    A process may call a variable like another process, but the top function, which calls them, may not.
    """
    seen: set[str] = set()
    functions = {function.name for _, function in subject.functions}
    for path, function in subject.functions:
        where = f"{path}: {function.name}"
        if function.name in seen:
            yield Violation("R19", where, f"there are two functions '{function.name}'")
        seen.add(function.name)
        yield from _proper(where, function.name)
        called = functions if function is subject.top else set()
        scope: set[str] = set()
        for parameter in function.parameters:
            yield from _declared(where, parameter.name, scope, called)
            scope.add(parameter.name)
        yield from _scopes(where, function.body, scope, called)
        labels = [
            s.statement.label for s in subject.sites_of(function) if isinstance(s.statement, For) and s.statement.label
        ]
        for label in dict.fromkeys(labels):
            yield from _proper(where, label)
            if labels.count(label) > 1:
                yield Violation("R19", where, f"label '{label}' stands on {labels.count(label)} loops")


def _scopes(where: str, body: Iterable[Statement], outer: set[str], functions: set[str]) -> Iterator[Violation]:
    scope = set(outer)
    for statement in body:
        match statement:
            case Declare() | DeclareStream():
                yield from _declared(where, statement.name, scope, functions)
                scope.add(statement.name)
            case For():
                yield from _declared(where, statement.name, scope, functions)
                yield from _scopes(where, statement.body, scope | {statement.name}, functions)
            case If():
                yield from _scopes(where, statement.body, scope, functions)
                yield from _scopes(where, statement.otherwise, scope, functions)
            case _:
                pass


def _declared(where: str, name: str, scope: set[str], functions: set[str]) -> Iterator[Violation]:
    yield from _proper(where, name)
    if name in scope:
        yield Violation("R19", where, f"'{name}' hides another of the same name")
    if name in functions:
        yield Violation("R19", where, f"'{name}' is also the name of a function")


def _proper(where: str, name: str) -> Iterator[Violation]:
    if name in RESERVED:
        yield Violation("R19", where, f"'{name}' is a word of C++ or of the tools")
    if len(name) > MAX_NAME_LENGTH:
        yield Violation("R19", where, f"'{name}' has {len(name)} characters, more than {MAX_NAME_LENGTH}")
    if not _IDENTIFIER.fullmatch(name) or "__" in name:
        yield Violation("R19", where, f"'{name}' is no identifier that is free for use")


def known_pragmas(subject: Subject) -> Iterator[Violation]:
    """R20: only pragmas and options that every supported version has, about variables that are there, each once."""
    for where, function, _, pragma in subject.pragmas:
        match = _PRAGMA.fullmatch(pragma.text)
        if match is None:
            yield Violation("R20", where, f"'#pragma HLS {pragma.text}' is not in the list of allowed forms")
            continue
        variable = next((name for name in match.groupdict().values() if name), None)
        declared = {s.statement.name for s in subject.sites_of(function) if isinstance(s.statement, Declare)}
        if variable is not None and variable not in declared:
            yield Violation("R20", where, f"'#pragma HLS {pragma.text}' is about no array declared here")
    for path, function in subject.functions:
        found = [s.statement for s in subject.sites_of(function) if isinstance(s.statement, Pragma)]
        named = [(options(p)[0], options(p)[1]["variable"]) for p in found if "variable" in options(p)[1]]
        for kind, variable in dict.fromkeys(named):
            if named.count((kind, variable)) > 1:
                yield Violation("R20", f"{path}: {function.name}", f"two {kind} pragmas about '{variable}'")


def whole_processes(subject: Subject) -> Iterator[Violation]:
    """R21: a process is never inlined, and uses every parameter, so that none is trimmed."""
    for process in subject.processes:
        if not process.function.body or process.function.body[0] != Pragma("INLINE off"):
            yield Violation("R21", process.where, "does not start with INLINE off")
        for parameter in process.function.parameters:
            if parameter.name not in process.reads | process.writes:
                yield Violation("R21", process.where, f"parameter '{parameter.name}' is not used")


def no_dependence_claims(subject: Subject) -> Iterator[Violation]:
    """R26: no pragma claims that a dependence is not there."""
    for where, _, _, pragma in subject.pragmas:
        if pragma.text.split()[0] == "DEPENDENCE":
            yield Violation("R26", where, f"'{pragma.text}' is a claim that nothing proves")
