"""One tag is made of two: nothing that carried the one is lost, old addresses and words lead to the other."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from articles.models import Article, PartnerFeed, SearchDocument, Tag, TagAlias, TaggedArticle
from articles.publishing import NotAllowed
from articles.restoring import restore_version
from articles.revisions import record
from articles.tag_merging import CannotMerge, counts, merge
from articles.tagging import get_or_make_tags
from audit.enums import Action
from audit.models import AuditEntry
from pages.models import NavigationItem, Redirect
from tests.factories import make_article, make_indexed, make_site, make_tag, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief() -> User:
    make_site()
    return make_user(Role.CHIEF_EDITOR)


@pytest.fixture
def old(chief: User) -> Tag:
    return make_tag("المونديال")


@pytest.fixture
def into(chief: User) -> Tag:
    return make_tag("كأس العالم")


def test_every_article_gets_the_other_tag_once(chief: User, old: Tag, into: Tag) -> None:
    one, both = make_article(tags=(old,)), make_article(tags=(old, into))
    copy = make_article(published=False, working_copy_of=one, tags=(old,))
    assert (counts(old, into).articles, counts(old, into).in_both) == (3, 1)
    merge(old, into=into, by=chief)
    assert [list(article.tags.all()) for article in (one, both, copy)] == [[into]] * 3
    assert TaggedArticle.objects.count() == 3


def test_name_and_aliases_become_aliases(chief: User, old: Tag, into: Tag) -> None:
    TagAlias.objects.create(tag=old, name="بطولة العالم")
    merge(old, into=into, by=chief)
    assert sorted(into.aliases.values_list("name", flat=True)) == ["المونديال", "بطولة العالم"]
    assert get_or_make_tags(["المونديال", "بطولة العالم"]) == [into]


def test_partner_feeds_get_the_other_tag_once(chief: User, old: Tag, into: Tag) -> None:
    one, both = PartnerFeed.objects.create(name="أ"), PartnerFeed.objects.create(name="ب")
    one.tags.set([old])
    both.tags.set([old, into])
    merge(old, into=into, by=chief)
    assert [list(feed.tags.all()) for feed in (one, both)] == [[into], [into]]


def test_nothing_else_points_to_a_tag() -> None:
    """A new relation must be moved by `merge` too."""
    pointing = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if getattr(field, "related_model", None) is Tag and (field.many_to_one or field.one_to_one) and field.concrete
    }
    assert pointing == {"articles.TagAlias.tag", "articles.TaggedArticle.tag", "articles.PartnerFeed_tags.tag"}


def test_the_old_page_and_its_feeds_lead_to_the_new_one_for_good(
    client: Client, chief: User, old: Tag, into: Tag
) -> None:
    make_article(tags=(old,))
    page = old.get_absolute_url()
    merge(old, into=into, by=chief)
    for end in ("", "rss.xml", "atom.xml", "feed.json"):
        response = client.get(page + end)
        assert (response.status_code, response.url) == (301, into.get_absolute_url() + end)
        assert client.get(response.url).status_code == 200


def test_what_led_to_the_old_page_leads_to_the_new_one_in_one_step(
    client: Client, chief: User, old: Tag, into: Tag
) -> None:
    last = make_tag("كأس العالم لكرة القدم")
    Redirect.objects.create(old_path="/mondial", new_path=old.get_absolute_url())
    first = old.get_absolute_url()
    merge(old, into=into, by=chief)
    merge(into, into=last, by=chief)
    for path in ("/mondial", first):
        assert client.get(path).url == last.get_absolute_url()


def test_no_redirect_leads_away_from_the_survivor_or_to_itself(
    client: Client, chief: User, old: Tag, into: Tag
) -> None:
    make_article(tags=(old,))
    Redirect.objects.create(old_path="/tags/كأس-العالم/", new_path="/tags/المونديال/")
    merge(old, into=into, by=chief)
    assert client.get(into.get_absolute_url()).status_code == 200
    assert not Redirect.objects.filter(old_path="/tags/كأس-العالم/").exists()


def test_the_navigation_leads_to_the_new_page(chief: User, old: Tag, into: Tag) -> None:
    item = NavigationItem.objects.create(place="header", label="المونديال", path="/tags/المونديال/")
    merge(old, into=into, by=chief)
    item.refresh_from_db()
    assert item.path == into.get_absolute_url()


def test_search_documents_are_made_anew(chief: User, old: Tag, into: Tag) -> None:
    article, other = make_indexed(tags=(old,)), make_indexed()
    merge(old, into=into, by=chief)
    assert SearchDocument.objects.get(article=article).analyser == ""
    assert SearchDocument.objects.get(article=other).analyser != ""


def test_an_older_version_comes_back_with_the_survivor(chief: User, old: Tag, into: Tag) -> None:
    article = make_article(published=False, created_by=chief, tags=(old,))
    record(article, by=chief)
    merge(old, into=into, by=chief)
    article = Article.objects.get(pk=article.pk)
    article.tags.clear()
    record(article, by=chief)
    restored, _lost = restore_version(article, 1, by=chief)
    assert list(restored.tags.all()) == [into]


def test_it_is_logged_and_the_tag_is_gone(chief: User, old: Tag, into: Tag) -> None:
    assert merge(old, into=into, by=chief) == into
    entry = AuditEntry.objects.get(action=Action.MERGED)
    assert (entry.before, entry.after, entry.subject_id) == ("المونديال", "كأس العالم", str(into.pk))
    assert list(Tag.objects.all()) == [into]


@pytest.mark.parametrize("role", [Role.REPORTER, Role.EDITOR, Role.NEWSLETTER_EDITOR])
def test_others_merge_nothing(role: Role, old: Tag, into: Tag) -> None:
    with pytest.raises(NotAllowed):
        merge(old, into=into, by=make_user(role))
    assert Tag.objects.count() == 2


def test_a_tag_is_not_merged_into_itself_nor_into_one_that_is_gone(chief: User, old: Tag, into: Tag) -> None:
    with pytest.raises(CannotMerge):
        merge(old, into=old, by=chief)
    Tag.objects.filter(pk=into.pk).delete()
    with pytest.raises(CannotMerge):
        merge(old, into=into, by=chief)
    assert Tag.objects.get() == old


def test_many_articles_cost_no_more_queries(
    chief: User, old: Tag, into: Tag, django_assert_max_num_queries: Any
) -> None:
    for _number in range(5):
        make_article(tags=(old,))
    with django_assert_max_num_queries(70):
        merge(old, into=into, by=chief)
    assert into.tagged_articles.count() == 5
