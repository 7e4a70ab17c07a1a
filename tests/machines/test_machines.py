"""What one machine changes, the others show: at once where a proxy asks, else within a second or two."""

import time

from newsroom.lib.replicas import SETTLED
from tests.machines.machines import REFRESH, Machine, seconds_until
from tests.machines.servers import Replica

Stories = list[tuple[int, str]]
Pair = tuple[Machine, Machine]


def test_a_change_on_one_machine_is_seen_on_the_other(pair: Pair, stories: Stories) -> None:
    (key, path), (first, second) = stories[0], pair
    assert "الخبر رقم 0" in second.ask(path)["text"]
    first.do("rename", story=key, headline="سقوط المطر")
    assert seconds_until(lambda: "سقوط المطر" in second.ask(path)["text"], most=10) < 4


def test_what_was_withdrawn_is_gone_on_the_other(pair: Pair, stories: Stories) -> None:
    (key, path), (first, second) = stories[1], pair
    assert second.ask(path)["status"] == 200
    first.do("take_away", story=key)
    assert seconds_until(lambda: second.ask(path)["status"] == 410, most=10) < 4


def test_a_proxy_that_fetches_anew_never_gets_the_former_page_of_a_machine_that_was_not_told(
    pair: Pair, stories: Stories
) -> None:
    (key, path), (first, second) = stories[2], pair
    for number in range(20):
        second.ask(path)
        first.do("rename", story=key, headline=f"العنوان {number} ")
        answer = second.ask(path, **REFRESH)
        assert f"العنوان {number} " in answer["text"]
        assert "s-maxage" in answer["headers"]["Cache-Control"]


def test_the_call_cannot_be_forged(pair: Pair, stories: Stories) -> None:
    (key, path), (first, second) = stories[3], pair
    second.ask(path)
    first.do("rename", story=key, headline="العنوان الصحيح")
    answer = second.ask(path, HTTP_X_CACHE_REFRESH="t" * 39)
    # A reader gets what the machine knows; what it is kept for, the next look or the call decides.
    assert answer["status"] == 200
    assert "العنوان الصحيح" in second.ask(path, **REFRESH)["text"]


def test_redis_rings_on_the_others(ringing_pair: Pair, stories: Stories) -> None:
    (key, path), (first, second) = stories[4], ringing_pair
    second.ask(path)
    time.sleep(1.5)  # the bell is hung, and the page no longer so young that it is shown in any case
    waited = []
    for number in range(5):
        first.do("rename", story=key, headline=f"النبأ {number} ")
        waited.append(seconds_until(lambda said=f"النبأ {number} ": said in second.ask(path)["text"], most=10))
        time.sleep(1.1)
    assert sorted(waited)[2] < 1


def test_what_is_found_is_kept_for_a_moment_and_not_old_either(
    reading_pair: Pair, stories: Stories, replica: Replica
) -> None:
    first, _second = reading_pair
    assert seconds_until(lambda: "replica1" in first.do("picks")["picked"], most=15) < 15
    (key, path) = stories[5]
    replica.pause()
    first.do("rename", story=key, headline="كلمة نادرة")
    answer = first.do("ask", path="/search/", query="q=%D9%86%D8%A7%D8%AF%D8%B1%D8%A9")
    assert path in answer["text"]


def test_a_lagging_replica_never_makes_a_page_that_is_kept_stale(
    reading_pair: Pair, stories: Stories, replica: Replica
) -> None:
    (key, path), (first, second) = stories[6], reading_pair
    for machine in reading_pair:
        assert seconds_until(lambda of=machine: "replica1" in of.do("picks")["picked"], most=15) < 15
        machine.ask(path)
    replica.pause()
    first.do("rename", story=key, headline="بعد التوقف")
    second.ask(path, **REFRESH)
    until, seen = time.monotonic() + 12, []
    while time.monotonic() < until:
        seen += [("بعد التوقف" in machine.ask(path, **REFRESH)["text"]) for machine in reading_pair]
        seen += [("بعد التوقف" in machine.ask(path)["text"]) for machine in reading_pair]
        time.sleep(0.1)
    assert len(seen) > 100
    assert all(seen)


def test_a_replica_that_lags_or_is_gone_is_not_read(reading_pair: Pair, stories: Stories, replica: Replica) -> None:
    first, second = reading_pair
    assert seconds_until(lambda: "replica1" in first.do("picks")["picked"], most=15) < 15
    # Idle is not late: the primary has nothing to tell.
    time.sleep(6.5)
    assert first.do("picks")["picked"] == ["replica1"] * 4
    replica.pause()
    second.do("rename", story=stories[7][0], headline="تأخر")
    assert seconds_until(lambda: first.do("picks")["picked"] == ["default"] * 4, most=15) < 10
    replica.resume()
    assert seconds_until(lambda: "replica1" in first.do("picks")["picked"], most=15) < 5
    first.do("ask", path="/search/")  # the first reader has it look for changes, of which it knows none yet
    # What is found is kept for a moment: soon after a change it is read from the primary.
    time.sleep(SETTLED)
    assert first.do("picks")["picked"] == ["replica1"] * 4
    replica.stop()
    answers = [first.do("ask", path="/search/", query=f"q={number}")["status"] for number in range(20)]
    assert answers == [200] * 20
    assert first.do("picks")["picked"] == ["default"] * 4
