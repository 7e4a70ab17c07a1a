from collections.abc import Callable

import pytest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from newsroom.lib.escaping import fill

VALUES: list[Callable[[], object]] = [
    lambda: "<script>alert('1')</script>",
    lambda: "\"&<>'",
    lambda: "نص {0} عادي",
    lambda: format_html("<b>{}</b>", "<i>"),
    lambda: 12,
    lambda: True,
    lambda: None,
    lambda: gettext_lazy("Archive"),
    lambda: type("Word", (str,), {})("<u>"),
]


@pytest.mark.parametrize("value", VALUES)
def test_it_escapes_as_django_does(value: Callable[[], object]) -> None:
    made = fill('<p title="{}">{}</p>', value(), value())
    assert made == format_html('<p title="{}">{}</p>', value(), value())
    assert isinstance(made, SafeString)
