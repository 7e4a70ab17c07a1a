from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from images.in_bodies import body_pictures
from newsroom.lib.keeping import kept_page
from pages.models import Page
from richtext.figures import picture_addresses
from richtext.render import render_body

# What readers look for among the pages and what stands elsewhere. A page of the editors' own goes before it.
_ELSEWHERE = {"corrections": "articles:corrections"}


@kept_page()
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A page that does not age: who we are, contact, privacy."""
    found = Page.objects.filter(slug=slug, is_public=True).first()
    if found is None:
        if slug in _ELSEWHERE:
            return redirect(_ELSEWHERE[slug])
        raise Http404("no such page")
    body = render_body(found.body, pictures=body_pictures(picture_addresses(found.body)))
    return render(request, "pages/page.html", {"page": found, "body": body})
