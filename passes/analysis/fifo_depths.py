"""The FIFO depths a static design needs so that it cannot deadlock.

All processes run with their FIFOs at the starting depth, whole runs of equal iterations at a time. When nothing can
move, some process waits to write into a full FIFO whose reader waits for another one; that FIFO grows and the run goes
on. The processes are deterministic and their traffic is static, so a run that ends proves the depths for every order of
execution (Kahn; growing on demand is Parks' scheme).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dataflowc.passes.analysis.token_rates import Step, Traffic, segments


@dataclass(slots=True)
class Fifo:
    """A FIFO under simulation. `cost` ranks candidates for growth (bits per token times tokens)."""

    label: str
    depth: int
    limit: int
    cost: int = 0
    tokens: int = 0
    peak: int = 0
    writer: int = -1
    reader: int = -1
    _grown: int = 0

    def grow(self) -> None:
        """Add some depth, more to a deeper FIFO."""
        step = min(max(16, self.depth // 8), self.limit - self.depth)
        self.depth += step
        self._grown += step

    @property
    def depth_at_start(self) -> int:
        """The depth before it grew."""
        return self.depth - self._grown


@dataclass(slots=True)
class Process:
    """A process under simulation: its remaining segments, and the FIFO behind each operand position (None: memory)."""

    label: str
    fifos: Sequence[Fifo | None]
    after: frozenset[int] = frozenset()
    """Processes that must have ended before this one starts (it reads a buffer that they fill)."""
    _rest: Iterator[tuple[int, Step]] = field(default_factory=lambda: iter(()))
    count: int = 0
    reads: list[tuple[Fifo, int]] = field(default_factory=list)
    writes: list[tuple[Fifo, int]] = field(default_factory=list)
    done: bool = False

    @classmethod
    def of(cls, label: str, traffic: Traffic, fifos: Sequence[Fifo | None], after: frozenset[int]) -> Process:
        """A process at its beginning."""
        process = cls(label, fifos, after, segments(traffic))
        process.advance()
        return process

    def advance(self) -> None:
        """Go to the next segment."""
        for count, step in self._rest:
            self.reads = [(f, n) for p, n in step.reads if (f := self.fifos[p]) is not None]
            self.writes = [(f, n) for p, n in step.writes if (f := self.fifos[p]) is not None]
            self.count = count
            if self.reads or self.writes:
                return
        self.done = True

    def run(self) -> bool:
        """Do as many iterations as the FIFOs allow; whether there were any."""
        moved = False
        while not self.done:
            times = self.count
            for fifo, tokens in self.reads:
                times = min(times, fifo.tokens // tokens)
            for fifo, tokens in self.writes:
                times = min(times, (fifo.depth - fifo.tokens) // tokens)
            if times <= 0:
                return moved
            moved = True
            for fifo, tokens in self.reads:
                fifo.tokens -= times * tokens
            for fifo, tokens in self.writes:
                fifo.tokens += times * tokens
                fifo.peak = max(fifo.peak, fifo.tokens)
            self.count -= times
            if self.count == 0:
                self.advance()
        return moved

    def missing_input(self) -> Fifo | None:
        """A FIFO that is too empty for the next iteration."""
        return next((f for f, n in self.reads if f.tokens < n), None)

    def full_output(self) -> Fifo | None:
        """A FIFO that is too full for the next iteration."""
        return next((f for f, n in self.writes if f.depth - f.tokens < n), None)


class Deadlock(Exception):
    """No depth helps: `waits` says who waits for what."""

    def __init__(self, waits: list[str]) -> None:
        super().__init__("; ".join(waits))
        self.waits = waits


def run_to_end(processes: Sequence[Process]) -> None:
    """Run until every process has ended, growing FIFOs where nothing else helps. Raises `Deadlock`."""
    neighbours = _neighbours(processes)
    ready = list(range(len(processes)))
    queued = [True] * len(processes)
    while True:
        while ready:
            number = ready.pop()
            queued[number] = False
            process = processes[number]
            if any(not processes[other].done for other in process.after):
                continue
            was_done = process.done
            if process.run() or (process.done and not was_done):
                for other in neighbours[number]:
                    if not queued[other]:
                        queued[other] = True
                        ready.append(other)
        if all(process.done for process in processes):
            return
        grown = _grow(processes)
        queued[grown] = True
        ready.append(grown)


def _neighbours(processes: Sequence[Process]) -> list[list[int]]:
    """For each process, those that its progress may wake."""
    found: list[set[int]] = [set() for _ in processes]
    for number, process in enumerate(processes):
        for fifo in process.fifos:
            if fifo is not None:
                found[number] |= {end for end in (fifo.writer, fifo.reader) if end >= 0}
        for other in process.after:
            found[other].add(number)
        found[number].discard(number)
    return [sorted(group) for group in found]


def _grow(processes: Sequence[Process]) -> int:
    """Make the cheapest FIFO that blocks the design larger; the number of the process that may now go on."""
    candidates: list[Fifo] = []
    for process in processes:
        if process.done or process.missing_input() is not None:
            continue
        fifo = process.full_output()
        if fifo is None or fifo.depth >= fifo.limit:
            continue
        reader = processes[fifo.reader]
        waits_elsewhere = reader.missing_input() not in (None, fifo) or any(not processes[a].done for a in reader.after)
        if waits_elsewhere:
            candidates.append(fifo)
    if not candidates:
        raise Deadlock([_wait_text(process, processes) for process in processes if not process.done])
    fifo = min(candidates, key=lambda f: (f.cost, f.label))
    fifo.grow()
    return fifo.writer


def _wait_text(process: Process, processes: Sequence[Process]) -> str:
    missing, full = process.missing_input(), process.full_output()
    if missing is not None:
        return f"'{process.label}' waits for '{missing.label}' (empty)"
    if full is not None:
        return f"'{process.label}' waits for '{full.label}' (full at {full.depth})"
    waiting = [processes[other].label for other in process.after if not processes[other].done]
    return f"'{process.label}' waits for the end of {', '.join(waiting)}"
