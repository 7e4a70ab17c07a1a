import json
from pathlib import Path

import pytest

from accounts.roles import Role
from articles import importing
from articles.enums import BylineRole, Origin, Status
from articles.import_bounds import within_bounds
from articles.importing import ImportStatus, import_batch, import_text
from articles.models import Article, Author, DroppedLine, ImportRecord, RelatedLink, Revision, Source
from articles.recognising import Block, BlockType, Credit, Recognised, Warn
from tests.articles.texts import fixture_texts, seed
from tests.factories import make_article, make_author, make_section, make_source, make_user

pytestmark = pytest.mark.django_db

STORY = "بدأت البلدية تنظيف مجرى النهر قبل موسم الأمطار.\nويعمل في المشروع أربعون عاملًا من أبناء الحي.\n"
PAGE = f"""حملة لتنظيف مجرى النهر
كتب: سامر العلي
3 مايو 2026

{STORY}
العمل في أرقام

• أربعون عاملًا
• ستة أسابيع

اقرأ أيضاً: معرض للكتاب في الميناء

«النهر بيت الجميع»

ويبدأ العمل < الأسبوع > المقبل.
المصدر: رويترز + وكالات
الوسوم: الأنهار، البيئة
"""


def take(text: str, **options: object) -> importing.ImportResult:
    return import_text(text.encode(), file_name="text.txt", **options)  # type: ignore[arg-type]


def made(result: importing.ImportResult) -> Article:
    return Article.objects.get(pk=result.article_id)


@fixture_texts
def test_fixture_is_reported_as_expected(path: Path) -> None:
    report = import_text(path.read_bytes(), file_name=path.name, dry_run=True).as_json()
    assert report.pop("file") == path.name
    assert report.pop("article_id") is None
    assert report == json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))


@fixture_texts
def test_fixture_becomes_rows(path: Path) -> None:
    result = import_text(path.read_bytes(), file_name=path.name)
    assert result.status != ImportStatus.DUPLICATE
    assert Article.objects.count() == (0 if result.is_refused else 1)


def test_dry_run_writes_nothing() -> None:
    result = take(PAGE, dry_run=True)
    assert result.status == ImportStatus.OK
    assert result.article_id is None
    assert not Article.objects.exists()
    assert not Author.objects.exists()


def test_text_becomes_a_draft_with_its_relations() -> None:
    editor, section = make_user("editor"), make_section("محليات")
    article = made(take(PAGE, by=editor, section=section))
    assert (article.status, article.publish_at, article.section) == (Status.DRAFT, None, section)
    assert (article.headline, article.origin, article.created_by) == (
        "حملة لتنظيف مجرى النهر", Origin.AGENCY, editor,
    )  # fmt: skip
    assert [(line.author.name, line.role) for line in article.bylines.all()] == [("سامر العلي", BylineRole.WRITING)]
    assert [str(line) for line in article.attributions.all()] == ["رويترز", "وكالات"]
    assert sorted(article.tags.names()) == ["الأنهار", "البيئة"]
    record = article.import_record
    assert (record.file_name, record.encoding, record.by) == ("text.txt", "utf-8", editor)
    assert record.proposed_date is not None
    assert record.proposed_date.isoformat() == "2026-05-03"
    assert record.original_text == PAGE
    assert [line.text for line in record.dropped_lines.all()] == ["3 مايو 2026"]


def test_body_is_safe_html_of_the_blocks() -> None:
    article = made(take(PAGE))
    blocks = article.body.split("\n")
    assert blocks[2] == "<h2>العمل في أرقام</h2>"
    assert blocks[3] == "<ul><li>أربعون عاملًا</li><li>ستة أسابيع</li></ul>"
    assert blocks[4] == "<blockquote><p>«النهر بيت الجميع»</p></blockquote>"
    assert blocks[5] == "<p>ويبدأ العمل &lt; الأسبوع &gt; المقبل.</p>"
    assert "اقرأ" not in article.body


def test_markup_in_a_text_is_only_words() -> None:
    article = made(take(f"{STORY}وقال <script>alert(1)</script> إن العمل مستمر.\n"))
    assert "<script" not in article.body
    assert "&lt;script&gt;" in article.body


def test_related_link_stands_after_its_block_and_finds_our_article() -> None:
    ours = make_article(headline="معرضٌ للكتاب في الميناء")
    link = RelatedLink.objects.get(article=made(take(PAGE)))
    assert (link.target, link.after_block, link.title) == (ours, 4, "معرض للكتاب في الميناء")


def test_related_link_without_our_article_keeps_its_title() -> None:
    link = RelatedLink.objects.get(article=made(take(PAGE)))
    assert (link.target, link.title) == (None, "معرض للكتاب في الميناء")


