from django.urls import path

from articles.feeds import views

# The name of a format to the last part of its addresses.
FILES = {"rss": "rss.xml", "atom": "atom.xml", "json": "feed.json"}

urlpatterns = [
    *(path(f"feeds/{file}", views.site, {"form": form}, name=f"feed_{form}") for form, file in FILES.items()),
    *(
        path(f"{kind}s/<str:slug>/{file}", view, {"form": form}, name=f"{kind}_{form}")
        for kind, view in (("section", views.section), ("tag", views.tag), ("author", views.author))
        for form, file in FILES.items()
    ),
    path("partners/<str:key>/feed.xml", views.partner, {"form": "rss"}, name="partner_feed"),
    path("partners/<str:key>/feed.json", views.partner, {"form": "json"}, name="partner_feed_json"),
]
