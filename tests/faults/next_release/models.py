from django.db import models

from articles.models import Article

Article.add_to_class("next_line", models.CharField(max_length=40, default="", db_default="", editable=False))
