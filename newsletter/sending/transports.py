"""By which way messages leave: an SMTP server, a provider's interface, or files on this machine."""

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage as Message
from email.policy import SMTP
from typing import Any, Protocol

from anymail.exceptions import AnymailError, AnymailRecipientsRefused, AnymailRequestsAPIError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from requests.exceptions import ConnectTimeout

from newsletter.sending.letters import Courier, Desk, Kind, NotPermitted, Outcome, Prepared
from newsletter.sending.smtp_client import Server, SmtpCourier
from newsroom.lib.mail import keep

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
FILE_BACKEND = "newsroom.lib.mail.EmlFileBackend"


class Transport(Protocol):
    """`name`: what limits of sending go by. `courier()` is called once for each connection, in its thread."""

    name: str

    def courier(self) -> Courier: ...


def transport_for() -> Transport:
    """What EMAIL_URL says."""
    if settings.EMAIL_BACKEND == SMTP_BACKEND:
        return SmtpTransport(_server())
    if settings.EMAIL_BACKEND == FILE_BACKEND:
        return FileTransport()
    return BackendTransport(settings.MAIL_PROVIDER or "backend")


class SmtpTransport:
    def __init__(self, server: Server) -> None:
        self.name = f"{server.host}:{server.port}"
        self._server = server

    def courier(self) -> Courier:
        return SmtpCourier(self._server)


class FileTransport:
    name = "files"

    def courier(self) -> Courier:
        return _EachByItself(_to_file)


class BackendTransport:
    """A backend of Django's, such as those of django-anymail for providers."""

    def __init__(self, name: str) -> None:
        self.name = name

    def courier(self) -> Courier:
        connection = get_connection()
        return _EachByItself(lambda prepared: _through_backend(connection, prepared))


class _EachByItself:
    """One message after the other, without a conversation."""

    def __init__(self, send: Callable[[Prepared], Outcome]) -> None:
        self._send = send

    def work(self, desk: Desk) -> bool:
        while prepared := desk.fetch(waits=True):
            try:
                desk.permit(prepared.letter)
            except NotPermitted:
                desk.report(Outcome(prepared.letter, Kind.RETURNED))
                raise
            desk.report(self._send(prepared))
        return False


def _to_file(prepared: Prepared) -> Outcome:
    try:
        name = keep(prepared.message)
    except OSError as error:
        return Outcome(prepared.letter, Kind.DEFERRED, reply=str(error))
    return Outcome(prepared.letter, Kind.ACCEPTED, reply=name)


def _through_backend(connection: Any, prepared: Prepared) -> Outcome:
    letter = prepared.letter
    mail = _as_django_mail(prepared)
    try:
        connection.send_messages([mail])
    except AnymailRecipientsRefused as error:
        return Outcome(letter, Kind.REFUSED, reply=_said(error))
    except AnymailRequestsAPIError as error:
        return _refused_by_provider(prepared, error)
    except AnymailError as error:
        # Of the set-up, or something that this provider cannot do: the same for each message.
        return Outcome(letter, Kind.REFUSED, reply=_said(error), is_about_us=True)
    except ConnectionRefusedError as error:
        return Outcome(letter, Kind.DEFERRED, reply=_said(error))
    except OSError as error:  # also those of smtplib and of requests
        return Outcome(letter, Kind.UNKNOWN, reply=_said(error))
    status = getattr(mail, "anymail_status", None)
    return Outcome(letter, Kind.ACCEPTED, reply=f"id={status.message_id}" if status else "")


def _refused_by_provider(prepared: Prepared, error: AnymailRequestsAPIError) -> Outcome:
    """By the status of the answer (RFC 9110 §15); without one nobody may have been reached at all."""
    code = error.response.status_code if error.response is not None else None
    if code is None:
        never_left = isinstance(error.__cause__, ConnectTimeout) or "NewConnectionError" in repr(error.__cause__)
        return Outcome(prepared.letter, Kind.DEFERRED if never_left else Kind.UNKNOWN, reply=_said(error))
    if code in {429, 503}:
        return Outcome(prepared.letter, Kind.DEFERRED, code, reply=_said(error))
    if code >= 500:
        return Outcome(prepared.letter, Kind.UNKNOWN, code, reply=_said(error))
    return Outcome(prepared.letter, Kind.REFUSED, code, reply=_said(error), is_about_us=code in {401, 402, 403})


def _as_django_mail(prepared: Prepared) -> EmailMultiAlternatives:
    """The same message in the parts that providers ask for; what they put in themselves is left out."""
    message = message_from_bytes(prepared.message, policy=SMTP)
    own = {"from", "to", "subject", "mime-version", "dkim-signature"}
    headers = {
        name: str(value)
        for name, value in message.items()
        if name.lower() not in own and not name.lower().startswith("content-")
    }
    mail = EmailMultiAlternatives(
        subject=str(message["subject"]),
        body=_text(message, "plain"),
        from_email=str(message["from"]),
        to=[str(message["to"])],
        headers=headers,
    )
    if words := _text(message, "html"):
        mail.attach_alternative(words, "text/html")
    return mail


def _text(message: Message, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""


def _said(error: Exception) -> str:
    """One line; the answers of providers are whole pages."""
    return " ".join(str(error).split())[:200]


def _server() -> Server:
    host = settings.SITE_HOST
    return Server(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        user=settings.EMAIL_HOST_USER,
        password=settings.EMAIL_HOST_PASSWORD,
        starts_tls=settings.EMAIL_USE_TLS,
        is_tls=settings.EMAIL_USE_SSL,
        # RFC 5321 §4.1.3: a number in square brackets where there is no name.
        our_name=host if host.strip("0123456789.") and ":" not in host else f"[{host}]",
        reply_seconds=settings.NEWSLETTER_REPLY_SECONDS,
    )
