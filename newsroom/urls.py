"""Every address of the site on one screen."""

from django.contrib import admin
from django.urls import include, path

from newsroom import views
from pages import machines

urlpatterns = [
    path("livez", views.livez),
    path("readyz", views.readyz),
    path("newsletter/", include("newsletter.urls")),
    # Before the admin, which answers everything below its address itself.
    path("", include("images.urls")),
    path("admin/operation/", include("newsroom.operating.urls")),
    path("admin/security/", include("accounts.urls")),
    path("admin/articles/", include("articles.admin.urls")),
    path("admin/", admin.site.urls),
    path("p/", include("pages.urls")),
    # What machines look for at fixed addresses.
    path("robots.txt", machines.robots, name="robots"),
    path("humans.txt", machines.humans, name="humans"),
    path(".well-known/security.txt", machines.security, name="security"),
    path("opensearch.xml", machines.opensearch, name="opensearch"),
    path("", include("articles.urls")),
]

handler400 = "newsroom.views.bad_request"
handler403 = "newsroom.views.permission_denied"
handler404 = "newsroom.views.page_not_found"
handler500 = "newsroom.views.server_error"
