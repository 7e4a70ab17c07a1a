"""Sendings of one window that come in another order than they left in, and texts beyond the number that is kept."""
# ruff: noqa: F811 - fixtures of a neighbour are asked for by name

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from time_machine import Traveller

from accounts.models import User
from articles import unsaved
from articles.models import Article, UnsavedText
from tests.articles.desk import change_url, form_data
from tests.articles.test_conflict import make_draft, page_of, save_past_the_form, send
from tests.articles.test_unsaved import autosave, samer, sara  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def stamped(client: Client, article: Article, data: dict[str, Any], stamp: int, **changes: Any) -> dict[str, Any]:
    """What the server answers to a sending with the stamp of its window."""
    return dict(autosave(client, article, data, _stamp=str(stamp), **changes).json())


def headlines() -> list[str]:
    return [text.data["headline"][0] for text in UnsavedText.objects.order_by("pk")]


def test_an_older_sending_that_comes_later_replaces_nothing(client: Client, samer: User) -> None:
    article = make_draft(samer)
    data = form_data(client, change_url(article))
    stamped(client, article, data, 2000, headline="عنوان جديد")
    late = stamped(client, article, data, 1990, headline="عنوان قديم")
    assert (late["kept"], late["newest"], headlines()) == (True, 2000, ["عنوان جديد"])
    same = stamped(client, article, data, 2000, headline="عنوان جديد")
    assert ("newest" in same, headlines()) == (False, ["عنوان جديد"])
    stamped(client, article, data, 2001, headline="عنوان أجدّ")
    assert headlines() == ["عنوان أجدّ"]


def test_an_older_sending_that_says_nothing_removes_nothing(client: Client, samer: User) -> None:
    article = make_draft(samer)
    data = form_data(client, change_url(article))
    stamped(client, article, data, 2000, headline="عنوان جديد")
    assert stamped(client, article, data, 1990)["kept"] is False
    assert headlines() == ["عنوان جديد"]
    stamped(client, article, data, 2001)
    assert headlines() == []


def test_a_save_forgets_nothing_that_was_typed_after_it_left(client: Client, samer: User) -> None:
    article = make_draft(samer)
    data = form_data(client, change_url(article))
    stamped(client, article, data, 2000, headline="عنوان بعد الحفظ")
    assert send(client, article, data, headline="عنوان محفوظ", _stamp="1990").status_code == 302
    assert headlines() == ["عنوان بعد الحفظ"]


def test_what_a_form_could_not_save_is_newer_than_an_autosave_before_it(
    client: Client, samer: User, sara: User
) -> None:
    article = make_draft(samer)
    data = form_data(client, change_url(article))
    save_past_the_form(article, sara, headline="عنوان سارة")
    assert send(client, article, data, headline="عنوان مرسل", _stamp="2000").status_code == 409
    stamped(client, article, data, 1990, headline="عنوان قديم")
    assert headlines() == ["عنوان مرسل"]


def test_a_page_without_script_has_the_last_word(client: Client, samer: User) -> None:
    article = make_draft(samer)
    for headline in ("عنوان أول", "عنوان ثان"):
        unsaved.keep(samer, {"headline": [headline]}, story=article, window="a" * 32)
    assert headlines() == ["عنوان ثان"]


@pytest.mark.parametrize("stamp", ["", "x", "-5", "٢٠٠٠", "9" * 16, "1.5"])
def test_a_stamp_that_is_none_is_as_none(client: Client, samer: User, stamp: str) -> None:
    article = make_draft(samer)
    assert autosave(client, article, form_data(client, change_url(article)), headline="عنوان", _stamp=stamp).json()[
        "kept"
    ]
    assert UnsavedText.objects.get().stamp == 0


def test_windows_are_not_ordered_by_the_clocks_of_other_windows(client: Client, samer: User) -> None:
    article = make_draft(samer)
    fast, slow = form_data(client, change_url(article)), form_data(client, change_url(article))
    stamped(client, article, fast, 9_000_000_000_000, headline="عنوان بساعة متقدمة")
    assert stamped(client, article, slow, 1000, headline="عنوان بساعة متأخرة")["kept"] is True
    assert headlines() == ["عنوان بساعة متقدمة", "عنوان بساعة متأخرة"]


