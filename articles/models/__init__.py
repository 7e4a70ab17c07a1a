"""The newspaper's rows, one idea a file; the rest of the code imports them from here."""

from articles.models.article import Article, Attribution, Byline, Correction, PictureUse, RelatedLink
from articles.models.calendar import CalendarFeed
from articles.models.comment import Comment
from articles.models.coverage import LiveUpdate
from articles.models.day_count import DayCount
from articles.models.front import FrontChange, FrontSlot
from articles.models.house_style import AvoidedWord, CheckLevel, LinkCheck
from articles.models.imports import DroppedLine, ImportRecord
from articles.models.partners import PartnerFeed
from articles.models.people import Author, Source
from articles.models.previews import PreviewLink
from articles.models.reads import MostRead, ReadCount
from articles.models.related import RelatedChoice
from articles.models.revision import Revision
from articles.models.search import ProtectedWord, SearchDocument, Synonym, Terms
from articles.models.taxonomy import Section, Tag, TagAlias, TaggedArticle
from articles.models.unsaved import Presence, UnsavedText

__all__ = [
    "Article",
    "Attribution",
    "Author",
    "AvoidedWord",
    "Byline",
    "CalendarFeed",
    "CheckLevel",
    "Comment",
    "Correction",
    "DayCount",
    "DroppedLine",
    "FrontChange",
    "FrontSlot",
    "ImportRecord",
    "LinkCheck",
    "LiveUpdate",
    "MostRead",
    "PartnerFeed",
    "PictureUse",
    "Presence",
    "PreviewLink",
    "ProtectedWord",
    "ReadCount",
    "RelatedChoice",
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
