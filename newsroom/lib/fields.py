"""Model fields that keep clean what people type, or derive their value from another field of the same row."""

from collections.abc import Callable
from typing import Any

from django.db import models

from newsroom.lib.hygiene import clean_address, clean_line, clean_line_within, clean_markup, clean_text
from newsroom.lib.lookalikes import validate_name

KEY_LENGTH = 200


class KeyField(models.CharField):
    """`key(source)`, recomputed whenever the row is written (also by bulk_create), so that it can't go stale.

    Used for names that must be compared or sorted by what they say, not by how they are typed. Several sources are
    joined by a space. `save(update_fields=...)` must name the key beside its source.
    """

    def __init__(self, *args: Any, source: str | tuple[str, ...], key: Callable[[str], str], **kwargs: Any) -> None:
        self.source = source
        self.key = key
        kwargs.setdefault("max_length", KEY_LENGTH)
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"]
        return name, path, args, {**kwargs, "source": self.source, "key": self.key}

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        """PostgreSQL's own collations put names into another order than SQLite, and skip spaces doing so."""
        collation = {"collation": "C"} if connection.vendor == "postgresql" else {}
        return {**super().db_parameters(connection), **collation}

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.source,) if isinstance(self.source, str) else self.source

    def of(self, row: models.Model) -> str:
        """What the key of this row says by its sources."""
        typed = " ".join(getattr(row, source) for source in self.sources)
        # A cut can leave a space at the end, which no key has.
        return self.key(typed)[: self.max_length].rstrip()

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = self.of(model_instance)
        setattr(model_instance, self.attname, value)
        return value


@KeyField.register_lookup
class Holds(models.Lookup):
    """`name_key__holds="سوق"`: the words stand anywhere in the key, which is read faster than by LIKE."""

    lookup_name = "holds"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return self._found("instr", compiler, connection)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return self._found("strpos", compiler, connection)

    def _found(self, function: str, compiler: Any, connection: Any) -> tuple[str, Any]:
        key, key_params = self.process_lhs(compiler, connection)
        words, words_params = self.process_rhs(compiler, connection)
        return f"{function}({key}, {words}) > 0", (*key_params, *words_params)


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


class _Clean(models.Field):
    """Whatever way a text takes into the database (form, import, bulk_create, update, the shell), it ends clean.

    `save()` and bulk_create leave the clean text in the instance too; QuerySet.update and loaddata clean what goes to
    the database. Expressions are the database's own business. Migrations see Django's field: nothing in them changes.
    """

    cleaner: Callable[[str], str]

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        plain = next(kind for kind in type(self).__mro__ if kind.__module__.startswith("django."))
        return name, f"django.db.models.{plain.__name__}", args, kwargs

    def cleaned(self, value: Any) -> Any:
        return type(self).cleaner(value) if isinstance(value, str) else value

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """Validators see the text as it will be kept, so that one that has grown too long is a sentence in a form."""
        return super().clean(_Clean.cleaned(self, value), model_instance)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        cleaned = self.cleaned(value)
        if cleaned is not value:
            setattr(model_instance, self.attname, cleaned)
        return cleaned

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(self.cleaned(value), connection)


class CleanCharField(_Clean, models.CharField):
    """One line: a name, a headline, a caption. No save fails because cleaning made a text longer than its column."""

    cleaner = staticmethod(clean_line)

    def cleaned(self, value: Any) -> Any:
        return clean_line_within(value, self.max_length or len(value)) if isinstance(value, str) else value


class NameField(CleanCharField):
    """A name that nobody may imitate: no letter of another alphabet inside a word (newsroom.lib.lookalikes).

    The rule is one of forms and full_clean: an import and old rows pass, and are looked at by an editor.
    """

    default_validators = [validate_name]


class CleanTextField(_Clean, models.TextField):
    """Plain text of several lines."""

    cleaner = staticmethod(clean_text)


class CleanURLField(_Clean, models.URLField):
    """A web address. Its letters are left alone: another letter leads elsewhere."""

    cleaner = staticmethod(clean_address)


class AddressLinesField(_Clean, models.TextField):
    """Web addresses, one a line."""

    @staticmethod
    def cleaner(text: str) -> str:
        return "\n".join(filter(None, map(clean_address, text.splitlines())))


class BodyField(_Clean, models.TextField):
    """HTML that richtext.sanitise has made; here its letters alone are cleaned, whoever made it."""

    cleaner = staticmethod(clean_markup)


def clean_copy(model: type[models.Model], name: str, kind: type[CleanCharField] = CleanCharField) -> Any:
    """The name in an abstract model of somebody else's, made clean, to be declared in a model of ours."""
    original = model._meta.get_field(name)
    _name, _path, args, kwargs = original.deconstruct()  # type: ignore[union-attr]
    field = kind(*args, **kwargs)
    field.creation_counter = original.creation_counter  # type: ignore[union-attr] # the order of columns
    return field
