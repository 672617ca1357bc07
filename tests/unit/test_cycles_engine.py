"""The max-plus engine against a simulator that goes cycle by cycle."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataflowc.hls.cycles import engine
from dataflowc.hls.cycles.engine import START, Actor, Engine, Link, Waits


@dataclass
class Fifo:
    """A FIFO of the stepper: real times of what went in and out."""

    writer: int
    reader: int
    written: list[int]
    read: list[int]
    depth: int | None
    times_in: list[int] = field(default_factory=list)
    times_out: list[int] = field(default_factory=list)

    def can_read(self, now: int) -> bool:
        position = len(self.times_out)
        return position < len(self.times_in) and self.times_in[position] < now

    def can_write(self, now: int) -> bool:
        if self.depth is None:
            return True
        freed = len(self.times_in) - self.depth
        return freed < 0 or (freed < len(self.times_out) and self.times_out[freed] < now)


def step(durations: list[int], after: list[tuple[int, ...]], fifos: list[Fifo]) -> list[int] | None:
    """The end of every process, cycle by cycle; None if they wait for each other."""
    clocks, ends = [0] * len(durations), [None] * len(durations)
    now = 0
    while any(end is None for end in ends):
        moved = False
        takes, puts = [], []
        for number, duration in enumerate(durations):
            if ends[number] is not None:
                continue
            ready = [ends[other] for other in after[number]]
            if any(end is None or end + 1 > now for end in ready) or now < START:
                moved = moved or now < START or any(end is not None and end + 1 > now for end in ready)
                continue
            reads = [f for f in fifos if f.reader == number and clocks[number] in f.read]
            writes = [f for f in fifos if f.writer == number and clocks[number] in f.written]
            if all(f.can_read(now) for f in reads) and all(f.can_write(now) for f in writes):
                takes += reads
                puts += writes
                clocks[number] += 1
                moved = True
                if clocks[number] == duration:
                    ends[number] = now + 1
        for f in takes:
            f.times_out.append(now)
        for f in puts:
            f.times_in.append(now)
        # What happened in this cycle can be used in the next one.
        if not moved and not any(time == now - 1 for f in fifos for time in (*f.times_in, *f.times_out)):
            return None
        now += 1
    return [int(end) for end in ends if end is not None]


@st.composite
def designs(draw: st.DrawFn) -> tuple[list[int], list[tuple[int, ...]], list[Fifo]]:
    """Two to four processes, FIFOs between any two of them (also backwards), and maybe one that starts late."""
    count = draw(st.integers(2, 4))
    durations = [draw(st.integers(3, 25)) for _ in range(count)]
    fifos = []
    for _ in range(draw(st.integers(1, 4))):
        writer, reader = draw(st.permutations(range(count)))[:2]
        if draw(st.integers(0, 3)):
            writer, reader = min(writer, reader), max(writer, reader)
        tokens = draw(st.integers(1, min(durations[writer], durations[reader])))
        written = sorted(draw(st.permutations(range(durations[writer])))[:tokens])
        read = sorted(draw(st.permutations(range(durations[reader])))[:tokens])
        fifos.append(Fifo(writer, reader, written, read, draw(st.sampled_from([1, 2, 3, 8, None]))))
    after: list[tuple[int, ...]] = [() for _ in range(count)]
    if draw(st.booleans()):
        after[count - 1] = (0,)
    return durations, after, fifos


@pytest.mark.parametrize("chunk", [2, 7, 8192])
@settings(max_examples=300, deadline=None)
@given(design=designs())
def test_equal_to_a_cycle_by_cycle_simulation(
    chunk: int, design: tuple[list[int], list[tuple[int, ...]], list[Fifo]]
) -> None:
    durations, after, fifos = design
    for fifo in fifos:
        fifo.times_in.clear()
        fifo.times_out.clear()
    expected = step(durations, after, fifos)
    actors = [Actor(str(n), d, a) for n, (d, a) in enumerate(zip(durations, after, strict=True))]
    links = [
        Link(str(n), f.writer, f.reader, np.array(f.written), np.array(f.read), f.depth) for n, f in enumerate(fifos)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "CHUNK", chunk)
        patch.setattr(engine, "SMALL", 20)
        if expected is None:
            with pytest.raises(Waits):
                Engine(actors, links).solve()
            return
        Engine(actors, links).solve()
    assert [actor.end for actor in actors] == expected
    for link, fifo in zip(links, fifos, strict=True):
        assert actors[link.writer].time[link.write_slot].tolist() == fifo.times_in
        assert actors[link.reader].time[link.read_slot].tolist() == fifo.times_out


def test_fork_and_join_with_a_full_fifo_is_named() -> None:
    """A fork writes 10 tokens to a join, the other way needs all 10 first, the short way holds 4."""
    actors = [Actor("fork", 11), Actor("sum", 12), Actor("join", 12)]
    ten = np.arange(10)
    links = [
        Link("long", 0, 1, ten, ten, 2),
        Link("short", 0, 2, ten, ten + 1, 4),
        Link("total", 1, 2, np.array([11]), np.array([0]), 2),
    ]
    with pytest.raises(Waits) as caught:
        Engine(actors, links).solve()
    assert any("short is full with 4 tokens" in text for text in caught.value.cycle)
    links[1].depth = 10
    engine_with_room = Engine([Actor(a.label, a.duration) for a in actors], links)
    engine_with_room.solve()
    assert engine_with_room.actors[2].time[0] == engine_with_room.actors[1].time[-1] + 1
