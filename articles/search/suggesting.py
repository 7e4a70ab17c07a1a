"""What a reader may be looking for while still typing."""

from articles.models import Article
from articles.search.engines import newest_places
from articles.search.places import article_at, last_place
from articles.search.query import parse
from articles.search.vocabulary import current_vocabulary
from pages.public_time import public_now

MOST_HEADLINES = 6


def suggest_headlines(typed: str) -> list[Article]:
    """The newest public articles whose headline holds the words; the last one may go on. Three queries."""
    words = current_vocabulary()
    query = parse(typed, words.analyser, words.synonyms, is_unfinished=True)
    if not query:
        return []
    places = newest_places(query, "title", low=1, high=last_place(public_now()), limit=MOST_HEADLINES)
    ids = [article_at(place) for place in places]
    found = Article.objects.published().defer("body").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]
