from collections.abc import Iterator
from typing import Any, ClassVar

from django.db import models
from django.db.models import Subquery

from newsroom.lib.scopes import stories_of
from newsroom.lib.watched import WatchedPart


class PublishedAtField(models.DateTimeField):
    """When the article first appeared to which `source` points, so that one index finds and orders the stories of one.

    Read from the article whenever the row is written (also by bulk_create); who gives an article another time tells its
    rows (articles.listing.followed).
    """

    def __init__(self, *args: Any, source: str, **kwargs: Any) -> None:
        self.source = source
        kwargs |= {"null": True, "editable": False}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs

    def clone(self) -> "PublishedAtField":
        return PublishedAtField(source=self.source)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Asked of the database in the same statement: the article at hand may be older than its row."""
        to: Any = model_instance._meta.get_field(self.source)
        articles = to.related_model._base_manager.filter(pk=getattr(model_instance, to.attname))
        return Subquery(articles.values("published_at")[:1])


class LeadsToStory(WatchedPart):
    """A row by which the one that `of` names finds its stories. When it goes, a list loses a public story.

    What a list gains the story says itself (Article.changed_scopes), which knows whether it is public by then.
    """

    of: ClassVar[str]
    published_at: Any

    class Meta:
        abstract = True

    def changed_scopes(self) -> Iterator[str]:
        yield self.own_scope
        if self.published_at is not None:
            to: Any = self._meta.get_field(self.of)
            yield stories_of(to.related_model, getattr(self, to.attname))
