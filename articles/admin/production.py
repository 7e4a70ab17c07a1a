"""What the newsroom makes, as numbers and charts: for those who see every text."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.admin.staff import member
from articles.models import Section
from articles.production import CHOICES, production
from articles.production_charts import charts_of, print_duration

USUAL_DAYS = 30


def production_page(request: HttpRequest) -> HttpResponse:
    """Of 7, 30 or 90 days and of all sections or one; what nobody could have chosen counts as not chosen."""
    if not member(request).has_perm("articles.change_any_article"):
        raise PermissionDenied
    sections = list(Section.objects.all())
    section = next((one for one in sections if str(one.pk) == request.GET.get("section")), None)
    days = next((one for one in CHOICES if str(one) == request.GET.get("days")), USUAL_DAYS)
    made = production(timezone.now(), days=days, section=section)
    context = admin.site.each_context(request) | {
        "title": _("Production of the newsroom"),
        "made": made,
        "half": print_duration(made.all_time.median),
        "ninth": print_duration(made.all_time.ninth),
        "charts": [chart for chart in charts_of(made) if not (section and chart.name == "per-section")],
        "days": days,
        "choices": CHOICES,
        "sections": sections,
        "section": section,
    }
    return TemplateResponse(request, "admin/articles/production.html", context)
