"""The word before a name is never one for somebody else: a verb agrees with the name that follows it."""

import pytest
from django.test import Client

from articles.credit_labels import credit_label
from articles.enums import BylineRole
from articles.models import Author, Byline
from tests.factories import make_article, make_author

MAN, WOMAN, UNKNOWN = "male", "female", ""


@pytest.mark.parametrize(
    ("genders", "label"),
    [
        ([MAN], "كتب"),
        ([WOMAN], "كتبت"),
        ([UNKNOWN], "بقلم"),
        ([MAN, MAN], "كتب"),
        ([MAN, WOMAN], "كتب"),
        ([WOMAN, MAN], "كتبت"),
        ([WOMAN] * 7, "كتبت"),
        ([MAN, UNKNOWN], "كتب"),
        ([UNKNOWN, WOMAN], "بقلم"),
    ],
)
def test_the_verb_before_the_writers_agrees_with_the_first(genders: list[str], label: str) -> None:
    authors = [Author(gender=gender) for gender in genders]
    assert credit_label(BylineRole.WRITING, authors) == label


@pytest.mark.parametrize(
    ("role", "label"),
    [
        (BylineRole.PHOTOGRAPHY, "تصوير:"),
        (BylineRole.TRANSLATION, "ترجمة:"),
        (BylineRole.PREPARATION, "إعداد:"),
        (BylineRole.EDITING, "تحرير:"),
    ],
)
@pytest.mark.parametrize("genders", [[MAN], [WOMAN], [WOMAN, WOMAN], [MAN] * 3, [UNKNOWN]])
def test_the_other_roles_are_nouns_that_fit_everybody(role: BylineRole, label: str, genders: list[str]) -> None:
    assert credit_label(role, [Author(gender=gender) for gender in genders]) == label


@pytest.mark.django_db
def test_the_article_prints_each_role_with_its_label(client: Client) -> None:
    writer, translator = make_author("سلمى خضر", gender=WOMAN), make_author("نادر عمر", gender=MAN)
    article = make_article(authors=(writer,))
    Byline.objects.create(article=article, author=translator, role=BylineRole.TRANSLATION)
    page = client.get(article.get_absolute_url()).content.decode()
    assert f'كتبت <a class="text-link" rel="author" href="{writer.get_absolute_url()}"><bdi>سلمى خضر</bdi>' in page
    assert "ترجمة: <a" in page
    assert "كتب " not in page
