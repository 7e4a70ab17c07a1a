"""Feeds for partners: who gets what, at which secret address, and how it is renewed."""

import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.roles import Role
from articles.enums import Origin
from articles.models import Correction, LiveUpdate, PartnerFeed
from articles.publishing import NotAllowed
from articles.renewing import renew_address
from audit.enums import Action
from audit.models import AuditEntry
from tests.articles.desk import form_data
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_section,
    make_site,
    make_source,
    make_tag,
    make_user,
    make_withdrawn,
)

pytestmark = pytest.mark.django_db

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


@pytest.fixture(autouse=True)
def site() -> None:
    make_site()


def make_partner(**fields: Any) -> PartnerFeed:
    return PartnerFeed.objects.create(**{"name": "إذاعة المدينة"} | fields)


def rss(client: Client, partner: PartnerFeed) -> list[ET.Element]:
    response = client.get(partner.get_absolute_url())
    assert response.status_code == 200
    return ET.fromstring(response.content).findall("channel/item")


def titles(client: Client, partner: PartnerFeed) -> list[str | None]:
    return [item.findtext("title") for item in rss(client, partner)]


# --- Rules


def test_partner_gets_all_public_stories_of_ours(client: Client) -> None:
    make_article("خبر منشور")
    make_article("مسودة", published=False)
    make_article("مجدول", at=timezone.now() + timedelta(hours=1))
    make_withdrawn(headline="مسحوب")
    assert titles(client, make_partner()) == ["خبر منشور"]


def test_sections_and_tags_choose(client: Client) -> None:
    economy, culture, wheat, bread = make_section("اقتصاد"), make_section("ثقافة"), make_tag("قمح"), make_tag("خبز")
    now = timezone.now()
    make_article("أول", section=economy, tags=(wheat, bread), at=now - timedelta(hours=1))
    make_article("ثان", section=culture, tags=(wheat,), at=now - timedelta(hours=2))
    make_article("ثالث", section=economy, at=now - timedelta(hours=3))
    partner = make_partner()
    partner.sections.add(economy)
    assert titles(client, partner) == ["أول", "ثالث"]
    partner.tags.add(wheat, bread)
    assert titles(client, partner) == ["أول"]
    partner.sections.add(culture)
    assert titles(client, partner) == ["أول", "ثان"]


def test_hours_leave_out_what_is_older(client: Client) -> None:
    make_article("جديد", at=timezone.now() - timedelta(hours=5))
    make_article("قديم", at=timezone.now() - timedelta(hours=7))
    assert titles(client, make_partner(hours=6)) == ["جديد"]


def test_at_most_so_many_stories(client: Client) -> None:
    for hours in (1, 2, 3):
        make_article(f"قبل {hours}", at=timezone.now() - timedelta(hours=hours))
    assert titles(client, make_partner(most_items=2)) == ["قبل 1", "قبل 2"]


def test_what_is_not_ours_is_passed_on_only_by_agreement(client: Client) -> None:
    now = timezone.now()
    for number, origin in enumerate(Origin):
        make_article(origin.value, origin=origin, at=now - timedelta(hours=number + 1))
    make_article("elsewhere", canonical_url="https://other.example/", at=now - timedelta(hours=9))
    assert titles(client, make_partner()) == ["own", "opinion"]
    # As they are: marks for their direction are for programs that show them.
    assert titles(client, make_partner(own_only=False)) == ["own", "agency", "translated", "opinion", "elsewhere"]


def test_picture_of_an_agency_is_not_passed_on_as_ours(client: Client) -> None:
    image = make_image(source=make_source("وكالة الصور"), caption="صورة الوكالة")
    make_article(lead_image=image)
    (item,) = rss(client, make_partner())
    assert item.find("enclosure") is None
    assert "صورة الوكالة" not in (item.findtext(CONTENT) or "")
    (item,) = rss(client, make_partner(own_only=False))
    assert item.find("enclosure") is not None


def test_picture_of_an_agency_in_the_text_is_not_passed_on_either(client: Client) -> None:
    ours, theirs = make_image(credit="هاني عيد"), make_image(source=make_source("وكالة الصور"), credit="")
    figure = '<figure class="image"><img src="{}" alt="سوق"></figure>'
    make_article(body="".join(figure.format(image.url(640)) for image in (ours, theirs)))
    (item,) = rss(client, make_partner())
    assert ours.url(640) in (item.findtext(CONTENT) or "")
    assert theirs.url(640) not in (item.findtext(CONTENT) or "")
    (item,) = rss(client, make_partner(own_only=False))
    html = item.findtext(CONTENT) or ""
    assert theirs.url(640) in html
    # Each with the name of its owner.
    assert "هاني عيد" in html
    assert "وكالة الصور" in html


def test_full_text_or_the_standfirst_alone(client: Client) -> None:
    make_article(standfirst="المقدمة", body="<p>متن الخبر</p>")
    (item,) = rss(client, make_partner(is_full_text=True))
    assert "متن الخبر" in (item.findtext(CONTENT) or "")
    (item,) = rss(client, make_partner(is_full_text=False))
    assert item.find(CONTENT) is None
    assert item.findtext("description") == "المقدمة"


def test_the_setting_of_the_site_is_not_asked(client: Client) -> None:
    make_site(feeds_full_text=True)
    make_article()
    (item,) = rss(client, make_partner(is_full_text=False))
    assert item.find(CONTENT) is None


