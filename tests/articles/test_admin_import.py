"""The page that imports texts, and the panel of an imported article."""

import base64
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from articles.models import Article, DroppedLine, ImportRecord
from tests.articles.desk import change_url, form_data, messages_of, save
from tests.factories import make_article, make_section, make_user

pytestmark = pytest.mark.django_db

IMPORT = "/admin/articles/article/import/"
TEXT = """الوضع المظلم
الرئيسية > أخبار > محليات
الجمعة 20 نوفمبر 2026
افتتاح مكتبة عامة جديدة في الحي القديم

افتتحت البلدية صباح اليوم مكتبة عامة جديدة في الحي القديم بعد عام كامل من أعمال الترميم والتجهيز.

وتضم المكتبة قاعة للقراءة وركنًا للأطفال، وتفتح أبوابها كل يوم من التاسعة صباحًا إلى الثامنة مساءً.

المصدر: وكالة المدينة
"""
HEADLINE = "افتتاح مكتبة عامة جديدة في الحي القديم"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_user(Role.EDITOR))
    return client


def file(text: str | bytes, name: str = "خبر.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def another(number: int) -> str:
    return TEXT.replace("مكتبة عامة", f"حديقة عامة رقم {number}")


def page(response: Any) -> str:
    return response.content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.REPORTER, 200),
        (Role.EDITOR, 200),
        (Role.CHIEF_EDITOR, 200),
        (Role.ADMINISTRATOR, 200),
        (Role.NEWSLETTER_EDITOR, 403),
    ],
)
def test_who_imports(client: Client, role: Role, status: int) -> None:
    client.force_login(make_user(role))
    assert client.get(IMPORT).status_code == status
    assert client.post(IMPORT, {"text": TEXT, "_preview": "1"}).status_code == status
    is_linked = IMPORT in page(client.get("/admin/articles/article/"))
    assert is_linked is (status == 200)


def test_the_page_is_for_staff(client: Client) -> None:
    assert client.get(IMPORT).status_code == 302


def test_everything_is_shown_before_anything_is_created(desk: Client) -> None:
    response = desk.post(IMPORT, {"text": TEXT, "_preview": "1"})
    assert not Article.objects.exists()
    assert not ImportRecord.objects.exists()
    shown = page(response)
    for part in (HEADLINE, "وكالة المدينة", "ركنًا للأطفال", "الوضع المظلم"):
        assert part in shown
    (one,) = response.context["shown"]
    assert one.result.recognised.headline == HEADLINE
    assert {line.text for line in one.result.recognised.dropped} >= {"الوضع المظلم"}


def test_the_second_button_creates_a_draft_and_opens_it(desk: Client) -> None:
    section = make_section()
    response = desk.post(IMPORT, {"text": TEXT, "section": section.pk, "_create": "1"}, follow=True)
    article = Article.objects.get()
    assert response.redirect_chain == [(change_url(article), 302)]
    assert (article.headline, article.section, article.status) == (HEADLINE, section, "draft")
    assert article.created_by == ImportRecord.objects.get().by
    assert [source.name for source in article.sources.all()] == ["وكالة المدينة"]


def test_files_travel_through_the_page(desk: Client) -> None:
    first = desk.post(IMPORT, {"uploads": [file(another(1), "a.txt"), file(another(2), "b.txt")], "_preview": "1"})
    carried = [text.pack() for text in first.context["carried"]]
    assert len(carried) == 2
    assert all(packed in page(first) for packed in carried)
    desk.post(IMPORT, {"carried": carried, "_create": "1"})
    assert set(ImportRecord.objects.values_list("file_name", flat=True)) == {"a.txt", "b.txt"}


def test_bad_files_are_refused_with_their_reason_and_the_rest_goes_on(desk: Client) -> None:
    files = [
        file(b"", "empty.txt"),
        file(b"\x89PNG\r\n\x1a\n\0\0", "picture.txt"),
        file(another(3), "good.txt"),
    ]
    response = desk.post(IMPORT, {"text": TEXT, "uploads": files, "_preview": "1"})
    assert {one.text.name for one in response.context["shown"] if not one.is_new} == {
        "empty.txt",
        "picture.txt",
    }
    assert [text.name for text in response.context["carried"]] == ["good.txt"]
    assert HEADLINE in page(response)
    created = desk.post(IMPORT, {"text": TEXT, "uploads": [file(b"", "empty.txt")], "_create": "1"})
    assert created.status_code == 200
    assert Article.objects.count() == 1


def test_a_text_that_is_here_already_is_shown_and_not_doubled(desk: Client) -> None:
    desk.post(IMPORT, {"text": TEXT, "_create": "1"})
    response = desk.post(IMPORT, {"text": TEXT, "_create": "1"})
    assert Article.objects.count() == 1
    assert change_url(Article.objects.get()) in page(response)


