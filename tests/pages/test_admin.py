import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format, get_format

from accounts.roles import Role
from newsletter.models import Subscriber
from newsroom.lib.forms import DateField
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
    assert "title" in errors_of(post(chief, "pages_page_add", title="؟!", slug=""))


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


@pytest.mark.parametrize("back", ["/a/", "/a", "/a/?page=2", "/%61/#top"])
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


def test_the_choices_of_digits_and_months_show_what_they_print(chief: Client) -> None:
    make_site()
    page = chief.get(reverse("admin:pages_sitesettings_change", args=[1])).content.decode()
    printed = (
        "٥ يوليو/تموز ٢٠٢٦",
        "٥ تموز ٢٠٢٦",
        "٥ يوليو ٢٠٢٦",
        "٥ جويلية ٢٠٢٦",
        "٥ يوليوز ٢٠٢٦",
        "5 يوليو/تموز 2026",
    )
    for example in printed:
        assert f"<bdi>{example}</bdi>" in page


def test_morocco_and_the_hijri_date_can_be_chosen(chief: Client) -> None:
    make_site()
    assert post(chief, "pages_sitesettings_change", 1, months="morocco", shows_hijri="on").status_code == 302
    settings = SiteSettings.objects.get()
    assert (settings.months, settings.shows_hijri) == ("morocco", True)


def test_lists_and_calendars_of_the_admin_name_the_months_of_the_site(chief: Client, clock: Any) -> None:
    make_site(months="levant", digits="arab")
    clock.move_to(datetime(2026, 11, 20, 6, 40, tzinfo=UTC))
    make_page()
    assert "٢٠ تشرين الثاني ٢٠٢٦، ٩:٤٠ صباحًا" in chief.get(reverse("admin:pages_page_changelist")).content.decode()
    words = json.loads(
        chief.get(reverse("admin:jsi18n"), headers={"accept": "*/*"})
        .content.decode()
        .split("newcatalog = ")[1]
        .split(";\n")[0]
    )
    assert (words["January"], words["November"]) == ("كانون الثاني", "تشرين الثاني")
    assert date_format(date(2026, 4, 3), "DATE_FORMAT") == "3 نيسان 2026"


def test_the_date_hierarchy_is_printed_as_the_site_prints(chief: Client, clock: Any) -> None:
    make_site(months="morocco", digits="arab")
    for day in (datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 7, 5, tzinfo=UTC)):
        Subscriber.objects.create(email=f"a{day.month}@example.com", created_at=day)
    chief.force_login(make_user(Role.ADMINISTRATOR))
    page = chief.get(reverse("admin:newsletter_subscriber_changelist")).content.decode()
    assert ">نونبر ٢٠٢٦</a>" in page
    assert ">يوليوز ٢٠٢٦</a>" in page


def test_weeks_begin_on_saturday_and_days_before_months() -> None:
    assert get_format("FIRST_DAY_OF_WEEK") == 6
    assert DateField().clean("03/05/2024") == date(2024, 5, 3)
    assert DateField().clean("٠٣/٠٥/٢٠٢٤") == date(2024, 5, 3)


@pytest.mark.parametrize("typed", ["خصوصيه", "سياسه الخصوصية", "الخصوصيّة سياسة"])
def test_pages_are_found_by_any_spelling(chief: Client, typed: str) -> None:
    page = make_page("سياسة الخصوصية")
    make_page("من نحن")
    found = chief.get(reverse("admin:pages_page_changelist"), {"q": typed}).context["cl"].result_list
    assert list(found) == [page]


def test_pages_stand_in_the_order_of_their_titles() -> None:
    titles = ["أعلن معنا", "الخصوصية", "Contact", "اتصل بنا"]
    for title in titles:
        make_page(title, slug=f"page-{titles.index(title)}")
    assert [page.title for page in Page.objects.all()] == ["Contact", "اتصل بنا", "أعلن معنا", "الخصوصية"]


@pytest.mark.parametrize("typed", ["العراق", "عراق جديد", "/وسم/العراق/"])
def test_redirects_are_found_by_both_addresses(chief: Client, typed: str) -> None:
    redirect = Redirect.objects.create(old_path="/وسم/العراق/", new_path="/tags/جديد/")
    Redirect.objects.create(old_path="/x/", new_path="/y/")
    found = chief.get(reverse("admin:pages_redirect_changelist"), {"q": typed}).context["cl"].result_list
    assert list(found) == [redirect]
