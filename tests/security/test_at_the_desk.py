"""What a member of staff sends by hand brings no right that the role has not (checklist A1-A9, D9).

Who may ask for which address at all: tests/house/test_role_matrix.py.
"""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from accounts.roles import Role
from articles.enums import Status
from articles.models import Article, Author, Byline, Section, Source, Tag
from tests.articles.desk import change_url, form_data, inline_row
from tests.factories import make_article, make_author, make_section, make_source, make_tag, make_user
from tests.house.files import found, our_python, our_templates
from tests.house.matrix_requests import staff_addresses
from tests.security.hidden import texts
from tests.security.routes import views

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
REGISTERED = admin.site._registry
# Which actions lists have, and what says who may run them.
ACTIONS = {Tag: {"merge_selected": "articles.tag_merging.may_merge"}}
# A day and an hour that somebody sends.
DAY = ("2020-01-01", "10:00")
# Lookups that a database cannot answer quickly or at all, and those that guess a secret letter by letter.
LOOKUPS = """
    headline__regex=(a%2B)%2B%24 headline__iregex=( headline__regex=( id__range=1 id__in=a,b body__contains=x
    created_by__password__startswith=p bylines__author__name__regex=. section__articles__headline__startswith=x
    publish_at__year=0 publish_at__year=10000 pk__gt=abc _connector=OR%201=1 order_by=created_by__password
    working_copy_of__headline__startswith=x revisions__data__headline=x preview_links__key__startswith=a
""".split()


def signed_in(client: Client, *roles: str, **fields: Any) -> User:
    user = make_user(*roles, **{"is_staff": True} | fields)
    client.force_login(user)
    return user


# A1, A2: nothing is published but by the deed


@pytest.mark.parametrize("role", [Role.REPORTER, Role.NEWSLETTER_EDITOR])
def test_no_field_that_is_sent_makes_a_draft_public(client: Client, role: Role) -> None:
    user = signed_in(client, role)
    article = make_article(published=False, created_by=user)
    boss = make_author("رئيسة التحرير")
    machinery = dict.fromkeys(("_publish", "_save", "_approve", "version", "created_by", "is_published"), "1")
    times = {f"{name}_{part}": value for name in ("published_at", "publish_at") for part, value in enumerate(DAY)}
    forged = machinery | times | {"status": "approved", "state": "published", "author": boss.pk, "headline": "عنوان"}
    for address in (change_url(article), LIST, f"{change_url(article)}?_publish=1", "/admin/articles/article/add/"):
        assert client.post(address, forged).status_code in {200, 302, 400, 403, 404, 405, 409}
    article.refresh_from_db()
    assert (article.status, article.publish_at, article.published_at) == (Status.DRAFT, None, None)
    assert (article.created_by, article.bylines.count()) == (user, 0)
    assert not Article.objects.published().exists()


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_no_list_is_edited_in_place_and_actions_have_a_guard(model: type[Model]) -> None:
    pages = REGISTERED[model]
    assert not pages.list_editable
    named = {getattr(one, "__name__", one) for one in pages.actions or ()}
    assert named == set(ACTIONS.get(model, ())), "say in ACTIONS what guards it"


@pytest.mark.parametrize("role", [None, *Role])
def test_no_list_runs_an_action_that_its_reader_is_not_offered(client: Client, role: str | None) -> None:
    """Every action by every role on every list, with rows that are there: only who may merge tags gets anywhere."""
    user = signed_in(client, *([role] if role else []))
    rows = [make_article(published=False, created_by=user), make_author(), make_source(), make_section(), make_tag()]
    before = {type(row): set(type(row)._default_manager.values_list("pk", flat=True)) for row in rows}
    for row in rows:
        address = reverse(f"admin:articles_{row._meta.model_name}_changelist")
        for action in ("delete_selected", "publish", "approve", "merge_selected", "__class__"):
            sent = {"action": action, "_selected_action": [row.pk], "index": "0", "post": "yes", "select_across": "1"}
            assert client.post(address, sent).status_code < 500
    assert {model: set(model._default_manager.values_list("pk", flat=True)) for model in before} == before
    assert Article.objects.get(pk=rows[0].pk).status == Status.DRAFT


# A4: rows that no form of the page has


@pytest.mark.parametrize("model", [Article, Author, Source, Tag, Section])
def test_a_list_makes_and_changes_no_row(client: Client, model: type[Model]) -> None:
    signed_in(client, Role.CHIEF_EDITOR)
    make = {Article: make_article, Author: make_author, Source: make_source, Tag: make_tag, Section: make_section}[
        model
    ]
    row: Any = make()
    before = list(model._default_manager.values())
    values = {"name": "مزور", "headline": "مزور", "status": "approved", "slug": "x"}
    forged = {f"form-{number}-{name}": value for number in range(2) for name, value in values.items()}
    forged |= {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "1", "form-0-id": row.pk, "form-1-id": "", "_save": "1"}
    assert client.post(reverse(f"admin:articles_{model._meta.model_name}_changelist"), forged).status_code < 500
    assert list(model._default_manager.values()) == before


