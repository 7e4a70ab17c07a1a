"""Brings the sample newsroom into every state that is looked at, and says where each page is.

It runs in the environment of the server: `manage.py shell --command "from tests.site.world import show; show()"`.
"""

import json
import re
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import Length
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.enums import Status
from articles.models import Article, Author, Byline, Correction, PartnerFeed, RelatedLink, Section, Source, Tag
from articles.pagination import PER_PAGE, cursor_of
from articles.search.indexing import index
from images.models import Image
from newsletter.delivering import mail_confirmation
from newsletter.enums import IssueState
from newsletter.mails.compiling import compile_issue
from newsletter.models import Issue, MailingList, Subscription
from newsletter.subscribing import subscribe
from newsletter.tokens import preferences_token, unsubscribe_token
from pages.models import Page, SiteSettings
from tests.factories import make_article, make_author, make_issue, make_source

# Everything that a body may hold, and what stretches a page: a word without end, a table wider than a phone.
BODY = """
<p>عاد الباعة إلى <strong>السوق القديم</strong>، وقال أحدهم: <q>حفظنا الأحجار</q> (<a href="https://example.org/">دليل
السوق</a>).</p><h2>ماذا تغيّر؟</h2><p>العنوان الطويل هو <bdi dir="ltr">LONG</bdi> كما نُشر في <abbr title="وكالة
الساحل">و.س</abbr>، وفيه x<sup>2</sup> وH<sub>2</sub>O و<s>كلمة</s> و<u>أخرى</u> و<code>print()</code>.</p>
<h3>الأرقام</h3><table><caption>المتاجر المرممة</caption><thead><tr><th scope="col">المرحلة</th>
<th scope="col">عدد المتاجر المرممة في السوق القديم وما حوله</th><th scope="col">الكلفة بالليرة السورية</th></tr>
</thead><tbody><tr><th scope="row">الأولى</th><td>١٤٢</td><td>١٬٢٥٠٬٠٠٠</td></tr></tbody></table>
<blockquote><p>لا سوق بلا ناس.</p></blockquote><ul><li>باب الحدادين</li><li>باب النحاسين</li></ul>
<ol><li>الترميم</li><li>الإنارة</li></ol><dl><dt>القيسارية</dt><dd>سوق مسقوف.</dd></dl><hr>
<pre>نص كما هو</pre><p lang="en" dir="ltr">The old market opens again.</p><p class="caption">شرح صورة.</p>
""".replace("LONG", "https://example.org/" + "very-long-address-" * 8)


def show() -> None:
    """Print JSON: `paths`, name to address, and `cookie`, the session of a member of staff."""
    section, author = _busiest(Section), _busiest(Author)
    old, everything = _write_old(), _write_everything()
    index([row.pk for row in (*old, everything)])
    tag = Tag.objects.annotate(number=Count("tagged_articles")).order_by("-number", "pk")[0]
    paths = {
        "section": section.get_absolute_url(),
        "section-2": _older(old[0].section),
        "tag": tag.get_absolute_url(),
        "author": author.get_absolute_url(),
        "source": _busiest(Source).get_absolute_url(),
        "article-old": old[0].get_absolute_url(),
        "article-everything": everything.get_absolute_url(),
        **_lists(),
        **_articles(),
        **{f"page-{page.slug}": page.get_absolute_url() for page in Page.objects.all()},
        **_newsletter(),
        **_issues(),
        **_for_machines(section, tag, author),
    }
    paths |= {"lite-section": f"/lite{paths['section']}", "lite-article": f"/lite{paths['article']}"}
    print(json.dumps({"cookie": _staff_cookie(), "paths": paths}))  # noqa: T201


def _older(section: Section) -> str:
    """The second page of its list."""
    last = Article.objects.published().in_section(section).newest_first()[PER_PAGE - 1]
    return f"{section.get_absolute_url()}?before={cursor_of(last.published_at, last.pk)}"


def _busiest(model: Any) -> Any:
    return model.objects.annotate(number=Count("articles")).order_by("-number", "pk")[0]


