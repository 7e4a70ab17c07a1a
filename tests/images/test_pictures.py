from pathlib import Path

from django.conf import settings
from django.template import Context, Template

from tests.images.test_models import picture


def shown(tag: str, **fields: object) -> str:
    return Template("{% load pictures %}" + tag).render(Context({"image": picture(**fields)}))


def test_browsers_choose_format_and_width() -> None:
    html = shown('{% picture image sizes="(min-width:64rem) 18rem, 100vw" %}')
    assert '<source type="image/avif" srcset="/media/images/2026/11/abc-320.avif 320w,' in html
    assert 'src="/media/images/2026/11/abc-640.jpg"' in html
    assert html.count('sizes="(min-width:64rem) 18rem, 100vw"') == 2


def test_the_place_is_kept_free_while_it_loads() -> None:
    assert 'width="1440" height="810"' in shown("{% picture image %}")


def test_pictures_load_late_unless_they_are_the_first() -> None:
    late, first = shown("{% picture image %}"), shown("{% picture image lazy=False %}")
    assert 'loading="lazy" decoding="async"' in late
    assert 'fetchpriority="high"' in first
    assert "lazy" not in first


def test_alternative_text_is_the_pictures_own_unless_given() -> None:
    assert 'alt="ميناء &quot;قديم&quot;"' in shown("{% picture image %}", alt_text='ميناء "قديم"')
    assert 'alt=""' in shown('{% picture image alt="" %}')


def test_every_focal_point_has_its_class() -> None:
    css = Path(settings.BASE_DIR, "static", "css", "components", "picture.css").read_text(encoding="utf-8")
    names = {picture(focal_x=x / 10, focal_y=y / 10).focus_class for x in range(11) for y in range(11)}
    assert len(names) == 25
    # The middle is where browsers put a picture anyway.
    assert [name for name in names - {"focus-50-50"} if f".{name} {{" not in css] == []


def test_a_picture_without_renditions_still_shows() -> None:
    html = shown("{% picture image %}", renditions={})
    assert "srcset" not in html
    assert 'src="/media/images/2026/11/abc.jpg"' in html
