"""What is small where it comes in and large where it is unpacked."""

from typing import Any

from tests.faults.asking import ANEW, Answer, load_of
from tests.faults.house import House
from tests.faults.uploading import ADD, forget_peaks, is_arabic, peak, sentence_of, upload
from tests.images.bad_uploads import png_of

MOST_MEMORY = 400  # MB, of one worker
DIVS = 40_000
HEADLINE = "خبر في أربعين ألف صندوق"


def others(house: House) -> list[Any]:
    paths = ("/", house.paths["article"], "/livez")
    return [house.asking(path, headers=ANEW) for path in paths] + [house.asking("/admin/", headers=house.as_editor)]


def slowest(answers: list[Answer]) -> float:
    return max(answer.seconds for answer in answers)


def divs(house: House) -> Answer:
    form = house.form(ADD) | {"headline": HEADLINE, "body": "<div>" * DIVS, "_continue": "1"}
    return house.send(ADD, form)


def test_r18_a_picture_that_unpacks_to_a_gigabyte_fails_alone(stack: House, note: Any) -> None:
    raw = png_of(13_300, 13_300, depth=8, colour=2, samples=3)
    heads = stack.there.crew.pids("web")
    with load_of(others(stack), threads=2) as load:
        load.wait_for(8)
        forget_peaks(stack)
        answers = [upload(stack, "a.png", raw) for _ in range(5)]
        memory = peak(stack)
    note(
        "R18a",
        f"a PNG of 13300 × 13300 in {len(raw) // 1000} kB, five times",
        expected="one request fails in ≤ 1 s, worker < 400 MB, others served",
        measured=f"{answers[0].status}, slowest {slowest(answers):.2f} s, {memory} MB at most; others {load}",
    )
    assert {answer.status for answer in answers} == {400}
    assert all(is_arabic(sentence_of(answer)) for answer in answers)
    assert slowest(answers) <= 1
    assert memory < MOST_MEMORY
    assert load.others_than(200) == []
    assert stack.there.crew.pids("web") == heads


def test_r18_a_text_of_forty_thousand_boxes_fails_alone(stack: House, note: Any) -> None:
    rows = stack.sql("SELECT count(*) FROM articles_article")
    with load_of(others(stack), threads=2) as load:
        load.wait_for(8)
        forget_peaks(stack)
        answers = [divs(stack) for _ in range(3)]
        memory = peak(stack)
    note(
        "R18b",
        f"a text of {DIVS} nested <div>, three times",
        expected="refused before it is cleaned, in ≤ 1 s; worker < 400 MB, others served",
        measured=f"{answers[0].status}, slowest {slowest(answers):.2f} s, {memory} MB at most; others {load}",
    )
    assert all(answer.status in {200, 400} and "errorlist" in answer.text for answer in answers), str(answers[0])
    assert all(answer.is_arabic and HEADLINE in answer.text for answer in answers)
    assert slowest(answers) <= 1
    assert memory < MOST_MEMORY
    assert load.others_than(200) == []
    assert stack.sql("SELECT count(*) FROM articles_article") == rows