def _write_old() -> list[Article]:
    """Enough stories of another year for a second page of their section."""
    section, author = Section.objects.order_by("-pk")[0], Author.objects.order_by("pk")[0]
    start = timezone.now() - timedelta(days=400)
    return [
        make_article(
            f"من دفتر العام الماضي: يوم في الحي رقم {number}",
            slug=f"من-دفتر-العام-الماضي-{number}",
            section=section,
            standfirst="صفحة من دفتر المدينة كما كُتبت يومها.",
            authors=(author,),
            at=start - timedelta(hours=7 * number),
        )
        for number in range(30)
    ]


def _write_everything() -> Article:
    """A story with all that a story can have, on a day when it takes no place on the home page."""
    at = timezone.now() - timedelta(days=100)
    article = make_article(
        "السوق القديم يفتح أبوابه من جديد بعد أعوام من الترميم، وهذا عنوان طويل جدًا لا يُكتب مثله إلا حين يُراد أن تُرى "
        "الصفحة وهي تضيق به، and a few words in English",
        promo_headline="السوق القديم يفتح أبوابه",
        slug="السوق-القديم",
        kicker="تراث",
        standfirst="أُعيد تأهيل ١٤٢ متجرًا وسط المدينة، وعاد الباعة إلى أماكنهم.",
        key_points="أُعيد تأهيل ١٤٢ متجرًا.\nبقيت الواجهات الحجرية كما كانت.\nيفتح السوق كل يوم عدا الجمعة.",
        dateline="مرسى الزيتون",
        body=BODY,
        lead_image=Image.objects.order_by("pk").first(),
        lead_caption="ممر من ممرات السوق.",
        authors=(make_author("منى العابد", slug="منى-العابد", job_title="مراسلة"),),
        sources=(make_source("وكالة الخليج المشتركة", slug="وكالة-الخليج-المشتركة"), Source.objects.order_by("pk")[0]),
        tags=("أسواق", "ترميم المدن القديمة"),
        at=at,
        updated_at=at + timedelta(days=2),
    )
    Byline.objects.create(
        article=article, author=make_author("John Smith", slug="john-smith"), role="photography", position=1
    )
    Correction.objects.create(
        article=article, note="ذكرت نسخة سابقة أن العدد ١٢٤، والصحيح ١٤٢.", at=at + timedelta(days=2)
    )
    target = Article.objects.published().exclude(pk=article.pk).newest_first()[0]
    RelatedLink.objects.create(article=article, target=target, after_block=1)
    RelatedLink.objects.create(article=article, url="https://example.org/", title="دليل السوق", position=1)
    RelatedLink.objects.create(article=article, title="عنوان بلا رابط", position=2)
    return article


def _lists() -> dict[str, str]:
    published = Article.objects.published().newest_first()
    moment = timezone.localtime(published[3].published_at)
    return {
        "home": reverse("articles:home"),
        "archive": reverse("articles:archive"),
        "month": reverse("articles:archive_month", args=[moment.year, moment.month]),
        "day": reverse("articles:archive_day", args=[moment.year, moment.month, moment.day]),
        "most-read": "/most-read/",
        "corrections": "/corrections/",
        "search": "/search/",
        "search-results": "/search/?q=%D8%A7%D9%84%D8%B3%D9%88%D9%82",
        "search-none": "/search/?q=qwertyuiop",
        "saved": "/saved/",
        "offline": "/offline/",
        "styleguide": "/styleguide/",
        "not-staff": "/styleguide/",
        "missing": "/nothing-here/",
    }


def _articles() -> dict[str, str]:
    """One story of each kind that the sample newsroom has, the newest."""
    stories = Article.objects.published().newest_first()
    sample = stories.filter(published_at__gt=timezone.now() - timedelta(days=60), coverage_started_at=None)
    own = sample.filter(origin="own", corrections=None)
    found = {
        "article": own.exclude(lead_image=None),
        "article-long": sample.order_by(Length("body").desc()),
        "article-without-picture": sample.filter(lead_image=None).exclude(origin="opinion"),
        "article-opinion": sample.filter(origin="opinion"),
        "article-agency": sample.filter(origin__in=("agency", "translated")).exclude(sources=None),
        "article-live": stories.exclude(coverage_started_at=None),
        "article-corrected": sample.exclude(corrections=None),
        "withdrawn": Article.objects.withdrawn(),
    }
    return {name: rows[0].get_absolute_url() for name, rows in found.items() if rows.exists()}


