import pytest
from django import forms

from richtext.bounds import BodyTooLarge
from richtext.fields import RichTextFormField


class BodyForm(forms.Form):
    body = RichTextFormField()


def test_what_comes_out_is_sanitised() -> None:
    form = BodyForm({"body": '<p onclick="x()">نص</p><script>x()</script>'})
    assert form.is_valid()
    assert form.cleaned_data["body"] == "<p>نص</p>"


def test_an_empty_paragraph_is_nothing() -> None:
    form = BodyForm({"body": "<p>&nbsp;</p>"})
    assert form.errors.as_data()["body"][0].code == "required"


def test_text_without_tags_becomes_paragraphs() -> None:
    assert RichTextFormField().clean("أولى\r\n\r\nثانية & ثالثة") == "<p>أولى</p>\n<p>ثانية &amp; ثالثة</p>"


def test_too_large_a_body_is_an_error_of_the_field() -> None:
    with pytest.raises(BodyTooLarge):
        RichTextFormField().clean("<div>" * 100)
    form = BodyForm({"body": "<div>" * 100})
    assert "body" in form.errors


def test_null_characters_are_refused() -> None:
    assert not BodyForm({"body": "<p>\0</p>"}).is_valid()


def test_the_plain_editor_shows_a_text_area(settings) -> None:
    settings.EDITOR = "plain"
    form = BodyForm(initial={"body": "<p>نص</p>"})
    html = str(form["body"])
    assert "ckeditor" not in html
    assert 'dir="rtl"' in html
    assert "&lt;p&gt;" in html
    assert "ckeditor" not in str(form.media)
    assert "admin_newsroom/picture_picker.js" in str(form.media)