def test_json_has_the_same_stories(client: Client) -> None:
    make_article("خبر منشور")
    partner = make_partner()
    path = partner.get_absolute_url().replace("feed.xml", "feed.json")
    feed = json.loads(client.get(path).content)
    assert [item["title"] for item in feed["items"]] == ["خبر منشور"]
    assert feed["feed_url"] == f"http://127.0.0.1:8000{path}"


# --- The secret address


def test_unknown_and_closed_feeds_answer_alike(client: Client) -> None:
    closed = make_partner(name="شريك سابق", is_active=False)
    for name in ("feed.xml", "feed.json"):
        unknown, gone = client.get(f"/partners/{'x' * 32}/{name}"), client.get(f"/partners/{closed.key}/{name}")
        assert unknown.status_code == gone.status_code == 404
        assert "شريك سابق" not in gone.content.decode()


def test_secret_feed_is_kept_by_nobody_and_told_to_nobody(client: Client) -> None:
    response = client.get(make_partner().get_absolute_url())
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Cache-Control"].startswith("private")
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies


def test_every_partner_has_another_key() -> None:
    keys = {make_partner(name=f"شريك {number}").key for number in range(20)}
    assert len(keys) == 20
    assert min(map(len, keys)) >= 32


def test_new_address_ends_the_old_one_and_is_logged_without_the_key(client: Client) -> None:
    partner, chief = make_partner(), make_user(Role.CHIEF_EDITOR)
    old = partner.get_absolute_url()
    renew_address(partner, by=chief)
    assert client.get(old).status_code == 404
    assert client.get(partner.get_absolute_url()).status_code == 200
    entry = AuditEntry.objects.get(action=Action.ADDRESS_RENEWED)
    assert (entry.actor_id, entry.subject_title) == (chief.pk, "إذاعة المدينة")
    assert partner.key not in str(entry.__dict__)


def test_only_who_may_change_the_feed_renews_its_address() -> None:
    partner = make_partner()
    key = partner.key
    with pytest.raises(NotAllowed):
        renew_address(partner, by=make_user(Role.EDITOR))
    partner.refresh_from_db()
    assert partner.key == key


def test_number_of_stories_has_bounds() -> None:
    for number in (0, 101):
        with pytest.raises(ValidationError):
            PartnerFeed(name="شريك آخر", most_items=number).full_clean()


@pytest.mark.parametrize("full", [False, True])
def test_partner_feed_costs_the_same_at_one_and_three(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, full: bool
) -> None:
    section, tag = make_section(), make_tag()
    partner = make_partner(is_full_text=full)
    partner.sections.add(section)
    partner.tags.add(tag)
    for number in (1, 2):
        for _time in range(number):
            image = make_image(author=make_author())
            fields: dict[str, Any] = {"authors": (make_author(),), "sources": (make_source(),), "tags": (tag,)}
            article = make_article(section=section, lead_image=image, **fields)
            Correction.objects.create(article=article, note="تصحيح")
            LiveUpdate.objects.create(article=article, headline="تحديث")
        with django_assert_num_queries(8 if full else 7):
            client.get(partner.get_absolute_url())


# --- The desk


@pytest.fixture
def chief(client: Client) -> Client:
    client.force_login(make_user(Role.CHIEF_EDITOR))
    return client


def change(partner: PartnerFeed) -> str:
    return f"/admin/articles/partnerfeed/{partner.pk}/change/"


def test_form_shows_the_whole_address_and_no_field_for_the_key(chief: Client) -> None:
    partner = make_partner()
    page = chief.get(change(partner)).content.decode()
    assert f"http://127.0.0.1:8000{partner.get_absolute_url()}" in page
    assert f"http://127.0.0.1:8000/partners/{partner.key}/feed.json" in page
    assert 'name="key"' not in page
    assert partner.key not in chief.get("/admin/articles/partnerfeed/").content.decode()


def test_new_feed_is_made_with_its_rules(chief: Client) -> None:
    section, tag = make_section("اقتصاد"), make_tag("قمح")
    add = "/admin/articles/partnerfeed/add/"
    data = form_data(chief, add) | {"name": "إذاعة المدينة", "sections": [section.pk], "tags": [tag.pk], "hours": "٢٤"}
    assert chief.post(add, data).status_code == 302
    partner = PartnerFeed.objects.get()
    assert (list(partner.sections.all()), list(partner.tags.all()), partner.hours) == ([section], [tag], 24)
    assert partner.own_only


def test_renewing_asks_first_and_acts_on_post_alone(chief: Client) -> None:
    partner = make_partner()
    renew = f"/admin/articles/partnerfeed/{partner.pk}/renew/"
    assert renew in chief.get(change(partner)).content.decode()
    assert "إذاعة المدينة" in chief.get(renew).content.decode()
    assert PartnerFeed.objects.get().key == partner.key
    response = chief.post(renew, follow=True)
    assert "للخلاصة عنوان جديد. أرسله إلى الشريك." in response.content.decode()
    assert PartnerFeed.objects.get().key != partner.key
    assert "تجديد العنوان السري" in chief.get(f"/admin/articles/partnerfeed/{partner.pk}/history/").content.decode()


def test_editor_sees_no_partner_and_no_address(client: Client) -> None:
    partner = make_partner()
    client.force_login(make_user(Role.EDITOR))
    for path in (change(partner), f"/admin/articles/partnerfeed/{partner.pk}/renew/"):
        response = client.get(path)
        assert response.status_code == 403
        assert partner.key not in response.content.decode()
