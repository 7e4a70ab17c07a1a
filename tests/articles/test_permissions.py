import pytest

from accounts.roles import Role
from articles.enums import Status
from articles.models import Article
from articles.permissions import may_delete, may_edit, may_open_changes, may_publish, may_see_papers
from tests.factories import make_article, make_user, make_withdrawn

pytestmark = pytest.mark.django_db

STATES = ("draft", "in_review", "published", "withdrawn")
WRITTEN = set(STATES) - {"published"}  # what readers see is changed in a working copy


def article_in(state: str, **fields: object) -> Article:
    match state:
        case "published":
            return make_article(**fields)
        case "withdrawn":
            return make_withdrawn(**fields)
    return make_article(published=False, status=Status(state), **fields)


@pytest.mark.parametrize(
    ("role", "own", "others"),
    [
        (Role.REPORTER, {"draft"}, set()),
        (Role.EDITOR, WRITTEN, WRITTEN),
        (Role.CHIEF_EDITOR, WRITTEN, WRITTEN),
        (Role.ADMINISTRATOR, WRITTEN, WRITTEN),
        (Role.NEWSLETTER_EDITOR, set(), set()),
    ],
)
def test_who_edits_what(role: Role, own: set[str], others: set[str]) -> None:
    user = make_user(role)
    assert {state for state in STATES if may_edit(user, article_in(state, created_by=user))} == own
    assert {state for state in STATES if may_edit(user, article_in(state))} == others


@pytest.mark.parametrize("role", Role)
def test_what_readers_have_seen_is_never_deleted(role: Role) -> None:
    user = make_user(role)
    assert not any(may_delete(user, article_in(state, created_by=user)) for state in ("published", "withdrawn"))


def test_who_deletes_drafts() -> None:
    may = {role for role in Role if may_delete(make_user(role), article_in("draft"))}
    assert may == {Role.EDITOR, Role.CHIEF_EDITOR, Role.ADMINISTRATOR}


def test_who_opens_changes_of_a_published_story() -> None:
    users = {role: make_user(role) for role in Role}
    others = {role for role, user in users.items() if may_open_changes(user, article_in("published"))}
    own = {role for role, user in users.items() if may_open_changes(user, article_in("published", created_by=user))}
    assert others == {Role.EDITOR, Role.CHIEF_EDITOR, Role.ADMINISTRATOR}
    assert own == others | {Role.REPORTER}
    assert not any(may_open_changes(users[Role.EDITOR], article_in(state)) for state in WRITTEN)


def test_a_reporter_edits_a_draft_that_he_was_given() -> None:
    reporter = make_user(Role.REPORTER)
    given = article_in("draft", assigned_to=reporter)
    assert may_edit(reporter, given)
    assert given in Article.objects.visible_to(reporter)


def test_changes_of_an_own_story_are_seen_and_those_of_others_are_not() -> None:
    reporter = make_user(Role.REPORTER)
    copies = [
        article_in("draft", working_copy_of=article_in("published", created_by=writer)) for writer in (reporter, None)
    ]
    assert [copy for copy in copies if copy in Article.objects.visible_to(reporter)] == copies[:1]
    assert [may_see_papers(reporter, copy) for copy in copies] == [True, False]


def test_who_publishes() -> None:
    may = {role for role in Role if may_publish(make_user(role))}
    assert may == {Role.EDITOR, Role.CHIEF_EDITOR, Role.ADMINISTRATOR}


def test_an_inactive_editor_may_nothing() -> None:
    editor = make_user(Role.EDITOR, is_active=False)
    article = article_in("draft")
    assert not may_edit(editor, article)
    assert not may_delete(editor, article)
    assert not may_publish(editor)


def test_a_reporter_sees_own_work_and_what_readers_see() -> None:
    reporter = make_user(Role.REPORTER)
    own = {article_in(state, created_by=reporter) for state in STATES}
    public = article_in("published")
    for state in ("draft", "in_review", "withdrawn"):
        article_in(state)
    assert set(Article.objects.visible_to(reporter)) == own | {public}


def test_a_plain_account_sees_nothing() -> None:
    make_article()
    assert not Article.objects.visible_to(make_user()).exists()
