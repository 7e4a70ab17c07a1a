from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_article, make_tag


@pytest.mark.django_db
def test_letters_without_a_font_are_listed_the_most_frequent_first() -> None:
    first = make_article("خبر عن Erdoğan وŻ")
    make_tag("Şahin ğ")
    output = StringIO()
    with pytest.raises(CommandError, match="3 letters"):
        call_command("check_letters", stdout=output)
    lines = [line.split() for line in output.getvalue().splitlines()]
    assert [(line[0], line[1]) for line in lines] == [("2", "U+011F"), ("1", "U+015E"), ("1", "U+017B")]
    assert f"(article {first.pk})" in output.getvalue().splitlines()[0]


@pytest.mark.django_db
def test_nothing_is_said_against_arabic() -> None:
    make_article("خبر «عاجل»: ٪٥ — تمّ")
    output = StringIO()
    call_command("check_letters", stdout=output)
    assert output.getvalue() == "The fonts have every letter.\n"
