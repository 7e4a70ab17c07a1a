"""Slips of the finger in the domain of an address: «هل تقصد gmail.com؟»."""

from newsletter.addresses import normalise
from newsroom.lib.tables import words

# In a longer domain two slips still leave no doubt, when it begins alike: foxmail.com is not hotmail.com.
_LONG = 9


def meant_domain(address: str) -> str:
    """The well-known domain that was probably meant, '' when there is nothing to ask."""
    typed = normalise(address).rpartition("@")[2]
    known = words("mail_domains")
    if typed in known:
        return ""
    near = [(slips, domain) for domain in known if (slips := distance(typed, domain)) <= _allowed(typed, domain)]
    return min(near, key=lambda pair: pair[0])[1] if near else ""


def distance(one: str, other: str) -> int:
    """How many letters were left out, put in, replaced or swapped with their neighbour (optimal string alignment)."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                best = min(best, last[j - 2] + 1)
            row.append(best)
    return row[-1]


def _allowed(typed: str, domain: str) -> int:
    return 2 if len(domain) >= _LONG and typed[0] == domain[0] else 1
