"""The linter of our own output: 27 ways in which HLS C++ fails, as rules that every emitted program must pass.

It walks the C++ tree and first makes sure that the tree, printed, is the text that is written. The pitfalls and their
sources are those of the reference on Vitis HLS, section 9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from xdsl.dialects.builtin import ModuleOp

from dataflowc.contracts import HlsProgram
from dataflowc.diagnostics import CheckFailed
from dataflowc.hls import lint_loops, lint_memory, lint_ports, lint_region, lint_text, lint_traffic
from dataflowc.hls.cpp import print_file
from dataflowc.hls.emit import build_tree
from dataflowc.hls.lint_subject import Subject, Violation

__all__ = ["RULES", "Rule", "Subject", "Violation", "check_program", "check_subject", "lint", "table"]

Check = Callable[[Subject], Iterable[Violation]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its id, what it demands, the pitfall it prevents (its number in section 9; 0: none), and the check.

    `elsewhere` says what guards against the pitfall instead of, or beside, the check.
    """

    id: str
    statement: str
    pitfall: int
    check: Check | None
    elsewhere: str = ""


def as_written(subject: Subject) -> Iterator[Violation]:
    """R0: the files of the program are exactly the printed tree."""
    printed = {file.path: print_file(file) for file in subject.files}
    for path in sorted({*printed, *subject.program.sources}):
        if printed.get(path) != subject.program.sources.get(path):
            yield Violation("R0", path, "the text that is written differs from the tree that is checked")


RULES: tuple[Rule, ...] = (
    Rule("R0", "What is checked is what is written.", 0, as_written),
    Rule("R1", "The top is pragmas, uninitialised channels, then calls with bare names.", 1, lint_region.region_form),
    Rule("R2", "A channel has one writing and one reading process, a port one process.", 2, lint_region.endpoints),
    Rule("R3", "The call that writes a channel stands before the one that reads it.", 3, lint_region.writer_first),
    Rule(
        "R4",
        "An array channel over k processes has k + 2 copies; one copy only joins neighbours.",
        4,
        lint_region.stages,
    ),
    Rule(
        "R5",
        "Every stream has the depth that was proved, at least 2.",
        5,
        lint_region.stream_depths,
        "size-streams proves the depths; the bounded C-simulation runs with them",
    ),
    Rule("R6", "Per call, as many tokens enter a stream as leave it; no data decides.", 6, lint_traffic.token_balance),
    Rule("R7", "Every innermost loop has an II that its recurrences and RAM ports allow.", 7, lint_loops.intervals),
    Rule("R8", "PIPELINE stands only on loops without inner loops.", 8, lint_loops.innermost_only),
    Rule("R9", "No port is partitioned, and no array into more than 1024 pieces.", 9, lint_memory.partitions),
    Rule(
        "R10", "A port is read or written once per iteration, unconditionally, at int counters.", 10, lint_ports.bursts
    ),
    Rule(
        "R11",
        "One lower-case bundle per port; depth is the exact number of elements.",
        11,
        lint_ports.bundles,
        "the area of the AXI adapters: the fit check; which memory channel serves a bundle is decided at link time",
    ),
    Rule(
        "R12",
        "Elements off chip are a power of two bytes wide.",
        12,
        lint_ports.widths,
        "alignment of buffers: the testbench allocates them on page boundaries",
    ),
    Rule("R13", "Only declared names, literals, casts, operators and hls:: functions.", 13, lint_text.allowed_words),
    Rule("R14", "Nothing is static.", 14, lint_text.no_statics, "the testbench calls the top twice"),
    Rule("R15", "A loop that accumulates floats has an II of at least the adder's latency.", 15, lint_loops.intervals),
    Rule("R16", "Streams are only read and written, blocking.", 16, lint_traffic.blocking_only),
    Rule(
        "R17",
        "Every index of loop counters is inside its array, and never divides a negative number.",
        17,
        lint_memory.in_range,
        "indices and arithmetic on data: the C-simulation, with address and undefined-behaviour checkers",
    ),
    Rule(
        "R18",
        "The testbench calls twice, keeps arrays on the heap, finds its files and returns 0 or 1.",
        18,
        None,
        "the testbench is one template for every design, and the C-simulation runs it",
    ),
    Rule("R19", "Names are free words, at most 60 long, unique, and hide no other.", 19, lint_text.names),
    Rule("R20", "Only pragmas and options of the list, about variables that are there.", 20, lint_text.known_pragmas),
    Rule("R21", "Every process is INLINE off and uses all its parameters.", 21, lint_text.whole_processes),
    Rule("R22", "The top has an AXI4-Lite block protocol.", 22, lint_region.block_protocol),
    Rule("R23", "A token is one scalar, of one type at both ends.", 23, lint_region.scalar_tokens),
    Rule("R24", "No array has an initialiser; URAM has a latency of at least 2.", 24, lint_memory.initialisers),
    Rule(
        "R25",
        "An array in registers that is indexed at run time has at most 64 elements.",
        25,
        lint_memory.multiplexers,
        "the share of the device that may be used: the fit check",
    ),
    Rule("R26", "No pragma denies a dependence.", 26, lint_text.no_dependence_claims),
    Rule(
        "R27",
        "Numbers of the tools are set beside our own.",
        27,
        None,
        "the estimator, whose every number names its kind; nothing in the emitted code depends on it",
    ),
)
"""Every pitfall, in the order of the reference."""


def lint(
    module: ModuleOp, program: HlsProgram, target_name: str | None = None, clock_ns: float = 0.0
) -> list[Violation]:
    """All violations of `program`, which was emitted from `module` (level `scheduled`).

    With a target, intervals are compared with what its operators need at `clock_ns` (0: the target's own clock).
    """
    files, _ = build_tree(module, program.name)
    return check_subject(Subject(module, program, files, target_name, clock_ns))


def check_subject(subject: Subject) -> list[Violation]:
    """All violations of a tree, rule by rule, each once."""
    checks = dict.fromkeys(rule.check for rule in RULES if rule.check is not None)
    return list(dict.fromkeys(violation for check in checks for violation in check(subject)))


def check_program(module: ModuleOp, program: HlsProgram, target_name: str | None = None, clock_ns: float = 0.0) -> None:
    """Raise CheckFailed (DF405) with every violation of `program` and what each broken rule demands."""
    found = lint(module, program, target_name, clock_ns)
    if not found:
        return
    statements = {rule.id: rule.statement for rule in RULES}
    notes = [f"{v.rule} {v.where}: {v.what}" for v in found]
    notes += [f"{rule} demands: {statements[rule]}" for rule in dict.fromkeys(v.rule for v in found)]
    count = f"{len(found)} place{'s' if len(found) > 1 else ''}"
    raise CheckFailed(
        "DF405", f"the emitted C++ breaks its own rules in {count}", notes=notes, hint="please report this model"
    )


def table() -> list[tuple[str, str, str]]:
    """The rules as rows: id, what it demands, and how it is guarded."""
    rows = []
    for rule in RULES:
        how = "checked in the emitted code" if rule.check is not None else "not in the emitted code"
        rows.append((rule.id, rule.statement, f"{how}; {rule.elsewhere}" if rule.elsewhere else how))
    return rows
