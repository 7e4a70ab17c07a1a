"""What each fault was expected to do and what it did, as a table at the end of the run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`name` as in the list of faults: R1 to R18, with a letter where one has several."""

    name: str
    fault: str
    expected: str
    measured: str


class Table:
    def __init__(self) -> None:
        self.rows: list[Row] = []

    def note(self, name: str, fault: str, *, expected: str, measured: str) -> None:
        """Before what was measured is compared with what was expected: the figure of a failure is wanted most."""
        self.rows.append(Row(name, fault, expected, measured))

    def lines(self) -> list[str]:
        found = []
        for row in sorted(self.rows, key=lambda row: (int("".join(filter(str.isdigit, row.name))), row.name)):
            found += [
                f"{row.name:<5} {row.fault}",
                f"      expected  {row.expected}",
                f"      measured  {row.measured}",
            ]
        return found


table = Table()
