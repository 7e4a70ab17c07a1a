"""Numbers, days, times and codes are typed in the digits of any script, in every form that there is."""

import importlib
import sys
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.test import RequestFactory
from django.utils import timezone

from accounts.forms import CodeField
from accounts.models import User
from newsroom.lib import forms as ours
from newsroom.lib.arabic import DIGITS, fold_digits
from tests.factories import make_site

APPS = ("accounts", "articles", "audit", "images", "newsletter", "newsroom", "pages", "richtext")
ZEROS = {"Arabic-Indic": "٠", "Persian": "۰", "Devanagari": "०", "full width": "０", "Bengali": "০", "Thai": "๐"}
NUMBERS = (forms.IntegerField, forms.FloatField, forms.DecimalField)
MOMENTS = (forms.DateField, forms.TimeField, forms.DateTimeField, forms.DurationField)


def in_script(text: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(char)) if char in "0123456789" else char for char in text)


def test_every_decimal_digit_of_unicode_is_folded() -> None:
    every = [chr(point) for point in range(sys.maxunicode + 1) if unicodedata.category(chr(point)) == "Nd"]
    assert fold_digits("".join(every)) == "".join(str(unicodedata.decimal(char)) for char in every)
    assert all(len(digit) == 1 and digit.isascii() for digit in DIGITS.values())


@pytest.mark.parametrize("zero", ZEROS.values(), ids=ZEROS)
def test_each_kind_of_field_reads_the_script(zero: str) -> None:
    def typed(text: str) -> str:
        return in_script(text, zero)

    assert ours.IntegerField().clean(typed("2026")) == 2026
    assert ours.IntegerField().clean(typed("1٬234,567")) == 1_234_567
    assert ours.FloatField().clean(typed("0٫25")) == 0.25
    assert ours.DecimalField().clean(typed("1٬234٫50")) == Decimal("1234.50")
    assert ours.DateField().clean(typed("2026-11-20")) == date(2026, 11, 20)
    assert ours.DateField().clean(typed("20/11/2026")) == date(2026, 11, 20)
    assert ours.TimeField().clean(typed("09:40")) == time(9, 40)
    moment = timezone.make_aware(datetime(2026, 11, 20, 9, 40))  # noqa: DTZ001
    assert ours.SplitDateTimeField().clean([typed("2026-11-20"), typed("09:40")]) == moment
    assert CodeField().clean(typed("123 456")) == "123456"


@pytest.mark.parametrize("typed", ["２０２６－１１－２０", "\u200f٢٠/١١/٢٠٢٦\u200f", "2026\u201111\u201120"])
def test_a_day_is_read_with_the_signs_of_other_keyboards(typed: str) -> None:
    assert ours.DateField().clean(typed) == date(2026, 11, 20)


@pytest.mark.parametrize("typed", ["1,2", "1,23,456", "12,34", "١٬٢"])
def test_a_comma_that_sets_no_thousands_apart_is_a_mistake(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        ours.IntegerField().clean(typed)


def form_classes() -> Iterator[type[forms.BaseForm]]:
    """Every form of ours that is written down anywhere."""
    for name in APPS:
        for module in ("forms", "admin", "views", "search_views", "typed"):
            try:
                importlib.import_module(f"{name}.{module}")
            except ModuleNotFoundError:
                continue
    waiting: list[type[forms.BaseForm]] = [forms.BaseForm]
    while waiting:
        for form in waiting.pop().__subclasses__():
            waiting.append(form)
            if form.__module__.split(".")[0] in APPS:
                yield form


def fields_of_forms() -> Iterator[tuple[str, forms.Field]]:
    for form in form_classes():
        # What a model form makes of its model is the admin's business: fields_of_admin.
        fields = form.declared_fields if issubclass(form, forms.ModelForm) else form.base_fields
        for name, field in fields.items():
            yield f"{form.__name__}.{name}", field


def fields_of_admin() -> Iterator[tuple[str, forms.Field]]:
    request: Any = RequestFactory().get("/")
    request.session = {}
    request.user = User(is_superuser=True, is_staff=True, is_active=True, username="root")
    for model, page in admin.site._registry.items():
        if model._meta.app_label not in {config.label for config in apps.get_app_configs() if config.name in APPS}:
            continue
        for obj in (None, model()):
            for name, field in page.get_form(request, obj, change=obj is not None).base_fields.items():
                yield f"{model.__name__}.{name}", field
            for formset, inline in page.get_formsets_with_inlines(request, obj):
                for name, field in formset.form.base_fields.items():
                    yield f"{inline.model.__name__}.{name}", field


@pytest.mark.django_db
def test_no_form_has_a_field_that_reads_ascii_digits_alone() -> None:
    make_site()
    asked: set[str] = set()
    for name, field in [*fields_of_forms(), *fields_of_admin()]:
        if isinstance(field, (*NUMBERS, *MOMENTS)):
            asked.add(name)
            _read(name, field)
        elif isinstance(field, forms.MultiValueField) and any(isinstance(part, MOMENTS) for part in field.fields):
            asked.add(name)
            for part in field.fields:
                _read(name, part)
        if not name.startswith("Management"):
            assert getattr(field.widget, "input_type", "") != "number", f"{name} refuses Arabic digits in the browser"
    assert {"Section.position", "MailingList.position", "Image.focal_x", "LogForm.since"} <= asked
    assert {"Article.publish_at", "Article.planned_for", "RelatedLink.after_block"} <= asked


def _read(name: str, field: Any) -> None:
    """What the field makes of Arabic-Indic digits is what it makes of ASCII ones."""
    for plain in ("7", "2026-11-20", "09:40"):
        try:
            expected = field.to_python(plain)
        except forms.ValidationError:
            continue
        assert field.to_python(in_script(plain, "٠")) == expected, name
        return
    pytest.fail(f"{name} reads nothing at all")
