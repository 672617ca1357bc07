"""When every token passes: a max-plus system over processes that stall as a whole.

Each process has its own clock (its timeline). Its lag, real time minus own clock, only grows: where a token is not
there yet, or a FIFO is full, the whole process stands still (rule 8). So the real times of a process are a running
maximum over what its tokens wait for, one numpy operation for thousands of them. Finite FIFOs make processes depend on
each other both ways; the least solution is found by working off the pieces whose inputs changed, earliest first.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.int64]

NEVER = np.int64(-(1 << 60))
"""Earlier than everything: the time of what is not known yet."""

CHUNK = 65536
"""Slots that are worked off at once."""

CHECK_AFTER = 32
"""How often every slot may be worked off on average before the system is searched for a cycle of waits; then again at
four times as many."""

SMALL = 2000
"""Pieces that are always allowed before that, per process."""


@dataclass(slots=True)
class Link:
    """A FIFO in the system: the cycles of its writer's and reader's own clocks at which tokens pass, token by token.

    `depth` is the capacity in tokens, None if it never fills. `copies` is how many equal FIFOs it stands for.
    """

    label: str
    writer: int
    reader: int
    written: Times
    read: Times
    depth: int | None
    copies: int = 1
    write_slot: Times = field(default_factory=lambda: np.zeros(0, np.int64))
    read_slot: Times = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(slots=True)
class Actor:
    """A process: `duration` of its own clock, and the processes after whose end it starts."""

    label: str
    duration: int
    after: tuple[int, ...] = ()
    clock: Times = field(default_factory=lambda: np.zeros(0, np.int64))
    """The cycles of its own clock at which tokens pass."""
    time: Times = field(default_factory=lambda: np.zeros(0, np.int64))
    """The same in real time."""
    start: int = 0
    dirty: int = 0
    dirty_end: int = 0
    is_started: bool = False
    known: int = 0
    """How many slots have a time; it may still grow."""

    @property
    def end(self) -> int:
        """The real cycle after its last one."""
        if not len(self.clock):
            return self.start + self.duration
        return int(self.time[-1]) + self.duration - int(self.clock[-1])


class Waits(Exception):
    """The system has no solution: `cycle` says who waits for what."""

    def __init__(self, cycle: list[str]) -> None:
        super().__init__("; ".join(cycle))
        self.cycle = cycle


START = 1
"""Cycle in which the first processes start (rule 8)."""


class Engine:
    """The system and its solution, in the fields of the actors."""

    def __init__(self, actors: Sequence[Actor], links: Sequence[Link]) -> None:
        self.actors = actors
        self.links = links
        self.ins: list[list[Link]] = [[] for _ in actors]
        self.outs: list[list[Link]] = [[] for _ in actors]
        self.followers: list[list[int]] = [[] for _ in actors]
        for link in links:
            self.ins[link.reader].append(link)
            self.outs[link.writer].append(link)
        for number, actor in enumerate(actors):
            for other in actor.after:
                self.followers[other].append(number)
            self._slots(number, actor)

    def _slots(self, number: int, actor: Actor) -> None:
        """Give every cycle in which tokens pass a slot."""
        parts = [link.read for link in self.ins[number]] + [link.written for link in self.outs[number]]
        if parts:
            actor.clock = _distinct(parts)
        actor.time = np.full(len(actor.clock), NEVER, np.int64)
        for link in self.ins[number]:
            link.read_slot = np.searchsorted(actor.clock, link.read)
        for link in self.outs[number]:
            link.write_slot = np.searchsorted(actor.clock, link.written)

    def solve(self) -> None:
        """Find all times. Raises Waits if processes wait for each other in a circle."""
        self._missing_tokens()
        self._queue: list[tuple[int, int]] = []
        self._queued: list[int | None] = [None] * len(self.actors)
        for number, actor in enumerate(self.actors):
            if not actor.after:
                self._begin(number, START)
        pieces = 0
        limit = SMALL * len(self.actors) + CHECK_AFTER * sum(len(actor.clock) for actor in self.actors) // CHUNK
        while self._queue:
            key, number = heapq.heappop(self._queue)
            if self._queued[number] != key:
                continue
            self._queued[number] = None
            self._work(number)
            pieces += 1
            if pieces > limit:
                limit *= 4
                find_cycle(self)
        if not all(actor.is_started and actor.known == len(actor.clock) for actor in self.actors):
            find_cycle(self)
            raise AssertionError("processes that are not done wait for each other")

    def _missing_tokens(self) -> None:
        short = [link for link in self.links if len(link.read) > len(link.written)]
        if short:
            raise Waits(
                [
                    f"{self.actors[link.reader].label} waits for token {len(link.written) + 1} of {link.label}, "
                    f"which {self.actors[link.writer].label} never writes"
                    for link in short
                ]
            )
        full = [
            link for link in self.links if link.depth is not None and len(link.written) > len(link.read) + link.depth
        ]
        if full:
            raise Waits(
                [
                    f"{self.actors[link.writer].label} waits for space in {link.label}, from which "
                    f"{self.actors[link.reader].label} takes only {len(link.read)} of {len(link.written)} tokens"
                    for link in full
                ]
            )

    def _begin(self, number: int, start: int) -> None:
        """A process starts at `start`, or later than thought before."""
        actor = self.actors[number]
        if actor.is_started and start <= actor.start:
            return
        actor.start, actor.is_started = start, True
        if len(actor.clock):
            self._soil(number, 0, 1)
        else:
            self._ended(number)

    def _ended(self, number: int) -> None:
        for follower in self.followers[number]:
            after = self.actors[follower].after
            if all(self.actors[other].is_started and self._is_known(other) for other in after):
                self._begin(follower, max(self.actors[other].end for other in after) + 1)

    def _is_known(self, number: int) -> bool:
        return self.actors[number].known == len(self.actors[number].clock)

    def _soil(self, number: int, low: int, high: int) -> None:
        """Slots from `low` to before `high` of a process must be worked off again."""
        actor = self.actors[number]
        if not actor.is_started:
            return
        if actor.dirty_end > actor.dirty:
            actor.dirty, actor.dirty_end = min(actor.dirty, low), max(actor.dirty_end, high)
        else:
            actor.dirty, actor.dirty_end = low, high
        known = int(actor.time[actor.dirty])
        if known <= int(NEVER) // 2:
            known = actor.start + int(actor.clock[actor.dirty])
            if actor.dirty:
                known = max(known, int(actor.time[actor.dirty - 1]))
        queued = self._queued[number]
        if queued is None or known < queued:
            self._queued[number] = known
            heapq.heappush(self._queue, (known, number))

    def _work(self, number: int) -> None:
        """Work off one piece of a process and soil what depends on it."""
        actor = self.actors[number]
        low = actor.dirty
        high = self._readable(number, low)
        if high == low:
            # The first token that is missing soils this process when it comes.
            actor.dirty = actor.dirty_end = 0
            return
        clock, old = actor.clock[low:high], actor.time[low:high]
        lag = self._wanted(number, low, high) - clock
        before = actor.start if low == 0 else int(actor.time[low - 1]) - int(actor.clock[low - 1])
        lag[0] = max(int(lag[0]), before)
        new = np.maximum.accumulate(lag) + clock
        changed = new != old
        first = int(changed.argmax())
        is_changed = bool(changed[first])
        last = len(changed) - 1 - int(changed[::-1].argmax()) if is_changed else -1
        actor.time[low:high] = new
        actor.known = max(actor.known, high)
        end = max(actor.dirty_end, high + 1 if last == len(changed) - 1 else 0)
        actor.dirty, actor.dirty_end = high, min(end, len(actor.clock))
        if is_changed:
            self._tell(number, low + first, low + last + 1)
            if last == len(changed) - 1 and high == len(actor.clock):
                self._ended(number)
        if actor.dirty < actor.dirty_end:
            self._soil(number, actor.dirty, actor.dirty_end)

    def _readable(self, number: int, low: int) -> int:
        """The end of the next piece: at most `CHUNK` slots, whose tokens have all been written."""
        actor = self.actors[number]
        high = min(low + CHUNK, len(actor.clock))
        for link in self.ins[number]:
            written = int(np.searchsorted(link.write_slot, self.actors[link.writer].known))
            if written < len(link.read_slot):
                high = min(high, int(link.read_slot[written]))
        return max(high, low)

    def _wanted(self, number: int, low: int, high: int) -> Times:
        """The earliest real time of each slot, as far as its tokens are concerned."""
        wanted = np.full(high - low, NEVER, np.int64)
        for link in self.ins[number]:
            a, b = np.searchsorted(link.read_slot, (low, high))
            if a < b:
                _raise(wanted, link.read_slot[a:b] - low, self.actors[link.writer].time[link.write_slot[a:b]])
        for link in self.outs[number]:
            if link.depth is None:
                continue
            a, b = np.searchsorted(link.write_slot, (low, high))
            a, b = max(int(a), link.depth), min(int(b), len(link.read) + link.depth)
            if a < b:
                freed = link.read_slot[a - link.depth : b - link.depth]
                _raise(wanted, link.write_slot[a:b] - low, self.actors[link.reader].time[freed])
        return wanted

    def _tell(self, number: int, low: int, high: int) -> None:
        """Soil the slots of other processes that depend on the slots from `low` to before `high` of this one."""
        for link in self.outs[number]:
            a, b = np.searchsorted(link.write_slot, (low, high))
            b = min(int(b), len(link.read_slot))
            if a < b:
                self._soil(link.reader, int(link.read_slot[a]), int(link.read_slot[b - 1]) + 1)
        for link in self.ins[number]:
            if link.depth is None:
                continue
            a, b = np.searchsorted(link.read_slot, (low, high)) + link.depth
            b = min(int(b), len(link.write_slot))
            if a < b:
                self._soil(link.writer, int(link.write_slot[a]), int(link.write_slot[b - 1]) + 1)


def _raise(wanted: Times, slots: Times, times: Times) -> None:
    """Tokens that pass at `times` can be used one cycle later, at `slots`."""
    first, last = int(slots[0]), int(slots[-1])
    if last - first == len(slots) - 1:
        part = wanted[first : last + 1]
        np.maximum(part, times + 1, out=part)
    else:
        np.maximum.at(wanted, slots, times + 1)


def _distinct(parts: Sequence[Times]) -> Times:
    """The sorted distinct values of sorted arrays."""
    merged = parts[0] if len(parts) == 1 else np.sort(np.concatenate(parts), kind="stable")
    keep = np.ones(len(merged), bool)
    np.not_equal(merged[1:], merged[:-1], out=keep[1:])
    return merged[keep]


def find_cycle(engine: Engine) -> None:
    """Raise Waits with the circle if tokens wait for each other; else return."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    base = np.cumsum([0, *(len(actor.clock) for actor in engine.actors)])
    sources, sinks = [], []
    for number, actor in enumerate(engine.actors):
        slots = np.arange(base[number], base[number + 1])
        sources.append(slots[:-1])
        sinks.append(slots[1:])
        if len(slots):
            for other in actor.after:
                if len(engine.actors[other].clock):
                    sources.append(base[other + 1 : other + 2] - 1)
                    sinks.append(slots[:1])
    for link in engine.links:
        count = len(link.read)
        sources.append(base[link.writer] + link.write_slot[:count])
        sinks.append(base[link.reader] + link.read_slot)
        if link.depth is not None:
            blocked = link.write_slot[link.depth :]
            sources.append(base[link.reader] + link.read_slot[: len(blocked)])
            sinks.append(base[link.writer] + blocked)
    a, b = np.concatenate(sources), np.concatenate(sinks)
    size = int(base[-1])
    graph = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(size, size))
    count, part = connected_components(graph, directed=True, connection="strong")
    loops = np.flatnonzero(np.bincount(part, minlength=count) > 1)
    own = a == b
    if len(loops) or own.any():
        chosen = part == loops[0] if len(loops) else np.isin(np.arange(size), a[own])
        raise Waits(_describe(engine, base, chosen))


def _describe(engine: Engine, base: NDArray[np.int64], chosen: NDArray[np.bool_]) -> list[str]:
    """The waits between processes inside a set of slots."""
    texts = []
    for link in engine.links:
        writes, reads = base[link.writer] + link.write_slot, base[link.reader] + link.read_slot
        writer, reader = engine.actors[link.writer].label, engine.actors[link.reader].label
        both = np.flatnonzero(chosen[writes[: len(reads)]] & chosen[reads])
        if len(both):
            texts.append((int(both[0]), f"{reader} waits for {writer}: {link.label} is empty at token {both[0] + 1}"))
        if link.depth is not None:
            blocked = writes[link.depth :]
            full = np.flatnonzero(chosen[reads[: len(blocked)]] & chosen[blocked])
            if len(full):
                texts.append(
                    (int(full[0]), f"{writer} waits for {reader}: {link.label} is full with {link.depth} tokens")
                )
    return [text for _, text in sorted(texts)]
