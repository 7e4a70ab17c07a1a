"""Model fields that derive their value from another field of the same row at every write."""

from collections.abc import Callable
from typing import Any

from django.db import models


class KeyField(models.CharField):
    """`key(source)`, recomputed whenever the row is written (also by bulk_create), so that it can't go stale.

    Used for names that must be compared or sorted by what they say, not by how they are typed.
    """

    def __init__(self, *args: Any, source: str, key: Callable[[str], str], **kwargs: Any) -> None:
        self.source = source
        self.key = key
        kwargs.setdefault("max_length", 200)
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"]
        return name, path, args, {**kwargs, "source": self.source, "key": self.key}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.key(getattr(model_instance, self.source))[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value


class SlugFromField(models.CharField):
    """The name in an address: what was typed, or made from `source` when it was left empty."""

    def __init__(self, *args: Any, source: str, key: Callable[[str], str], **kwargs: Any) -> None:
        self.source = source
        self.key = key
        kwargs.setdefault("max_length", 80)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source, "key": self.key}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        typed = getattr(model_instance, self.attname)
        value = self.key(typed or getattr(model_instance, self.source))[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value
