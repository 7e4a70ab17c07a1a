from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.roles import Role
from newsletter.consenting import record
from newsletter.enums import ConsentAction, ConsentPlace
from newsletter.erasing import erase
from newsletter.growth import DAYS, growth_of
from newsletter.models import ConsentRecord, MailingList
from tests.conftest import NOW
from tests.factories import make_mailing_list, make_site, make_subscription
from tests.newsletter.test_admin import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

DAY = timedelta(days=1)


@pytest.fixture
def mailing_list() -> MailingList:
    make_site()
    return make_mailing_list("نشرة الصباح")


def note(action: ConsentAction, *, at: datetime = NOW, name: str = "نشرة الصباح") -> None:
    """Of somebody who was erased since."""
    ConsentRecord.objects.create(
        address_hash="0" * 32, action=action, mailing_list_name=name, place=ConsentPlace.CONFIRMATION_PAGE, at=at
    )


def test_who_came_and_who_went_by_the_days_of_the_site(mailing_list: MailingList) -> None:
    note(ConsentAction.CONFIRMED)
    note(ConsentAction.IMPORTED)
    note(ConsentAction.CONFIRMED, at=NOW.replace(hour=20, minute=59) - DAY)
    note(ConsentAction.UNSUBSCRIBED, at=NOW.replace(hour=21) - DAY)  # Friday has begun in Damascus
    note(ConsentAction.REQUESTED)
    note(ConsentAction.CONFIRMED, name="نشرة المساء")
    make_subscription(mailing_list)
    growth = growth_of(mailing_list)
    assert (growth.confirmed, growth.came, growth.went, growth.imported) == (1, 2, 1, 1)
    today, yesterday = growth.rows
    assert (today.value, today.earlier) == (1, 1)
    assert (yesterday.value, yesterday.earlier) == (1, 0)
    assert today.label.startswith("الجمعة")


def test_whose_data_was_erased_has_gone(mailing_list: MailingList) -> None:
    leaving = make_subscription(mailing_list, email="a@example.com").subscriber
    gone = make_subscription(mailing_list, email="b@example.com").subscriber
    stranger = make_subscription(make_mailing_list(), email="c@example.com").subscriber
    for reader in (leaving, gone):
        record(reader, ConsentAction.CONFIRMED, place=ConsentPlace.CONFIRMATION_PAGE, mailing_list=mailing_list)
    record(gone, ConsentAction.UNSUBSCRIBED, place=ConsentPlace.UNSUBSCRIBE_PAGE, mailing_list=mailing_list)
    for reader in (leaving, gone, stranger):
        erase(reader)
    assert growth_of(mailing_list).went == 2


def test_ninety_days_and_not_one_more(mailing_list: MailingList) -> None:
    note(ConsentAction.CONFIRMED, at=NOW - (DAYS - 1) * DAY)
    note(ConsentAction.CONFIRMED, at=NOW - DAYS * DAY)
    growth = growth_of(mailing_list)
    assert growth.came == 1
    assert len(growth.columns) == DAYS
    assert len([column for column in growth.columns if column.tick]) <= 6


def test_the_page_of_the_list_shows_it_with_a_table(mailing_list: MailingList) -> None:
    address = f"/admin/newsletter/mailinglist/{mailing_list.pk}/change/"
    client: Client = signed_in(Role.NEWSLETTER_EDITOR)
    assert 'class="chart"' not in client.get(address).content.decode()
    note(ConsentAction.CONFIRMED)
    page = client.get(address).content.decode()
    assert page.count('class="chart"') == 1
    assert '<rect class="chart-bar"' in page


def test_it_asks_five_questions_however_many_came(mailing_list: MailingList, django_assert_num_queries: Any) -> None:
    for number in range(3):
        note(ConsentAction.CONFIRMED, at=NOW - number * DAY)
        growth_of(mailing_list)  # the site is known
        with django_assert_num_queries(5):
            growth_of(mailing_list)
