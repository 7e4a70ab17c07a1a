"""The desk: the admin of the newspaper, one idea a file."""

import taggit.admin  # noqa: F401 - registers what is unregistered here
from django.contrib import admin
from taggit.models import Tag as UnusedTag

from articles.admin.article import ArticleAdmin
from articles.admin.front import FrontSlotAdmin
from articles.admin.house_style import AvoidedWordAdmin, CheckLevelAdmin
from articles.admin.partners import PartnerFeedAdmin
from articles.admin.people import AuthorAdmin, SourceAdmin
from articles.admin.search_words import ProtectedWordAdmin, SynonymAdmin
from articles.admin.taxonomy import SectionAdmin, TagAdmin

__all__ = [
    "ArticleAdmin",
    "AuthorAdmin",
    "AvoidedWordAdmin",
    "CheckLevelAdmin",
    "FrontSlotAdmin",
    "PartnerFeedAdmin",
    "ProtectedWordAdmin",
    "SectionAdmin",
    "SourceAdmin",
    "SynonymAdmin",
    "TagAdmin",
]

# taggit's own table of tags; ours is articles.Tag.
admin.site.unregister(UnusedTag)
