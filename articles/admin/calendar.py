"""The calendar of the desk, and the small form that moves a planned text to another day."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import planning
from articles.admin.calendar_asked import MOST_ITEMS, Asked, Choices, Span
from articles.admin.calendar_cells import agenda, cells
from articles.admin.staff import member
from articles.archive import weekdays
from articles.calendar import Day, Kind, load
from articles.models import Article
from articles.publishing import WrongState
from articles.staffing import may_assign
from articles.validators import validate_year
from newsroom.lib.dates import format_date
from newsroom.lib.forms import DateField
from newsroom.lib.site_style import month_names, site_style
from pages.days import today

LONGEST_BACK = 200  # letters of a query that somebody comes back with


class PlanForm(forms.Form):
    """A day, or none for "not planned any more"."""

    day = DateField(
        label=gettext_lazy("planned for"),
        required=False,
        validators=[validate_year],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


def calendar_page(request: HttpRequest) -> HttpResponse:
    """A month, a week, an agenda or one day."""
    user = member(request)
    if not user.has_perm("articles.view_article"):
        raise PermissionDenied
    choices, day = Choices.of(user), today()
    asked = choices.read(request.GET, user, today=day)
    most = MOST_ITEMS[asked.span]
    skip = (asked.page - 1) * most if asked.span == Span.DAY else 0
    days = load(user, asked.days, now=timezone.now(), most=most, skip=skip, wanted=asked.wanted)
    adds = user.has_perm("articles.add_article") and may_assign(user)
    shown = cells(asked, days, adds=adds, today=day)
    context = admin.site.each_context(request) | {
        "title": _("Calendar"),
        "subtitle": asked.title,
        "asked": asked,
        "choices": choices,
        "kinds": Kind.choices,
        "months": list(enumerate(month_names(), 1)),
        "today": day,
        "weeks": [shown[start : start + 7] for start in range(0, len(shown), 7)],
        "agenda": agenda(asked, shown, today=day),
        "weekdays": list(weekdays()),
        "spans": [(span, asked.address(chosen=span), span == asked.chosen) for span in Span],
        "addresses": _addresses(asked, days),
        "sees_all": user.has_perm("articles.change_any_article"),
    }
    return TemplateResponse(request, "admin/articles/calendar/page.html", context)


def plan_page(request: HttpRequest, object_id: int) -> HttpResponse:
    """GET shows the form; POST moves the text and answers a script in JSON. Raises Http404 where one sees nothing."""
    user = member(request)
    article = get_object_or_404(Article.objects.visible_to(user).defer("body"), pk=object_id)
    if article.is_published:
        raise Http404("what readers see is not planned")
    if not planning.may_plan(user, article):
        raise PermissionDenied
    form = PlanForm(request.POST if request.method == "POST" else None, initial={"day": article.planned_for})
    before = article.planned_for
    if form.is_valid():
        try:
            article = planning.plan(article, by=user, day=form.cleaned_data["day"])
        except WrongState as error:
            form.add_error(None, str(error))
        else:
            return _moved(request, article, before.isoformat() if before else "")
    if _is_asked_by_script(request):
        sentences = [str(sentence) for errors in form.errors.values() for sentence in errors]
        return JsonResponse({"error": " ".join(sentences)}, status=409)
    context = admin.site.each_context(request) | {
        "title": _("Plan the article"),
        "article": article,
        "form": form,
        "back": _back(request),
    }
    return TemplateResponse(request, "admin/articles/calendar/plan.html", context)


def _moved(request: HttpRequest, article: Article, before: str) -> HttpResponse:
    day = article.planned_for
    told = (
        _("Planned for %(day)s.") % {"day": format_date(day, site_style(), weekday=True)}
        if day
        else _("It is planned for no day any more.")
    )
    if _is_asked_by_script(request):
        return JsonResponse({"said": told, "before": before})
    messages.success(request, told)
    return redirect(f"{reverse('desk:calendar')}?{_back(request)}")


def _is_asked_by_script(request: HttpRequest) -> bool:
    return request.method == "POST" and request.headers.get("Accept", "") == "application/json"


def _back(request: HttpRequest) -> str:
    """The part of the calendar where somebody came from: only ever a query behind our own address."""
    raw = request.POST.get("back") or request.GET.get("back", "")
    return QueryDict(raw[:LONGEST_BACK]).urlencode()


def _addresses(asked: Asked, days: list[Day]) -> dict[str, str]:
    """Where the buttons lead; "" for what there is not."""
    earlier, later = asked.neighbour(-1), asked.neighbour(1)
    has_pages = asked.span == Span.DAY
    has_more = has_pages and days[0].count > asked.page * MOST_ITEMS[Span.DAY]
    return {
        "earlier": asked.address(day=earlier) if earlier else "",
        "later": asked.address(day=later) if later else "",
        "today": asked.address(day=today()),
        "back": urlencode({"back": asked.query()}),
        "previous_page": asked.address(page=asked.page - 1) if has_pages and asked.page > 1 else "",
        "next_page": asked.address(page=asked.page + 1) if has_more else "",
    }
