"""Whether one of two subjects was really opened more, or chance alone makes such a difference.

The test of two proportions (pooled, two-sided): what would come out of it, were both subjects as good as each other.
"""

from dataclasses import dataclass
from enum import Enum
from math import erfc, sqrt

# Openings that each side should have at least; below that the normal distribution says nothing.
ENOUGH = 20
# How seldom chance alone may make the difference that we call one.
LEVEL = 0.05
# Where openings are counted without names one reader may stand behind several, so that the sums scatter more.
_SCATTER = 2.0


class Verdict(Enum):
    TOO_FEW = "too_few"
    CHANCE = "chance"
    A = "a"
    B = "b"


@dataclass(frozen=True)
class Side:
    """`opened` of `sent`; counted without names it may be more than were sent."""

    sent: int
    opened: int

    @property
    def share(self) -> float:
        return self.opened / self.sent if self.sent else 0.0


@dataclass(frozen=True)
class Comparison:
    verdict: Verdict
    # How often chance alone makes at least such a difference, 0 to 1; 1 where there is too little to say.
    chance: float = 1.0


def compare(a: Side, b: Side, *, by_name: bool) -> Comparison:
    """`by_name`: every reader counts once. Otherwise openings do, and only a larger difference is one."""
    if min(a.sent, b.sent) == 0:
        return Comparison(Verdict.TOO_FEW)
    pooled = (a.opened + b.opened) / (a.sent + b.sent)
    if min(a.sent, b.sent) * min(pooled, 1 - pooled if by_name else pooled) < ENOUGH:
        return Comparison(Verdict.TOO_FEW)
    variance = pooled * (1 - pooled) if by_name else pooled * _SCATTER
    distance = (a.share - b.share) / sqrt(variance * (1 / a.sent + 1 / b.sent))
    chance = erfc(abs(distance) / sqrt(2))
    if chance >= LEVEL:
        return Comparison(Verdict.CHANCE, chance)
    return Comparison(Verdict.A if distance > 0 else Verdict.B, chance)
