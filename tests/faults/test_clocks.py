"""A story has its moment, and clocks that go wrong do not take it back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.faults.asking import ANEW, Answer, Load, Request, load_of, slack
from tests.faults.deeds import done
from tests.faults.house import House

OTHER_CLOCK = Path(__file__).parent / "other_clock"
HEADLINE = "خبر له ثانيته، الرقم"
AHEAD = 10  # s: long enough to begin to ask
ZONE = "Asia/Damascus"  # of the newspaper, unless a test moves it


def scheduled(house: House, **when: Any) -> dict[str, Any]:
    """Of a new story, `when` as in tests.faults.deeds.schedule: `path`, and `at` by the clock of time.monotonic.

    Its `headline` is no other one's: lists show those of all tests.
    """
    headline = f"{HEADLINE} {time.time_ns()}"
    story = done(house, "schedule", headline=headline, like=min(house.stories), **when)
    return story | {"headline": headline, "at": story["at"] - time.time() + time.monotonic()}


def shows(answer: Answer, story: dict[str, Any]) -> bool:
    return answer.status == 200 and story["headline"] in answer.text


def lateness(loads: "Loads", story: dict[str, Any], at: float) -> tuple[dict[str, float], list[str]]:
    """By name: from the moment of the story to the last answer without it. And the answers that came too soon."""
    late, too_soon = {}, []
    for name, load in loads.found.items():
        late[name] = max(answer.began for answer in load.answers if not shows(answer, story)) - at
        found = [answer for answer in load.answers if shows(answer, story)]
        assert found, f"{name} never shows the story"
        too_soon += [str(answer) for answer in found if answer.began + answer.seconds < at]
    return late, too_soon


def told(late: dict[str, float], usual: float) -> str:
    return ", ".join(f"{name} {seconds:+.2f} s" for name, seconds in late.items()) + f"; any page {usual:.2f} s before"


def usual_of(house: House) -> float:
    """Lists are made anew when a story appears in them: what that takes on this machine just now."""
    paths = ("/", house.paths["section"], house.paths["article"], "/feeds/rss.xml")
    return slack([house.asking(path, headers=ANEW) for path in paths])


def test_r15_a_scheduled_story_is_there_at_its_second(stack: House, note: Any) -> None:
    usual = usual_of(stack)
    story = scheduled(stack, seconds=AHEAD)
    asked = {
        "its page": stack.asking(story["path"]),
        "its page, made anew": stack.asking(story["path"], headers=ANEW),
        "home page": stack.asking("/"),
        "home page, past nginx": stack.direct_asking("web", "/"),
        **{name: stack.asking(path) for name, path in story["lists"].items()},
    }
    assert {ask().status for name, ask in asked.items() if not name.startswith("its")} == {200}  # kept from now on
    before = stack.ask(story["path"]).status
    with Loads(asked) as loads:
        time.sleep(max(0, story["at"] - time.monotonic()) + 4)
    late, too_soon = lateness(loads, story, story["at"])
    note(
        "R15a",
        f"a story is scheduled for {AHEAD} s ahead",
        expected="404 → 200 at the second, kept pages too, and none before",
        measured=f"{before} before; {told(late, usual)}",
    )
    assert before == 404
    assert too_soon == []
    # On top: the answer under way, and the one that is made anew meanwhile.
    assert all(seconds < 1 + 2 * usual for seconds in late.values()), late


class Loads:
    """One reader for each address, who asks again and again."""

    def __init__(self, asked: dict[str, Request]) -> None:
        self.found = {name: Load([request], threads=1, pause=0.05) for name, request in asked.items()}

    def __enter__(self) -> "Loads":
        for load in self.found.values():
            load.begin()
        return self

    def __exit__(self, *_args: object) -> None:
        for load in self.found.values():
            load.end()


@contextmanager
def living_at(house: House, moment: datetime) -> Iterator[float]:
    """The web server at another time than all others, now at `moment`: the clock of its machine is wrong.

    By so many seconds.
    """
    given = dict(house.there.given)
    seconds = (moment - datetime.now(UTC)).total_seconds()
    try:
        house.there.given |= {"PYTHONPATH": str(OTHER_CLOCK), "OTHER_CLOCK": str(seconds)}
        begin_again(house)
        yield seconds
    finally:
        house.there.given = given
        begin_again(house)


def begin_again(house: House) -> float:
    """How long it took."""
    began = time.monotonic()
    house.there.crew.stop(house.there.service("web"))
    house.there.crew.start(house.there.service("web"))
    return time.monotonic() - began


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
        measured=f"stories {load}; home page {home.status}, {'with' if shows(home, story) else 'without'} the newest",
    )
    assert load.others_than(200) == []
    assert shows(home, story)


# A moment by its name, and where the newspaper is; none: a minute from now.
#
# What a form makes of an hour that there is twice, or not at all, needs no server: tests/articles/test_forms.py and
# test_conflict.py. All moments together, by a clock that stands: tests/articles/test_clock_back.py.
MOMENTS = {
    "a minute ahead": (None, ZONE),
    "at midnight of leap day": (datetime(2028, 2, 28, 21, tzinfo=UTC), ZONE),
    "when clocks go forward": (datetime(2027, 3, 28, 1, tzinfo=UTC), "Europe/Berlin"),
    "when clocks go back": (datetime(2027, 10, 31, 1, tzinfo=UTC), "Europe/Berlin"),
}


@pytest.mark.parametrize("name", MOMENTS)
def test_r15_a_story_is_there_at_its_second_where_the_clock_is_another(stack: House, name: str, note: Any) -> None:
    """By the clock of the web server, which comes to the moment of the story."""
    moment, zone = MOMENTS[name]
    usual = usual_of(stack)
    ahead = AHEAD + 2 * begin_again(stack)
    done(stack, "move", time_zone=zone)
    try:
        story = scheduled(stack, **({"moment": moment.isoformat()} if moment else {"seconds": 60 + ahead}))
        due = moment or datetime.now(UTC) + timedelta(seconds=story["at"] - time.monotonic())
        with living_at(stack, due - timedelta(seconds=ahead)) as wrong_by:
            at = time.monotonic() + (due - datetime.now(UTC)).total_seconds() - wrong_by
            lists = story["lists"] | {"home page": "/"}
            asked = {each: stack.direct_asking("web", path) for each, path in lists.items()}
            asked["its page"] = stack.asking(story["path"], headers=ANEW)
            before = asked["its page"]().status
            with Loads(asked) as loads:
                time.sleep(max(0, at - time.monotonic()) + 4)
    finally:
        done(stack, "move", time_zone=ZONE)
    late, too_soon = lateness(loads, story, at)
    note(
        "R15c",
        f"a story is due {name} ({zone}), by a web server whose clock alone is off by {wrong_by:.0f} s",
        expected="404 → 200 at the second, on its lists too, and none before",
        measured=f"{before} before; {told(late, usual)}",
    )
    assert before == 404
    assert too_soon == []
    # On top: the answer under way, and the one that is made anew meanwhile.
    assert all(seconds < 1 + 2 * usual for seconds in late.values()), late