def test_names_are_matched_before_new_ones_are_made() -> None:
    author, source = make_author("سامر العلى"), make_source("رُويترز")
    article = made(take(PAGE))
    assert article.bylines.get().author == author
    assert article.attributions.first() is not None
    assert article.attributions.get(source=source).printed_as == "رويترز"
    assert Source.objects.count() == 2


def test_import_leaves_a_revision() -> None:
    revision = Revision.objects.get(article=made(take(PAGE)))
    assert (revision.action, revision.version) == ("imported", 1)
    assert revision.data["tags"] == ["الأنهار", "البيئة"]


def test_text_without_headline_gets_a_proposal_only() -> None:
    article = made(take(STORY))
    assert article.headline == ""
    assert article.import_record.proposed_headline == "بدأت البلدية تنظيف مجرى النهر قبل موسم الأمطار"
    assert article.import_record.warnings == ["no_headline"]


def test_long_first_sentence_is_cut_between_words() -> None:
    article = made(take("كلمة طويلة " * 40))
    proposed = article.import_record.proposed_headline
    assert 80 < len(proposed) <= 110
    assert proposed.endswith(("كلمة", "طويلة"))


def test_same_bytes_and_same_story_are_made_once() -> None:
    first = take(PAGE)
    again = take(PAGE)
    retold = take(PAGE.replace("حملة لتنظيف", "حملةٌ لتنظيف").replace("ستة أسابيع", "سبعة أسابيع"))
    assert {again.status, retold.status} == {ImportStatus.DUPLICATE}
    assert again.article_id == retold.article_id == first.article_id
    assert Article.objects.count() == 1


def test_edited_article_is_never_overwritten() -> None:
    article = made(take(PAGE))
    Article.objects.filter(pk=article.pk).update(headline="عنوان المحرر", body="<p>متن المحرر.</p>")
    assert take(PAGE).status == ImportStatus.DUPLICATE
    article.refresh_from_db()
    assert (article.headline, article.body) == ("عنوان المحرر", "<p>متن المحرر.</p>")


def test_texts_without_headline_that_begin_alike_are_two() -> None:
    assert take(f"{STORY}وينتهي العمل في الصيف.").status == ImportStatus.OK_WITH_WARNINGS
    assert take(f"{STORY}وينتهي العمل في الخريف.").status == ImportStatus.OK_WITH_WARNINGS
    assert Article.objects.count() == 2


@pytest.mark.parametrize("dry_run", [True, False])
def test_duplicates_within_a_batch(dry_run: bool) -> None:
    files = [
        ("a", PAGE.encode()),
        ("b", PAGE.encode("utf-8-sig")),
        ("c", STORY.encode()),
        ("d", PAGE.encode()),
    ]
    statuses = [result.status.value for result in import_batch(files, dry_run=dry_run)]
    assert statuses == ["ok", "duplicate", "ok_with_warnings", "duplicate"]


@pytest.mark.parametrize(
    ("raw", "status", "reason"),
    [
        (b"", "empty", "empty"),
        ("الرئيسية\nبحث\nشارك\n".encode(), "empty", "only_furniture"),
        (b"\x89PNG\r\n\x1a\n", "rejected", "binary"),
        (b"a" * 5_000_001, "rejected", "too_large"),
        (b"\xe9\xe8\xe0 caf\xe9 \xe0 No\xebl", "rejected", "unreadable"),
    ],
)
def test_refused_texts_say_why(raw: bytes, status: str, reason: str) -> None:
    result = import_text(raw, file_name="x")
    assert (result.status.value, result.warnings[0]) == (status, reason)
    assert result.is_refused
    assert not Article.objects.exists()


def test_failure_of_one_text_does_not_stop_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str) -> Recognised:
        if "النهر" in text:
            raise RuntimeError
        return importing.Recognised(blocks=(Block(BlockType.PARAGRAPH, text),))

    monkeypatch.setattr(importing, "recognise", fail)
    results = list(import_batch([("bad", PAGE.encode()), ("good", "نص آخر عن الجبل.".encode())]))
    assert [(result.status.value, result.warnings) for result in results] == [
        ("rejected", ("failed",)),
        ("ok", ()),
    ]
    assert Article.objects.count() == 1


def test_failure_in_the_middle_leaves_no_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(importing.revisions, "record", fail)
    [result] = import_batch([("bad", PAGE.encode())])
    assert result.status == ImportStatus.REJECTED
    assert not Article.objects.exists()
    assert not Author.objects.exists()
    assert not ImportRecord.objects.exists()


def test_body_beyond_its_bounds_is_set_aside_and_told() -> None:
    paragraph = Block(BlockType.PARAGRAPH, "كلمة " * 8_000)
    story = within_bounds(Recognised(blocks=(paragraph,) * 4))
    assert len(story.blocks) < 4
    assert len(story.blocks) + len(story.dropped) == 4
    assert Warn.BODY_CUT in story.warnings


