"""What filters of mail do not like."""

from typing import NamedTuple

import pytest

from newsletter.composing import Row, new_issue, save_issue
from newsletter.enums import ItemKind
from newsletter.mails.rendering import render_issue
from newsletter.models import Issue, MailingList
from newsletter.spam_risk import risks, spam_words
from newsroom.lib.arabic import fold
from newsroom.lib.tables import words
from tests.factories import make_article, make_site, make_user

pytestmark = pytest.mark.django_db

GOOD = "أهم أخبار صباح الجمعة من المدينة"


class Mail(NamedTuple):
    """Such as nobody could complain about."""

    subject: str = GOOD
    html: str = "<p>" + "خبر " * 200 + '<a href="https://news.example/1">اقرأ</a></p>'
    text: str = "خبر " * 200


@pytest.fixture
def issue(mailing_list: MailingList) -> Issue:
    issue = new_issue(mailing_list, by=None, subject=GOOD)
    issue.preheader = "ثلاث مواد ونص واحد"
    return issue


def texts(issue: Issue, mail: Mail = Mail()) -> list[str]:  # noqa: B008 - a tuple
    return [risk.text for risk in risks(issue, mail)]


def test_an_ordinary_issue_raises_no_suspicion(mailing_list: MailingList) -> None:
    make_site(postal_address="دمشق")
    articles = [make_article(f"افتتاح حديقة عامة جديدة في الحي رقم {number}") for number in range(5)]
    issue = new_issue(mailing_list, by=None, articles=articles, subject=GOOD)
    issue.preheader = "خمس مواد"
    assert risks(issue, render_issue(issue)) == []


@pytest.mark.parametrize(
    "subject",
    [
        "خبر مهم!!",
        "هل؟ ماذا! كيف؟ متى",
        "RE: ما طلبتم",
        "رد: ما طلبتم",
        "Fwd: أخبار",
        "BREAKING NEWS FROM THE CITY",
        "أخبـــار اليوم",
        "رااااائع ما حدث اليوم",
        "🎉🎉🎉 أخبار اليوم",
        "ربح سريع لكل قارئ",
        "Click here أخبار",
        "أخبار " * 12,
    ],
)
def test_a_suspicious_subject_is_named(issue: Issue, subject: str) -> None:
    assert texts(issue) == []
    issue.subject = subject
    assert [risk.field for risk in risks(issue, Mail())] == ["subject"]
    issue.subject, issue.subject_b = GOOD, subject
    assert [risk.field for risk in risks(issue, Mail())] == ["subject_b"]


@pytest.mark.parametrize(
    "subject",
    [
        "هل تعود المدارس إلى دوام كامل؟",
        "قمة NATO وUNESCO في دمشق",
        "ردود على قرار البلدية",
        "وصلت 1000000 نسخة",
        "Free Press: حرية الصحافة",
    ],
)
def test_what_newspapers_write_is_not_suspicious(issue: Issue, subject: str) -> None:
    issue.subject = subject
    assert texts(issue) == []


def test_a_missing_preheader_is_named(issue: Issue) -> None:
    issue.preheader = ""
    assert [risk.field for risk in risks(issue, Mail())] == ["preheader"]


@pytest.mark.parametrize(
    "mail",
    [
        Mail(html=Mail().html + '<a href="https://bit.ly/x">هنا</a>'),
        Mail(html=Mail().html + '<a href="https://news.example/">هنا</a>' * 80),
        Mail(html='<p>خبر</p><img src="a"><img src="b">', text="خبر"),
        Mail(html="<p>" + "<i></i>" * 10_000 + "</p>", text="خبر قصير جدًا"),
        Mail(text="اضغط هنا الآن لتكسب فرصة ذهبية، عرض خاص"),
    ],
    ids=["shortener", "links", "pictures", "little text", "words"],
)
def test_a_suspicious_mail_is_named(issue: Issue, mail: Mail) -> None:
    assert len(texts(issue, mail)) == 1


def test_words_are_found_however_they_are_spelled_and_only_as_words() -> None:
    assert spam_words("فُرصة ذهبيّة للجميع") == ["فرصة ذهبية"]
    assert spam_words("الفرصة الذهبية") == []
    assert spam_words("ربح سريع", at_least=2) == []


def test_the_table_holds_nothing_twice() -> None:
    keys = [fold(entry) for entry in words("spam_words")]
    assert all(keys)
    assert len(keys) == len(set(keys))


def test_the_words_of_texts_count_too(issue: Issue) -> None:
    by = make_user()
    text = Row(None, ItemKind.TEXT, None, "", "اضغط هنا، فرصة ذهبية، عرض خاص. " + "خبر آخر من المدينة. " * 50)
    saved = save_issue(issue, by=by, version=1, words={"preheader": "تمهيد"}, rows=[text])
    make_site(postal_address="دمشق")
    [risk] = risks(saved, render_issue(saved))
    assert "فرصة ذهبية" in risk.text
