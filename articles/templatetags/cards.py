"""Stories in lists, one tag for each form (articles.cards)."""

from django import template

from articles import cards
from articles.month_calendar import month_calendar

register = template.Library()
register.simple_tag(cards.card)
register.simple_tag(cards.card_list)
register.simple_tag(cards.card_row)
register.simple_tag(cards.days_of_cards)
register.simple_tag(cards.headline_link)
register.simple_tag(cards.kicker)
register.filter("writer_names", cards.names)
register.simple_tag(month_calendar)
