from django.urls import path

from newsletter import hit_views, issue_views, leaving_views, preference_views, report_views, views

app_name = "newsletter"
urlpatterns = [
    path("", views.sign_up, name="sign_up"),
    path("subscribe/", views.subscribe, name="subscribe"),
    path("check-inbox/<uuid:reference>/", views.check_inbox, name="check_inbox"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("confirmed/", views.confirmed, name="confirmed"),
    path("unsubscribe/<str:token>/", leaving_views.unsubscribe, name="unsubscribe"),
    path("not-me/<str:token>/", leaving_views.not_me, name="not_me"),
    path("preferences/<str:token>/", preference_views.settings, name="preferences"),
    path("download/<str:token>/", preference_views.download, name="download"),
    path("erase/<str:token>/", preference_views.erase, name="erase"),
    path("archive/", issue_views.archive, name="archive"),
    path("archive/<str:slug>/", issue_views.list_archive, name="list_archive"),
    path("o/<str:token>.gif", hit_views.opened, name="open"),
    path("c/<str:token>/", hit_views.clicked, name="click"),
    path("reports/<slug:provider>/", report_views.reports, name="reports"),
    path("issues/<int:issue_id>/", issue_views.issue, name="issue"),
]
