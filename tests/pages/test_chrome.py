"""The frame round every page is made once for all pages that it fits."""

import pytest
from django.test import Client
from django.utils import timezone

from pages.models import NavigationItem, SiteSettings
from tests.factories import make_section, make_site

pytestmark = pytest.mark.django_db


def nav_of(page: str) -> str:
    return page.partition('<nav class="section-nav"')[2].partition("</nav>")[0]


def test_each_page_marks_its_own_link(client: Client) -> None:
    site = make_site()
    section = make_section()
    NavigationItem.objects.create(
        site_settings=site, place="header", label="قسم", path=section.get_absolute_url(), position=1
    )
    assert 'aria-current="page"' in nav_of(client.get(section.get_absolute_url()).content.decode())
    assert "aria-current" not in nav_of(client.get("/archive/").content.decode())
    assert 'aria-current="page"' in nav_of(client.get(section.get_absolute_url()).content.decode())


def test_a_new_name_shows_on_the_next_page(client: Client) -> None:
    make_site()
    client.get("/")
    SiteSettings.objects.update(name="صحيفة <أخرى>")
    page = client.get("/").content.decode()
    assert "صحيفة <b>&lt;أخرى&gt;</b>" in page


def test_the_day_at_the_head_is_that_of_the_clock(client: Client, clock) -> None:
    make_site()
    today = f'<time datetime="{timezone.now():%Y-%m-%d}">'
    assert today in client.get("/").content.decode()
    clock.shift(24 * 3600)
    page = client.get("/").content.decode()
    assert today not in page
    assert f'<time datetime="{timezone.now():%Y-%m-%d}">' in page
