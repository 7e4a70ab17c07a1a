import pytest
from django.core.signing import Signer

from newsletter.address_keys import address_hash
from newsletter.tokens import (
    download_token,
    erasure_token,
    fingerprint,
    new_confirmation_token,
    not_me_token,
    preferences_token,
    read_download_token,
    read_erasure_token,
    read_not_me_token,
    read_preferences_token,
    read_unsubscribe_token,
    unsubscribe_token,
)


def test_confirmation_token_has_256_random_bits_in_letters_of_an_address() -> None:
    first, second = new_confirmation_token(), new_confirmation_token()
    assert first != second
    assert len(first) == 43
    assert first.replace("-", "").replace("_", "").isalnum()
    assert fingerprint(first) == fingerprint(first) != fingerprint(second)


def test_unsubscribe_token_leads_back_to_its_subscription() -> None:
    assert read_unsubscribe_token(unsubscribe_token(41)) == 41


def test_unsubscribe_token_survives_a_new_key_as_long_as_the_old_one_is_kept(settings) -> None:
    token = unsubscribe_token(41)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 50
    assert read_unsubscribe_token(token) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert read_unsubscribe_token(token) == 41


@pytest.mark.parametrize(
    "forged",
    [
        unsubscribe_token(41)[:-1],
        unsubscribe_token(41).swapcase(),
        unsubscribe_token(41).replace("41", "42", 1),
        unsubscribe_token(41).replace("41", "041", 1),
        unsubscribe_token(41).replace("41", "٤١", 1),
        Signer(salt="newsletter.confirm", sep=".").sign("41"),
        Signer(sep=".").sign("41"),
        new_confirmation_token(),
        "41",
        "41.",
        "",
    ],
)
def test_altered_or_foreign_token_is_not_ours(forged: str) -> None:
    assert read_unsubscribe_token(forged) is None


MAKERS = {
    read_unsubscribe_token: lambda: unsubscribe_token(41),
    read_preferences_token: lambda: preferences_token(41),
    read_download_token: lambda: download_token(41),
    read_erasure_token: lambda: erasure_token(41),
    read_not_me_token: lambda: not_me_token(address_hash("layla@example.com")),
}


@pytest.mark.parametrize("read", MAKERS)
def test_token_opens_what_it_was_made_for_and_nothing_else(read) -> None:
    opened = {other for other, make in MAKERS.items() if read(make()) is not None}
    assert opened == {read}


@pytest.mark.parametrize("read", MAKERS)
def test_altered_token_of_any_kind_is_not_ours(read) -> None:
    """Each letter of each kind of token, one after the other."""
    token = MAKERS[read]()
    altered = {
        token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :] for place in range(len(token))
    }
    altered |= {
        token[:-1],
        token[1:],
        token.swapcase(),
        f"{token}A",
        f"{token}.css",
        f" {token}",
        token.replace(".", ":"),
    }
    altered -= {token}
    assert len(altered) > 40
    assert {one for one in altered if read(one) is not None} == set()


def test_token_of_who_never_asked_names_no_address() -> None:
    token = not_me_token(address_hash("layla@example.com"))
    assert read_not_me_token(token) == address_hash("LAYLA@example.com")
    assert "layla" not in token
