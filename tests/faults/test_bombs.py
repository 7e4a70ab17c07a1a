"""What is small where it comes in and large where it is unpacked."""

import os
import signal
from typing import Any

from deploy.answering import held_by
from tests.faults.asking import ANEW, Answer, at_once, load_of, slack, wait_until
from tests.faults.house import House
from tests.faults.killing import workers_of
from tests.faults.uploading import ADD, forget_peaks, is_arabic, peak, sentence_of, upload
from tests.images.bad_uploads import png_of
from tests.images.pictures import picture_file

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
    usual, heads = slack(others(stack), threads=2), stack.there.crew.pids("web")
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
    assert slowest(answers) <= 1 + usual
    assert memory < MOST_MEMORY
    assert load.others_than(200) == []
    assert stack.there.crew.pids("web") == heads


def test_r18_a_text_of_forty_thousand_boxes_fails_alone(stack: House, note: Any) -> None:
    usual, rows = slack(others(stack), threads=2), stack.sql("SELECT count(*) FROM articles_article")
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
    assert slowest(answers) <= 1 + usual
    assert memory < MOST_MEMORY
    assert load.others_than(200) == []
    assert stack.sql("SELECT count(*) FROM articles_article") == rows


def storing(house: House) -> int:
    """The worker that waits to write down a picture; 0 while none does."""
    query = (
        "SELECT client_port FROM pg_stat_activity WHERE usename = 'newsroom' AND wait_event_type = 'Lock'"
        " AND query LIKE 'INSERT INTO \"images_image\"%'"
    )
    ports = [port for (port,) in house.sql(query)]
    workers = workers_of(house, "web")
    return held_by(ports[0], house.there.ports["postgresql"], workers) if ports else 0


def test_r18_a_worker_that_takes_all_memory_is_killed_alone(stack: House, note: Any) -> None:
    """As the kernel does when a machine, or the container of docker-compose.yml (mem_limit), has no memory left: the
    one process that holds the most gets SIGKILL, which here is the worker that has unpacked a picture.

    gunicorn has no limit of memory for a worker, and begins none anew for it: what comes in is limited instead (above).
    """
    usual = slack(others(stack), threads=2)
    raw = picture_file("large.jpg", size=(5000, 4000)).read()
    (head,), before = stack.there.crew.heads("web"), workers_of(stack, "web")
    rows = stack.sql("SELECT count(*) FROM images_image")
    with load_of(others(stack), threads=2) as load:
        load.wait_for(8)
        with stack.locked("images_image"):
            sending = at_once([lambda: upload(stack, "large.jpg", raw)])
            wait_until(lambda: storing(stack) > 0)
            killed = storing(stack)
            os.kill(killed, signal.SIGKILL)
            seconds = wait_until(lambda: len(set(workers_of(stack, "web")) - {killed}) == len(before))
            sending.end()
        load.wait_for(20)
    (answer,) = sending.answers
    left = stack.sql("SELECT count(*) FROM images_image")
    again = upload(stack, "large.jpg", raw)
    note(
        "R18c",
        "the worker that stores a picture of 20 megapixels is killed, as the kernel does when memory runs out",
        expected="one request fails, others served, a new worker in 3 s, the master lives",
        measured=f"{answer.status}, new worker after {seconds:.2f} s; others {load}; sent again {again.status}",
    )
    assert killed in before
    assert answer.status == 502
    assert left == rows
    assert load.others_than(200) == []
    assert seconds < 3 + usual
    assert stack.there.crew.heads("web") == [head]
    assert set(workers_of(stack, "web")) >= set(before) - {killed}
    assert again.status == 200
