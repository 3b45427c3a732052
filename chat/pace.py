"""How many signals one socket may send: some at once, fewer lasting."""

import time


class Pace:
    """A bucket of `burst` tokens that fills by `per_second`; `refused` counts what found it empty."""

    def __init__(self, burst: float, per_second: float) -> None:
        self.burst, self.per_second = burst, per_second
        self.tokens, self.refused, self.counted_at = float(burst), 0, time.monotonic()

    def allows(self) -> bool:
        """Take a token if there is one."""
        now = time.monotonic()
        self.tokens = min(self.burst, self.tokens + (now - self.counted_at) * self.per_second)
        self.counted_at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return True
        self.refused += 1
        return False
