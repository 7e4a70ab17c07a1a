"""The pages of saved versions: who may open them, what they show, what they change (one POST, nothing else)."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.roles import Role
from articles import changes, publishing
from articles.admin import history
from articles.enums import RevisionAction
from articles.models import Article, RelatedLink, Revision
from articles.revisions import record
from tests.articles.desk import change_url, form_data, messages_of
from tests.factories import make_article, make_author, make_image, make_section, make_site, make_user

pytestmark = pytest.mark.django_db

SECRET = "عنوان لا يعرفه إلا المكتب"


@pytest.fixture
def editor(client: Client) -> User:
    user = make_user(Role.EDITOR, first_name="سامر")
    client.force_login(user)
    return user


def saved(article: Article, *, by: User | None = None, **fields: object) -> Revision:
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()
    return record(article, by=by)


def draft_with(*headlines: str, **fields: object) -> Article:
    """A draft with one version for each headline."""
    article = make_article(headlines[0], published=False, **fields)  # type: ignore[arg-type]
    for headline in headlines:
        saved(article, headline=headline)
    return article


def url(article: Article, name: str, *version: int) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk, *version])


def compare_url(article: Article, old: object, new: object) -> str:
    return f"{url(article, 'compare')}?old={old}&new={new}"


def words(page: str, tag: str) -> list[str]:
    return re.findall(rf"<{tag}[^>]*>([^<]*)</{tag}>", page)


# The list


def test_the_history_says_who_when_why_and_what(client: Client, editor: User) -> None:
    article = draft_with("افتتاح الحديقة")
    saved(article, by=editor, headline="افتتاح المكتبة", standfirst="مقدمة")
    record(article, by=editor, action=RevisionAction.RETURNED, reason="ينقصه مصدر")
    entries = client.get(url(article, "history")).context["entries"]
    assert [entry.revision.version for entry in entries] == [3, 2, 1]
    assert [len(entry.changed) for entry in entries] == [0, 2, 0]
    page = client.get(url(article, "history")).content.decode()
    for word in ("سامر", "ينقصه مصدر", *entries[1].changed):
        assert word in page


def test_what_readers_saw_before_is_compared_with_what_they_see(client: Client, editor: User) -> None:
    article = draft_with("أول")
    publishing.publish(article, by=editor)
    copy = changes.open_changes(article, by=editor)
    copy.headline = "ثان"
    copy.save()
    record(copy, by=editor)
    changes.publish_changes(copy, by=editor)
    entries = client.get(url(article, "history")).context["entries"]
    seen = [entry.revision.version for entry in entries if entry.revision.action in {"published", "changes"}]
    page = client.get(url(article, "history")).content.decode()
    assert len(entries) > 3
    assert f'name="new" value="{seen[0]}" checked' in page
    assert f'name="old" value="{seen[1]}" checked' in page
    assert page.count(" checked") == 2


def test_a_published_version_is_called_so(client: Client, editor: User) -> None:
    article = draft_with("أول")
    publishing.publish(article, by=editor)
    newest = article.revisions.order_by("-version").values_list("version", flat=True)[0]
    page = client.get(compare_url(article, 1, newest)).content.decode()
    assert "منشور" in words(page, "ins")
    assert "جاهز للنشر" not in page


def test_versions_are_numbered_in_the_digits_of_the_site(client: Client, editor: User) -> None:
    article = draft_with("أول", "ثان")
    assert "</span>٢</th>" in client.get(url(article, "history")).content.decode()
    compared = client.get(compare_url(article, 1, 2)).content.decode()
    assert "النسخة ١" in compared
    assert "النسخة 1" not in compared
    assert "النسخة ٢" in client.get(url(article, "revision", 2)).content.decode()


def test_two_versions_are_chosen_by_default(client: Client, editor: User) -> None:
    page = client.get(url(draft_with("أول", "ثان", "ثالث"), "history")).content.decode()
    assert 'name="new" value="3" checked' in page
    assert 'name="old" value="2" checked' in page


def test_the_history_has_pages(client: Client, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PAGE_SIZE", 2)
    article = draft_with("أول", "ثان", "ثالث")
    entries = client.get(url(article, "history")).context["entries"]
    assert [(entry.revision.version, entry.previous) for entry in entries] == [(3, 2), (2, 1)]
    entries = client.get(url(article, "history") + "?p=2").context["entries"]
    assert [(entry.revision.version, entry.previous) for entry in entries] == [(1, None)]


@pytest.mark.parametrize("count", [2, 6])
def test_the_list_takes_the_same_queries_for_any_number_of_versions(
    client: Client, editor: User, django_assert_max_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    make_site()
    article = draft_with(*(f"عنوان {number}" for number in range(count)))
    with django_assert_max_num_queries(16):
        client.get(url(article, "history"))


def test_changes_are_counted_from_changes_and_the_story_from_the_story(client: Client, editor: User) -> None:
    story = make_article("منشور")
    record(story, by=editor)
    copy = changes.open_changes(story, by=editor)
    saved(copy, headline="تعديل أول")
    saved(copy, headline="تعديل ثان")
    publishing.correct(story, by=editor, kind="correction", note="تصحيح")  # type: ignore[arg-type]
    saved(copy, headline="تعديل ثالث")
    changes.publish_changes(copy, by=editor)
    entries = client.get(url(story, "history")).context["entries"]
    assert [(entry.revision.version, entry.previous) for entry in entries] == [
        (6, 4), (5, 3), (4, 1), (3, 2), (2, 1), (1, None),
    ]  # fmt: skip
    newest = entries[0].revision
    assert (newest.is_of_changes, newest.action) == (False, RevisionAction.CHANGES_PUBLISHED)


def test_a_working_copy_shows_the_versions_of_its_story(client: Client, editor: User) -> None:
    story = make_article("منشور")
    record(story, by=editor)
    copy = changes.open_changes(story, by=editor)
    assert client.get(url(copy, "history")).context["story"] == story


def test_an_article_without_versions_says_so(client: Client, editor: User) -> None:
    response = client.get(url(make_article(), "history"))
    assert response.status_code == 200
    assert 'id="revisions"' not in response.content.decode()


# Two versions


def test_two_versions_stand_side_by_side(client: Client, editor: User) -> None:
    article = draft_with("افتتاح الحديقة", "افتتاح المكتبة")
    page = client.get(compare_url(article, 1, 2)).content.decode()
    assert "الحديقة" in words(page, "del")
    assert "المكتبة" in words(page, "ins")


def test_the_older_version_is_on_the_old_side_whatever_was_asked(client: Client, editor: User) -> None:
    article = draft_with("أول", "ثان")
    context = client.get(compare_url(article, 2, 1)).context
    assert (context["old"].version, context["new"].version) == (1, 2)


def test_a_picture_and_a_link_in_the_body_are_compared(client: Client, editor: User) -> None:
    article = make_article(published=False, body='<p>زوروا <a href="/old">الموقع</a> اليوم.</p>')
    record(article, by=editor)
    image = make_image(alt_text="ممر")
    saved(article, lead_image=image, body='<p>زوروا <a href="/new">الموقع</a> اليوم.</p>')
    page = client.get(compare_url(article, 1, 2)).content.decode()
    assert f'src="{image.url(320)}"' in page
    assert '<bdi class="compare-address" dir="ltr">/old</bdi>' in page
    assert '<bdi class="compare-address" dir="ltr">/new</bdi>' in page


def test_neighbouring_changes_are_one_step_away(client: Client, editor: User) -> None:
    article = draft_with("أول", "ثان", "ثالث", "رابع")
    article.revisions.filter(version=2).delete()
    context = client.get(compare_url(article, 3, 4)).context
    assert (context["earlier"], context["later"]) == ((1, 3), None)
    context = client.get(compare_url(article, 1, 3)).context
    assert (context["earlier"], context["later"]) == (None, (3, 4))


def test_versions_without_a_difference_say_so(client: Client, editor: User) -> None:
    article = draft_with("أول", "أول")
    assert client.get(compare_url(article, 1, 2)).context["changes"] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("", ""), ("1", ""), ("1", "1"), ("1", "9"), ("0", "1"), ("-1", "1"), ("x", "1"), ("9" * 400, "1"), ("1.5", "2")],
)
def test_numbers_that_name_no_two_versions_lead_back(client: Client, editor: User, old: str, new: str) -> None:
    article = draft_with("أول", "ثان")
    response = client.get(compare_url(article, old, new), follow=True)
    assert response.redirect_chain == [(url(article, "history"), 302)]
    assert len(messages_of(response)) == 1


def test_a_version_is_never_found_by_its_key(client: Client, editor: User) -> None:
    other = draft_with(SECRET, SECRET, SECRET, SECRET, SECRET, SECRET)
    article = draft_with("أول", "ثان")
    key = other.revisions.get(version=6).pk
    assert SECRET not in client.get(compare_url(article, 1, key), follow=True).content.decode()
    assert client.get(url(article, "revision", key)).status_code == 404
    assert client.post(url(article, "restore", key)).status_code == 404


# One version


def test_a_version_is_shown_as_it_stood(client: Client, editor: User) -> None:
    article = make_article(
        "أول", published=False, body="<p>متن <strong>قديم</strong>.</p>", authors=(make_author("ليلى"),)
    )
    record(article, by=editor)
    saved(article, body="<p>متن جديد.</p>")
    page = client.get(url(article, "revision", 1)).content.decode()
    assert "<p>متن <strong>قديم</strong>.</p>" in page
    assert "ليلى" in page
    assert "متن جديد" not in page


def test_a_stored_body_is_made_safe_when_it_is_shown(client: Client, editor: User) -> None:
    article = make_article(published=False, body="<p>نص<script>alert(1)</script></p>")
    record(article, by=editor)
    saved(article, body='<p onclick="alert(2)">نص آخر</p><img src="x" onerror="alert(3)">')
    for address in (url(article, "revision", 1), url(article, "revision", 2), compare_url(article, 1, 2)):
        assert "alert(" not in client.get(address).content.decode()


def test_markup_in_plain_fields_is_text(client: Client, editor: User) -> None:
    article = draft_with("<b>أول</b>", "<img src=x onerror=alert(1)>")
    for address in (url(article, "history"), compare_url(article, 1, 2), url(article, "revision", 2)):
        page = client.get(address).content.decode()
        assert "<b>أول" not in page
        assert "<img src=x" not in page


# Restoring


def test_restoring_asks_first(client: Client, editor: User) -> None:
    article = draft_with("أول", "ثان")
    response = client.get(url(article, "restore", 1))
    article.refresh_from_db()
    assert response.status_code == 200
    assert (article.headline, article.version) == ("ثان", 2)


def test_a_draft_gets_the_older_text_and_keeps_the_newer_version(client: Client, editor: User) -> None:
    article = draft_with("أول", "ثان")
    response = client.post(url(article, "restore", 1), follow=True)
    article.refresh_from_db()
    assert (article.headline, article.version) == ("أول", 3)
    assert response.redirect_chain[-1][0] == change_url(article)
    assert article.revisions.get(version=2).data["headline"] == "ثان"


def test_a_published_story_is_restored_into_its_changes(client: Client, editor: User) -> None:
    story = make_article("أول", section=make_section())
    record(story, by=editor)
    saved(story, headline="ثان")
    response = client.post(url(story, "restore", 1), follow=True)
    story.refresh_from_db()
    copy = Article.objects.get(working_copy_of=story)
    assert (story.headline, copy.headline) == ("ثان", "أول")
    assert response.redirect_chain[-1][0] == change_url(copy)


def test_what_is_gone_is_named_after_restoring(client: Client, editor: User) -> None:
    author = make_author()
    article = make_article(published=False, authors=(author,))
    record(article, by=editor)
    article.bylines.all().delete()
    record(article, by=editor)
    author.delete()
    response = client.post(url(article, "restore", 1), follow=True)
    assert len(messages_of(response)) == 2


def test_a_version_that_does_not_exist_is_not_restored(client: Client, editor: User) -> None:
    article = draft_with("أول")
    assert client.get(url(article, "restore", 7)).status_code == 404
    assert client.post(url(article, "restore", 7)).status_code == 404


def test_restoring_does_not_pass_over_what_was_saved_meanwhile(client: Client, editor: User) -> None:
    article = draft_with("أول", "ثان")
    page = form_data(client, url(article, "restore", 1))
    saved(article, headline="ما كتبته زميلة")
    assert len(messages_of(client.post(url(article, "restore", 1), page, follow=True))) == 1
    article.refresh_from_db()
    assert (article.headline, article.version) == ("ما كتبته زميلة", 3)
    client.post(url(article, "restore", 1), form_data(client, url(article, "restore", 1)))
    article.refresh_from_db()
    assert article.headline == "أول"


def test_restoring_needs_a_token(editor: User) -> None:
    article = draft_with("أول", "ثان")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert strict.post(url(article, "restore", 1)).status_code == 403
    article.refresh_from_db()
    assert article.headline == "ثان"


# Who may

PAGES = (("history", ()), ("compare", ()), ("revision", (1,)), ("restore", (1,)))


@pytest.mark.parametrize(("name", "version"), PAGES)
@pytest.mark.parametrize("role", [Role.REPORTER, Role.NEWSLETTER_EDITOR, None])
@pytest.mark.parametrize("published", [True, False])
def test_others_learn_nothing_of_older_versions(
    client: Client, role: Role | None, published: bool, name: str, version: tuple[int, ...]
) -> None:
    user = make_user(role) if role else make_user(is_staff=True)
    client.force_login(user)
    article = make_article("ظاهر", published=published)
    saved(article, headline=SECRET)
    saved(article, headline="ظاهر")
    for response in (
        client.get(url(article, name, *version) + "?old=1&new=2"),
        client.post(url(article, name, *version)),
    ):
        assert response.status_code in {403, 404}
        assert SECRET not in response.content.decode()
    article.refresh_from_db()
    assert article.version == 2


@pytest.mark.parametrize(("name", "version"), PAGES)
def test_who_is_not_signed_in_is_sent_to_the_door(client: Client, name: str, version: tuple[int, ...]) -> None:
    response = client.get(url(draft_with("أول", "ثان"), name, *version))
    assert response.status_code == 302
    assert "login" in response.headers["Location"]


def test_a_reporter_reads_the_versions_of_an_own_text_and_restores_while_it_is_a_draft(client: Client) -> None:
    reporter = make_user(Role.REPORTER)
    client.force_login(reporter)
    article = draft_with("أول", "ثان", created_by=reporter)
    for name, version in PAGES:
        assert client.get(url(article, name, *version) + "?old=1&new=2").status_code == 200
    publishing.submit(article, by=reporter)
    assert client.get(url(article, "history")).status_code == 200
    assert url(article, "restore", 1) not in client.get(url(article, "history")).content.decode()
    assert client.get(url(article, "restore", 1)).status_code == 403
    assert client.post(url(article, "restore", 1)).status_code == 403


@pytest.mark.parametrize("whose", ["nobody", "editor", "reporter"])
def test_restoring_is_offered_where_the_changes_may_be_written(client: Client, whose: str) -> None:
    reporter, editor = make_user(Role.REPORTER), make_user(Role.EDITOR)
    story = make_article("أول", created_by=reporter)
    record(story, by=reporter)
    saved(story, headline="ثان")
    if whose != "nobody":
        changes.open_changes(story, by=editor if whose == "editor" else reporter)
    client.force_login(reporter)
    is_offered = url(story, "restore", 1) in client.get(url(story, "history")).content.decode()
    assert is_offered is (whose != "editor")
    for response in (client.get(url(story, "restore", 1)), client.post(url(story, "restore", 1), follow=True)):
        assert response.status_code == (200 if is_offered else 403)


def test_whoever_was_given_the_changes_reads_the_versions_of_the_story(client: Client) -> None:
    reporter, editor = make_user(Role.REPORTER), make_user(Role.EDITOR)
    story = make_article("أول")
    record(story, by=editor)
    copy = changes.open_changes(story, by=editor)
    client.force_login(reporter)
    assert client.get(url(story, "history")).status_code == 403
    saved(copy, assigned_to=reporter)
    for name, version in (page for page in PAGES if page[0] != "restore"):
        assert client.get(url(story, name, *version) + "?old=1&new=2").status_code == 200


def test_the_headline_of_an_unseen_article_stays_unseen(client: Client) -> None:
    reporter = make_user(Role.REPORTER)
    client.force_login(reporter)
    hidden = make_article(SECRET, published=False)
    article = draft_with("أول", created_by=reporter)
    RelatedLink.objects.create(article=article, target=hidden)
    record(article, by=None)
    for address in (url(article, "history"), compare_url(article, 1, 2), url(article, "revision", 2)):
        assert SECRET not in client.get(address).content.decode()


def test_the_pages_of_versions_keep_the_strict_policy(client: Client, editor: User) -> None:
    article = draft_with("أول", "ثان")
    for name, version in PAGES:
        response = client.get(url(article, name, *version) + "?old=1&new=2")
        assert "'unsafe-inline'" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address",
    [
        "x/history/",
        "١/history/",
        "99999999999999999999/history/",
        pytest.param("9" * 5000 + "/history/", id="5000 digits"),
        "99/compare/",
    ],
)
def test_addresses_of_no_article_are_not_found(client: Client, editor: User, address: str) -> None:
    assert client.get(f"/admin/articles/article/{address}").status_code in {302, 404}


def test_the_side_that_lacks_a_paragraph_is_empty(client: Client, editor: User) -> None:
    article = make_article(published=False, body="<p>أول.</p><p>ثان.</p><p>ثالث.</p>")
    record(article, by=editor)
    saved(article, body="<p>ثالث.</p><p>أول.</p><p>ثان.</p>")
    page = client.get(compare_url(article, 1, 2)).content.decode()
    assert [len(re.findall(rf'"compare-{side}">\s*</td>', page)) for side in ("old", "new")] == [1, 1]
