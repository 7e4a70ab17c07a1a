"""The words of the log in templates."""

from django import template

from audit.wording import state_in_words

register = template.Library()

register.filter("state", state_in_words)
