"""The newspaper's rows, one idea a file; the rest of the code imports them from here."""

from articles.models.article import Article, Attribution, Byline, Correction, RelatedLink
from articles.models.comment import Comment
from articles.models.coverage import LiveUpdate
from articles.models.front import FrontSlot
from articles.models.imports import DroppedLine, ImportRecord
from articles.models.partners import PartnerFeed
from articles.models.people import Author, Source
from articles.models.reads import MostRead, ReadCount
from articles.models.revision import Revision
from articles.models.search import ProtectedWord, SearchDocument, Synonym, Terms
from articles.models.taxonomy import Section, Tag, TagAlias, TaggedArticle
from articles.models.unsaved import Presence, UnsavedText

__all__ = [
    "Article",
    "Attribution",
    "Author",
    "Byline",
    "Comment",
    "Correction",
    "DroppedLine",
    "FrontSlot",
    "ImportRecord",
    "LiveUpdate",
    "MostRead",
    "PartnerFeed",
    "Presence",
    "ProtectedWord",
    "ReadCount",
    "RelatedLink",
    "Revision",
    "SearchDocument",
    "Section",
    "Source",
    "Synonym",
    "Tag",
    "TagAlias",
    "TaggedArticle",
    "Terms",
    "UnsavedText",
]
