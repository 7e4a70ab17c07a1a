"""How long ago, in right Arabic: «قبل دقيقتين», «قبل ٣ دقائق», «قبل ١١ دقيقة»; Django's `timesince` is never used."""

from datetime import datetime, timedelta

from newsroom.lib import tables
from newsroom.lib.dates import PrintStyle, format_date, format_digits, format_time, local_time
from newsroom.lib.plurals import plural_form

_WORDS = {name: parts for name, *parts in tables.rows("relative_time")}
# The place of the number in a form for a script: newsroom.lib.relative_time.words, static/js/relative_time.js.
NUMBER = "%"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# From here on the date says more than a number of days.
DATED_FROM_DAYS = 7


def format_ago(then: datetime, now: datetime, style: PrintStyle) -> str:
    """«قبل لحظات», «قبل ٣ ساعات», from a day «أمس ٥:٠٥ مساءً», «قبل يومين», from seven days the date.

    Of a moment to come: «بعد لحظات», «غدًا ٥:٠٥ مساءً». Days are those of the calendar of the site, so what
    lies 25 hours back may lie two days back.
    """
    then, now = local_time(then, style), local_time(now, style)
    side, near_day = ("future", "tomorrow") if then > now else ("past", "yesterday")
    distance = abs(now - then)
    if distance < DAY:
        return f"{_word(side)} {_under_a_day(distance, style)}"
    days = abs((now.date() - then.date()).days)
    if days <= 1:
        return f"{_word(near_day)} {format_time(then, style)}"
    if days >= DATED_FROM_DAYS:
        return format_date(then, style)
    return f"{_word(side)} {count_of('day', days, style)}"


def count_of(unit: str, number: int, style: PrintStyle) -> str:
    """«دقيقة», «دقيقتين», «٣ دقائق», «١١ دقيقة», «١٠٠ دقيقة»: behind a preposition. `number` is at least 1."""
    return _form(unit, plural_form(number)).replace(NUMBER, format_digits(number, style))


def words(style: PrintStyle) -> list[str]:
    """What a script needs to say how long ago within a day, a `%` where the number stands.

    The digits 0 to 9 in one word, «قبل لحظات», then for minutes and for hours the forms of 1, 2, 3-10 and 11-99.
    """
    side = _word("past")
    forms = [f"{side} {_form(unit, form)}" for unit in ("minute", "hour") for form in (1, 2, 3, 4)]
    return [format_digits("0123456789", style), f"{side} {_word('moments')}", *forms]


def _under_a_day(distance: timedelta, style: PrintStyle) -> str:
    if distance < MINUTE:
        return _word("moments")
    if distance < HOUR:
        return count_of("minute", distance // MINUTE, style)
    return count_of("hour", distance // HOUR, style)


def _form(unit: str, form: int) -> str:
    word = _WORDS[unit][form - 1]
    return word if form <= 2 else f"{NUMBER} {word}"


def _word(name: str) -> str:
    return _WORDS[name][0]
