"""An issue with a bit of everything, and readers to fill it for."""

import pytest

from articles.models import Correction
from newsletter.mails.slots import Recipient
from newsletter.models import Issue, MailingList
from pages.models import SiteSettings
from tests.factories import make_article, make_image, make_issue, make_mailing_list, make_site

ADDRESS = "شارع الميناء 7، المدينة"


@pytest.fixture
def site(db) -> SiteSettings:
    return make_site(postal_address=ADDRESS)


@pytest.fixture
def mailing_list(site: SiteSettings) -> MailingList:
    return make_mailing_list("نشرة الصباح", slug="daily")


@pytest.fixture
def issue(mailing_list: MailingList) -> Issue:
    """A text of the editors' own with an address in it, and three articles: with a picture, corrected, plain."""
    first = make_article("افتتاح حديقة G20 العامة", kicker="المدينة", lead_image=make_image(width=1200, height=675))
    second = make_article("تأجيل المباراة إلى الأحد", standfirst="قال الاتحاد إن الموعد الجديد 2026-11-22.")
    Correction.objects.create(article=second, note="ذُكر سابقًا أن الموعد السبت.")
    third = make_article("أسعار الخضار تستقر", lead_image=make_image(width=800, height=600))
    return make_issue(
        mailing_list,
        articles=(first, second, third),
        text="صباح الخير.\nاقرؤوا أيضًا https://example.org/a?b=1&c=2 هذا الأسبوع.",
        subject="حديقة جديدة ومباراة مؤجلة، وأخبار أخرى من المدينة هذا الصباح",
        subject_b="G20: حديقة جديدة",
        preheader="ثلاثة أخبار قبل القهوة",
    )


@pytest.fixture
def recipient() -> Recipient:
    return Recipient(123, 7, 9, "a", "layla@example.com", "ليلى")
