"""What reads from left to right is set apart where a body is shown, and nowhere else."""

import pytest

from richtext.render import blocks, to_text, word_count
from richtext.sanitise import sanitise


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("<p>لغة C++.</p>", '<p>لغة <bdi dir="ltr">C++</bdi>.</p>'),
        ("<p>موسم <strong>2023-2024</strong></p>", '<p>موسم <strong><bdi dir="ltr">2023-2024</bdi></strong></p>'),
        (
            "<ul><li>AT&amp;T و2-1</li></ul>",
            '<ul><li><bdi dir="ltr">AT&amp;T</bdi> و<bdi dir="ltr">2-1</bdi></li></ul>',
        ),
        ("<p>هاتف +٩٦٣ ١١ ٥٥٥ ٠١٠٠</p>", '<p>هاتف <bdo dir="ltr">+٩٦٣ ١١ ٥٥٥ ٠١٠٠</bdo></p>'),
        # What has a direction of its own, and what is copied as it stands.
        ("<p><code>a++ 2-1</code></p>", "<p><code>a++ 2-1</code></p>"),
        ("<pre>x = 2-1</pre>", "<pre>x = 2-1</pre>"),
        ("<p><bdi>C++</bdi></p>", "<p><bdi>C++</bdi></p>"),
        ('<p dir="ltr">In 2023-2024, <em>C++</em></p>', '<p dir="ltr">In 2023-2024, <em>C++</em></p>'),
        ("<p>نص بلا شيء من ذلك، عام 2024.</p>", "<p>نص بلا شيء من ذلك، عام 2024.</p>"),
    ],
)
def test_runs_of_a_body_stand_in_boxes_of_their_own(stored: str, shown: str) -> None:
    assert blocks(stored) == [shown]


def test_a_link_keeps_its_address() -> None:
    (shown,) = blocks('<p><a href="https://example.org/C++?a=2-1">C++</a></p>')
    assert 'href="https://example.org/C++?a=2-1"' in shown
    assert '><bdi dir="ltr">C++</bdi><' in shown


def test_the_stored_body_and_its_text_do_not_change() -> None:
    body = "<p>لغة C++ في 2023-2024.</p>"
    assert sanitise(body) == body
    assert to_text(body) == "لغة C++ في 2023-2024."
    assert word_count(body) == 4


def test_a_shown_body_survives_the_sanitiser() -> None:
    """Copied from the page into the editor it is clean text again, or holds the same isolation."""
    (shown,) = blocks("<p>لغة C++ في 2023-2024.</p>")
    assert to_text(sanitise(shown)) == "لغة C++ في 2023-2024."
    assert blocks(sanitise(shown)) == [shown]