@pytest.mark.parametrize("model", [Author, Source, Tag, Section])
def test_no_row_is_saved_as_a_new_one(client: Client, model: type[Model]) -> None:
    signed_in(client, Role.CHIEF_EDITOR)
    make = {Author: make_author, Source: make_source, Tag: make_tag, Section: make_section}[model]
    row: Any = make()
    address = reverse(f"admin:articles_{model._meta.model_name}_change", args=[row.pk])
    assert client.post(address, form_data(client, address) | {"_saveasnew": "1", "name": "نسخة"}).status_code == 400
    assert model._default_manager.count() == 1


def test_inlines_of_other_models_are_not_there(client: Client) -> None:
    """Rows of what the form has no inline for, under the names that Django would give them."""
    user = signed_in(client, Role.REPORTER)
    article = make_article(published=False, created_by=user)
    forged: dict[str, Any] = {}
    for prefix in (
        "comments",
        "revisions",
        "preview_links",
        "corrections",
        "live_updates",
        "slots",
        "deliveries",
        "groups",
    ):
        forged |= inline_row(prefix, article=article.pk, note="x", text="x", headline="x", key="x", kind="correction")
        forged[f"{prefix}-INITIAL_FORMS"] = "0"
    client.post(change_url(article), form_data(client, change_url(article)) | forged | {"_continue": "1"})
    related = ("comments", "preview_links", "corrections")
    assert {name: getattr(article, name).count() for name in related} == dict.fromkeys(related, 0)


def test_a_byline_of_another_article_is_neither_moved_nor_deleted(client: Client) -> None:
    user = signed_in(client, Role.REPORTER)
    mine, other = make_article(published=False, created_by=user), make_article(authors=(make_author("ليلى"),))
    row = other.bylines.get()
    for extra in ({}, {"DELETE": "on"}):
        forged = inline_row("bylines", id=row.pk, article=mine.pk, author=row.author_id, role="writing", **extra)
        data = form_data(client, change_url(mine)) | forged | {"bylines-INITIAL_FORMS": "1", "_continue": "1"}
        assert client.post(change_url(mine), data).status_code < 500
    assert Byline.objects.get(pk=row.pk).article == other


@pytest.mark.parametrize("field", ["created_by__password", "password", "headline", "id__regex", "body"])
def test_no_popup_reads_a_column_of_a_row(client: Client, field: str) -> None:
    """`_to_field` makes a popup hand back any column of the row that it saved."""
    signed_in(client, Role.CHIEF_EDITOR)
    author = make_author("ليلى")
    address = reverse("admin:articles_author_change", args=[author.pk])
    for query in (f"?_popup=1&_to_field={field}", f"?_to_field={field}"):
        answer = client.get(address + query)
        assert answer.status_code == 400, query
        assert "correct horse" not in answer.content.decode()


# A6: lookups


@pytest.mark.parametrize("lookup", LOOKUPS)
def test_a_list_answers_no_lookup_of_the_address(client: Client, lookup: str) -> None:
    signed_in(client, Role.CHIEF_EDITOR)
    make_article("عنوان سري", published=False)
    answer = client.get(f"{LIST}?{lookup}")
    assert answer.status_code in {302, 400}
    if answer.status_code == 302:
        assert answer.url == f"{LIST}?e=1"


# A8: delete


def test_what_stands_on_a_story_is_not_deleted_with_it(client: Client) -> None:
    """An author, a source and a section of what readers see stay, whoever asks."""
    signed_in(client, Role.CHIEF_EDITOR, is_superuser=True)
    author, source, section = make_author(), make_source(), make_section()
    story = make_article(authors=(author,), sources=(source,), section=section)
    for row in (author, source, section, story):
        address = reverse(f"admin:articles_{row._meta.model_name}_delete", args=[row.pk])
        assert client.post(address, {"post": "yes"}).status_code in {200, 403}
        assert type(row)._default_manager.filter(pk=row.pk).exists()
    assert story.bylines.count() == 1


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_no_list_deletes_several_rows_at_once(client: Client, model: type[Model]) -> None:
    signed_in(client, is_superuser=True)
    try:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    except NoReverseMatch:
        address = ""
    assert "delete_selected" not in (client.get(address, follow=True).content.decode() if address else "")


