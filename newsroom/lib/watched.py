"""Rows that pages show: who reads one depends on it, who saves one says so."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save

from newsroom.lib.generations import bump
from newsroom.lib.keeping import depends_on, is_noting


def scope_of(model: type[models.Model], key: Any) -> str:
    """The scope of one row, such as "articles.article:12"."""
    return f"{model._meta.label_lower}:{key}"


class WatchedModel(models.Model):
    """A row that notes itself when it is read while a page is made, and bumps its scopes when it was changed."""

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any) -> Self:
        row = super().from_db(db, field_names, values, **more)
        row.note_reading()
        return row

    def note_reading(self) -> None:
        """It was read; whoever makes a page depends on it."""
        if is_noting():
            depends_on(self.own_scope)

    @property
    def own_scope(self) -> str:
        return scope_of(type(self), self.pk)

    def changed_scopes(self) -> Iterable[str]:
        """What is out of date when this row was added, changed or deleted; asked after the transaction."""
        return [self.own_scope]


class WatchedPart(WatchedModel):
    """A row that is shown only with another, to which its field `whole` points; a change of it is one of that."""

    whole: ClassVar[str] = "article"

    class Meta:
        abstract = True

    @property
    def own_scope(self) -> str:
        to = self._meta.get_field(self.whole)
        return scope_of(to.related_model, getattr(self, to.attname))  # type: ignore[arg-type, union-attr]


@dataclass(frozen=True)
class _Change:
    """To be told when the transaction is over; equal ones are told once."""

    row: WatchedModel
    recall: bool

    def __call__(self) -> None:
        bump(*self.row.changed_scopes(), recall=self.recall)


def changed(row: WatchedModel, *, recall: bool = False) -> None:
    """Say that pages which show this row are out of date as soon as the transaction is over.

    Saving and deleting say it by themselves; for what writes rows in another way (update, bulk_create). With `recall`
    they must not be shown a moment longer.
    """
    change = _Change(row, recall)
    waiting = transaction.get_connection().run_on_commit
    if not any(isinstance(each[1], _Change) and each[1] == change for each in waiting):
        transaction.on_commit(change)


def _saved(sender: type[models.Model], instance: WatchedModel, **_more: Any) -> None:
    changed(instance)


def _deleted(sender: type[models.Model], instance: WatchedModel, **_more: Any) -> None:
    """The key is gone from the row when the transaction ends."""
    transaction.on_commit(partial(bump, *instance.changed_scopes()))


def watch_rows() -> None:
    """Once, when all apps are loaded. Signals, because rows are also deleted by a cascade and changed by libraries.

    Of these models only: of a model whose deleting somebody listens to, Django reads every row that it deletes.
    """
    for model in apps.get_models():
        if issubclass(model, WatchedModel):
            post_save.connect(_saved, sender=model, dispatch_uid=f"saved {model._meta.label}")
            post_delete.connect(_deleted, sender=model, dispatch_uid=f"deleted {model._meta.label}")
