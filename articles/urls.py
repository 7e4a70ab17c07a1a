from django.urls import include, path, register_converter

from articles import (
    calendar_views,
    card_views,
    coverage_views,
    device_views,
    lite,
    machines,
    preview_link_views,
    read_views,
    search_views,
    sitemap_views,
    views,
)
from articles.styleguide import styleguide


class YearConverter:
    """Four digits, so that every year has one address."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04}"


class TwoDigitConverter:
    """A month or a day, always with two digits."""

    regex = "[0-9]{2}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:02}"


class DigestConverter:
    """As share_card.card_digest writes it."""

    regex = "[0-9a-f]{20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DigestConverter, "digest")
register_converter(YearConverter, "yyyy")
register_converter(TwoDigitConverter, "mm")

app_name = "articles"
urlpatterns = [
    path("", views.home, name="home"),
    path("", include("articles.feeds.urls")),
    path("llms.txt", machines.llms, name="llms"),
    path("lite/", lite.home, name="lite_home"),
    path("lite/news/<int:article_id>/", lite.detail, name="lite_detail"),
    path("lite/news/<int:article_id>/<str:slug>/", lite.detail, name="lite_detail"),
    path("lite/sections/<str:slug>/", lite.section, name="lite_section"),
    path("news/<int:article_id>/", views.detail, name="detail"),
    path("news/<int:article_id>/updates/", coverage_views.updates, name="updates"),
    path("news/<int:article_id>/<str:slug>/", views.detail, name="detail"),
    path("n/<int:article_id>", views.short, name="short"),
    path("cards/<int:article_id>-<digest:digest>.jpg", card_views.share_card, name="share_card"),
    path("preview/<str:token>/", preview_link_views.shared_preview, name="shared_preview"),
    path("sections/<str:slug>/", views.section, name="section"),
    path("tags/<str:slug>/", views.tag, name="tag"),
    path("authors/<str:slug>/", views.author, name="author"),
    path("sources/<str:slug>/", views.source, name="source"),
    path("search/", search_views.search, name="search"),
    path("search/suggest/", search_views.suggest, name="suggest"),
    path("styleguide/", styleguide, name="styleguide"),
    path("corrections/", views.corrections, name="corrections"),
    path("calendar/<str:key>.ics", calendar_views.calendar, name="calendar_feed"),
    path("saved/", device_views.saved, name="saved"),
    path("offline/", device_views.offline, name="offline"),
    path("sw.js", device_views.service_worker, name="service_worker"),
    path("manifest.webmanifest", device_views.manifest, name="manifest"),
    path("most-read/", read_views.most_read, name="most_read"),
    path("reads/", read_views.reads, name="reads"),
    path("sitemap.xml", sitemap_views.index, name="sitemap_index"),
    path("sitemap-news.xml", sitemap_views.news, name="sitemap_news"),
    path("sitemaps/<str:name>.xml", sitemap_views.sitemap, name="sitemap"),
    path("archive/", views.archive, name="archive"),
    path("archive/<yyyy:year>/<mm:month>/", views.archive_month, name="archive_month"),
    path("archive/<yyyy:year>/<mm:month>/<mm:day>/", views.archive_day, name="archive_day"),
]
