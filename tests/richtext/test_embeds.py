import pytest
from django.utils.safestring import mark_safe

from richtext.embeds import PLATFORMS, Embed, recognise
from richtext.render import blocks, render_body
from richtext.sanitise import sanitise

ID = "aB3_d-fG7hI"
PLAYER = f"https://www.youtube-nocookie.com/embed/{ID}"


@pytest.mark.parametrize(
    ("address", "player"),
    [
        (f"https://www.youtube.com/watch?v={ID}", PLAYER),
        (f"http://youtube.com/watch?v={ID}&list=PLx&autoplay=1&t=90", PLAYER),
        (f"https://m.youtube.com/watch?feature=share&v={ID}#t=1", PLAYER),
        (f"https://youtu.be/{ID}?si=tracking", PLAYER),
        (f"https://www.youtube.com/shorts/{ID}", PLAYER),
        (f"https://www.youtube.com/live/{ID}?x=1", PLAYER),
        (f"https://WWW.YouTube.COM/embed/{ID}", PLAYER),
        ("https://vimeo.com/123456789", "https://player.vimeo.com/video/123456789?dnt=1"),
        ("https://player.vimeo.com/video/123456789?autoplay=1", "https://player.vimeo.com/video/123456789?dnt=1"),
        ("https://vimeo.com/123456789/abcdef0123", ""),
        ("https://x.com/some_body/status/1234567890123456789?s=20", ""),
        ("https://twitter.com/some_body/status/1234567890123456789", ""),
        ("https://www.facebook.com/some.page/posts/pfbid0abc", ""),
        ("https://www.facebook.com/watch/?v=1234567890", ""),
        ("https://fb.watch/aBcDeF123/", ""),
        ("https://www.instagram.com/p/Cabc_-123/", ""),
        ("https://www.instagram.com/some.body/reel/Cabc_-123/", ""),
        ("https://www.tiktok.com/@some.body/video/7012345678901234567", ""),
        ("https://vm.tiktok.com/ZMabc123/", ""),
        ("https://t.me/some_channel/4321", ""),
        ("https://soundcloud.com/some-body/some-track", ""),
    ],
)
def test_posts_of_the_table_are_recognised(address: str, player: str) -> None:
    embed = recognise(address)
    assert embed is not None
    assert embed.player == player
    assert embed.address == address


@pytest.mark.parametrize(
    "address",
    [
        f"https://www.youtube.com.evil.example/watch?v={ID}",
        f"https://evil.example/https://www.youtube.com/watch?v={ID}",
        f"https://wwwyoutube.com/watch?v={ID}",
        f"https://youtube.com./watch?v={ID}",
        f"https://youtube.com@evil.example/watch?v={ID}",
        f"https://user@www.youtube.com/watch?v={ID}",
        f"https://www.youtube.com:8443/watch?v={ID}",
        f"https://www.youtube.com:bad/watch?v={ID}",
        f"https://www.y\u043eutube.com/watch?v={ID}",
        f"https://www.youtube.com\\@evil.example/watch?v={ID}",
        f"//www.youtube.com/watch?v={ID}",
        f"ftp://www.youtube.com/watch?v={ID}",
        f"javascript://www.youtube.com/watch?v={ID}",
        f"https://www.youtube.com/watch?v={ID}&v=aaaaaaaaaaa",
        f"https://www.youtube.com/watch?v={ID}x",
        "https://www.youtube.com/watch?v=../../../../a",
        "https://www.youtube.com/watch?v=aB3_d-fG7h%22",
        "https://www.youtube.com/watch?v=aB3_d-fG7h\u0661",
        f"https://youtu.be/{ID}\n",
        f"https://youtu.be/{ID}/../x",
        "https://www.youtube.com/@some.channel",
        "https://www.youtube.com/",
        "https://vimeo.com/about",
        "https://x.com/some_body",
        "https://t.me/some_channel",
        "https://www.facebook.com/some.page",
        "https://[::1/watch",
        "/news/12/",
        "",
    ],
)
def test_nothing_else_is(address: str) -> None:
    assert recognise(address) is None


def test_a_player_is_at_one_of_the_hosts_that_a_policy_may_name() -> None:
    hosts = {platform.player_host for platform in PLATFORMS if platform.player}
    assert hosts == {"https://www.youtube-nocookie.com", "https://player.vimeo.com"}


def boxes(html: str) -> list[Embed]:
    found: list[Embed] = []

    def box(embed: Embed) -> str:
        found.append(embed)
        return mark_safe("<div>box</div>")

    shown = render_body(html, embed_box=box)
    assert shown.count("<div>box</div>") == len(found)
    return found


LINK = f'<a href="https://youtu.be/{ID}">https://youtu.be/{ID}</a>'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (f"<p>{LINK}</p>", ""),
        (f"<p> {LINK}&nbsp;</p>", ""),
        # The editor makes no link of what is pasted into it.
        (f"<p>https://youtu.be/{ID}</p>", ""),
        (f"<p>&nbsp;https://youtu.be/{ID} </p>", ""),
        (f'<p><a href="https://youtu.be/{ID}">youtu.be/{ID[:4]}…</a></p>', ""),
        (f'<p><a href="https://youtu.be/{ID}">كلمة الافتتاح كاملة</a></p>', "كلمة الافتتاح كاملة"),
    ],
)
def test_a_link_alone_in_its_paragraph_becomes_a_box_that_keeps_its_words(body: str, words: str) -> None:
    assert [embed.words for embed in boxes(sanitise(body))] == [words]


@pytest.mark.parametrize(
    "body",
    [
        f"<p>شاهد {LINK}</p>",
        f"<p>{LINK} {LINK}</p>",
        f"<p>https://youtu.be/{ID} https://youtu.be/{ID}</p>",
        f"<p>شاهد https://youtu.be/{ID}</p>",
        f"<p>youtu.be/{ID}</p>",
        f"<ul><li>{LINK}</li></ul>",
        f"<blockquote><p>{LINK}</p></blockquote>",
        f"<h2>{LINK}</h2>",
        f'<p><a href="https://youtu.be/{ID}"><img src="/media/a.jpg" alt="صورة"></a></p>',
        '<p><a href="https://example.org/">https://example.org/</a></p>',
    ],
)
def test_a_link_among_others_stays_a_link(body: str) -> None:
    assert boxes(sanitise(body)) == []


def test_without_a_box_the_body_shows_the_plain_link() -> None:
    body = sanitise(f"<p>{LINK}</p>")
    assert render_body(body) == blocks(body)
    assert f'href="https://youtu.be/{ID}"' in blocks(body)[0]
