"""The panel of related articles beside the form."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from articles.models import Article, RelatedChoice
from tests.articles.desk import change_url, form_data
from tests.factories import make_article, make_section, make_site, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> User:
    make_site()
    user = make_user(Role.EDITOR)
    client.force_login(user)
    return user


@pytest.fixture
def draft(editor: User) -> Article:
    return make_article("موسم الزيتون", published=False, created_by=editor, tags=("زيتون",))


def related_url(article: Article) -> str:
    return reverse("admin:articles_article_related", args=[article.pk])


def test_one_click_pins_and_the_next_takes_it_away(client: Client, draft: Article) -> None:
    other = make_article("معصرة جديدة", tags=("زيتون",))
    panel = client.get(change_url(draft), {"suggest": "1"}).context["related_panel"]
    assert panel.suggested == [other]
    response = client.post(related_url(draft), {"_pin": other.pk})
    assert response.url == change_url(draft) + "?suggest=1#related"
    panel = client.get(change_url(draft), {"suggest": "1"}).context["related_panel"]
    assert ([one.target for one in panel.pinned], panel.suggested) == ([other], [])
    client.post(related_url(draft), {"_release": other.pk})
    assert RelatedChoice.objects.count() == 0


def test_one_click_bans(client: Client, draft: Article) -> None:
    other = make_article("معصرة جديدة", tags=("زيتون",))
    client.post(related_url(draft), {"_ban": other.pk})
    panel = client.get(change_url(draft), {"suggest": "1"}).context["related_panel"]
    assert ([one.target for one in panel.banned], panel.suggested) == ([other], [])


def test_a_script_gets_the_panel_for_the_text_as_it_stands(client: Client, draft: Article) -> None:
    one = make_article("معصرة جديدة", tags=("زيتون",))
    two = make_article("حصاد القمح", tags=("قمح",), section=make_section())
    data = form_data(client, change_url(draft)) | {"tags": "قمح", "_pin": one.pk}
    answer = client.post(related_url(draft), data, headers={"X-Requested-With": "fetch"}).json()
    assert f'name="_release" value="{one.pk}"' in answer["related"]
    assert f'name="_pin" value="{two.pk}"' in answer["related"]
    assert RelatedChoice.objects.get().target == one


def test_pinned_ones_are_dragged_into_order(client: Client, draft: Article) -> None:
    one, two = make_article("أ"), make_article("ب")
    for article in (one, two):
        client.post(related_url(draft), {"_pin": article.pk})
    client.post(related_url(draft), {"_order": f"{two.pk},x,{one.pk}"})
    assert list(RelatedChoice.objects.values_list("target", flat=True)) == [two.pk, one.pk]


def test_what_cannot_be_chosen_is_said(client: Client, draft: Article) -> None:
    hidden = make_article("مسودة أخرى", published=False)
    response = client.post(related_url(draft), {"_pin": hidden.pk}, follow=True)
    assert len(list(response.context["messages"])) == 1
    assert RelatedChoice.objects.count() == 0


def test_a_pinned_story_that_one_may_not_see_tells_no_headline(client: Client, draft: Article) -> None:
    secret = make_article("عنوان سري", published=False)
    RelatedChoice.objects.create(article=draft, target=secret)
    reporter = make_user(Role.REPORTER)
    Article.objects.filter(pk=draft.pk).update(created_by=reporter)
    client.force_login(reporter)
    page = client.get(change_url(draft)).content.decode()
    assert "عنوان سري" not in page
    assert f'name="_release" value="{secret.pk}"' in page


def test_readers_of_a_published_story_choose_nothing(client: Client, editor: User) -> None:
    story, other = make_article("حصاد"), make_article("سوق")
    client.force_login(make_user(Role.REPORTER))
    assert client.get(change_url(story)).context["related_panel"] is None
    assert client.post(related_url(story), {"_pin": other.pk}).status_code == 403
    assert RelatedChoice.objects.count() == 0


def test_an_editor_chooses_for_a_published_story(client: Client, editor: User) -> None:
    story, other = make_article("حصاد"), make_article("سوق")
    assert client.get(change_url(story)).context["related_panel"].address == related_url(story)
    client.post(related_url(story), {"_pin": other.pk})
    assert RelatedChoice.objects.get().target == other


def test_a_hidden_draft_answers_as_if_it_were_not_there(client: Client, draft: Article) -> None:
    client.force_login(make_user(Role.REPORTER))
    assert client.post(related_url(draft), {"_pin": draft.pk}).status_code == 404
    assert RelatedChoice.objects.count() == 0


def test_a_get_changes_nothing(client: Client, draft: Article) -> None:
    other = make_article("سوق")
    response = client.get(related_url(draft), {"_pin": other.pk})
    assert (response.status_code, RelatedChoice.objects.count()) == (302, 0)
