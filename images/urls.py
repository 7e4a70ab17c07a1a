from django.urls import path

from images import views

app_name = "images"

urlpatterns = [
    path("admin/images/upload/", views.upload, name="upload"),
    path("media/<path:path>", views.media, name="media"),
]
