from django.urls import path, register_converter

from articles import search_views, views


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


register_converter(YearConverter, "yyyy")
register_converter(TwoDigitConverter, "mm")

app_name = "articles"
urlpatterns = [
    path("", views.home, name="home"),
    path("news/<int:article_id>/", views.detail, name="detail"),
    path("news/<int:article_id>/<str:slug>/", views.detail, name="detail"),
    path("n/<int:article_id>", views.short, name="short"),
    path("sections/<str:slug>/", views.section, name="section"),
    path("tags/<str:slug>/", views.tag, name="tag"),
    path("authors/<str:slug>/", views.author, name="author"),
    path("sources/<str:slug>/", views.source, name="source"),
    path("search/", search_views.search, name="search"),
    path("search/suggest/", search_views.suggest, name="suggest"),
    path("archive/", views.archive, name="archive"),
    path("archive/<yyyy:year>/<mm:month>/", views.archive_month, name="archive_month"),
    path("archive/<yyyy:year>/<mm:month>/<mm:day>/", views.archive_day, name="archive_day"),
]
