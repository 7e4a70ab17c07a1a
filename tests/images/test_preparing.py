import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from images import preparing
from images.models import SHAPES, Image
from images.preparing import PATIENCE, make_files, prepare, prepare_waiting
from images.renditions import file_names
from images.storing import discard, take_in
from newsroom.ticking import tick
from pages.current import load_site
from tests.factories import make_article, make_site
from tests.images.pictures import picture_file
from tests.tasks.engines import empty

pytestmark = pytest.mark.django_db


def files() -> set[str]:
    root = Path(django_settings.MEDIA_ROOT)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_until_then_pages_show_the_file_itself(client, run_tasks: Callable[..., int]) -> None:
    image = take_in(picture_file(size=(1600, 900)), by=None, alt_text="ميناء")
    article = make_article(lead_image=image)
    whole = image.storage.url(image.file_name)
    page = client.get(article.get_absolute_url()).content.decode()
    assert f'src="{whole}"' in page
    assert "srcset" not in page
    assert {(image.crop_url(shape), image.crop_size(shape)) for shape in SHAPES} == {(whole, (1600, 900))}
    run_tasks()
    later = client.get(article.get_absolute_url()).content.decode()
    assert f'src="{whole}"' not in later
    assert "srcset" in later


def test_all_that_a_row_notes_is_there(run_tasks: Callable[..., int]) -> None:
    image = take_in(picture_file(size=(1600, 900)), by=None)
    run_tasks()
    image.refresh_from_db()
    assert files() == set(file_names(image))
    assert len(files()) == 1 + 2 * 6 + 3
    assert run_tasks() == 0


def test_a_second_time_makes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    image = take_in(picture_file(), by=None)
    make_files(image)
    monkeypatch.setattr(preparing, "read_pixels", lambda image: pytest.fail("It was made before."))
    prepare.call(image.pk)
    assert len(files()) == 1 + 2 * 3 + 3


def test_the_task_of_a_picture_that_is_gone_does_nothing() -> None:
    image = take_in(picture_file(), by=None)
    Image.objects.filter(pk=image.pk).delete()
    assert prepare.call(image.pk) is None


def test_whoever_moves_the_focal_point_meanwhile_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    image = take_in(picture_file(size=(1600, 900)), by=None)
    moved = {"16x9": {"focus": "0-0", "width": 1, "height": 1}}

    def read(image: Image):
        Image.objects.filter(pk=image.pk).update(focal_x=0, focal_y=0, crops=moved)
        return read_pixels(image)

    read_pixels = preparing.read_pixels
    monkeypatch.setattr(preparing, "read_pixels", read)
    make_files(image)
    image.refresh_from_db()
    assert image.crops == moved
    assert image.prepared_at is not None
    assert not [name for name in files() if "50-50" in name]


def test_a_picture_discarded_meanwhile_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    image = take_in(picture_file(), by=None)

    def read(image: Image):
        pixels = read_pixels(image)
        Image.objects.filter(pk=image.pk).delete()
        image.storage.delete(image.file_name)
        return pixels

    read_pixels = preparing.read_pixels
    monkeypatch.setattr(preparing, "read_pixels", read)
    make_files(image)
    assert files() == set()


@pytest.mark.django_db(transaction=True)
def test_what_a_task_had_begun_goes_with_the_picture() -> None:
    image = take_in(picture_file(size=(400, 300)), by=None)
    image.storage.save(image.rendition_name(320, "avif"), picture_file())
    image.storage.save(image.crop_name_of("1x1", "50-50"), picture_file())
    assert len(files()) == 3
    discard(image)
    assert files() == set()


def test_no_half_file_is_ever_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that dies over a file leaves it beside the name under which it would be read."""
    image = take_in(picture_file(), by=None)

    def die(source: str, target: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("images.renditions.os.replace", die)
    with pytest.raises(KeyboardInterrupt):
        make_files(image)
    image.refresh_from_db()
    assert {name for name in files() if not name.endswith(".part")} == {image.file_name}
    assert image.renditions == {}


def aged(image: Image, age: timedelta) -> Image:
    Image.objects.filter(pk=image.pk).update(created_at=timezone.now() - age)
    return image


def test_the_tick_asks_again_when_the_task_was_lost(clock, run_tasks: Callable[..., int]) -> None:
    lost = aged(take_in(picture_file(), by=None), PATIENCE)
    new = take_in(picture_file(size=(500, 300)), by=None)
    empty()
    assert tick().done["pictures prepared anew"] == 1
    run_tasks()
    assert set(Image.objects.filter(prepared_at__isnull=False)) == {lost}
    assert set(Image.objects.filter(prepared_at__isnull=True)) == {new}


def test_several_clocks_ask_once_an_hour(clock, run_tasks: Callable[..., int]) -> None:
    aged(take_in(picture_file(), by=None), PATIENCE)
    empty()
    assert [prepare_waiting(timezone.now()) for _clock in range(3)] == [1, 0, 0]
    empty()
    clock.shift(timedelta(hours=1))
    assert prepare_waiting(timezone.now()) == 1


def test_a_picture_that_cannot_be_prepared_holds_up_nobody(
    clock, run_tasks: Callable[..., int], caplog: pytest.LogCaptureFixture
) -> None:
    broken = aged(take_in(picture_file(), by=None), timedelta(hours=23, minutes=30))
    broken.storage.delete(broken.file_name)
    whole = aged(take_in(picture_file(size=(500, 300)), by=None), timedelta(hours=1))
    empty()
    assert prepare_waiting(timezone.now()) == 2
    assert caplog.messages == [
        f"The smaller files of picture {broken.pk} could not be made and are given up; see make_renditions"
    ]
    with caplog.at_level(logging.CRITICAL):
        run_tasks(may_fail=True)
    assert Image.objects.get(prepared_at__isnull=False) == whole
    clock.shift(timedelta(hours=1))
    assert prepare_waiting(timezone.now()) == 0


def test_pages_that_readers_keep_learn_of_the_smaller_files(clock, run_tasks: Callable[..., int]) -> None:
    make_site()
    take_in(picture_file(), by=None)
    before = load_site().changed_at
    clock.shift(timedelta(minutes=1))
    run_tasks()
    assert before is None
    assert load_site().changed_at == timezone.now()
