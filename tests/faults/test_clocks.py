"""A story has its moment, and clocks that go wrong do not take it back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.faults.asking import ANEW, Answer, Load, load_of
from tests.faults.deeds import done
from tests.faults.house import House

OTHER_CLOCK = Path(__file__).parent / "other_clock"
HEADLINE = "خبر له ثانيته"
AHEAD = 7  # s


def scheduled(house: House, **when: Any) -> dict[str, Any]:
    """Of a new story, `when` as in tests.faults.deeds.schedule: `path`, and `at` by the clock of time.monotonic."""
    story = done(house, "schedule", headline=HEADLINE, like=min(house.stories), **when)
    return story | {"at": story["at"] - time.time() + time.monotonic()}


def shows(answer: Answer) -> bool:
    return answer.status == 200 and HEADLINE in answer.text


def seconds_until_shown(load: Load, at: float) -> tuple[float, list[str]]:
    """From the moment of the story to the last answer without it, and the answers that came too soon."""
    without = [answer.began for answer in load.answers if not shows(answer)]
    too_soon = [str(answer) for answer in load.answers if shows(answer) and answer.began + answer.seconds < at]
    return max(without) - at, too_soon


def test_r15_a_scheduled_story_is_there_at_its_second(stack: House, note: Any) -> None:
    assert {stack.ask("/").status, stack.ask(stack.paths["section"]).status} == {200}
    story = scheduled(stack, seconds=AHEAD)
    asked = {
        "its page": stack.asking(story["path"]),
        "its page, made anew": stack.asking(story["path"], headers=ANEW),
        "the home page, kept": stack.asking("/"),
        "the home page, past nginx": lambda: stack.direct("web", "/"),
    }
    before = stack.ask(story["path"]).status
    late, too_soon = {}, []
    with Loads(asked) as loads:
        time.sleep(max(0, story["at"] - time.monotonic()) + 4)
    for name, load in loads.found.items():
        late[name], soon = seconds_until_shown(load, story["at"])
        too_soon += soon
    note(
        "R15a",
        f"a story is scheduled for {AHEAD} s ahead",
        expected="404 → 200 at the second, kept pages too, and none before",
        measured=f"{before} before; " + ", ".join(f"{name} {seconds:+.2f} s" for name, seconds in late.items()),
    )
    assert before == 404
    assert too_soon == []
    assert all(seconds < 1 for seconds in late.values()), late


class Loads:
    """One reader for each address, who asks again and again."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.found = {name: Load([request], threads=1, pause=0.05) for name, request in asked.items()}

    def __enter__(self) -> "Loads":
        for load in self.found.values():
            load.begin()
        return self

    def __exit__(self, *_args: object) -> None:
        for load in self.found.values():
            load.end()


@contextmanager
def living_at(house: House, moment: datetime) -> Iterator[None]:
    """The web server at another time than all others, now at `moment`: the clock of its machine is wrong."""
    given = dict(house.there.given)
    seconds = (moment - datetime.now(UTC)).total_seconds()
    try:
        house.there.given |= {"PYTHONPATH": str(OTHER_CLOCK), "OTHER_CLOCK": str(seconds)}
        begin_again(house)
        yield
    finally:
        house.there.given = given
        begin_again(house)


def begin_again(house: House) -> None:
    house.there.crew.stop(house.there.service("web"))
    house.there.crew.start(house.there.service("web"))


def test_r15_what_is_out_stays_out_when_the_clock_goes_back(stack: House, note: Any) -> None:
    story = scheduled(stack, seconds=1)
    time.sleep(3)
    assert stack.ask(story["path"], headers=ANEW).status == 200
    with living_at(stack, datetime.now(UTC) - timedelta(hours=1)):
        with load_of([stack.asking(path, headers=ANEW) for path in (story["path"], *stack.stories.values())]) as load:
            load.wait_for(30)
        home = stack.ask("/", headers=ANEW)
    note(
        "R15b",
        "the clock of the web server goes back by an hour",
        expected="what was out stays out",
        measured=f"stories {load}; home page {home.status}, {'with' if shows(home) else 'without'} the newest",
    )
    assert load.others_than(200) == []
    assert shows(home)


def test_r15_a_story_due_at_midnight_of_leap_day(stack: House, note: Any) -> None:
    due = datetime(2028, 2, 28, 21, tzinfo=UTC)  # in Damascus
    story = scheduled(stack, moment=due.isoformat())
    at = time.monotonic() + AHEAD
    with living_at(stack, due - timedelta(seconds=AHEAD)):
        before = stack.ask(story["path"], headers=ANEW).status
        with Loads({"its page": stack.asking(story["path"], headers=ANEW)}) as loads:
            time.sleep(max(0, at - time.monotonic()) + 4)
    late, too_soon = seconds_until_shown(loads.found["its page"], at)
    note(
        "R15c",
        "a story is due at midnight of leap day, on a web server whose clock alone is two years off",
        expected="404 → 200 at the second",
        measured=f"{before} before; {late:+.2f} s",
    )
    assert before == 404
    assert too_soon == []
    assert late < 1
