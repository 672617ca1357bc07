"""Rules about the top function: the form of the dataflow region, its channels, and who is at their ends."""

from __future__ import annotations

from collections.abc import Iterator

from dataflowc.hls.cpp import Call, Comment, Declare, DeclareStream, Pragma
from dataflowc.hls.lint_subject import SCALARS, Subject, Violation, options

MIN_STREAM_DEPTH = 2
"""What the hardware gives a FIFO without a pragma (vitis.md section 1.3); less cannot overlap."""


def region_form(subject: Subject) -> Iterator[Violation]:
    """R1: pragmas, then declarations without initialiser, then calls with bare names."""
    top, seen_call = subject.top, False

    def wrong(what: str) -> Violation:
        return Violation("R1", subject.top_where, what)

    if not any(f.extern_c for _, f in subject.functions):
        yield wrong('there is no extern "C" top function')
    if sum(isinstance(s, Pragma) and s.text == "DATAFLOW" for s in top.body) != 1:
        yield wrong("a region has exactly one DATAFLOW pragma")
    for statement in top.body:
        match statement:
            case Call():
                seen_call = True
            case Declare() | DeclareStream() | Pragma() | Comment():
                if seen_call and not isinstance(statement, Comment):
                    yield wrong(f"{_title(statement)} stands after the first call")
                if isinstance(statement, Declare) and (statement.init is not None or not statement.dims):
                    yield wrong(f"channel '{statement.name}' is an array without initialiser, or it is no channel")
                if isinstance(statement, Declare) and statement.type not in SCALARS:
                    yield wrong(f"'{statement.name}' of type '{statement.type}' is no array of scalars")
            case _:
                yield wrong(f"{type(statement).__name__} in a region; conditions and loops go inside a process")
    known = {*subject.streams, *subject.arrays, *subject.ports}
    for call in subject.calls:
        for argument in call.arguments:
            if argument not in known:
                yield wrong(f"{call.function} gets '{argument}', which is not the name of a channel or port")
    yield from _calls(subject)


def _calls(subject: Subject) -> Iterator[Violation]:
    called = [call.function for call in subject.calls]
    for name in dict.fromkeys([*called, *subject.process]):
        if name not in subject.process:
            yield Violation("R1", subject.top_where, f"calls '{name}', which is no process of this program")
        elif called.count(name) != 1:
            yield Violation("R1", subject.top_where, f"process '{name}' is called {called.count(name)} times, not once")
    for call in subject.calls:
        process = subject.process.get(call.function)
        if process is not None and len(process.parameters) != len(call.arguments):
            what = f"calls '{call.function}' with {len(call.arguments)} of {len(process.parameters)} arguments"
            yield Violation("R1", subject.top_where, what)


def _title(statement: Declare | DeclareStream | Pragma | Comment) -> str:
    return f"'{statement.text}'" if isinstance(statement, Pragma | Comment) else f"'{statement.name}'"


def _ends(subject: Subject) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """For every channel and port: the positions of the calls that write it, and of those that read it."""
    writers: dict[str, list[int]] = {}
    readers: dict[str, list[int]] = {}
    for position, process, argument, parameter in subject.bindings():
        if parameter.name in process.writes:
            writers.setdefault(argument, []).append(position)
        if parameter.name in process.reads:
            readers.setdefault(argument, []).append(position)
    return writers, readers


def endpoints(subject: Subject) -> Iterator[Violation]:
    """R2: one process writes a channel and another reads it, by what their bodies do; a port has one process."""
    writers, readers = _ends(subject)
    for name in (*subject.streams, *subject.arrays):
        writing, reading = writers.get(name, []), readers.get(name, [])
        if len(writing) != 1 or len(reading) != 1:
            what = f"'{name}' has {len(writing)} writing and {len(reading)} reading processes, expected 1 and 1"
            yield Violation("R2", subject.top_where, what)
        elif writing == reading:
            yield Violation("R2", subject.top_where, f"'{name}' is written and read by the same process")
    for name, port in subject.ports.items():
        users = {*writers.get(name, []), *readers.get(name, [])}
        if len(users) != 1:
            yield Violation("R2", subject.top_where, f"port '{name}' is used by {len(users)} processes, expected 1")
        if port.is_const and name in writers:
            yield Violation("R2", subject.top_where, f"port '{name}' is const, but a process writes it")
        if name in writers and name in readers:
            yield Violation("R2", subject.top_where, f"port '{name}' is both written and read")


