"""Work beside the main thread keeps its order, stays near, and hides no failure."""

import threading

import pytest

from rag.index.ahead import Ahead


def test_calls_are_made_in_order_and_awaited():
    done: list[int] = []
    with Ahead() as beside:
        for n in range(20):
            beside.call(done.append, n)
    assert done == list(range(20))


def test_the_caller_waits_where_too_many_calls_wait():
    gate, begun = threading.Event(), []

    def feed() -> None:
        with Ahead() as beside:
            for n in range(10):
                begun.append(n)
                beside.call(gate.wait)

    feeder = threading.Thread(target=feed)
    feeder.start()
    feeder.join(timeout=0.3)
    assert feeder.is_alive()
    assert len(begun) < 10
    gate.set()
    feeder.join(timeout=10)
    assert len(begun) == 10


def test_what_a_call_raises_is_raised_in_the_caller():
    with pytest.raises(ZeroDivisionError), Ahead() as beside:
        beside.call(lambda: 1 / 0)


def test_where_the_caller_fails_its_own_error_is_told_and_waiting_calls_are_dropped():
    gate, made = threading.Event(), []
    with pytest.raises(KeyError), Ahead() as beside:
        beside.call(gate.wait)
        beside.call(made.append, 1)
        threading.Timer(0.2, gate.set).start()
        raise KeyError
    assert made == []