def test_saving_what_was_brought_back_leaves_what_was_typed_there_since(client: Client, samer: User) -> None:
    article = make_draft(samer)
    elsewhere = form_data(client, change_url(article))
    stamped(client, article, elsewhere, 2000, headline="عنوان من المكتب")
    fresh = form_data(client, change_url(article))
    form = page_of(client.post(change_url(article), fresh | {"_bring_back": str(UnsavedText.objects.get().pk)}))
    stamped(client, article, elsewhere, 3000, headline="عنوان آخر من المكتب")
    assert send(client, article, form).status_code == 302
    assert headlines() == ["عنوان آخر من المكتب"]


def test_a_copy_out_of_the_browser_keeps_its_time(client: Client, samer: User, clock: Traveller) -> None:
    article = make_draft(samer)
    data = form_data(client, change_url(article))
    typed = int(timezone.now().timestamp()) - 3600
    stamped(client, article, data, typed * 1000, headline="عنوان", _adopt="1")
    assert UnsavedText.objects.get().saved_at.timestamp() == typed
    for later in (typed * 1000 + 999_999_999, 999_999_999_999_999):
        stamped(client, article, data, later, headline="عنوان", _adopt="1")
        assert UnsavedText.objects.get().saved_at == timezone.now()


def full(user: User, article: Article) -> None:
    for number in range(unsaved.MOST_TEXTS):
        unsaved.keep(user, {"headline": [f"عنوان {number}"]}, story=article, window=f"{number:08}")


def test_no_text_goes_because_of_a_newer_one(client: Client, samer: User) -> None:
    article = make_draft(samer)
    full(samer, article)
    data = form_data(client, change_url(article))
    answer = autosave(client, article, data, headline="عنوان زائد").json()
    assert (answer["kept"], bool(answer["status"])) == (False, True)
    assert headlines() == [f"عنوان {number}" for number in range(unsaved.MOST_TEXTS)]
    assert autosave(client, article, data, headline="عنوان أول", window="00000000").json()["kept"] is True
    assert "عنوان أول" in headlines()


def test_what_says_nothing_any_more_makes_room(client: Client, samer: User, sara: User) -> None:
    article = make_draft(samer)
    full(samer, article)
    save_past_the_form(article, samer, headline="عنوان 7")
    data = form_data(client, change_url(article))
    assert autosave(client, article, data, headline="عنوان زائد").json()["kept"] is True
    assert "عنوان 7" not in headlines()
    assert UnsavedText.objects.count() == unsaved.MOST_TEXTS


def test_what_others_keep_takes_no_room(client: Client, samer: User, sara: User) -> None:
    article = make_draft(samer)
    full(sara, article)
    assert autosave(client, article, form_data(client, change_url(article)), headline="عنوان").json()["kept"] is True


def test_one_text_too_many_is_not_put_aside_for_an_older_one(client: Client, samer: User) -> None:
    article = make_draft(samer)
    full(samer, article)
    fresh = form_data(client, change_url(article)) | {"headline": "عنوان زائد"}
    older = UnsavedText.objects.get(window="00000000")
    response = client.post(change_url(article), fresh | {"_bring_back": str(older.pk)})
    assert page_of(response)["headline"] == "عنوان زائد"
    assert UnsavedText.objects.count() == unsaved.MOST_TEXTS


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer; its tests share one connection")
def test_of_sendings_at_one_moment_the_newest_stays(samer: User) -> None:
    article = make_draft(samer)

    def keep(stamp: int) -> None:
        data = {"headline": [f"عنوان {stamp}"], "_stamp": [str(stamp)]}
        try:
            unsaved.keep(samer, data, story=article, window="a" * 32)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(keep, [5, 8, 1, 7, 2, 6, 3, 4]))
    assert headlines() == ["عنوان 8"]
