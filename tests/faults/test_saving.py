"""Editors who save the same story at the same moment."""

from typing import Any

from tests.faults.asking import Answer, at_once
from tests.faults.house import House

ADD = "/admin/articles/article/add/"
EDITORS = 12


def test_r7_of_twelve_saves_one_is_written_and_none_is_lost(stack: House, note: Any) -> None:
    added = stack.send(ADD, stack.form(ADD) | {"headline": "العنوان قبل الجميع", "_continue": "1"})
    address = added.headers["location"]
    form = stack.form(address) | {"_continue": "1"}
    mine = [f"العنوان كما كتبه المحرر {number:02}" for number in range(EDITORS)]
    answers: dict[str, Answer] = {}
    saves = [lambda one=one: answers.setdefault(one, stack.send(address, form | {"headline": one})) for one in mine]
    load = at_once(saves)
    load.end()
    written = [one for one, answer in answers.items() if answer.status == 302]
    conflicts = [one for one, answer in answers.items() if answer.status == 409]
    stored = stack.form(address)["headline"]
    note(
        "R7",
        f"{EDITORS} saves of version 1 at the same moment",
        expected="one success, others 409 with both texts",
        measured=str(load),
    )
    assert (len(written), len(conflicts)) == (1, EDITORS - 1)
    assert written == [stored]
    assert all(stored in answers[one].text and one in answers[one].text for one in conflicts)
