"""The page of the log: who sees it, what it shows, what it never does."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from time_machine import Traveller

from accounts.models import User
from accounts.roles import Role
from audit.admin import listing
from audit.enums import Action
from audit.models import AuditEntry
from audit.recording import log
from tests.factories import make_article, make_image, make_section, make_site, make_user

pytestmark = pytest.mark.django_db

LIST = reverse("admin:audit_auditentry_changelist")
EXPORT = reverse("admin:audit_auditentry_export")


@pytest.fixture
def administrator(client: Client) -> User:
    make_site(time_zone="Asia/Damascus")
    user = make_user(Role.ADMINISTRATOR, first_name="هدى")
    client.force_login(user)
    return user


def page_of(line: AuditEntry, name: str = "change") -> str:
    return reverse(f"admin:audit_auditentry_{name}", args=[line.pk])


def line(action: Action = Action.PUBLISHED, **fields: object) -> AuditEntry:
    return AuditEntry.objects.create(action=action, **fields)


def shown(client: Client, **query: str) -> list[str]:
    """The notes of the lines on the page, in their order."""
    return [entry.note for entry in client.get(LIST, query).context["cl"].result_list]


@pytest.mark.parametrize("role", Role)
def test_the_log_is_read_by_administrators_and_chief_editors(client: Client, role: Role) -> None:
    client.force_login(make_user(role))
    wanted = 200 if role in {Role.ADMINISTRATOR, Role.CHIEF_EDITOR} else 403
    assert client.get(LIST).status_code == wanted
    assert client.get(page_of(line(subject_title="سر"))).status_code == wanted


@pytest.mark.parametrize("role", Role)
def test_the_file_is_for_administrators_alone(client: Client, role: Role) -> None:
    client.force_login(make_user(role))
    is_allowed = role == Role.ADMINISTRATOR
    assert client.post(EXPORT).status_code == (200 if is_allowed else 403)
    assert AuditEntry.objects.filter(action=Action.EXPORTED).exists() is is_allowed
    assert (EXPORT in client.get(LIST).content.decode()) is is_allowed


def test_the_right_to_take_the_file_is_nothing_without_the_right_to_look(client: Client) -> None:
    user = make_user(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="export_auditentry"))
    client.force_login(user)
    assert client.post(EXPORT).status_code == 403


def test_nobody_writes_in_the_log(client: Client) -> None:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    entry = line(note="كما كان")
    assert client.get(reverse("admin:audit_auditentry_add")).status_code == 403
    assert client.post(reverse("admin:audit_auditentry_add"), {"action": "published"}).status_code == 403
    assert client.post(page_of(entry), {"note": "غيره"}).status_code == 403
    assert client.post(page_of(entry, "delete"), {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"})
    assert [entry.note for entry in AuditEntry.objects.all()] == ["كما كان"]


def test_a_line_shows_what_it_knows(client: Client, administrator: User, clock: Traveller) -> None:
    section = make_section("اقتصاد")
    log(Action.CHANGED, by=administrator, subject=section, before="draft", after="in_review", note="الاسم")
    for address in (LIST, page_of(AuditEntry.objects.get())):
        text = client.get(address).content.decode()
        for words in ("هدى", "اقتصاد", "مسودة ← قيد المراجعة", "الاسم", "٩:٤٠"):
            assert words in text, (address, words)


def test_markup_in_names_and_titles_is_text(client: Client, administrator: User) -> None:
    markup = "<b>x</b>"
    entry = line(
        actor_name=markup, subject_type="articles.article", subject_title=markup, before=markup, note=markup,
        user_agent=markup,
    )  # fmt: skip
    for address in (LIST, page_of(entry)):
        assert markup not in client.get(address).content.decode()


def test_a_line_leads_to_what_its_reader_may_see_and_what_is_still_there(client: Client) -> None:
    article, section, image = make_article(), make_section(), make_image()
    for subject in (article, section, image, make_user()):
        log(Action.CHANGED, by=None, subject=subject)
    line(subject_type="articles.article", subject_id="999999", subject_title="محذوفة")
    line(subject_type="gone.model", subject_id="x", subject_title="من زمن آخر")
    line(subject_type="articles.section", subject_id="ليس رقمًا", subject_title="غريب")
    client.force_login(make_user(Role.CHIEF_EDITOR))
    text = client.get(LIST).content.decode()
    for subject in (article, section, image):
        assert reverse(f"admin:{subject._meta.label_lower.replace('.', '_')}_change", args=[subject.pk]) in text
    assert "/admin/accounts/user/" not in text
    assert "/999999/" not in text
    assert "من زمن آخر" in text


def test_as_many_queries_for_three_lines_as_for_one(client: Client, administrator: User) -> None:
    counts = []
    for number in (1, 2):
        for _ in range(number):
            log(Action.CHANGED, by=administrator, subject=make_article())
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    counting = [sql for query in queries if "COUNT" in (sql := query["sql"]) and AuditEntry._meta.db_table in sql]
    assert counting
    assert all("LIMIT" in sql for sql in counting)


def test_a_long_log_is_counted_up_to_a_bound(
    client: Client, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_LINES", 3)
    for _ in range(3):
        line()
    response = client.get(LIST)
    assert (response.context["cl"].result_count, response.context["cl"].paginator.has_more) == (3, False)
    line()
    response = client.get(LIST)
    assert (response.context["cl"].result_count, response.context["cl"].paginator.has_more) == (3, True)


# Filters and search


def test_filters_narrow_the_list(client: Client, administrator: User) -> None:
    other = make_user()
    line(Action.PUBLISHED, actor=administrator, actor_name="هدى", subject_type="articles.article", note="1")
    line(Action.CHANGED, actor=administrator, actor_name="هدى", subject_type="articles.section", note="2")
    line(Action.CHANGED, actor=other, actor_name="غيرها", subject_type="articles.article", note="3")
    assert shown(client, action="changed") == ["3", "2"]
    assert shown(client, actor=str(administrator.pk)) == ["2", "1"]
    assert shown(client, subject_type="articles.article") == ["3", "1"]
    assert shown(client, action="changed", actor=str(other.pk), since="", until="") == ["3"]
    assert shown(client, o="0") == ["1", "2", "3"]


def test_both_days_are_whole_days_of_the_newsroom(client: Client, administrator: User, clock: Traveller) -> None:
    for moment in ("2026-11-18 20:59Z", "2026-11-18 21:00Z", "2026-11-19 20:59Z", "2026-11-19 21:00Z"):
        clock.move_to(moment)
        line(note=moment[8:16])
    clock.move_to("2026-11-20 06:40Z")
    client.force_login(administrator)
    assert shown(client, since="2026-11-19", until="2026-11-19") == ["19 20:59", "18 21:00"]
    assert shown(client, since="٢٠٢٦-١١-٢٠") == ["19 21:00"]


@pytest.mark.parametrize(
    "query",
    [
        {"since": "2026-11-99"},
        {"until": "9999-12-31"},
        {"since": "0001-01-01"},
        {"action": "nonsense"},
        {"actor": "x"},
        {"actor": "9" * 30},
        {"subject_type": "auth.nonsense"},
    ],
)
def test_a_filter_with_a_mistake_shows_nothing_and_says_why(
    client: Client, administrator: User, query: dict[str, str]
) -> None:
    line()
    response = client.get(LIST, query)
    assert list(response.context["cl"].result_list) == []
    assert "errorlist" in response.content.decode()


def test_a_word_is_found_however_it_is_spelled(client: Client, administrator: User) -> None:
    line(actor_name="إيمان القاسم", subject_title="مدرسةٌ جديدة", note="1")
    line(actor_name="سامر", subject_title="مدرسة قديمة", note="2")
    assert shown(client, q="ايمان") == ["1"]
    assert shown(client, q="مدرسه") == ["2", "1"]
    assert shown(client, q="سامر مدرسة") == ["2"]
    assert shown(client, q="%") == ["2", "1"]


def test_the_filter_keeps_the_search_and_the_search_keeps_the_filter(client: Client, administrator: User) -> None:
    text = client.get(LIST, {"q": "سامر", "action": "published"}).content.decode()
    assert '<input type="hidden" name="q" value="سامر">' in text
    assert '<input type="hidden" name="action" value="published">' in text


# The file


def test_the_file_holds_the_lines_of_the_list_and_is_logged(client: Client, administrator: User) -> None:
    line(Action.CHANGED, note="نعم")
    line(Action.PUBLISHED, note="لا")
    response = client.post(f"{EXPORT}?action=changed&q=")
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    assert "نعم" in text
    assert "لا\r\n" not in text
    assert text.count("\r\n") == 2
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="log-20')
    entry = AuditEntry.objects.get(action=Action.EXPORTED)
    assert (entry.actor, entry.note, entry.address) == (administrator, "action: changed", "127.0.0.1")


def test_the_file_shows_the_time_of_the_newsroom(client: Client, administrator: User, clock: Traveller) -> None:
    line()
    client.force_login(administrator)
    text = b"".join(client.post(EXPORT).streaming_content).decode()
    assert "2026-11-20 09:40:00" in text


def test_the_file_is_not_for_a_link(client: Client, administrator: User) -> None:
    assert client.get(EXPORT).status_code == 405
    assert not AuditEntry.objects.filter(action=Action.EXPORTED).exists()


def test_a_page_that_is_not_there_is_no_file(client: Client, administrator: User) -> None:
    AuditEntry.objects.bulk_create(AuditEntry(action=Action.PUBLISHED) for _ in range(101))
    assert client.post(f"{EXPORT}?p=9").status_code == 400


def test_the_file_needs_a_token_against_forgery(administrator: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    assert client.post(EXPORT).status_code == 403
    assert not AuditEntry.objects.filter(action=Action.EXPORTED).exists()


def test_roles_are_changed_in_the_log_too(client: Client) -> None:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    group = Group.objects.get(name=Role.EDITOR)
    client.post(reverse("admin:auth_group_change", args=[group.pk]), {"name": "editor", "permissions": []})
    assert AuditEntry.objects.about(group).get().action == Action.CHANGED


@pytest.mark.parametrize("typed", ["عراق", "والعراق", "العراق سوق"])
def test_lines_are_found_with_or_without_the_article(client: Client, administrator: User, typed: str) -> None:
    log(Action.ADDED, by=administrator, subject=make_article("سوق العراق"))
    log(Action.ADDED, by=administrator, subject=make_article("ميناء المدينة"))
    found = client.get(LIST, {"q": typed}).context["cl"].result_list
    assert [entry.subject_title for entry in found] == ["سوق العراق"]
