"""The campaigns count what they see, also where the process dies of it."""

from __future__ import annotations

import os
import random
import signal
import sys
import time

import pytest

from scripts.campaign import isolated
from scripts.campaign.__main__ import count
from scripts.campaign.isolated import Outcome, trials
from scripts.campaign.mutations import damaged
from scripts.campaign.outcomes import CRASH, HANG, LOST, TOLD, TRACEBACK, WHOLE, Tally, head


def test_every_way_to_break_is_counted(capfd: pytest.CaptureFixture[str]) -> None:
    def trial(number: int) -> Outcome:
        if number == 1:
            os.kill(os.getpid(), signal.SIGSEGV)
        if number == 2:
            raise ValueError("nobody foresaw this")
        if number == 3:
            time.sleep(60)
        return (TOLD if number == 4 else WHOLE), "fine"

    found = dict(trials(6, trial, seconds=1))
    outcomes = [found[number][0] for number in range(6)]
    assert outcomes == [WHOLE, CRASH, TRACEBACK, HANG, TOLD, WHOLE]
    assert "ValueError at test_campaign.py" in found[2][1]


@pytest.mark.parametrize("status", [0, 3])
def test_trials_are_counted_whatever_else_a_program_writes(status: int) -> None:
    program = (
        "import sys; sys.stderr.write('x' * 500_000); print('[\"told\", \"a\"]', flush=True); "
        f"print('noise'); sys.exit({status})"
    )
    tally = Tally("Something")
    count(tally, [sys.executable, "-c", program], dict(os.environ))
    assert tally.counts == ({TOLD: 1, CRASH: 1} if status else {TOLD: 1})


def test_memory_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "_MEMORY", 1 << 30)

    def trial(number: int) -> Outcome:
        return WHOLE, str(len(bytearray(1 << 40)))

    ((_, (outcome, what)),) = trials(1, trial)
    assert outcome == TRACEBACK and "MemoryError" in what


def test_damage_comes_again_by_its_seed() -> None:
    content = bytes(range(256)) * 20
    made = [damaged(content, random.Random(seed)) for seed in range(60)]
    assert made == [damaged(content, random.Random(seed)) for seed in range(60)]
    assert len(set(made)) > 50 and any(len(each) < len(content) for each in made)


def test_the_table_has_a_column_for_each_outcome() -> None:
    tally = Tally("Something")
    for outcome in (WHOLE, WHOLE, TOLD, LOST):
        tally.add(outcome, "number 7")
    assert tally.row() == "| Something | 4 | 2 | 1 | 1 | 0 | 0 | 0 | 0 |"
    assert head().count("|") == tally.row().count("|") + 10
    assert tally.examples == ["lost: number 7"]
