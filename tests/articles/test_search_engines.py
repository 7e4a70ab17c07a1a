"""Both engines against a third of thirty lines: whatever is asked of whatever texts, the answers are its answers."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from articles.enums import Status
from articles.models import Article, SearchDocument, Section
from articles.search import find
from articles.search.document import section_label
from articles.search.indexing import index, make_document
from articles.search.places import TITLE_BONUS
from articles.search.query import Choice, Item, Query, parse
from articles.search.vocabulary import current_analyser, current_vocabulary
from tests.factories import make_section

pytestmark = pytest.mark.django_db

WORDS = (
    "الوزارة وزارة بالوزارة وزير الوزراء سوريا سورية السوري المدينة مدن للمدينة ومدينة 2026 ٢٠٢٦ F16 F-16 كوفيد-19 "
    "كتاب الكتب كتابهم طالبان طالب الطلاب "
    "مجلس المجلس ومجلس الأمن أمن مياه المياه في من على BBC الـBBC كانون الثاني يناير"
).split()
TYPED = [
    *WORDS,
    "-وزارة",
    "-الأمن",
    '"مجلس الأمن"',
    "«في المدينة»",
    "مدي*",
    "سور*",
    '"كانون الثاني"',
    '-"مجلس الأمن"',
    "F*",
]


def holds(choice: Choice, words: list[str], loose: set[str]) -> bool:
    if len(choice.words) == 1:
        forms = {*words, *loose}
        heads = tuple(choice.words[0])
        return any(word.startswith(heads) for word in forms) if choice.is_prefix else not forms.isdisjoint(heads)
    width = len(choice.words)
    return any(
        all(word in stems for word, stems in zip(words[at : at + width], choice.words, strict=True))
        for at in range(len(words) - width + 1)
    )


def answers(query: Query, documents: list[SearchDocument], section: Section | None) -> list[int]:
    """The ids that `find` should give."""
    ranked = []
    for document in documents:
        title, text = ((terms.placed()[0], set(terms.placed()[1])) for terms in (document.title, document.words))

        def has(item: Item, part: tuple[list[str], set[str]]) -> bool:
            return any(holds(choice, *part) for choice in item.choices)

        all_of = any if query.any_of_them else all
        is_found = all_of(has(item, text) for item in query.wanted)
        is_barred = any(has(item, text) for item in query.excluded)
        is_elsewhere = section is not None and section_label(section.pk) not in text[1]
        if is_found and not is_barred and not is_elsewhere:
            is_title = all_of(has(item, title) for item in query.wanted)
            ranked.append((document.place + TITLE_BONUS * is_title, document.article_id))
    return [pk for _rank, pk in sorted(ranked, reverse=True)]


def test_both_engines_answer_as_plain_python_does(clock: object) -> None:
    generator = random.Random(4)  # noqa: S311 - the same texts every time
    sections = [make_section(), make_section()]
    now = timezone.now()
    for _number in range(60):
        lines = [" ".join(generator.choices(WORDS, k=generator.randint(1, 8))) for _line in range(3)]
        moment = now - timedelta(days=generator.randint(0, 900), seconds=generator.randint(0, 3))
        Article.objects.create(
            headline=lines[0],
            body=f"<p>{lines[1]}</p><p>{lines[2]}</p>",
            section=generator.choice(sections),
            status=Status.APPROVED,
            publish_at=moment,
            published_at=moment,
        )
    articles = Article.objects.all()
    index([article.pk for article in articles])
    documents = [make_document(article, current_analyser()) for article in articles]
    words = current_vocabulary()
    empty = 0
    for _number in range(400):
        typed = " ".join(generator.choices(TYPED, k=generator.randint(1, 4)))
        query = parse(typed, words.analyser, words.synonyms)
        query = query.of_any_word() if generator.random() < 0.2 else query
        section = generator.choice([None, None, sections[0]])
        expected = answers(query, documents, section) if query else []
        assert list(find(query, section=section).ids) == expected, typed
        empty += not expected
    assert empty < 300  # most of it would say nothing
