"""The page of the log, and the base of every ModelAdmin whose deeds it keeps."""

from audit.admin.entries import AuditEntryAdmin
from audit.admin.groups import GroupAdmin
from audit.admin.logged import LoggedAdmin

__all__ = ["AuditEntryAdmin", "GroupAdmin", "LoggedAdmin"]