def writer_first(subject: Subject) -> Iterator[Violation]:
    """R3: the call that writes a channel stands before the one that reads it; streams too, as there is no feedback."""
    writers, readers = _ends(subject)
    for name in (*subject.arrays, *subject.streams):
        if any(w > r for w in writers.get(name, []) for r in readers.get(name, [])):
            yield Violation("R3", subject.top_where, f"'{name}' is read by a call before the one that writes it")


def stages(subject: Subject) -> Iterator[Violation]:
    """R4: an array that jumps over k processes has k + 2 copies; a single copy only joins neighbours."""
    writers, readers = _ends(subject)
    edges: dict[int, set[int]] = {}
    for name in (*subject.arrays, *subject.streams):
        for writer in writers.get(name, []):
            edges.setdefault(writer, set()).update(r for r in readers.get(name, []) if r > writer)
    for name in subject.arrays:
        pragma = next((o for k, o in _pragmas_of(subject, name) if k == "STREAM"), None)
        if pragma is None:
            yield Violation("R4", subject.top_where, f"array channel '{name}' has no STREAM pragma with its copies")
            continue
        depth, kind = int(pragma.get("depth") or 0), pragma.get("type")
        for writer, reader in zip(writers.get(name, []), readers.get(name, []), strict=False):
            if reader <= writer:
                continue
            skipped = _longest_path(edges, writer, reader) - 1
            if depth == 1 and kind == "shared" and skipped == 0:
                continue
            if depth < skipped + 2 or kind != "pipo":
                what = f"'{name}' jumps over {skipped} processes and has {depth} copies of type {kind}; "
                yield Violation("R4", subject.top_where, what + f"it needs {skipped + 2} of type pipo")


def _longest_path(edges: dict[int, set[int]], start: int, end: int) -> int:
    """Edges on the longest path between two calls; channels only lead forward, so textual order is topological."""
    longest = {start: 0}
    for position in range(start, end):
        if position in longest:
            for following in edges.get(position, ()):
                longest[following] = max(longest.get(following, 0), longest[position] + 1)
    return longest.get(end, 1)


def _pragmas_of(subject: Subject, variable: str) -> list[tuple[str, dict[str, str]]]:
    found = [options(s) for s in subject.top.body if isinstance(s, Pragma)]
    return [(kind, words) for kind, words in found if words.get("variable") == variable]


def stream_depths(subject: Subject) -> Iterator[Violation]:
    """R5: every FIFO is declared with a depth of its own, the one that was proved."""
    for name, stream in subject.streams.items():
        if stream.depth < MIN_STREAM_DEPTH:
            yield Violation("R5", subject.top_where, f"stream '{name}' has depth {stream.depth}, less than 2")
        proved = subject.program.streams.get(name)
        if stream.depth != proved:
            yield Violation("R5", subject.top_where, f"stream '{name}' has depth {stream.depth}, proved was {proved}")
    for path, function in subject.functions:
        for statement in function.body:
            if isinstance(statement, Declare) and "stream" in statement.type:
                yield Violation("R5", f"{path}: {function.name}", f"'{statement.name}' is a stream without a depth")


def block_protocol(subject: Subject) -> Iterator[Violation]:
    """R22: the top is started and awaited over AXI4-Lite."""
    control = [options(s)[1] for s in subject.top.body if isinstance(s, Pragma) and s.text.startswith("INTERFACE")]
    if not any("s_axilite" in o and o.get("port") == "return" and o.get("bundle") == "control" for o in control):
        yield Violation("R22", subject.top_where, "there is no 's_axilite port=return bundle=control'")
    if any("ap_ctrl_none" in words for words in control):
        yield Violation("R22", subject.top_where, "a top without handshake cannot be cosimulated")


def scalar_tokens(subject: Subject) -> Iterator[Violation]:
    """R23: a token is one scalar, so that no field of it is written alone."""
    for name, stream in subject.streams.items():
        if stream.type not in SCALARS:
            yield Violation("R23", subject.top_where, f"stream '{name}' carries '{stream.type}'")
    for process in subject.processes:
        for parameter in process.of_kind("stream"):
            if parameter.element not in SCALARS:
                yield Violation("R23", process.where, f"stream '{parameter.name}' carries '{parameter.element}'")
    for _, process, argument, parameter in subject.bindings():
        stream = subject.streams.get(argument)
        if stream is not None and parameter.kind == "stream" and parameter.element != stream.type:
            what = f"'{parameter.name}' carries '{parameter.element}', the channel '{argument}' '{stream.type}'"
            yield Violation("R23", process.where, what)
