from django.contrib import admin
from django.urls import path

from newsroom.operating.page import operation_page

app_name = "operation"

urlpatterns = [path("", admin.site.admin_view(operation_page), name="page")]
