import pytest
from django.db import transaction
from time_machine import Traveller

from audit.enums import Action
from audit.models import AuditEntry
from audit.origin import Origin, current
from audit.recording import log
from tests.conftest import NOW
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def test_a_line_says_who_did_what_to_what_and_when(clock: Traveller) -> None:
    samer, article = make_user(first_name="سامر", last_name="الحلبي"), make_article("ميزانية المدينة")
    log(Action.PUBLISHED, by=samer, subject=article, before="draft", after="published", note="العنوان")
    line = AuditEntry.objects.get()
    assert (line.at, line.action, line.actor, line.actor_name) == (NOW, "published", samer, "سامر الحلبي")
    assert (line.subject_type, line.subject_id, line.subject_title) == (
        "articles.article",
        str(article.pk),
        "ميزانية المدينة",
    )
    assert (line.before, line.after, line.note) == ("draft", "published", "العنوان")


def test_without_a_person_a_subject_or_a_request() -> None:
    log(Action.FAILED, by=None)
    line = AuditEntry.objects.get()
    assert (line.actor_id, line.actor_name, line.subject_type, line.subject_id) == (None, "", "", "")
    assert (line.address, line.user_agent) == ("", "")


def test_the_name_and_the_title_stay_as_they_were() -> None:
    samer, article = make_user(first_name="سامر"), make_article("قبل")
    log(Action.CHANGED, by=samer, subject=article)
    samer.first_name, article.headline = "غيره", "بعد"
    samer.save()
    article.save()
    line = AuditEntry.objects.get()
    assert (line.actor_name, line.subject_title) == ("سامر", "قبل")


def test_what_is_longer_than_its_column_is_cut() -> None:
    token = current.set(Origin("192.0.2.1", "م" * 300))
    try:
        log(Action.CHANGED, by=make_user(), subject=make_article("ع" * 200), before="ق" * 200, note="ش" * 900)
    finally:
        current.reset(token)
    line = AuditEntry.objects.get()
    assert (len(line.before), len(line.note), len(line.user_agent)) == (100, 500, 200)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\x00", "\x1b[2K", "\u2028", "\u202e"])
def test_nobody_writes_a_second_line_with_a_name(end: str) -> None:
    """CVE-2025-48432: what is logged may be chosen by a stranger."""
    token = current.set(Origin("192.0.2.1", f"متصفح{end}آخر"))
    try:
        log(Action.SIGN_IN_REFUSED, by=None, note=f"سامر{end}دخول")
    finally:
        current.reset(token)
    line = AuditEntry.objects.get()
    assert end[0] not in line.note + line.user_agent
    assert line.note.startswith("سامر")
    assert line.note.endswith("دخول")


def test_the_line_goes_with_the_deed_that_fails() -> None:
    def deed_that_fails() -> None:
        with transaction.atomic():
            log(Action.PUBLISHED, by=make_user())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        deed_that_fails()
    assert not AuditEntry.objects.exists()


def test_an_action_that_is_no_word_of_the_log_can_still_be_read() -> None:
    AuditEntry.objects.create(action="unheard_of")
    assert "unheard_of" in str(AuditEntry.objects.get())


def test_the_lines_about_one_row_are_the_newest_first_and_no_others() -> None:
    one, other = make_article(), make_article()
    for action, subject in ((Action.ADDED, one), (Action.CHANGED, other), (Action.PUBLISHED, one)):
        log(action, by=None, subject=subject)
    log(Action.CHANGED, by=None, subject=one.section)
    assert [line.action for line in AuditEntry.objects.about(one)] == ["published", "added"]
