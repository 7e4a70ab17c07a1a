"""What a journal says, wherever it was cut off."""

import random

import pytest

from newsletter.sending.journal import RECORD_SIZE, Entry, Journal, JournalBroken, Mark, last_words, packed, read

ENTRIES = [
    Entry(Mark.INTENT, 1, 1),
    Entry(Mark.INTENT, 2**40, 3),
    Entry(Mark.ACCEPTED, 1, 1, 250),
    Entry(Mark.NOT_ACCEPTED, 2**40, 3, 451),
    Entry(Mark.INTENT, 7, 1),
]
CONTENT = b"".join(map(packed, ENTRIES))


def test_what_is_written_is_read(tmp_path):
    journal = Journal(tmp_path / "journal")
    for entry in ENTRIES:
        journal.write(entry)
    journal.close()
    assert read((tmp_path / "journal").read_bytes()) == ENTRIES


@pytest.mark.parametrize("length", range(len(CONTENT) + 1))
def test_cut_off_anywhere_it_says_what_was_whole(length):
    assert read(CONTENT[:length]) == ENTRIES[: length // RECORD_SIZE]


def test_a_damaged_byte_ends_it_there():
    choice = random.Random(6)  # noqa: S311 - the same bytes each time
    for place in range(len(CONTENT)):
        damaged = bytearray(CONTENT)
        damaged[place] ^= choice.randrange(1, 256)
        assert read(bytes(damaged)) == ENTRIES[: place // RECORD_SIZE]


def test_of_two_attempts_each_has_its_own_last_word():
    first, second = Entry(Mark.NOT_ACCEPTED, 5, 1, 451), Entry(Mark.INTENT, 5, 2)
    words = last_words(packed(Entry(Mark.INTENT, 5, 1)) + packed(first) + packed(second))
    assert words == {(5, 1): first, (5, 2): second}


def test_a_full_disk_is_said():
    journal = Journal.__new__(Journal)
    journal._file = -1
    with pytest.raises(JournalBroken):
        journal.write(ENTRIES[0])
