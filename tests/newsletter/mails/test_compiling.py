import pytest

from articles.models import Article
from newsletter.mails.compiling import CompileRefused, compile_issue, fingerprint
from newsletter.mails.rendering import render_issue
from newsletter.models import CompiledMail, IssueItem
from tests.factories import make_article, make_issue, make_mailing_list, make_site, make_withdrawn


def test_words_of_an_issue_are_frozen(issue, recipient) -> None:
    mails = compile_issue(issue)
    before = render_issue(issue)
    Article.objects.update(headline="عنوان آخر", standfirst="مقدمة أخرى")
    IssueItem.objects.update(headline="عنوان ثالث")
    again = compile_issue(issue)
    assert [mail.sha256 for mail in again] == [mail.sha256 for mail in mails]
    assert [mail.pk for mail in again] == [mail.pk for mail in mails]
    assert render_issue(issue) == before
    assert issue.compiled_at is not None


def test_items_say_what_readers_were_sent(issue) -> None:
    first, second = issue.items.filter(article__isnull=False)[:2]
    IssueItem.objects.filter(pk=second.pk).update(headline="عنوان للنشرة", summary="ملخص للنشرة")
    compile_issue(issue)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.headline == "افتتاح حديقة G20 العامة"
    assert first.summary.startswith("افتتحت البلدية")
    assert first.url == f"http://127.0.0.1:8000/n/{first.article_id}"
    assert first.image_url.startswith("http://127.0.0.1:8000/media/")
    assert first.image_alt == "ممر في سوق قديم"
    assert (second.headline, second.summary, second.image_url) == ("عنوان للنشرة", "ملخص للنشرة", "")


def test_one_mail_for_each_variant(issue) -> None:
    assert [mail.variant for mail in compile_issue(issue)] == ["a", "b"]
    other = make_issue(issue.mailing_list, articles=(make_article(),))
    assert [mail.variant for mail in compile_issue(other)] == ["a"]


def test_fingerprint_is_that_of_what_the_database_gives_back(issue) -> None:
    compile_issue(issue)
    for mail in CompiledMail.objects.all():
        assert fingerprint(mail.content) == mail.sha256
        assert mail.html_size > 1000


def test_article_that_is_not_public_is_left_out(issue) -> None:
    gone = make_withdrawn(headline="مادة سُحبت")
    draft = make_article("مسودة", published=False)
    for article in (gone, draft):
        IssueItem.objects.create(issue=issue, article=article, position=9)
    [mail, _second] = compile_issue(issue)
    assert "مادة سُحبت" not in str(mail.content)
    assert "مسودة" not in str(mail.content)
    assert set(issue.items.filter(article__in=[gone, draft]).values_list("url", flat=True)) == {""}


def test_refusal_leaves_the_issue_as_it_was(mailing_list) -> None:
    make_site(postal_address="")
    issue = make_issue(mailing_list, articles=(make_article(),))
    with pytest.raises(CompileRefused) as refused:
        compile_issue(issue)
    assert len(refused.value.reasons) == 1
    issue.refresh_from_db()
    assert issue.compiled_at is None
    assert not CompiledMail.objects.exists()


def test_hidden_archive_is_linked_nowhere(site, recipient) -> None:
    issue = make_issue(make_mailing_list(has_archive=False), articles=(make_article(),))
    assert "/newsletter/issues/" not in str(compile_issue(issue)[0].content)


def test_compiling_takes_no_more_queries_for_more_articles(site, django_assert_max_num_queries) -> None:
    for count in (1, 6):
        issue = make_issue(articles=tuple(make_article() for _ in range(count)), subject_b="ب")
        with django_assert_max_num_queries(28):
            compile_issue(issue)


def test_preview_of_a_draft_counts_nothing_and_opens_nobodys_settings(issue) -> None:
    mail = render_issue(issue, variant="b")
    assert "/newsletter/c/" not in mail.html
    assert "/newsletter/unsubscribe/preview/" in mail.html
    assert mail.subject.endswith("G20: حديقة جديدة")
    assert not CompiledMail.objects.exists()
