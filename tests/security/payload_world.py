"""A newsroom whose every text is hostile: each text of payloads.txt in each place where somebody types one."""

import os
from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from articles.enums import BylineRole, Status
from articles.listing import fold, recount
from articles.models import Article, Attribution, Author, Byline, Correction, Section, Source, Tag
from articles.revisions import record
from articles.search.indexing import index
from images.models import Image
from newsletter.models import Issue, MailingList, Subscriber
from tests.articles.desk import add_url, change_url, form_data
from tests.factories import (
    BODY,
    make_article,
    make_image,
    make_issue,
    make_mailing_list,
    make_section,
    make_site,
    make_user,
)
from tests.security.payloads import CLASSES, PAYLOADS


def sendable(text: str) -> str:
    """No lone half of a sign leaves a browser, and no form takes a null byte (tests/security/test_bodies.py)."""
    return text.replace("\0", "").encode(errors="ignore").decode()


# A sample of every day; `make test-payloads` takes them all.
TYPED = [sendable(text) for text in PAYLOADS][:: 1 if os.environ.get("PAYLOADS") == "all" else 25]


class World:
    """Articles are sent through the form of the desk; the rest is written past every form, which is worse."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        self.desk = Client()
        self.chief = make_user(Role.CHIEF_EDITOR, username="chief", is_superuser=True, first_name="رئيسة")
        self.desk.force_login(self.chief)
        make_site(name="مدار اليوم", feeds_full_text=True, tagline=texts[0][:100])
        self.section = make_section("محليات")
        self.articles = self._send_articles()
        self._write_the_rest()
        self._publish()

    def _send_articles(self) -> list[Article]:
        """One POST of the form for each text: the body as it is, the other fields as much of it as they hold."""
        form = form_data(self.desk, add_url())
        for number, text in enumerate(self.texts):
            data = form | {
                "window": f"payload{number:05}",
                "headline": f"{number} {text}"[:200],
                "standfirst": text[:600],
                "kicker": text[:60],
                "key_points": text[:200],
                "dateline": text[:80],
                "body": f"{text}\n{BODY}",
                "section": self.section.pk,
                "_continue": "1",
            }
            answer = self.desk.post(add_url(), data)
            if answer.status_code != 302:
                raise AssertionError(f"{text!r}: {answer.context['adminform'].form.errors}")
        return list(Article.objects.order_by("pk"))

    def _write_the_rest(self) -> None:
        """Rows of every other kind, one for each text, and the articles tied to them."""
        authors = self._rows(Author, "name", "biography", "job_title")
        sources = self._rows(Source, "name", "note")
        tags = self._rows(Tag, "name", "description")
        self._rows(Section, "name", "description")
        pictures = self._pictures()
        now = timezone.now()
        for article, author, source, tag, picture in zip(self.articles, authors, sources, tags, pictures, strict=True):
            Byline.objects.create(article=article, author=author, role=BylineRole.WRITING)
            Attribution.objects.create(article=article, source=source, printed_as=source.name[:80])
            Correction.objects.create(article=article, note=source.note or "x", at=now)
            article.tags.add(tag)
            Article.objects.filter(pk=article.pk).update(lead_image=picture, lead_caption=picture.caption[:200])

    def _rows(self, model: Any, name: str, *others: str) -> list[Any]:
        """One row for each text, in order; the number keeps names apart that differ by what cannot be seen."""
        made = []
        for number, text in enumerate(self.texts):
            fields = {field: text[: model._meta.get_field(field).max_length or 600] for field in others}
            longest = model._meta.get_field(name).max_length
            row = model(**{name: f"{number} {text}"[:longest]}, **fields)
            row.save()
            made.append(row)
        return made

    def _pictures(self) -> list[Image]:
        """They share one file: 500 of them would only take time."""
        first = make_image()
        made = []
        for number, text in enumerate(self.texts):
            words = {"alt_text": text[:200], "caption": text[:200], "credit": f"{number} {text}"[:100]}
            row = Image(file=first.file.name, width=64, height=36, sha256=f"{number + 10_000:064}", **words)
            row.save()
            made.append(row)
        return made

    def _publish(self) -> None:
        now = timezone.now()
        Article.objects.update(status=Status.APPROVED, publish_at=now, published_at=now, without_picture=False)
        recount()
        fold()
        index([article.pk for article in self.articles])

    def readers(self) -> tuple[list[MailingList], list[Issue]]:
        """Readers, lists and issues with these names; one issue holds what 25 texts became."""
        for number, text in enumerate(self.texts):
            Subscriber.objects.create(email=f"reader{number}@example.org", name=text[:80])
        lists = [
            make_mailing_list(f"{n} {text}"[:80], description=text[:200]) for n, text in enumerate(self.texts[::20])
        ]
        issues = []
        for start in range(0, len(self.texts), 25):
            part, articles = self.texts[start : start + 25], tuple(self.articles[start : start + 25])
            words = {"subject": part[0][:150], "preheader": part[-1][:150], "text": "\n\n".join(part)}
            issues.append(make_issue(lists[start // 25 % len(lists)], articles=articles, **words))
        return lists, issues

    def drafts(self) -> Iterator[tuple[Article, str]]:
        """One unpublished article for each class, with all its texts as they are in the body: no form saw it."""
        for kind, texts in CLASSES.items():
            body = sendable("\n<p>نص</p>\n".join(text for text in texts if text.endswith(">")))
            draft = make_article(sendable(f"{kind} {texts[0]}")[:200], published=False, section=self.section, body=body)
            for _version in range(2):
                record(draft, by=self.chief, reason=sendable(texts[-1])[:300])
            yield draft, sendable("\n".join(texts))

    def preview_of(self, draft: Article, body: str) -> str:
        """The document that shows what is typed in the form."""
        typed = form_data(self.desk, change_url(draft)) | {"body": body, "standfirst": body[:600]}
        address = reverse("admin:articles_article_preview", args=[draft.pk])
        return self.desk.post(f"{address}?as=page&scheme=light", typed).content.decode()

    def rows_to_delete(self) -> Iterator[tuple[str, Model]]:
        """One of each kind for each twentieth text, and what all articles belong to."""
        yield "articles/section", self.section
        for model in (Author, Source, Tag, Section, Image, Subscriber, MailingList, Issue):
            for row in model._default_manager.order_by("pk")[1::60]:
                yield f"{model._meta.app_label}/{model._meta.model_name}", row
