"""Parts of a story's page (articles.story_parts, articles.story_lines) in the words of templates."""

from collections.abc import Iterable, Sequence

from django import template

from articles import story_lines, story_parts
from articles.models import Article, Byline
from articles.printed_credits import Credit
from articles.templatetags.counting import minute_count

register = template.Library()
register.simple_tag(story_parts.tools, name="story_tools")
register.simple_tag(story_lines.kicker, name="story_kicker")
register.simple_tag(story_lines.lead_figure)
register.simple_tag(story_lines.key_points)
register.simple_tag(story_lines.corrections)
register.simple_tag(story_lines.read_also)
register.simple_tag(story_lines.related_link)
register.simple_tag(story_lines.source_line)
register.simple_tag(story_lines.printed_address)
register.simple_tag(story_lines.tag_list)
register.simple_tag(story_lines.most_read)
register.simple_tag(story_lines.headline_list)
register.simple_tag(story_lines.properties, name="story_properties")


@register.simple_tag
def story_byline(
    article: Article,
    minutes: int,
    writers: Sequence[Byline] = (),
    others: Iterable[Credit] = (),
    updated_same_day: bool = False,
) -> str:
    return story_parts.byline(
        article, writers or (), others or (), minute_count(minutes), updated_same_day=bool(updated_same_day)
    )
