"""The key by which two names of staff are one name."""

from typing import Any

from django.db import models

from newsroom.lib.arabic import fold
from newsroom.lib.fields import KeyField


def user_key(name: str) -> str:
    """What the name says; one of signs alone («+@») is its own key."""
    return fold(name) or name.casefold()


class UserNameKey(KeyField):
    """A key with the id behind it stays: two old names were alike before this column was there (migration 0003)."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        kept: str = getattr(model_instance, self.attname)
        if not add and kept == parted(self.of(model_instance), model_instance.pk):
            return kept
        return super().pre_save(model_instance, add)


def parted(key: str, pk: Any) -> str:
    """The key of a name that another one had before. No name says «#», so that it is nobody else's: ali, ali_3, Ali."""
    return f"{key[:170]} #{pk}"
