"""Who sees what of the newspaper in the admin."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from articles import publishing
from articles.enums import Status
from articles.models import Article, CheckLevel, FrontSlot, Revision, Tag
from articles.search.indexing import index
from newsletter.models import Delivery
from tests.articles.desk import add_url, change_url, form_data, inline_row, save
from tests.factories import make_article, make_author, make_indexed, make_tag, make_user, make_withdrawn

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
SECRET = "عنوان سري لم يُنشر"


def sign_in(client: Client, role: Role) -> Any:
    user = make_user(role)
    client.force_login(user)
    return user


def hidden_from_reporters() -> list[Article]:
    return [
        make_article(SECRET, published=False),
        make_article(SECRET, published=False, status=Status.IN_REVIEW),
        make_withdrawn(headline=SECRET),
    ]


@pytest.mark.parametrize("role", [Role.REPORTER, Role.NEWSLETTER_EDITOR])
def test_drafts_of_others_are_hidden_on_every_path(client: Client, role: Role) -> None:
    sign_in(client, role)
    for article in hidden_from_reporters():
        for name in ("change", "history", "delete"):
            address = reverse(f"admin:articles_article_{name}", args=[article.pk])
            for response in (
                client.get(address, follow=True),
                client.post(address, {"post": "yes"}, follow=True),
            ):
                assert SECRET not in response.content.decode()
        assert Article.objects.filter(pk=article.pk).exists()
    assert SECRET not in client.get(LIST).content.decode()


def test_autocomplete_shows_what_the_list_shows(client: Client) -> None:
    query = {"app_label": "articles", "model_name": "relatedlink", "field_name": "target", "term": "سري"}
    article = hidden_from_reporters()[0]
    index([article.pk])
    sign_in(client, Role.REPORTER)
    assert client.get(reverse("admin:autocomplete"), query).json()["results"] == []
    sign_in(client, Role.EDITOR)
    found = client.get(reverse("admin:autocomplete"), query).json()["results"]
    assert str(article.pk) in {row["id"] for row in found}


@pytest.mark.parametrize(
    ("model", "field"),
    [("taggedarticle", "tag"), ("byline", "author"), ("attribution", "source"), ("relatedlink", "target")],
)
def test_autocomplete_is_for_those_who_may_look(client: Client, model: str, field: str) -> None:
    query = {"app_label": "articles", "model_name": model, "field_name": field}
    client.force_login(make_user(is_staff=True))
    assert client.get(reverse("admin:autocomplete"), query).status_code == 403


def test_the_admins_redirect_to_the_site_is_off(client: Client) -> None:
    sign_in(client, Role.REPORTER)
    draft = hidden_from_reporters()[0]
    response = client.get(f"/admin/r/1/{draft.pk}/")
    assert response.status_code == 404


def test_tags_are_proposed_by_any_spelling(client: Client) -> None:
    tag = make_tag("إدلب")
    tag.aliases.create(name="محافظة الشمال")
    sign_in(client, Role.REPORTER)
    query = {"app_label": "articles", "model_name": "taggedarticle", "field_name": "tag"}
    for term in ("ادل", "إدلِب", "الشمال"):
        found = client.get(reverse("admin:autocomplete"), query | {"term": term}).json()["results"]
        assert [row["text"] for row in found] == ["إدلب"], term


@pytest.mark.parametrize("typed", ["افتتاح المكتبه", "إفتتاحُ المَكتبة", "افتتـــاح"])
def test_headlines_are_found_however_they_are_spelled(client: Client, typed: str) -> None:
    make_indexed("افتتاح المكتبة العامة")
    make_indexed("سباق الدراجات")
    sign_in(client, Role.EDITOR)
    assert [str(a) for a in client.get(LIST, {"q": typed}).context["cl"].result_list] == ["افتتاح المكتبة العامة"]


@pytest.mark.parametrize("stage", ["draft", "in_review", "approved", "scheduled", "published", "withdrawn"])
def test_each_stage_has_its_filter(client: Client, stage: str, clock: Any) -> None:
    make_article(published=False)
    make_article(published=False, status=Status.IN_REVIEW)
    make_article(published=False, status=Status.APPROVED)
    make_article(at=timezone.now() + timedelta(hours=1))
    make_article()
    make_withdrawn()
    sign_in(client, Role.EDITOR)
    rows = client.get(LIST, {"stage": stage}).context["cl"].result_list
    assert len(rows) == 1


@pytest.mark.parametrize(
    "query",
    [
        "headline__regex=(a%2B)%2B%24",
        "headline__iregex=(",
        "id__range=1",
        "created_by__password__startswith=m",
        "headline__startswith=x",
        "body__icontains=x",
        "section__articles__body__contains=x",
        "status__exact=draft",
        "utm_source=x",
    ],
)
def test_only_lookups_of_the_filters_are_answered(client: Client, query: str) -> None:
    sign_in(client, Role.EDITOR)
    assert client.get(f"{LIST}?{query}").status_code == 400


@pytest.mark.parametrize(
    "query", ["stage=nonsense", "section__id__exact=1", "mine=1", "origin__exact=own", "o=1.2", "q=x"]
)
def test_filters_answer(client: Client, query: str) -> None:
    sign_in(client, Role.EDITOR)
    assert client.get(f"{LIST}?{query}").status_code == 200


@pytest.mark.parametrize("value", ["abc", "9" * 23, "-1", "٣"])
def test_nonsense_in_a_filter_is_no_crash(client: Client, value: str) -> None:
    sign_in(client, Role.EDITOR)
    assert client.get(LIST, {"section__id__exact": value}).status_code in {200, 302}


def test_our_lists_have_no_actions_and_nothing_editable() -> None:
    for model, model_admin in admin.site._registry.items():
        assert not model_admin.save_as, model
        assert not model_admin.list_editable, model
        if model is Tag:  # leads to a page that asks first
            assert model_admin.actions == ("merge_selected",)
        elif model is not Group:  # Django's own page, for superusers alone
            assert not model_admin.actions, model


def test_no_action_anywhere_runs_without_a_permission() -> None:
    for model_admin in admin.site._registry.values():
        for action in model_admin.actions or ():
            deed = getattr(model_admin, action) if isinstance(action, str) else action
            assert getattr(deed, "allowed_permissions", None), action
    for name, action in admin.site.actions:
        assert getattr(action, "allowed_permissions", None), name


def test_the_list_makes_the_same_queries_for_one_row_and_for_three(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    counts = []
    for _ in range(2):
        make_article(authors=(make_author(),), created_by=make_user())
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
        make_article(created_by=make_user(), authors=(make_author(),))
    assert counts[0] == counts[1]


def test_a_long_list_is_not_counted_again_at_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.admin.listing.MOST_LINES", 2)
    monkeypatch.setattr("articles.admin.story_list.MOST_LINES", 2)
    sign_in(client, Role.EDITOR)
    for _ in range(3):
        make_article()
    shown = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(LIST)
        counted = [query for query in queries if "COUNT(*) FROM (SELECT" in query["sql"]]
        shown.append((len(counted), page.context["cl"].paginator.has_more, page.context["cl"].result_count))
    assert shown == [(1, True, 2), (0, True, 2)]


def test_a_reader_of_the_form_sees_the_text_and_no_editor(client: Client) -> None:
    sign_in(client, Role.REPORTER)
    response = client.get(change_url(make_article(body="<p>نص <strong>مهم</strong></p>")))
    page = response.content.decode()
    assert "<p>نص <strong>مهم</strong></p>" in page
    assert 'name="_continue"' not in page
    assert "ckeditor" not in page
    assert "'unsafe-inline'" not in response.headers["Content-Security-Policy"]


def test_only_the_two_forms_with_the_editor_have_a_looser_policy(client: Client) -> None:
    client.force_login(make_user(is_staff=True, is_superuser=True))
    article = make_article(published=False)
    loose = set()
    for name in (pattern.name for pattern in admin.site.urls[0] if getattr(pattern, "name", None)):
        if name in {"logout", "autocomplete", "jsi18n"}:
            continue
        response = client.get(reverse(f"admin:{name}")) if name != "app_list" else None
        if response is not None and "'unsafe-inline'" in response.headers["Content-Security-Policy"]:
            loose.add(name)
    # Deliveries have neither forms nor a list; the front page and the checks have one page each.
    assert all(reverse(f"admin:articles_{name}_changelist") for name in ("frontslot", "checklevel"))
    for model in admin.site._registry.keys() - {Delivery, FrontSlot, CheckLevel}:
        prefix = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        for name, args in (("changelist", []), ("add", []), ("change", [article.pk])):
            response = client.get(reverse(f"{prefix}_{name}", args=args))
            if "'unsafe-inline'" in response.headers["Content-Security-Policy"]:
                loose.add(f"{prefix}_{name}".removeprefix("admin:"))
    assert loose == {"articles_article_add", "articles_article_change", "pages_page_add"}


def test_who_wrote_it_is_set_on_adding_and_never_after(client: Client) -> None:
    reporter, boss = sign_in(client, Role.REPORTER), make_user(Role.CHIEF_EDITOR)
    data = form_data(client, add_url()) | {"headline": "خبر", "created_by": boss.pk, "_continue": "1"}
    assert client.post(add_url(), data).status_code == 302
    article = Article.objects.get()
    assert article.created_by == reporter
    client.force_login(boss)
    save(client, article, created_by=boss.pk)
    article.refresh_from_db()
    assert article.created_by == reporter


def test_every_save_leaves_one_revision_with_its_relations(client: Client) -> None:
    editor = sign_in(client, Role.EDITOR)
    data = form_data(client, add_url()) | {"headline": "خبر", "tags": "مدن، طرق", "_continue": "1"}
    client.post(add_url(), data)
    article = Article.objects.get()
    save(client, article, headline="خبر معدل", tags="مدن")
    newest, oldest = Revision.objects.filter(article=article)
    assert (oldest.by, set(oldest.data["tags"])) == (editor, {"مدن", "طرق"})
    assert (newest.data["headline"], newest.data["tags"]) == ("خبر معدل", ["مدن"])
    assert article.version <= newest.version == 2


def test_the_history_shows_the_saved_versions(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    article = make_article(published=False)
    save(client, article, headline="عنوان جديد")
    page = client.get(reverse("admin:articles_article_history", args=[article.pk])).content.decode()
    assert 'id="revisions"' in page


def test_the_history_does_not_name_the_target_of_a_link(client: Client) -> None:
    reporter = make_user(Role.REPORTER)
    own, secret = make_article(published=False, created_by=reporter), make_article(SECRET, published=False)
    sign_in(client, Role.EDITOR)
    save(client, own, **inline_row("related_links", target=secret.pk, position="0"))
    assert own.related_links.get().target == secret
    client.force_login(reporter)
    for name in ("change", "history"):
        assert SECRET not in client.get(reverse(f"admin:articles_article_{name}", args=[own.pk])).content.decode()


@pytest.mark.parametrize(
    ("role", "is_own", "sees"),
    [
        (Role.REPORTER, False, False),
        (Role.NEWSLETTER_EDITOR, False, False),
        (Role.REPORTER, True, True),
        (Role.EDITOR, False, True),
    ],
)
def test_the_reason_of_a_return_is_for_the_desk_and_the_writer(
    client: Client, role: Role, is_own: bool, sees: bool
) -> None:
    user, reason = sign_in(client, role), "سبب داخلي للإعادة"
    article = make_article(published=False, created_by=user if is_own else None, status=Status.IN_REVIEW)
    editor = make_user(Role.EDITOR)
    publishing.return_to_draft(article, by=editor, reason=reason)
    publishing.publish(article, by=editor)
    response = client.get(reverse("admin:articles_article_history", args=[article.pk]))
    assert response.status_code == (200 if sees else 403)
    assert (reason in response.content.decode()) is sees


def test_view_on_site_is_offered_for_what_readers_see(client: Client) -> None:
    sign_in(client, Role.EDITOR)
    live, draft = make_article(), make_article(published=False)
    assert live.get_absolute_url() in client.get(change_url(live)).context["absolute_url"]
    assert client.get(change_url(draft)).context["absolute_url"] is None
