"""The same search for the desk: drafts, working copies and withdrawn stories too, in the order of the list."""

from django.db import connection
from django.db.models import F, Q

from articles.models import SearchDocument
from articles.querysets import ArticleQuerySet
from articles.search.engines import Column
from articles.search.query import parse
from articles.search.vocabulary import current_vocabulary

# So many are named one by one. More are found sooner by walking through the list in its order.
FEW = 2000


def search_stories(
    stories: ArticleQuerySet, typed: str, *, changes: ArticleQuerySet, column: Column = "words"
) -> ArticleQuerySet:
    """Those of `stories` that hold what was typed, or whose working copy among `changes` does. The last word may go on.

    `changes` are those that the user may see, or a search would tell what is in others. A search for nothing that is a
    word keeps all of them.
    """
    words = current_vocabulary()
    query = parse(typed, words.analyser, words.synonyms, is_unfinished=True)
    if not query:
        return stories
    matches = Q(**{f"{column}__matches": query})
    hidden = SearchDocument.objects.filter(matches).hidden().article_ids()
    ids = list(hidden[: FEW + 1])
    copies = changes.filter(pk__in=ids if len(ids) <= FEW else hidden)
    changed = list(copies.values_list("working_copy_of", flat=True)) if ids else []
    ids = list(SearchDocument.objects.filter(matches).article_ids()[: FEW + 1])
    if len(ids) <= FEW:
        return stories.filter(pk__in=[*ids, *changed])
    # Asked of the documents: an OR round two subqueries would be tried on every story in turn.
    found = SearchDocument.objects.filter(matches | Q(article__in=changed) if changed else matches)
    if connection.vendor == "sqlite":
        # The sum hides the primary key, or every match is looked up and then all are sorted.
        return stories.alias(number=F("pk") + 0).filter(number__in=found.article_ids())
    return stories.filter(pk__in=found.values("article"))
