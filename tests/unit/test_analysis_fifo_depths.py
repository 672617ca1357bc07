"""FIFO depths, against a simulation that moves one token at a time and against depths that are known by hand."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataflowc.passes.analysis.fifo_depths import Deadlock, Fifo, Process, run_to_end
from dataflowc.passes.analysis.token_rates import Step, Traffic, join, repeat, segments

START = 4


@dataclass
class Network:
    """Processes as data: per process its name, its traffic, and the number of the FIFO behind each operand position.

    FIFO f carries `totals[f]` tokens; `after` lists processes that must end before another starts.
    """

    processes: list[tuple[str, Traffic, list[int]]]
    totals: list[int]
    after: dict[int, set[int]] = field(default_factory=dict)


def build(network: Network, order: list[int], start: int = START) -> tuple[list[Fifo], list[Process]]:
    """Fresh FIFOs and processes; `order` is the sequence in which the processes are listed."""
    fifos = [Fifo(f"f{i}", start, max(total, start), cost=total) for i, total in enumerate(network.totals)]
    place = {number: position for position, number in enumerate(order)}
    processes = []
    for number in order:
        label, traffic, operands = network.processes[number]
        for step in {step for _, step in segments(traffic)}:
            for operand, _ in step.reads:
                fifos[operands[operand]].reader = place[number]
            for operand, _ in step.writes:
                fifos[operands[operand]].writer = place[number]
        after = frozenset(place[other] for other in network.after.get(number, ()))
        processes.append(Process.of(label, traffic, [fifos[f] for f in operands], after))
    return fifos, processes


def sized(network: Network, start: int = START) -> list[Fifo]:
    fifos, processes = build(network, list(range(len(network.processes))), start)
    run_to_end(processes)
    return fifos


def finishes(network: Network, depths: list[int]) -> bool:
    """Whether the network runs to its end with these depths, one read or one write of one token at a time."""
    scripts = [
        [
            ("read" if kind == 0 else "write", operands[operand])
            for count, step in segments(traffic)
            for _ in range(count)
            for kind, side in enumerate((step.reads, step.writes))
            for operand, tokens in side
            for _ in range(tokens)
        ]
        for _, traffic, operands in network.processes
    ]
    place, tokens = [0] * len(scripts), [0] * len(depths)
    moved = True
    while moved:
        moved = False
        for number, script in enumerate(scripts):
            if any(place[other] < len(scripts[other]) for other in network.after.get(number, ())):
                continue
            while place[number] < len(script):
                kind, fifo = script[place[number]]
                if (tokens[fifo] == 0) if kind == "read" else (tokens[fifo] == depths[fifo]):
                    break
                tokens[fifo] += -1 if kind == "read" else 1
                place[number] += 1
                moved = True
    return all(at == len(script) for at, script in zip(place, scripts, strict=True))


def read(operand: int, tokens: int = 1) -> Step:
    return Step(reads=((operand, tokens),))


def write(operand: int, tokens: int = 1) -> Step:
    return Step(writes=((operand, tokens),))


def skip_around_a_sum(tokens: int) -> Network:
    """A fork; one branch sums all tokens up, the other goes round it; the end needs the sum before the first token.

    The fork serves the skip first, so that the last token stands there before the sum can be complete.
    """
    return Network(
        [
            ("source", repeat(tokens, write(0)), [0]),
            ("fork", repeat(tokens, join([read(0), write(1), write(2)])), [0, 2, 1]),
            ("sum", join([repeat(tokens, read(0)), write(1)]), [1, 3]),
            ("scale", join([read(0), repeat(tokens, read(1))]), [3, 2]),
        ],
        [tokens, tokens, tokens, 1],
    )


@pytest.mark.parametrize("tokens", [5, 20, 64, 100])
def test_the_skip_around_a_reduction_holds_exactly_all_tokens(tokens: int) -> None:
    network = skip_around_a_sum(tokens)
    peaks = [fifo.peak for fifo in sized(network)]
    assert peaks[2] == tokens
    assert finishes(network, [START, START, tokens, START])
    assert not finishes(network, [START, START, tokens - 1, START])


def test_only_the_skip_grows() -> None:
    assert [fifo.depth > START for fifo in sized(skip_around_a_sum(40))] == [False, False, True, False]


def test_a_chain_never_grows() -> None:
    chain = Network(
        [
            ("a", repeat(100, write(0)), [0]),
            ("b", repeat(100, join([read(0), write(1)])), [0, 1]),
            ("c", repeat(100, read(0)), [1]),
        ],
        [100, 100],
    )
    assert [fifo.depth for fifo in sized(chain)] == [START, START]


def test_two_paths_of_equal_delay_never_grow() -> None:
    network = Network(
        [
            ("fork", repeat(50, join([write(0), write(1)])), [0, 1]),
            ("left", repeat(50, join([read(0), write(1)])), [0, 2]),
            ("right", repeat(50, join([read(0), write(1)])), [1, 3]),
            ("add", repeat(50, join([read(0), read(1)])), [2, 3]),
        ],
        [50, 50, 50, 50],
    )
    assert [fifo.depth for fifo in sized(network)] == [START] * 4


def test_a_line_buffer_beside_a_skip_needs_the_rows_it_holds_back() -> None:
    """A window of 3 rows of 10 gives its first row after 3 rows; the skip then holds 3 rows (the first leaves next)."""
    row, rows = 10, 8
    window = join([repeat(2 * row, read(0)), repeat(rows - 2, join([repeat(row, read(0)), repeat(row, write(1))]))])
    network = Network(
        [
            ("fork", repeat(row * rows, join([write(0), write(1)])), [0, 1]),
            ("window", window, [0, 2]),
            ("add", join([repeat((rows - 2) * row, join([read(0), read(1)])), repeat(2 * row, read(1))]), [2, 1]),
        ],
        [row * rows, row * rows, (rows - 2) * row],
    )
    fifos = sized(network)
    least = next(depth for depth in range(1, row * rows + 1) if finishes(network, [START, depth, START]))
    growth = 16
    assert least <= fifos[1].peak <= fifos[1].depth < least + growth


def test_a_cycle_is_a_deadlock_that_says_who_waits_for_what() -> None:
    network = Network(
        [
            ("hen", repeat(5, join([read(0), write(1)])), [0, 1]),
            ("egg", repeat(5, join([read(0), write(1)])), [1, 0]),
        ],
        [5, 5],
    )
    _, processes = build(network, [0, 1])
    with pytest.raises(Deadlock) as deadlock:
        run_to_end(processes)
    assert deadlock.value.waits == ["'hen' waits for 'f0' (empty)", "'egg' waits for 'f1' (empty)"]


def test_a_reader_that_takes_less_than_is_sent_is_a_deadlock() -> None:
    network = Network([("send", repeat(9, write(0)), [0]), ("take", repeat(3, read(0)), [0])], [7])
    _, processes = build(network, [0, 1])
    with pytest.raises(Deadlock, match=r"'send' waits for 'f0' \(full at 4\)"):
        run_to_end(processes)


def test_waiting_for_the_end_of_a_process_that_cannot_end_is_a_deadlock() -> None:
    network = Network(
        [("fill", read(0), [0]), ("use", write(0), [0])],
        [1],
        after={1: {0}},
    )
    _, processes = build(network, [0, 1])
    with pytest.raises(Deadlock, match="'use' waits for the end of fill"):
        run_to_end(processes)


def test_a_stream_beside_a_buffer_grows_while_the_buffer_is_filled() -> None:
    """`use` starts when `fill` has ended; both read a fork, so the fork's other stream holds everything."""
    network = Network(
        [
            ("fork", repeat(30, join([write(0), write(1)])), [1, 0]),
            ("fill", repeat(30, read(0)), [0]),
            ("use", repeat(30, read(0)), [1]),
        ],
        [30, 30],
        after={2: {1}},
    )
    fifos = sized(network)
    assert [fifo.peak for fifo in fifos][1] == 30
    assert finishes(network, [START, 30]) and not finishes(network, [START, 29])


