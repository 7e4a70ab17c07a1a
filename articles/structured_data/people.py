"""Authors and sources as schema.org names them."""

from articles.models import Author, Source
from pages.current import Site
from pages.structured_data import (
    LANGUAGE,
    Data,
    absolute,
    collection_page,
    document,
    organization_reference,
    without_empty,
)


def author_reference(author: Author) -> Data:
    """An author below a story."""
    return without_empty(
        {
            "@type": "Person",
            "@id": _identity(author),
            "name": author.name,
            "url": absolute(author.get_absolute_url()),
            "jobTitle": author.job_title,
        }
    )


def source_reference(source: Source) -> Data:
    """A source below a story, known by its own home page."""
    kind = "NewsMediaOrganization" if source.kind in {"agency", "outlet"} else "Organization"
    return without_empty({"@type": kind, "name": source.name, "url": source.home_page})


def profile_page(author: Author, site: Site) -> Data:
    """The page of an author; `author.portrait` is fetched already."""
    person = author_reference(author) | {
        "description": author.biography,
        "image": absolute(author.portrait.url(1200)) if author.portrait else "",
        "worksFor": organization_reference(site),
        "sameAs": author.social_addresses,
        "knowsLanguage": author.language_codes,
        "mainEntityOfPage": absolute(author.get_absolute_url()),
    }
    return document(
        "ProfilePage",
        name=author.name,
        url=absolute(author.get_absolute_url()),
        inLanguage=LANGUAGE,
        mainEntity=without_empty(person),
    )


def source_page(source: Source, site: Site, *, name: str, path: str, description: str, items: Data) -> Data:
    """The list of what came from a source."""
    return collection_page(
        site,
        name=name,
        path=path,
        description=description,
        about=source_reference(source),
        mainEntity=items,
    )


def _identity(author: Author) -> str:
    return absolute(author.get_absolute_url()) + "#person"
