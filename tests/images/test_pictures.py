from pathlib import Path

from django.conf import settings
from django.template import Context, Template

from images.slots import SLOTS
from tests.images.test_models import picture


def shown(tag: str, **fields: object) -> str:
    return Template("{% load pictures %}" + tag).render(Context({"image": picture(**fields)}))


def test_browsers_choose_format_and_width() -> None:
    html = shown('{% picture image "thumbnail" %}')
    assert '<source type="image/avif" srcset="/media/images/2026/11/abc-320.avif 320w,' in html
    assert 'src="/media/images/2026/11/abc-640.jpg"' in html
    assert html.count('sizes="(min-resolution:2.5dppx) 5rem, 7.5rem"') == 2


def test_the_place_is_kept_free_while_it_loads() -> None:
    for slot in SLOTS:
        assert 'width="1440" height="810"' in shown(f'{{% picture image "{slot}" %}}')


def test_pictures_load_late_unless_they_are_the_first() -> None:
    late, soon, first = (shown(f'{{% picture image "{slot}" %}}') for slot in ("row", "portrait", "lead"))
    assert 'loading="lazy" decoding="async"' in late
    assert "fetchpriority" not in late + soon
    assert 'fetchpriority="high"' in first
    assert "lazy" not in soon + first


def test_alternative_text_is_the_pictures_own_unless_given() -> None:
    assert 'alt="ميناء &quot;قديم&quot;"' in shown('{% picture image "row" %}', alt_text='ميناء "قديم"')
    assert 'alt=""' in shown('{% picture image "row" alt="" %}')


def test_every_focal_point_has_its_class() -> None:
    css = Path(settings.BASE_DIR, "static", "css", "components", "picture.css").read_text(encoding="utf-8")
    names = {name for n in range(101) for name in picture(focal_x=n / 100, focal_y=n / 100).focus_class.split()}
    assert len(names) == 22
    # The middle is where browsers put a picture anyway.
    assert [name for name in names - {"x-50", "y-50"} if f".{name} {{" not in css] == []


def test_a_picture_without_renditions_still_shows() -> None:
    html = shown('{% picture image "row" %}', renditions={})
    assert "srcset" not in html
    assert 'src="/media/images/2026/11/abc.jpg"' in html
