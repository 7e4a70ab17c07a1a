"""Links that lead nowhere: inside the site by its rows, outside by what was answered when they were last asked."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.checklist.noticed import Checked, Noticed
from articles.checklist.text import MOST_PLACES
from articles.link_checking import dead_outside
from articles.linked_addresses import dead_here, linked_addresses


def dead_links(checked: Checked) -> Iterator[Noticed]:
    """By field. Nobody is asked now: the task of articles.link_checking asked when the text was saved."""
    found = linked_addresses(checked.article)
    addresses = [address for _field, address in found]
    dead = dict.fromkeys(dead_here(addresses), _("not to be found on this site")) | dead_outside(addresses)
    fields = dict.fromkeys(field for field, address in found if address in dead)
    for name in fields:
        places = [f"{address} ({dead[address]})" for field, address in found if field == name and address in dead]
        yield Noticed(name, _("A link leads nowhere."), tuple(places[:MOST_PLACES]))
