"""The sentence of the publish page: what readers will see, at which moment, and where."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from articles.enums import ChangeKind
from articles.models import Article
from newsroom.lib.dates import PrintStyle, format_date, format_time
from newsroom.lib.zones import city_of


class Mode(StrEnum):
    """How a moment lies to the clock. A story alone can be backdated: changes are never older than now."""

    NOW = "now"
    LATER = "later"
    BACKDATED = "backdated"


@dataclass(frozen=True)
class Plan:
    """What the button of the publish page would do with one article."""

    article: Article
    at: datetime | None  # aware; None: at the press of the button
    now: datetime
    kind: ChangeKind | None = ChangeKind.WORDING  # None: nobody has said yet what the changes are to readers

    @property
    def mode(self) -> Mode:
        if self.at is None:
            return Mode.NOW
        return Mode.LATER if self.at > self.now else Mode.BACKDATED

    @property
    def moment(self) -> datetime:
        return self.at or self.now

    @property
    def retracts(self) -> bool:
        """Readers see no changes: the story is taken from them."""
        return self.kind == ChangeKind.RETRACTION

    @property
    def comes_back(self) -> bool:
        """Readers have seen it before: it keeps the date of its first publication."""
        return not self.article.is_working_copy and self.article.was_published


def sentence(plan: Plan, style: PrintStyle) -> str:
    """One sentence for people. The section and the story of `plan.article` must be loaded, or they cost a query."""
    if plan.retracts:
        return _retraction(plan, style)
    return _deed(plan, style) + _visible_time(plan) + _embargo(plan, style) + _place(plan, style)


def in_words(moment: datetime, *, now: datetime, style: PrintStyle) -> str:
    """«الجمعة ٢٠ تشرين الثاني عند ٩:٤٠ صباحًا بتوقيت دمشق», with the year when it is not that of `now`."""
    return _("%(day)s at %(time)s, %(city)s time") % {
        "day": _day(moment, now=now, style=style),
        "time": format_time(moment, style),
        "city": city_of(style.time_zone),
    }


def _day(moment: datetime, *, now: datetime, style: PrintStyle) -> str:
    zone = ZoneInfo(style.time_zone)
    is_this_year = moment.astimezone(zone).year == now.astimezone(zone).year
    return format_date(moment, style, weekday=True, year=not is_this_year)


def _deed(plan: Plan, style: PrintStyle) -> str:
    words = {"moment": in_words(plan.moment, now=plan.now, style=style)}
    if plan.article.is_working_copy:
        if plan.mode == Mode.LATER:
            return _("Readers will see the changes on %(moment)s") % words
        return _("Readers will see the changes now")
    if plan.comes_back:
        assert plan.article.published_at is not None  # noqa: S101 - `was_published` says so
        words["first"] = _day(plan.article.published_at, now=plan.now, style=style)
        if plan.mode == Mode.LATER:
            return _("Readers will see it again on %(moment)s, under its first date, %(first)s") % words
        return _("Readers will see it again now, under its first date, %(first)s") % words
    match plan.mode:
        case Mode.LATER:
            return _("It will be published on %(moment)s") % words
        case Mode.BACKDATED:
            return _("It will be published now with the date %(moment)s") % words
    return _("It will be published now")


def _retraction(plan: Plan, style: PrintStyle) -> str:
    if plan.mode == Mode.LATER:
        words = {"moment": in_words(plan.moment, now=plan.now, style=style)}
        deed = _("The article will be withdrawn on %(moment)s, and readers find your note in its place") % words
    else:
        deed = _("The article will be withdrawn now, and readers find your note in its place")
    return deed + _(". The changes are not published; their text stays in the history")


def _visible_time(plan: Plan) -> str:
    if not plan.article.is_working_copy or plan.kind is None:
        return ""
    match plan.kind:
        case ChangeKind.WORDING:
            return _(", and the visible time of the article stays as it is")
        case ChangeKind.CLARIFICATION:
            return _(", with your clarification and that moment as the time of the update")
        case ChangeKind.CORRECTION:
            return _(", with your correction and that moment as the time of the update")
    return _(", and the article will show that moment as the time of its update")


def _embargo(plan: Plan, style: PrintStyle) -> str:
    until = plan.article.embargo_until
    if until is None or until <= plan.now or plan.moment < until:
        return ""
    return _(", after the end of the embargo (%(moment)s)") % {
        "moment": in_words(until, now=plan.now, style=style),
    }


def _place(plan: Plan, style: PrintStyle) -> str:
    if plan.article.is_working_copy:
        return _new_places(plan, style)
    if plan.mode == Mode.BACKDATED and not _is_today(plan, style):
        places = [_("the archive"), *_section(plan.article)]
        return _(", and will stand among the articles of that day in %(places)s") % {"places": _joined(places)}
    home = _("the opinion pieces of the home page") if plan.article.is_opinion else _("the home page")
    places = [home, *_section(plan.article), *_strip(plan, style)]
    return _(", and will appear in %(places)s") % {"places": _joined(places)}


def _new_places(plan: Plan, style: PrintStyle) -> str:
    """Changes leave a story where it is, unless they move it to another section or make it breaking news."""
    story, text = plan.article.story, ""
    if plan.article.section and plan.article.section_id != story.section_id:
        text = _(", and the article moves to the section %(section)s") % {"section": plan.article.section.name}
    if strip := _strip(plan, style):
        text += _(", and stands in %(places)s") % {"places": _joined(strip)}
    return text


def _section(article: Article) -> list[str]:
    return [_("the section %(section)s") % {"section": article.section.name}] if article.section else []


def _strip(plan: Plan, style: PrintStyle) -> list[str]:
    until = plan.article.breaking_until
    if until is None or until <= plan.moment:
        return []
    return [
        _("the breaking news until %(day)s at %(time)s")
        % {"day": _day(until, now=plan.now, style=style), "time": format_time(until, style)}
    ]


def _is_today(plan: Plan, style: PrintStyle) -> bool:
    zone = ZoneInfo(style.time_zone)
    return plan.moment.astimezone(zone).date() == plan.now.astimezone(zone).date()


def _joined(places: list[str]) -> str:
    """«أ وب وج»: Arabic writes the conjunction onto each word."""
    return _(" and ").join(places)