def _newsletter() -> dict[str, str]:
    """The pages behind the links of a mail: what a reader sees who has just subscribed."""
    asked = subscribe("reader@example.com")
    mail_confirmation.call(asked.pk)
    mail = max(Path(settings.MAIL_FOLDER).rglob("*.eml"), key=lambda file: file.stat().st_mtime)
    text = message_from_bytes(mail.read_bytes(), policy=policy.default).get_body(("plain",)).get_content()
    leave = unsubscribe_token(Subscription.objects.latest("pk").pk)
    return {
        "newsletter": reverse("newsletter:sign_up"),
        "newsletter-inbox": reverse("newsletter:check_inbox", args=[asked.reference]),
        "newsletter-confirm": re.search(r"/newsletter/confirm/[^/\s]+/", text)[0],
        "newsletter-confirmed": reverse("newsletter:confirmed"),
        "newsletter-leave": reverse("newsletter:unsubscribe", args=[leave]),
        "newsletter-settings": reverse("newsletter:preferences", args=[preferences_token(asked.subscriber_id)]),
        "newsletter-broken": reverse("newsletter:confirm", args=["no-such-token"]),
    }


def _issues() -> dict[str, str]:
    """An issue that was sent, with a correction and an article that was withdrawn since, and the archive."""
    SiteSettings.objects.update(postal_address="شارع الميناء 7، مرسى الزيتون")
    stories, now = Article.objects.published().newest_first(), timezone.now()
    gone = make_article("مادة سُحبت بعد إرسال العدد", slug="مادة-سحبت")
    articles = (*stories.exclude(pk=gone.pk)[:3], stories.exclude(corrections=None)[0], gone)
    text = "صباح الخير. اخترنا لكم هذه المواد، ومعها https://example.org/a?b=1 لمن يريد المزيد."
    fields = {"subject": "أبرز أخبار الصباح في خمس دقائق، مع G20", "preheader": "خمس مواد قبل القهوة"}
    issue = make_issue(MailingList.objects.order_by("position", "pk")[0], articles=articles, text=text, **fields)
    compile_issue(issue)
    sent = {"state": IssueState.FINISHED, "snapshot_at": now, "started_at": now, "finished_at": now}
    Issue.objects.filter(pk=issue.pk).update(**sent)
    Article.objects.filter(pk=gone.pk).update(status=Status.WITHDRAWN, withdrawn_at=now, withdrawal_note="سُحبت للتحقق.")
    return {
        "issue": issue.get_absolute_url(),
        "issues": reverse("newsletter:archive"),
        "issues-of-list": reverse("newsletter:list_archive", args=[issue.mailing_list.slug]),
    }


def _for_machines(section: Section, tag: Tag, author: Author) -> dict[str, str]:
    partner = PartnerFeed.objects.create(name="شريك")
    places = {"": "/feeds/"} | {f"{row._meta.model_name}-": row.get_absolute_url() for row in (section, tag, author)}
    files = {"rss": "rss.xml", "atom": "atom.xml", "json": "feed.json"}
    return {
        **{f"{place}{form}": folder + file for place, folder in places.items() for form, file in files.items()},
        "partner-feed": partner.get_absolute_url(),
        "partner-json": partner.get_absolute_url().replace(".xml", ".json"),
        "sitemap": "/sitemap.xml",
        "sitemap-news": "/sitemap-news.xml",
        "robots": "/robots.txt",
        "llms": "/llms.txt",
        "humans": "/humans.txt",
        "security": "/.well-known/security.txt",
        "opensearch": "/opensearch.xml",
        "manifest": "/manifest.webmanifest",
        "service-worker": "/sw.js",
        "lite-home": "/lite/",
    }


def _staff_cookie() -> str:
    client = Client()
    client.force_login(User.objects.filter(is_superuser=True).order_by("pk")[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value
