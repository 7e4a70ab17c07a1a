"""Rules about style sheets: direction comes from the document, colour from tokens (custom properties)."""

import re

from tests.house.files import found, our_css

PHYSICAL = r"""(?x)
    \b(margin|padding|border|scroll-margin|scroll-padding)-(left|right)\b
  | \bborder-(top|bottom)-(left|right)-radius\b
  | (^|[{;\s])(left|right)\s*:
  | \b(text-align|float|clear|caption-side)\s*:\s*(left|right)\b
"""


def without_comments() -> dict[str, str]:
    """Comments blanked, their line ends kept, so that the numbers of lines stay true."""

    def blank(comment: re.Match[str]) -> str:
        return "\n" * comment[0].count("\n")

    return {name: re.sub(r"/\*.*?\*/", blank, text, flags=re.DOTALL) for name, text in our_css().items()}


def test_no_physical_left_or_right() -> None:
    assert found(PHYSICAL, without_comments()) == []


def test_colours_are_tokens() -> None:
    not_a_definition = r"^(?!\s*--)"
    colour = r":[^;]*(#[0-9a-fA-F]{3,8}\b|\b(rgb|rgba|hsl|hsla|oklch)\()"
    assert found(not_a_definition + ".*" + colour, without_comments()) == []


def test_arabic_is_not_spaced_slanted_or_stretched() -> None:
    no_harm = r"(0|normal|inherit)\b"
    assert (
        found(
            rf"letter-spacing\s*:\s*(?!{no_harm})|font-style\s*:\s*italic|text-align\s*:\s*justify",
            without_comments(),
        )
        == []
    )


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert found(r"url\(\s*[\"']?(https?:)?//|@import\s+[\"'](https?:)?//", without_comments()) == []
