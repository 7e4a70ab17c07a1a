"""The newsletter's pages of the admin, one module for each kind of row."""

from newsletter.admin import people

__all__ = ["people"]