@st.composite
def layered(draw: st.DrawFn) -> Network:
    """A random acyclic network: every process moves its tokens in two runs per FIFO, the runs in random order."""
    count = draw(st.integers(3, 6))
    totals: list[int] = []
    inputs: list[list[int]] = [[] for _ in range(count)]
    outputs: list[list[int]] = [[] for _ in range(count)]
    for number in range(1, count):
        for source in draw(st.sets(st.integers(0, number - 1), min_size=1, max_size=2)):
            outputs[source].append(len(totals))
            inputs[number].append(len(totals))
            totals.append(draw(st.integers(1, 40)))
    processes = []
    for number in range(count):
        operands = inputs[number] + outputs[number]
        jobs = [(place, fifo in inputs[number]) for place, fifo in enumerate(operands)]
        runs: list[tuple[int, bool, int]] = []
        for place, is_input in jobs:
            total = totals[operands[place]]
            first = draw(st.integers(0, total))
            runs += [(place, is_input, part) for part in (first, total - first) if part]
        runs = draw(st.permutations(runs))
        traffic = join([repeat(n, read(p) if is_input else write(p)) for p, is_input, n in runs])
        processes.append((f"p{number}", traffic, operands))
    return Network(processes, totals)


@settings(deadline=None, max_examples=120)
@given(layered())
def test_an_acyclic_network_ends_and_its_depths_hold_token_by_token(network: Network) -> None:
    fifos = sized(network)
    assert all(fifo.tokens == 0 for fifo in fifos)
    assert finishes(network, [fifo.peak if fifo.peak > START else START for fifo in fifos])


@settings(deadline=None, max_examples=120)
@given(layered(), st.randoms(use_true_random=False))
def test_depths_do_not_depend_on_the_order_of_the_processes(network: Network, shuffler: random.Random) -> None:
    order = list(range(len(network.processes)))
    shuffler.shuffle(order)
    fifos, processes = build(network, order)
    run_to_end(processes)
    assert [fifo.depth for fifo in fifos] == [fifo.depth for fifo in sized(network)]


@settings(deadline=None, max_examples=120)
@given(layered())
def test_nothing_grows_in_a_network_that_ends_without_growing(network: Network) -> None:
    if finishes(network, [START] * len(network.totals)):
        assert [fifo.depth for fifo in sized(network)] == [START] * len(network.totals)
