"""The configuration of CKEditor 4, derived from the schema so that what can be typed is what is stored.

The free CKEditor 4.22.1 has five published holes and gets no fixes. Each needs something that is switched off
here: script or style in the content filter, full pages, previews, the version check, or server-side samples.
"""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from richtext.schema import CLASSES, TAGS, attributes_of

FORMATS = ("p", "h2", "h3", "h4")
TOOLBAR: list[list[str]] = [
    ["Format"],
    ["Bold", "Italic", "RemoveFormat"],
    ["Link", "Unlink"],
    ["BulletedList", "NumberedList", "Blockquote"],
    ["PictureLibrary", "Image", "Table", "HorizontalRule"],
    ["BidiRtl", "BidiLtr"],
    ["Undo", "Redo", "Find", "Maximize"],
]
# What each button writes. A check compares it with the schema.
BUTTON_TAGS: dict[str, frozenset[str]] = {
    "Format": frozenset(FORMATS),
    "Bold": frozenset({"strong"}),
    "Italic": frozenset({"em"}),
    "Link": frozenset({"a"}),
    "BulletedList": frozenset({"ul", "li"}),
    "NumberedList": frozenset({"ol", "li"}),
    "Blockquote": frozenset({"blockquote"}),
    "PictureLibrary": frozenset({"img", "figure", "figcaption"}),
    "Image": frozenset({"img", "figure", "figcaption"}),
    "Table": frozenset({"table", "caption", "thead", "tbody", "tr", "th", "td"}),
    "HorizontalRule": frozenset({"hr"}),
}
# Without it the element is nothing.
REQUIRED = {"a": "href", "img": "src"}
# Each sends text to somebody, opens a way for foreign markup, or makes what the schema refuses.
REMOVED_PLUGINS = (
    "about,autoembed,bbcode,codesnippet,codesnippetgeshi,devtools,div,docprops,elementspath,embed,embedbase,"
    "embedsemantic,exportpdf,flash,forms,iframe,iframedialog,image,magicline,newpage,preview,print,save,scayt,"
    "smiley,stylesheetparser,templates,uicolor,wsc"
)
# The last one is our own: static/richtext/editor.js.
EXTRA_PLUGINS = "autogrow,clipboard,image2,lineutils,notification,uploadimage,widget,picturelibrary"

# The article page's own look inside the editor.
CONTENTS = (
    "css/tokens.css",
    "css/base.css",
    "css/components/article_body.css",
    "css/components/picture_figure.css",
    "richtext/contents.css",
)


def editor_config() -> dict[str, Any]:
    """Return the configuration of one editor, as JSON can carry it. Needs the URL configuration."""
    upload = reverse("images:upload")
    return {
        "language": "ar",
        "contentsLanguage": "ar",
        "contentsLangDirection": "rtl",
        "contentsCss": [static(sheet) for sheet in CONTENTS],
        "bodyClass": "article-body",
        "customConfig": "",
        "stylesSet": False,
        "skin": "moono-lisa",
        "toolbar": TOOLBAR,
        "format_tags": ";".join(FORMATS),
        "removePlugins": REMOVED_PLUGINS,
        "extraPlugins": EXTRA_PLUGINS,
        "allowedContent": allowed_content(),
        "disallowedContent": "script; style; iframe; *[on*]",
        "versionCheck": False,
        "entities": False,
        "basicEntities": True,
        "disableNativeSpellChecker": False,
        "removeDialogTabs": "link:advanced;table:advanced;image2:advanced",
        "linkShowAdvancedTab": False,
        "linkShowTargetTab": False,
        "image2_captionedClass": "image",
        "image2_disableResizer": True,
        "image2_altRequired": True,
        "labels": {"alternativeText": _("Alternative text"), "withCaption": _("With a caption")},
        "pictureLibrary": picture_library(),
        "imageUploadUrl": upload,
        "filebrowserImageUploadUrl": upload,
        "filebrowserUploadMethod": "xhr",
        "width": "100%",
        "autoGrow_onStartup": True,
        "autoGrow_minHeight": 320,
        "autoGrow_maxHeight": 900,
    }


def picture_library() -> dict[str, str]:
    """Where pictures are picked (images.admin.picking), and what the editor says about it."""
    return {
        "address": reverse("admin:images_image_pick"),
        "label": _("Picture from the library"),
        "failed": _("The library did not answer. Try again."),
    }


def allowed_content() -> dict[str, dict[str, str]]:
    """Return the schema as rules of CKEditor's content filter."""
    rules: dict[str, dict[str, str]] = {}
    for tag in sorted(TAGS):
        names = (f"!{name}" if name == REQUIRED.get(tag) else name for name in sorted(attributes_of(tag) - {"class"}))
        rules[tag] = {"attributes": ",".join(names), "classes": ",".join(sorted(CLASSES.get(tag, ())))}
    return rules


def disagreements() -> list[str]:
    """Return what the toolbar offers and the schema would throw away, one English phrase each."""
    found = []
    for button in (name for group in TOOLBAR for name in group):
        missing = BUTTON_TAGS.get(button, frozenset()) - TAGS
        if missing:
            found.append(f"the button {button} writes {', '.join(sorted(missing))}")
    return found
