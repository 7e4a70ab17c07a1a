"""Which of the six forms of an Arabic word a number takes."""


def plural_form(number: int) -> int:
    """Return 0 (none), 1 (one), 2 (two), 3 (a few: 3-10, 103), 4 (many: 11-99, 111) or 5 (100, 101, 202).

    The rule of CLDR for `ar`, and the order of the forms in our catalogue. Nothing is less than none.
    """
    if number <= 2:
        return max(number, 0)
    rest = number % 100
    return 5 if rest < 3 else 3 if rest <= 10 else 4
