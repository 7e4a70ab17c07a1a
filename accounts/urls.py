"""Below /admin/security/."""

from django.urls import path

from accounts import session_views, views

app_name = "accounts"

urlpatterns = [
    path("", session_views.security, name="security"),
    path("code/", views.verify, name="verify"),
    path("recovery-code/", views.recover, name="recover"),
    path("set-up/", views.set_up, name="set_up"),
    path("leave/", views.leave, name="leave"),
    path("recovery-codes/", views.new_codes, name="new_codes"),
    path("remove/", views.remove, name="remove"),
    path("sessions/<uuid:pk>/end/", session_views.end_session, name="end_session"),
    path("sessions/end/", session_views.end_all_sessions, name="end_all"),
    path("members/<int:pk>/", session_views.member, name="member"),
    path("members/<int:pk>/sessions/end/", session_views.end_all_sessions, name="end_all_of_member"),
    path("members/<int:pk>/remove/", session_views.remove_of_member, name="remove_of_member"),
]
