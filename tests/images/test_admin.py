import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from images.models import Image
from images.preparing import make_files
from images.renditions import file_names
from images.storing import take_in
from tests.factories import make_image
from tests.images.pictures import picture_file, with_iptc

pytestmark = pytest.mark.django_db

ADD = "admin:images_image_add"
PAPERS = {"alt_text": "سفينة تغادر الميناء", "kind": "photo", "focal_x": "0.25", "focal_y": "0"}


def prepared(**words) -> Image:
    """A picture with its renditions and crops, as the task leaves it."""
    image = take_in(picture_file(size=words.pop("size", (400, 300))), by=None, **words)
    make_files(image)
    return image


def upload(raw: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", raw or picture_file().read())


def test_a_picture_comes_in_with_its_papers(admin_client: Client, admin_user) -> None:
    raw = with_iptc(picture_file().read(), {(2, 120): "شرح من الملف".encode()})
    answer = admin_client.post(reverse(ADD), PAPERS | {"file": upload(raw), "credit": "تصوير سلمى"})
    image = Image.objects.get()
    assert answer.status_code == 302
    assert (image.alt_text, image.caption, image.credit) == (
        "سفينة تغادر الميناء",
        "شرح من الملف",
        "تصوير سلمى",
    )
    assert (image.focal_x, image.focal_y, image.created_by) == (0.25, 0, admin_user)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"alt_text": ""}, "alt_text"),
        ({"focal_x": "1.5"}, "focal_x"),
        ({"file": SimpleUploadedFile("a.jpg", b"<svg>")}, "file"),
        ({"file": ""}, "file"),
    ],
)
def test_mistakes_stay_in_the_form(admin_client: Client, wrong: dict, field: str) -> None:
    answer = admin_client.post(reverse(ADD), PAPERS | {"file": upload()} | wrong)
    assert field in answer.context["adminform"].form.errors
    assert not Image.objects.exists()


def test_a_picture_that_is_there_is_named(admin_client: Client) -> None:
    take_in(picture_file(), by=None, alt_text="الصورة الأولى")
    answer = admin_client.post(reverse(ADD), PAPERS | {"file": upload()})
    assert "الصورة الأولى" in str(answer.context["adminform"].form.errors["file"])


def test_papers_change_and_the_file_does_not(admin_client: Client) -> None:
    image = take_in(picture_file(), by=None, alt_text="قديم")
    address = reverse("admin:images_image_change", args=[image.pk])
    assert 'type="file"' not in admin_client.get(address).content.decode()
    admin_client.post(address, PAPERS | {"file": upload(picture_file(size=(90, 90)).read())})
    changed = Image.objects.get()
    assert (changed.alt_text, changed.file.name, changed.sha256) == (
        PAPERS["alt_text"],
        image.file.name,
        image.sha256,
    )


def test_a_new_focal_point_gives_new_crops_and_new_addresses(
    admin_client: Client, django_capture_on_commit_callbacks
) -> None:
    image = prepared(size=(1600, 900), alt_text="ميناء")
    before, square = image.crop_name("1x1"), image.crop_url("1x1")
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(reverse("admin:images_image_change", args=[image.pk]), PAPERS)
    image.refresh_from_db()
    assert image.crops["1x1"] == {"focus": "25-0", "width": 900, "height": 900}
    assert image.crop_url("1x1") != square
    assert image.storage.exists(image.crop_name("1x1"))
    assert not image.storage.exists(before)


def test_other_changes_leave_the_crops(admin_client: Client) -> None:
    image = prepared(alt_text="ميناء", focal_x=0.25, focal_y=0.0)
    image.storage.delete(image.crop_name("1x1"))
    admin_client.post(reverse("admin:images_image_change", args=[image.pk]), PAPERS)
    assert not image.storage.exists(image.crop_name("1x1"))


def test_a_focal_point_can_be_changed_when_the_file_is_gone(admin_client: Client) -> None:
    image = prepared(alt_text="ميناء")
    crops = image.crops
    image.storage.delete(image.file_name)
    admin_client.post(reverse("admin:images_image_change", args=[image.pk]), PAPERS)
    image.refresh_from_db()
    assert (image.focal_x, image.crops) == (0.25, crops)


def test_the_library_shows_and_finds(admin_client: Client, django_assert_max_num_queries) -> None:
    take_in(picture_file(), by=None, alt_text="ميناء")
    take_in(picture_file(size=(300, 300)), by=None, caption="سوق")
    address = reverse("admin:images_image_changelist")
    with django_assert_max_num_queries(13):
        page = admin_client.get(address, {"q": "سوق"}).content.decode()
    assert "سوق" in page
    assert "ميناء" not in page
    assert "ميناء" not in admin_client.get(address, {"alt_text": "missing"}).content.decode()


def test_deleting_removes_the_files(admin_client: Client, django_capture_on_commit_callbacks) -> None:
    image = prepared()
    names = file_names(image)
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(reverse("admin:images_image_delete", args=[image.pk]), {"post": "yes"})
    assert not Image.objects.exists()
    assert not [name for name in names if image.storage.exists(name)]


def test_a_picture_that_leads_an_article_is_not_deleted(admin_client: Client) -> None:
    from articles.models import Article  # noqa: PLC0415 - another app's model, for this rule only

    image = take_in(picture_file(), by=None)
    Article.objects.create(headline="خبر", lead_image=image)
    admin_client.post(reverse("admin:images_image_delete", args=[image.pk]), {"post": "yes"})
    assert Image.objects.exists()
    assert image.storage.exists(image.file.name)


def found(client: Client, typed: str) -> list[Image]:
    return list(client.get(reverse("admin:images_image_changelist"), {"q": typed}).context["cl"].result_list)


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        ({"alt_text": "سوق العراق القديم"}, "عراق"),
        ({"alt_text": "قارب", "caption": "متطوعون في وسط بغداد"}, "بغداد متطوع"),
        ({"alt_text": "قارب", "caption": "سافروا لبغداد"}, "بغداد"),
        ({"alt_text": "قارب", "credit": "تصوير: أَحْمَـد العلي"}, "احمد علي"),
        ({"alt_text": "مكتبة ٢٠٢٦"}, "المكتبه 2026"),
        ({"alt_text": "'quoted\" OR (words)* : & |"}, "\" OR quoted' :* & ("),
    ],
)
def test_a_picture_is_found_by_the_beginnings_of_its_words(
    admin_client: Client, words: dict[str, str], typed: str
) -> None:
    picture = make_image(**words)
    make_image(alt_text="ممر في سوق قديم", caption="", credit="مدار اليوم")
    assert found(admin_client, typed) == [picture]


def test_a_picture_is_found_by_what_it_says_now(admin_client: Client) -> None:
    picture = make_image(alt_text="قارب في الميناء")
    admin_client.post(
        reverse("admin:images_image_change", args=[picture.pk]),
        {
            "alt_text": "سفينة",
            "caption": "",
            "credit": "x",
            "kind": "photo",
            "rights_note": "",
            "focal_x": "0.5",
            "focal_y": "0.5",
        },
    )
    assert found(admin_client, "قارب") == []
    assert found(admin_client, "السفينه") == [picture]
    picture.delete()
    assert found(admin_client, "سفينة") == []


def test_a_single_letter_finds_every_picture(admin_client: Client) -> None:
    first, second = make_image(), make_image()
    assert found(admin_client, "ع") == [second, first]
