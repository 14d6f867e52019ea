"""Delays between tries."""

from __future__ import annotations

import random


class Backoff:
    """Exponential delays with jitter: the n-th is random in [half, whole] of `first * 2**n`, at most `longest`."""

    def __init__(self, first: float, longest: float) -> None:
        self._first = first
        self._longest = longest
        self._attempts = 0

    def next(self) -> float:
        """Seconds to wait before the next try."""
        whole = min(self._longest, self._first * 2 ** min(self._attempts, 30))
        self._attempts += 1
        return jittered(whole)

    def reset(self) -> None:
        """The next delay is the first again."""
        self._attempts = 0


def jittered(whole: float) -> float:
    """Random in [half, whole]."""
    return whole * (0.5 + random.random() / 2)