@pytest.mark.parametrize(
    ("count", "line"), [(6_000, "كلمة قصيرة"), (800, "كلمة قصيرة " + "&" * 40), (800, "كلمة قصيرة " + "<" * 40)]
)
def test_text_of_very_many_lines_is_kept_whole(count: int, line: str) -> None:
    lines = [f"{number} {line}" for number in range(count)]
    result = import_text("\n".join(lines).encode(), file_name="long.txt")
    assert result.article_id
    kept = " ".join(block.text for block in result.recognised.blocks)
    aside = " ".join(dropped.text for dropped in result.recognised.dropped)
    words = f"{kept} {aside} {result.recognised.headline} {result.recognised.lead_caption}".split()
    assert {str(number) for number in range(count)} <= set(words)


def test_link_to_a_draft_that_its_importer_may_not_see_stays_a_title() -> None:
    secret = make_article("خطة سرية لتوسعة الميناء", published=False, created_by=make_user(Role.EDITOR))
    page = f"{PAGE}\nاقرأ أيضًا: {secret.headline}\n\nوتستمر الأعمال حتى نهاية العام وفق الجدول المعلن.".encode()
    import_text(page, file_name="a.txt", by=make_user(Role.REPORTER))
    link = RelatedLink.objects.get(title=secret.headline)
    assert link.target is None


def test_too_many_tags_are_set_aside() -> None:
    story = within_bounds(Recognised(tags=tuple(f"وسم {number}" for number in range(20))))
    assert len(story.tags) + len(story.dropped) == 20


WORD = "الطويلة"
LONG = " ".join([WORD] * 60)


def test_what_no_column_can_hold_is_set_aside_in_full() -> None:
    story = Recognised(
        headline=LONG,
        subtitle=f"{LONG} {LONG}",
        lead_caption=LONG,
        dateline=LONG,
        credits=(Credit(LONG), Credit("سامر العلي")),
        sources=(LONG, "رويترز"),
        tags=("وسم", LONG),
        blocks=(Block(BlockType.PARAGRAPH, "نص."), Block(BlockType.RELATED, LONG)),
    )
    fitting = within_bounds(story)
    assert [len(text or "") for text in (fitting.headline, fitting.subtitle, fitting.lead_caption)] <= [200, 600, 300]
    assert (fitting.byline, fitting.sources, fitting.tags) == ("سامر العلي", ("رويترز",), ("وسم",))
    assert Warn.FIELD_CUT in fitting.warnings
    assert [line.text for line in fitting.dropped].count(LONG) == 7
    assert f"{LONG} {LONG}" in [line.text for line in fitting.dropped]
    assert [line.position for line in fitting.dropped] == list(range(8))


def test_overlong_fields_are_stored_without_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = (Block(BlockType.PARAGRAPH, "نص."), Block(BlockType.RELATED, LONG))
    story = Recognised(LONG, LONG * 2, None, (Credit(LONG),), LONG, LONG, (LONG,), (LONG,), blocks)
    monkeypatch.setattr(importing, "recognise", lambda text: story)
    article = made(import_text(b"x", file_name="\u0646" * 300 + ".txt"))
    article.refresh_from_db()
    assert LONG.startswith(article.headline)
    assert article.related_links.get().title
    assert DroppedLine.objects.filter(record__article=article, text=LONG).count() == 7
    assert article.import_record.file_name.endswith(".txt")


def test_long_lines_of_a_page_cross_the_whole_importer() -> None:
    name = "عبد" + "الله" * 40
    head = f"{'كلمة' * 60} ثم كلمتان\nكتب: {name} {name}\nالمصدر: {name}\n\n"
    result = take(f"{head}{STORY}\nاقرأ أيضًا: {'كلمة ' * 20}{'كلمة' * 90}\nالوسوم: {'وسم' * 30}، بيئة")
    assert result.article_id is not None


def test_name_of_a_file_in_an_unknown_encoding_is_no_failure() -> None:
    assert import_text(STORY.encode(), file_name="\udce4.txt").article_id is not None


def test_null_character_does_not_reach_the_database() -> None:
    text = f"{STORY}وينتهي\x00 العمل في الصيف.\n" * 3
    assert "\x00" not in made(take(text)).import_record.original_text


def test_real_texts_become_drafts() -> None:
    first = import_text(seed("000"), file_name="000.txt")
    second = import_text(seed("002"), file_name="002.txt")
    assert (first.status, second.status) == (ImportStatus.OK, ImportStatus.OK_WITH_WARNINGS)
    article = made(first)
    assert article.body.count("<p>") == 11
    assert article.body.count('<p class="caption">') == 1
    assert article.related_links.get().after_block == 10
    assert article.attributions.count() == 2
    assert DroppedLine.objects.filter(record__article=article).count() == 6
    assert made(second).headline == ""
    assert made(second).body.count("<p>") == 10
