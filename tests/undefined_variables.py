"""A template of ours that names a variable nobody gave it fails the test instead of printing nothing."""

import sys
from types import FrameType

import pytest
from django.conf import settings
from django.template.base import FilterExpression, Node

EXPECTING_NOTHING = {"default", "default_if_none"}


def template_of(frame: FrameType | None) -> str:
    """The file of the innermost template node that is being rendered, '' when none is."""
    while frame:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and hasattr(node, "origin"):
            return str(node.origin.name)
        frame = frame.f_back
    return ""


def is_ours(template: str) -> bool:
    return template.startswith(str(settings.BASE_DIR)) and "site-packages" not in template


class UndefinedVariable(str):
    """For the template option `string_if_invalid`, in place of its default ''.

    Django asks `if value`, then `"%s" in value`, then `value % name`. Templates of others rely on silence,
    and so may ours where the expression itself names a default.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        frame = sys._getframe(1)
        expression = frame.f_locals.get("self")
        if not isinstance(expression, FilterExpression):
            return False
        filters = {function.__name__ for function, _ in expression.filters}
        return not filters & EXPECTING_NOTHING and is_ours(template_of(frame))

    def __contains__(self, text: object) -> bool:
        return text == "%s"

    def __mod__(self, variable: object) -> str:
        pytest.fail(f"undefined template variable {variable} in {template_of(sys._getframe(1))}")
