import importlib

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection

from newsroom.lib.mail_setup import PROVIDERS, read_email_url, webhook_settings


# Still there, with a warning; docs/deliverability.md advises its SMTP server.
@pytest.mark.filterwarnings("ignore:django-anymail has dropped official support for SendGrid")
@pytest.mark.parametrize("name", PROVIDERS)
def test_example_of_each_provider_makes_a_sender(name: str, settings) -> None:
    setup = read_email_url(PROVIDERS[name].looks_like)
    settings.ANYMAIL = setup.anymail
    assert setup.provider == name
    assert get_connection(setup.backend, fail_silently=False).esp_name.lower() == name


@pytest.mark.parametrize("name", [name for name, provider in PROVIDERS.items() if provider.signing])
def test_reports_of_providers_that_sign_are_verified_by_the_key(name: str) -> None:
    (setting,) = webhook_settings(name, secret="", signing_key="k" * 30)
    source = importlib.import_module(f"anymail.webhooks.{name}").__file__ or ""
    with open(source, encoding="utf-8") as file:
        text = file.read().lower()
    assert setting.lower().removeprefix(f"{name}_") in text


def test_region_is_another_address() -> None:
    setup = read_email_url("mailgun+eu://key@mail.example.org")
    assert setup.anymail["MAILGUN_API_URL"] == "https://api.eu.mailgun.net/v3"
    assert setup.anymail["MAILGUN_SENDER_DOMAIN"] == "mail.example.org"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("brevo://default", "the key is missing"),
        ("brevo://hushhush@", "what follows the @ is missing"),
        ("brevo://hushhush@other", "after the @ stands default"),
        ("brevo://hush:hush@default", "one key, without a colon"),
        ("brevo+eu://hushhush@default", "no region 'eu'"),
        ("mailjet://hushhush@default", "the second key is missing"),
        ("scaleway://hushhush@default", "what follows the @ is missing"),
        ("postmark://hushhush@broadcast/path", "nothing follows"),
        ("smtp://user:hush/hush@mail.example", "EMAIL_URL"),
        ("smtp://user:hush#hush@mail.example", "EMAIL_URL"),
        ("smtp://user:hush@[mail.example", "its host cannot be read"),
        ("smtp://mail.example:hush", "its port is no number"),
        ("smtp://mail.example/?password=hush", "%2F"),
        ("carrierpigeon://hush@default", "known ones: brevo"),
    ],
)
def test_misfit_is_one_sentence_without_the_secret(url: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as error:
        read_email_url(url)
    assert sentence in str(error.value)
    assert "hush" not in str(error.value)


def test_secret_of_reports_that_anybody_could_guess_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="at least 16"):
        webhook_settings("brevo", secret="desk:guess", signing_key="")
    assert webhook_settings("brevo", secret="desk:" + "p" * 16, signing_key="") == {
        "WEBHOOK_SECRET": "desk:pppppppppppppppp"
    }