# A9: where signing in leads


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example/", "/\\evil.example", "https://evil.example/admin/", "javascript:alert(1)", "\\\\evil.example",
        "/\t/evil.example", "///evil.example", "https:evil.example", "http:///evil.example",
        "//evil.example@127.0.0.1:8000/",
        "\u202e//evil.example", "https://127.0.0.1:8000.evil.example/", "data:text/html,x",
    ],
)  # fmt: skip
def test_signing_in_and_out_leads_to_this_site_alone(client: Client, wanted: str) -> None:
    user = make_user(Role.REPORTER, username="salma", password="correct horse battery")
    sent = {"username": user.username, "password": "correct horse battery", "next": wanted}
    for query in ({}, {"QUERY_STRING": f"next={quote(wanted, safe='')}"}):
        answer = client.post(reverse("admin:login"), sent, **query)
        assert answer.status_code == 302
        assert re.match(r"/(?![/\\])", answer.url), answer.url
        assert "evil" not in answer.url
        out = client.post(reverse("admin:logout"), {"next": wanted})
        assert "evil" not in out.get("Location", "")


# D8, D9: questions past the gate


# Modules that may ask for more than the gate lets through. Every other module is taken for one that answers readers, a
# new one too.
BEHIND_THE_GATE = {
    "the desk: who asks is a member of staff": """
        as_typed calendar comparing forms front_board front_history front_timeline importing permissions picture_uses
        preview_links related_choices stages staffing work
    """,
    "deeds: they change what there is": """
        changes commenting front_desk publishing revisions tag_merging
    """,
    "clocks, counts and the index: they say when and how many, and show no word": """
        apps link_checking listing refreshing search/finding search/indexing turns
    """,
}
OF_STAFF = re.compile(r"\w+/(admin|management|filling)/.*|newsroom/sample(_coverage)?\.py")
UNGATED = r"\bArticle\.objects\b(?!\.(published|withdrawn|for_page|any_of)\()"
PAST_IT = r"\bArticle\._(default|base)_manager|\barticle_set\b|\.articles\.(all|filter|count|exists)\("


def test_what_readers_see_comes_through_the_gate_alone() -> None:
    """Modules that answer readers ask `Article.objects` for nothing but what is public or was withdrawn."""
    files = {name: text for name, text in our_python().items() if not OF_STAFF.fullmatch(name)}
    behind = {f"articles/{name}.py" for names in BEHIND_THE_GATE.values() for name in names.split()}
    assert {line.split(":")[0] for line in found(UNGATED, files)} == behind
    assert found(PAST_IT, files) == []
    readers = {name: text for name, text in our_templates().items() if "admin" not in name}
    assert found(r"article_set|\.articles\.(all|count)|\.working_copy\b", readers) == []


def test_views_for_readers_are_in_no_module_behind_the_gate() -> None:
    named = set(BEHIND_THE_GATE["the desk: who asks is a member of staff"].split()) - {"preview_links"}
    public = {callback.__module__ for route, callback in views() if route not in staff_addresses()}
    assert len(public) > 15
    assert public & {f"articles.{name}" for name in named} == set()


@pytest.mark.parametrize("roles", [(), (Role.REPORTER,), (Role.NEWSLETTER_EDITOR,)])
def test_no_way_of_the_desk_tells_the_title_or_address_of_a_hidden_draft(
    client: Client, roles: tuple[str, ...]
) -> None:
    signed_in(client, *roles)
    draft = make_article(published=False, **texts(1))
    kind = ContentType.objects.get_for_model(Article).pk
    query = {"app_label": "articles", "model_name": "relatedlink", "field_name": "target", "term": "zq1title"}
    for address, data in (
        (f"/admin/r/{kind}/{draft.pk}/", {}),
        (reverse("admin:autocomplete"), query),
        (reverse("admin:autocomplete"), query | {"term": "zq1slug"}),
        (LIST, {"q": "zq1title"}),
        (LIST, {"q": "zq1body"}),
        (change_url(draft), {}),
        (f"{LIST}{draft.pk}/", {}),
        (f"{LIST}{draft.pk}/history/", {}),
        (f"{LIST}{draft.pk}/delete/", {}),
        ("/admin/articles/calendar/", {}),
        ("/admin/", {}),
    ):
        answer = client.get(address, data, follow=True)
        # With its neighbours: the page of a list says what was looked for.
        shown = answer.content.decode() + str(answer.redirect_chain)
        assert not re.search(r"خبر zq1title|مقدمة zq1lead|متن zq1body|/zq1slug", shown), address
    assert client.get(f"/admin/r/{kind}/{draft.pk}/").status_code == 404
