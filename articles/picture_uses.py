"""Which pictures stand in the articles: rows of PictureUse for texts, told to images.uses beside lead pictures and
portraits.

A live coverage belongs to the text of its story, its withdrawn entries too: the desk still reads them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import pgettext

from accounts.models import User
from articles.models import Article, Author, LiveUpdate, PictureUse
from images.in_bodies import picture_keys
from images.uses import Person, Use
from richtext.figures import picture_addresses


def note_pictures(article: Article) -> None:
    """Have the rows of an article say what stands in its text now. Call it when the text was written."""
    bodies = [article.body]
    if article.coverage_started_at:
        bodies += LiveUpdate.objects.filter(article=article).order_by().values_list("body", flat=True)
    now = picture_keys(address for body in bodies for address in picture_addresses(body))
    noted = set(PictureUse.objects.filter(article=article).values_list("image", flat=True))
    if gone := noted - now:
        PictureUse.objects.filter(article=article, image__in=gone).delete()
    PictureUse.objects.bulk_create(
        [PictureUse(article=article, image_id=key) for key in sorted(now - noted)], ignore_conflicts=True
    )


class PicturesOfArticles:
    """Lead pictures and pictures in texts. A story and its changes count as one."""

    def used(self) -> Sequence[QuerySet]:
        led = Article.objects.filter(lead_image__isnull=False).order_by()
        return [led.values("lead_image"), PictureUse.objects.order_by().values("image")]

    def counts(self, keys: Sequence[int]) -> Mapping[int, int]:
        """Stories, each once, though a picture may stand above and in the text."""
        stories: defaultdict[int, set[int]] = defaultdict(set)
        for image, article in self._places(keys):
            stories[image].add(article)
        return {image: len(found) for image, found in stories.items()}

    def uses(self, keys: Sequence[int], user: Person) -> Iterable[tuple[int, Use]]:
        if not isinstance(user, User):
            return
        visible = Article.objects.visible_to(user).order_by()
        led = visible.filter(lead_image__in=keys).only("headline", "working_copy_of", "lead_image")
        for article in led.order_by("-saved_at", "-pk"):
            yield article.lead_image_id or 0, _use(article, pgettext("place of a picture", "lead picture"))
        told = PictureUse.objects.filter(image__in=keys, article__in=visible.values("pk")).select_related("article")
        shown = told.only("image", "article__headline", "article__working_copy_of")
        for row in shown.order_by("-article__saved_at", "-article"):
            yield row.image_id, _use(row.article, pgettext("place of a picture", "text"))

    def public(self, keys: Sequence[int]) -> Collection[int]:
        led = Article.objects.published().filter(lead_image__in=keys).order_by().values_list("lead_image", flat=True)
        told = PictureUse.objects.filter(image__in=keys, article__in=Article.objects.published().order_by())
        return {*led, *told.values_list("image", flat=True)}

    def _places(self, keys: Sequence[int]) -> Iterable[tuple[int, int]]:
        story = Coalesce("working_copy_of", "pk")
        yield from Article.objects.filter(lead_image__in=keys).order_by().values_list("lead_image", story)
        told = PictureUse.objects.filter(image__in=keys)
        yield from told.values_list("image", Coalesce("article__working_copy_of", "article"))


class Portraits:
    """Pictures of the people who write; everybody at the desk may know of them, and readers see them."""

    def used(self) -> Sequence[QuerySet]:
        return [Author.objects.filter(portrait__isnull=False).order_by().values("portrait")]

    def counts(self, keys: Sequence[int]) -> Mapping[int, int]:
        return Counter(Author.objects.filter(portrait__in=keys).order_by().values_list("portrait", flat=True))

    def uses(self, keys: Sequence[int], user: Person) -> Iterable[tuple[int, Use]]:
        if isinstance(user, AnonymousUser):
            return
        may_open = user.has_perm("articles.view_author")
        for author in Author.objects.filter(portrait__in=keys).only("name", "portrait"):
            address = reverse("admin:articles_author_change", args=[author.pk]) if may_open else ""
            yield author.portrait_id or 0, Use(author.name, address, pgettext("place of a picture", "portrait"))

    def public(self, keys: Sequence[int]) -> Collection[int]:
        return set(Author.objects.filter(portrait__in=keys).values_list("portrait", flat=True))


def _use(article: Article, place: str) -> Use:
    if article.is_working_copy:
        place = pgettext("place of a picture", "%(place)s, changes") % {"place": place}
    return Use(article.headline, reverse("admin:articles_article_change", args=[article.pk]), place)
