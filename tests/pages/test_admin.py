from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from pages.models import NavigationItem, Page, Redirect, SiteSettings
from tests.articles.desk import errors_of, form_data
from tests.factories import make_page, make_site, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client: Client) -> Client:
    client.force_login(make_user(Role.CHIEF_EDITOR))
    return client


def post(client: Client, view: str, *args: Any, **changes: Any) -> Any:
    address = reverse(f"admin:{view}", args=args)
    return client.post(address, form_data(client, address) | changes)


@pytest.mark.parametrize("model", ["page", "navigationitem", "redirect", "sitesettings"])
@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.REPORTER, False),
        (Role.EDITOR, False),
        (Role.CHIEF_EDITOR, True),
        (Role.NEWSLETTER_EDITOR, False),
        (Role.ADMINISTRATOR, True),
    ],
)
def test_who_changes_the_site(client: Client, role: Role, may: bool, model: str) -> None:
    make_site()
    client.force_login(make_user(role))
    status = client.get(reverse(f"admin:pages_{model}_add")).status_code
    expected = 403 if model == "sitesettings" or not may else 200
    assert status == expected


def test_a_page_is_cleaned_and_gets_its_address_from_the_title(chief: Client) -> None:
    response = post(
        chief,
        "pages_page_add",
        title="من  نحن\u200b",
        slug="",
        body="<p onclick='x'>صحيفة<script>x</script></p>",
        is_public="on",
    )
    assert response.status_code == 302
    page = Page.objects.get()
    assert (page.title, page.slug, page.body) == ("من نحن", "من-نحن", "<p>صحيفة</p>")


def test_a_page_without_a_readable_title_is_refused_in_words(chief: Client) -> None:
    assert "slug" in errors_of(post(chief, "pages_page_add", title="؟!", slug=""))


def test_two_pages_never_share_an_address(chief: Client) -> None:
    make_page("من نحن", slug="من-نحن")
    assert "slug" in errors_of(post(chief, "pages_page_add", title="من نحن", slug=""))


def test_the_settings_are_one_row(chief: Client) -> None:
    make_site(name="مدار اليوم")
    answer = chief.get(reverse("admin:pages_sitesettings_changelist"))
    assert answer.status_code == 302
    assert answer.url == reverse("admin:pages_sitesettings_change", args=[1])
    assert post(chief, "pages_sitesettings_change", 1, name="مدار الغد").status_code == 302
    assert SiteSettings.objects.get().name == "مدار الغد"
    assert chief.get(reverse("admin:pages_sitesettings_add")).status_code == 403
    assert chief.post(reverse("admin:pages_sitesettings_delete", args=[1]), {"post": "yes"}).status_code == 403


def test_the_first_settings_can_be_written(chief: Client) -> None:
    answer = chief.get(reverse("admin:pages_sitesettings_changelist"))
    assert answer.url == reverse("admin:pages_sitesettings_add")
    assert post(chief, "pages_sitesettings_add", name="مدار اليوم").status_code == 302
    assert SiteSettings.objects.get().pk == 1


@pytest.mark.parametrize(
    "zone", ["Mars/Phobos", "../../etc/passwd", "", "localtime", "Factory", "Etc/GMT+3", "GMT", "posix/Asia/Damascus"]
)
def test_a_time_zone_that_does_not_exist_is_refused(chief: Client, zone: str) -> None:
    make_site()
    assert "time_zone" in errors_of(post(chief, "pages_sitesettings_change", 1, time_zone=zone))


@pytest.mark.parametrize("zone", ["UTC", "Asia/Riyadh", "America/Argentina/Buenos_Aires"])
def test_a_time_zone_is_an_area_and_a_place_or_utc(chief: Client, zone: str) -> None:
    make_site()
    assert post(chief, "pages_sitesettings_change", 1, time_zone=zone).status_code == 302
    assert SiteSettings.objects.get().time_zone == zone


def test_a_link_leads_to_a_page_or_to_an_address(chief: Client) -> None:
    page = make_page()
    both = post(chief, "pages_navigationitem_add", place="header", label="من نحن", page=page.pk, path="/p/x/")
    neither = post(chief, "pages_navigationitem_add", place="header", label="من نحن")
    assert errors_of(both)
    assert errors_of(neither)
    assert post(chief, "pages_navigationitem_add", place="header", label="من نحن", page=page.pk).status_code == 302
    assert NavigationItem.objects.get().page == page
    assert SiteSettings.objects.get().navigation_items.count() == 1


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_links_and_redirects_stay_on_this_site(chief: Client, path: str) -> None:
    assert "path" in errors_of(post(chief, "pages_navigationitem_add", place="header", label="x", path=path))
    assert "new_path" in errors_of(post(chief, "pages_redirect_add", old_path="/old/", new_path=path))


def test_redirects_do_not_turn_in_a_circle(chief: Client) -> None:
    assert post(chief, "pages_redirect_add", old_path="/a/", new_path="/b/").status_code == 302
    assert errors_of(post(chief, "pages_redirect_add", old_path="/b/", new_path="/a/"))
    assert errors_of(post(chief, "pages_redirect_add", old_path="/c/", new_path="/c/"))
    assert Redirect.objects.count() == 1


@pytest.mark.parametrize("back", ["/a/", "/a/?page=2", "/%61/#top"])
def test_a_circle_of_many_redirects_is_refused(chief: Client, back: str) -> None:
    steps = ["/a/", "/b/", "/c/", "/d/"]
    for old, new in zip(steps, steps[1:], strict=False):
        assert post(chief, "pages_redirect_add", old_path=old, new_path=new).status_code == 302
    assert errors_of(post(chief, "pages_redirect_add", old_path="/d/", new_path=back))
    assert Redirect.objects.count() == 3
    last = Redirect.objects.get(old_path="/c/")
    assert errors_of(post(chief, "pages_redirect_change", last.pk, new_path=back))
    assert post(chief, "pages_redirect_change", last.pk, new_path="/e/").status_code == 302


def test_a_circle_made_elsewhere_ends_the_search(chief: Client) -> None:
    Redirect.objects.create(old_path="/x/", new_path="/y/")
    Redirect.objects.create(old_path="/y/", new_path="/x/")
    assert post(chief, "pages_redirect_add", old_path="/a/", new_path="/x/").status_code == 302


@pytest.mark.parametrize("title", ["", "؟!", "و" * 300])
def test_a_title_that_fails_brings_no_sentence_of_the_database(chief: Client, title: str) -> None:
    errors = errors_of(post(chief, "pages_page_add", title=title, slug=""))
    assert len(errors) == 1
    assert "__all__" not in errors
