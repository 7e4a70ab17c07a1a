"""The desk searches with the same analyser as readers, and nobody finds what he may not see."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from articles.changes import open_changes
from articles.models import Article, ProtectedWord, SearchDocument, Synonym
from articles.revisions import record
from articles.search import at_the_desk
from articles.search.at_the_desk import search_stories
from articles.search.indexing import index
from tests.articles.desk import form_data
from tests.factories import make_article, make_author, make_indexed, make_source, make_tag, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
PICK = {"app_label": "articles", "model_name": "relatedlink", "field_name": "target"}


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def found(client: Client, typed: str) -> set[str]:
    changes = client.get(LIST, {"q": typed}).context["cl"].result_list
    return {str(article) for article in changes}


def picked(client: Client, typed: str) -> list[str]:
    return [row["text"] for row in client.get("/admin/autocomplete/", PICK | {"term": typed}).json()["results"]]


@pytest.mark.parametrize("typed", ["مدرسه", "المدرسة", "بالمدرسة", "مدرس", "الجديده مدرسة", "حافلات"])
def test_the_list_finds_forms_beginnings_and_words_of_the_text(typed: str) -> None:
    make_indexed("افتتاح المدرسة الجديدة", body="<p>نقلت الحافلات التلاميذ.</p>", published=False)
    make_indexed("خبر آخر")
    assert found(signed_in(Role.EDITOR), typed) == {"افتتاح المدرسة الجديدة"}


def test_signs_alone_keep_the_whole_list() -> None:
    make_indexed("خبر")
    assert found(signed_in(Role.EDITOR), "؟!") == {"خبر"}


def test_a_story_is_found_by_the_words_of_its_changes() -> None:
    editor = make_user(Role.EDITOR)
    copy = open_changes(make_indexed("العنوان المنشور"), by=editor)
    copy.body = "<p>فقرة عن الزلازل.</p>"
    copy.save()
    record(copy, by=editor)
    assert found(signed_in(Role.EDITOR), "زلازل") == {"العنوان المنشور"}


def test_a_search_tells_nothing_of_texts_that_one_may_not_see() -> None:
    editor = make_user(Role.EDITOR)
    make_indexed("مسودة عن الفيضانات", published=False, created_by=editor)
    copy = open_changes(make_indexed("العنوان المنشور"), by=editor)
    copy.body = "<p>فقرة عن الزلازل.</p>"
    copy.save()
    record(copy, by=editor)
    reporter = signed_in(Role.REPORTER)
    assert found(reporter, "زلازل") == set()
    assert found(reporter, "فيضانات") == set()
    assert picked(reporter, "فيضانات") == []
    assert found(reporter, "المنشور") == {"العنوان المنشور"}


def test_where_very_many_are_found_they_are_not_named_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A query has room for a limited number of names: SQLite for some ten thousand, and imported drafts are more."""
    monkeypatch.setattr(at_the_desk, "FEW", 2)
    editor = make_user(Role.EDITOR)
    for number in range(4):
        make_indexed(f"مسودة {number} عن الزلازل", published=False, created_by=editor)
    copy = open_changes(make_indexed("العنوان المنشور"), by=editor)
    copy.body = "<p>فقرة عن الزلازل.</p>"
    copy.save()
    record(copy, by=editor)
    make_indexed("خبر آخر")
    drafts = {f"مسودة {number} عن الزلازل" for number in range(4)}
    with CaptureQueriesContext(connection) as queries:
        stories = search_stories(Article.objects.stories(), "زلازل", changes=Article.objects.working_copies())
        assert {story.headline for story in stories} == {*drafts, "العنوان المنشور"}
    assert not [query["sql"] for query in queries if re.search(r"IN \((?:\d+, ){3}", query["sql"])]
    assert found(signed_in(Role.EDITOR), "زلازل") == {*drafts, "العنوان المنشور"}
    assert found(signed_in(Role.REPORTER), "زلازل") == set()


def test_an_article_is_picked_by_its_headline_while_somebody_types() -> None:
    make_indexed("انتخابات المجلس البلدي")
    make_indexed("خبر آخر", body="<p>انتخابات</p>")
    assert picked(signed_in(Role.EDITOR), "بلدي انتخ") == ["انتخابات المجلس البلدي"]


def test_synonyms_are_kept_with_one_comma_each() -> None:
    client = signed_in(Role.EDITOR)
    client.post("/admin/articles/synonym/add/", {"words": "هاتف ,تلفون؛ هاتِف"})
    assert Synonym.objects.get().words == "هاتف، تلفون"


@pytest.mark.parametrize("words", ["", "هاتف", "هاتف، هاتِف", "هاتف، !", "هاتف، واحد اثنان ثلاثة أربعة خمسة"])
def test_what_is_no_group_of_words_is_refused_with_a_sentence(words: str) -> None:
    answer = signed_in(Role.EDITOR).post("/admin/articles/synonym/add/", {"words": words})
    assert answer.context["errors"]
    assert not Synonym.objects.exists()


@pytest.mark.parametrize("word", ["", "كلمة أخرى", "طالبان!", "F-16"])
def test_a_protected_word_is_one_word(word: str) -> None:
    answer = signed_in(Role.CHIEF_EDITOR).post("/admin/articles/protectedword/add/", {"word": word})
    assert answer.context["errors"]
    assert not ProtectedWord.objects.exists()


def test_whoever_protects_a_word_is_told_that_texts_are_read_again() -> None:
    make_indexed("خبر")
    client = signed_in(Role.CHIEF_EDITOR)
    answer = client.post("/admin/articles/protectedword/add/", {"word": "قلعان"}, follow=True)
    assert ProtectedWord.objects.exists()
    assert len(answer.context["messages"]) == 2


def test_the_lists_show_what_the_search_comes_with() -> None:
    client = signed_in(Role.EDITOR)
    assert "أميركا" in client.get("/admin/articles/synonym/").content.decode()
    assert "طالبان" in client.get("/admin/articles/protectedword/").content.decode()


def test_the_page_that_deletes_an_article_does_not_speak_of_the_search() -> None:
    article = make_indexed("خبر", published=False)
    page = signed_in(Role.EDITOR).get(f"{LIST}{article.pk}/delete/")
    assert page.status_code == 200
    assert str(SearchDocument._meta.verbose_name) not in page.content.decode()
    assert str(SearchDocument._meta.verbose_name_plural) not in page.content.decode()


@pytest.mark.parametrize("kind", ["author", "source", "tag"])
def test_articles_are_found_by_a_name_that_was_changed(kind: str) -> None:
    named = {"author": make_author, "source": make_source, "tag": make_tag}[kind]("القديم")
    article = make_article("خبر", **{f"{kind}s": (named,)})
    index([article.pk])
    client = signed_in(Role.CHIEF_EDITOR)
    address = f"/admin/articles/{kind}/{named.pk}/change/"
    client.post(address, form_data(client, address) | {"name": "الزيتونة"})
    call_command("tick", stdout=StringIO())
    assert found(client, "زيتونة") == {"خبر"}
    assert found(client, "القديم") == set()


def test_articles_are_not_found_by_a_tag_that_was_deleted() -> None:
    tag = make_tag("زيتونة")
    make_indexed("خبر", tags=(tag,))
    client = signed_in(Role.CHIEF_EDITOR)
    assert found(client, "زيتونة") == {"خبر"}
    client.post(f"/admin/articles/tag/{tag.pk}/delete/", {"post": "yes"})
    call_command("tick", stdout=StringIO())
    assert found(client, "زيتونة") == set()