def test_a_duplicate_of_a_hidden_draft_does_not_show_it(client: Client, desk: Client) -> None:
    desk.post(IMPORT, {"text": TEXT, "_create": "1"})
    Article.objects.update(headline="عنوان سري لم يُنشر")
    client.force_login(make_user(Role.REPORTER))
    response = client.post(IMPORT, {"text": TEXT, "_preview": "1"})
    assert "عنوان سري لم يُنشر" not in page(response)
    assert change_url(Article.objects.get()) not in page(response)


@pytest.mark.parametrize("carried", ["x", "%%%.%%%", "2Kc.!", base64.b64encode(b"\xff").decode() + ".AA=="])
def test_a_damaged_packet_is_a_sentence_and_the_pasted_text_stays(desk: Client, carried: str) -> None:
    response = desk.post(IMPORT, {"text": TEXT, "carried": [carried], "_preview": "1"})
    assert response.status_code == 200
    assert HEADLINE in page(response)
    assert not Article.objects.exists()


def test_too_much_at_once_is_a_sentence_and_the_pasted_text_stays(desk: Client) -> None:
    for files in ([file(TEXT, f"{n}.txt") for n in range(51)], [file(b"x" * (8 * 1024 * 1024 + 1))]):
        response = desk.post(IMPORT, {"text": TEXT, "uploads": files, "_create": "1"})
        assert response.context["form"].non_field_errors()
        assert HEADLINE in page(response)
    assert not Article.objects.exists()


def test_nothing_given_is_a_sentence(desk: Client) -> None:
    response = desk.post(IMPORT, {"text": " \n ", "_create": "1"})
    assert response.context["form"].non_field_errors()


def test_markup_in_a_text_or_a_file_name_is_text(desk: Client) -> None:
    files = [file("<script>alert(1)</script>\n" + another(4), "<script>alert(2)</script>.txt")]
    shown = page(desk.post(IMPORT, {"uploads": files, "_preview": "1"}))
    assert "<script>alert" not in shown


def imported(**fields: Any) -> Article:
    article = make_article(body="<p>واحد</p><p>اثنان</p>", published=False, **fields)
    record = ImportRecord.objects.create(
        article=article,
        file_name="خبر.txt",
        encoding="cp1256",
        sha256="0" * 64,
        original_text="…",
        warnings=["no_headline", "a code of the future"],
        proposed_headline="عنوان مقترح",
        proposed_date="2024-05-03",
    )
    DroppedLine.objects.create(record=record, position=0, text="الوضع المظلم", reason="chrome", after_block=1)
    return article


def test_the_panel_shows_what_the_importer_knew(desk: Client) -> None:
    shown = page(desk.get(change_url(imported())))
    for part in ("خبر.txt", "cp1256", "a code of the future", "الوضع المظلم", "عنوان مقترح"):
        assert part in shown
    assert 'name="_accept_date"' in shown
    assert 'name="_accept_headline"' not in shown  # it has one


def test_a_text_written_here_has_no_panel(desk: Client) -> None:
    assert desk.get(change_url(make_article(published=False))).context["proposals"] is None


def test_one_click_puts_a_line_back_and_keeps_what_was_typed(desk: Client) -> None:
    article = imported()
    line = DroppedLine.objects.get()
    data = form_data(desk, change_url(article)) | {"standfirst": "مقدمة جديدة", "_restore": line.pk}
    desk.post(change_url(article), data)
    article.refresh_from_db()
    assert article.body == "<p>واحد</p>\n<p>الوضع المظلم</p>\n<p>اثنان</p>"
    assert article.standfirst == "مقدمة جديدة"
    assert f'name="_restore" value="{line.pk}"' not in page(desk.get(change_url(article)))


def test_the_page_shows_the_headline_that_it_will_propose(desk: Client) -> None:
    sentence = "افتتحت البلدية صباح اليوم مكتبة عامة جديدة في الحي القديم بعد عام كامل من أعمال الترميم والتجهيز"
    text = "\n\n".join([f"{sentence}.", "وتضم المكتبة قاعة للقراءة وركنًا للأطفال، وتفتح أبوابها كل يوم من التاسعة."])
    response = desk.post(IMPORT, {"text": text, "_preview": "1"})
    (shown,) = response.context["shown"]
    assert shown.result.recognised.headline is None
    assert f'<span class="import-mark">عنوان مقترح</span> {shown.proposed_headline}' in page(response)
    assert sentence.startswith(shown.proposed_headline[:40])


def test_one_click_accepts_the_date_and_the_headline(desk: Client) -> None:
    article = imported()
    Article.objects.update(headline="", slug="")
    save(desk, article, "_accept_date")
    save(desk, article, "_accept_headline")
    article.refresh_from_db()
    assert (article.publish_at.year, article.headline) == (2024, "عنوان مقترح")
    assert article.revisions.count() == 4


@pytest.mark.parametrize("number", ["0", "999", "9" * 40, "x", "-1", "١"])
def test_only_lines_of_this_article_are_put_back(desk: Client, number: str) -> None:
    other = imported()
    article = make_article(published=False)
    response = desk.post(change_url(article), form_data(desk, change_url(article)) | {"_restore": number})
    assert response.status_code == 302
    line = DroppedLine.objects.get()
    desk.post(change_url(article), form_data(desk, change_url(article)) | {"_restore": line.pk})
    line.refresh_from_db()
    assert line.restored_at is None
    assert "الوضع المظلم" not in other.body + article.body


