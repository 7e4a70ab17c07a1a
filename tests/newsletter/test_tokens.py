import pytest
from django.core.signing import Signer

from newsletter.tokens import fingerprint, new_confirmation_token, read_unsubscribe_token, unsubscribe_token


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
