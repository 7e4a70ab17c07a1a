"""The newsletter's pages of the admin, one module for each kind of row."""

from newsletter.admin import importing, issues, lists, overview, people, suppressions

__all__ = ["importing", "issues", "lists", "overview", "people", "suppressions"]
