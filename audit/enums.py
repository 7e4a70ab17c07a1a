from django.db import models
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


class Action(models.TextChoices):
    """What somebody did. A new deed gets a word of its own here; words that were once written are never renamed.

    The labels have a context of their own: the log names deeds, other pages name states by the same English words.
    """

    ADDED = "added", pgettext_lazy("log", "added")
    CHANGED = "changed", pgettext_lazy("log", "changed")
    DELETED = "deleted", pgettext_lazy("log", "deleted")
    EXPORTED = "exported", pgettext_lazy("log", "exported")

    IMPORTED = "imported", pgettext_lazy("log", "imported")
    SUBMITTED = "submitted", pgettext_lazy("log", "submitted for review")
    RETURNED = "returned", pgettext_lazy("log", "returned to draft")
    APPROVED = "approved", pgettext_lazy("log", "approved")
    PUBLISHED = "published", pgettext_lazy("log", "published")
    SCHEDULED = "scheduled", pgettext_lazy("log", "scheduled")
    WITHDRAWN = "withdrawn", pgettext_lazy("log", "withdrawn")
    CORRECTED = "corrected", pgettext_lazy("log", "corrected")
    RESTORED = "restored", pgettext_lazy("log", "restored an older version")
    CHANGES_OPENED = "changes_opened", pgettext_lazy("log", "began changes to a published article")
    CHANGES_PUBLISHED = "changes_published", pgettext_lazy("log", "published changes")
    CHANGES_DISCARDED = "changes_discarded", pgettext_lazy("log", "discarded changes")
    ASSIGNED = "assigned", pgettext_lazy("log", "assigned")
    COMMENTED = "commented", pgettext_lazy("log", "commented")
    COMMENT_RESOLVED = "comment_resolved", pgettext_lazy("log", "resolved a comment")
    FAILED = "failed", pgettext_lazy("log", "failed")

    COVERAGE_STARTED = "coverage_started", pgettext_lazy("log", "began a live coverage")
    COVERAGE_ENDED = "coverage_ended", pgettext_lazy("log", "ended a live coverage")
    COVERAGE_REOPENED = "coverage_reopened", pgettext_lazy("log", "opened a live coverage again")
    UPDATE_POSTED = "update_posted", pgettext_lazy("log", "posted a live update")
    UPDATE_CHANGED = "update_changed", pgettext_lazy("log", "changed a live update")
    UPDATE_WITHDRAWN = "update_withdrawn", pgettext_lazy("log", "withdrew a live update")
    UPDATE_BROUGHT_BACK = "update_brought_back", pgettext_lazy("log", "brought a live update back")

    CHECKS_OVERRIDDEN = "checks_overridden", pgettext_lazy("log", "published against the house style")
    PREVIEW_SHARED = "preview_shared", pgettext_lazy("log", "shared a preview")
    PREVIEW_REVOKED = "preview_revoked", pgettext_lazy("log", "revoked a preview")
    PREVIEW_ANSWERED = "preview_answered", pgettext_lazy("log", "got an answer to a preview")
    MERGED = "merged", pgettext_lazy("log", "merged")
    RELATED_CHOSEN = "related_chosen", pgettext_lazy("log", "chose related articles")
    FRONT_ARRANGED = "front_arranged", pgettext_lazy("log", "arranged the home page")
    FRONT_RESTORED = "front_restored", pgettext_lazy("log", "took back a change of the home page")

    TEST_MAILED = "test_mailed", pgettext_lazy("log", "sent a test mail")
    UNSCHEDULED = "unscheduled", pgettext_lazy("log", "took it off the schedule")
    SENT = "sent", pgettext_lazy("log", "sent it to the readers")
    PAUSED = "paused", pgettext_lazy("log", "paused the sending")
    RESUMED = "resumed", pgettext_lazy("log", "resumed the sending")
    CANCELLED = "cancelled", pgettext_lazy("log", "cancelled the sending")
    FINISHED = "finished", pgettext_lazy("log", "finished the sending")
    SENT_AGAIN = "sent_again", pgettext_lazy("log", "had a message sent again")
    COUNTED_AS_SENT = "counted_as_sent", pgettext_lazy("log", "counted a message as sent")
    DATABASE_ACCEPTED = "database_accepted", pgettext_lazy("log", "let this database send mail")

    ADDRESS_RENEWED = "address_renewed", pgettext_lazy("log", "gave it a new secret address")

    SUPPRESSION_LIFTED = "suppression_lifted", pgettext_lazy("log", "let an address get mail again")
    ERASED = "erased", pgettext_lazy("log", "erased the data of a subscriber")

    SIGNED_IN = "signed_in", pgettext_lazy("log", "signed in")
    SIGN_IN_REFUSED = "sign_in_refused", pgettext_lazy("log", "sign-in refused")
    LOCKED_OUT = "locked_out", pgettext_lazy("log", "locked out")
    SIGNED_OUT = "signed_out", pgettext_lazy("log", "signed out")
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere", pgettext_lazy("log", "signed out of all devices")
    PASSWORD_CHANGED = "password_changed", pgettext_lazy("log", "password changed")
    FACTOR_SET_UP = "factor_set_up", pgettext_lazy("log", "second factor set up")
    FACTOR_REMOVED = "factor_removed", pgettext_lazy("log", "second factor removed")
    FACTOR_REFUSED = "factor_refused", pgettext_lazy("log", "second factor refused")
    RECOVERY_CODES_MADE = "recovery_codes_made", pgettext_lazy("log", "recovery codes made")
    RECOVERY_CODE_USED = "recovery_code_used", pgettext_lazy("log", "recovery code used")


def actions() -> list[tuple[str, str | Promise]]:
    """The choices of the column. A function, so that a new word needs no migration."""
    return [(action.value, action.label) for action in Action]