def test_a_reporter_sees_the_panel_of_the_own_import_only(client: Client) -> None:
    reporter = make_user(Role.REPORTER)
    client.force_login(reporter)
    article = imported(created_by=reporter)
    assert 'name="_restore"' in page(client.get(change_url(article)))
    Article.objects.update(status="in_review")
    shown = page(client.get(change_url(article)))
    assert "الوضع المظلم" in shown
    assert 'name="_restore"' not in shown


@pytest.mark.parametrize("role", [Role.REPORTER, Role.NEWSLETTER_EDITOR])
def test_the_panel_of_a_published_article_is_for_the_desk_and_the_writer(client: Client, role: Role) -> None:
    user = make_user(role)
    article = imported()
    Article.objects.update(status="approved", publish_at="2024-05-03T09:00Z", published_at="2024-05-03T09:00Z")
    client.force_login(user)
    shown = page(client.get(change_url(article)))
    assert "خبر.txt" not in shown
    assert "الوضع المظلم" not in shown
    Article.objects.update(created_by=user)
    assert "خبر.txt" in page(client.get(change_url(article)))


def test_the_panel_begins_with_some_lines_and_shows_the_rest_when_asked(desk: Client) -> None:
    article = imported()
    record = ImportRecord.objects.get()
    lines = [
        DroppedLine(record=record, position=n, text=f"سطر رقم {n}", reason="chrome", after_block=1)
        for n in range(1, 203)
    ]
    DroppedLine.objects.bulk_create(lines)
    first = page(desk.get(change_url(article)))
    assert first.count('name="_restore"') == 200
    assert 'href="?lines=all"' in first
    everything = page(desk.get(change_url(article), {"lines": "all"}))
    assert everything.count('name="_restore"') == 203
    assert "import-more" not in everything


def test_a_line_of_the_rest_is_put_back_from_where_it_is_shown(desk: Client) -> None:
    article = imported()
    address = change_url(article) + "?lines=all"
    line = DroppedLine.objects.get()
    assert desk.post(address, form_data(desk, address) | {"_restore": line.pk}).status_code == 302
    line.refresh_from_db()
    assert line.restored_at is not None


def test_of_a_long_text_the_page_shows_the_beginning_and_imports_all(desk: Client) -> None:
    text = "\n\n".join(f"وقالت المصادر إن الأعمال في الشارع رقم {n} انتهت قبل موعدها بأيام قليلة." for n in range(300))
    menu = "\n".join(f"الرئيسية > أخبار > صفحة {n}" for n in range(250))
    given = {"text": f"{menu}\n{HEADLINE}\n\n{text}"}
    response = desk.post(IMPORT, given | {"_preview": "1"})
    (one,) = response.context["shown"]
    assert min(one.more_blocks, one.more_lines) > 0
    assert page(response).count("<li><span") == 200
    assert page(response).count('<tr><td dir="auto">') == 200
    assert page(response).count("import-more") == 2
    desk.post(IMPORT, given | {"_create": "1"})
    assert Article.objects.get().body.count("<p>") == one.block_count
    assert DroppedLine.objects.count() == len(one.result.recognised.dropped)


@pytest.mark.parametrize("text", ["كلمة\n" * 20_001, "كلمة " * 120_000], ids=["lines", "bytes"])
def test_a_text_too_long_for_the_page_is_refused_with_the_way_out(desk: Client, text: str) -> None:
    pasted = desk.post(IMPORT, {"text": text, "_create": "1"})
    assert "import_texts" in pasted.context["form"].errors["text"][0]
    assert text.strip()[-1000:] in page(pasted).replace("\r\n", "\n")
    files = [file(text, "long.txt"), file(TEXT, "good.txt")]
    response = desk.post(IMPORT, {"uploads": files, "_preview": "1"})
    assert [one.is_new for one in response.context["shown"]] == [False, True]
    assert "import_texts" in response.context["shown"][0].warnings[0]
    assert [one.name for one in response.context["carried"]] == ["good.txt"]


def test_the_lines_of_all_texts_count_together(desk: Client) -> None:
    files = [file(another(n) + "\n" * 9_000, f"{n}.txt") for n in range(3)]
    response = desk.post(IMPORT, {"uploads": files, "_preview": "1"})
    assert [one.is_new for one in response.context["shown"]] == [True, True, False]


def test_a_refused_click_is_a_sentence(desk: Client) -> None:
    article = imported()
    assert len(messages_of(save(desk, article, "_accept_headline"))) == 1


def test_deleting_a_draft_takes_its_record_along(desk: Client) -> None:
    article = imported()
    address = reverse("admin:articles_article_delete", args=[article.pk])
    assert desk.post(address, {"post": "yes"}).status_code == 302
    assert not ImportRecord.objects.exists()
