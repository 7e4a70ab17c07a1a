"""What is asked at the door. Each field turns the errors of the deeds into a sentence beside it."""

import re
from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import second_factor, signing_in, throttling
from accounts.models import User
from accounts.name_keys import user_key
from newsroom.lib.forms import LineField, refuse_twin, typed_number
from newsroom.lib.hygiene import clean_line

_SIX_DIGITS = re.compile(r"[0-9]{6}", re.ASCII)
_SALT = "accounts.forms.set_up"
# Time enough to find an app and install it.
_KEY_AGE = 60 * 60  # seconds


class SignInForm(AdminAuthenticationForm):
    """Name and password, looked at as long as not too many were wrong before."""

    def clean(self) -> dict[str, Any]:
        try:
            throttling.check_address()
        except throttling.LockedOut as locked:
            raise locked_out(locked.minutes) from locked
        try:
            return super().clean()
        except ValidationError as error:
            if getattr(self.request, "axes_locked_out", False):
                raise locked_out(throttling.minutes_of_name(self.cleaned_data["username"])) from error
            raise


class PasswordChangeForm(AdminPasswordChangeForm):
    """Django's, where the old password cannot be guessed."""

    def clean_old_password(self) -> str:
        return own_password(self.user, self.cleaned_data["old_password"])


class _StaffName(forms.ModelForm):
    """A name to sign in by that no other one looks like."""

    def clean_username(self) -> str:
        name = clean_line(self.cleaned_data["username"])
        key = user_key(name)
        known = User.objects.filter(username=name) | User.objects.filter(name_key=key)
        # One's own name stays, also where an older account has had a name like it for long.
        if name != self.instance.username and known.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("A name like this exists, perhaps spelled a little differently."), code="unique")
        refuse_twin(self.instance, "name_key", name)
        return name


class MemberForm(_StaffName, UserChangeForm):
    """A member of staff."""


class NewMemberForm(_StaffName, AdminUserCreationForm):
    """A member of staff who is new."""


class CodeField(LineField):
    """Six digits of any script, with or without the space that apps put in the middle."""

    def __init__(self, **kwargs: Any) -> None:
        # Not type="number": it would refuse Arabic digits and show arrows.
        attributes = {"inputmode": "numeric", "autocomplete": "one-time-code", "dir": "ltr", "class": "code"}
        widget = forms.TextInput(attrs=attributes)
        super().__init__(label=gettext_lazy("Code"), max_length=12, widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        code = typed_number(super().to_python(value) or "").replace(" ", "").replace("-", "")
        if code and not _SIX_DIGITS.fullmatch(code):
            raise ValidationError(_("The code has six digits."))
        return code


class CodeForm(forms.Form):
    """A code of the telephone; when it is right, `device` is the telephone."""

    code = CodeField()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autofocus"] = True
        self.user = user
        self.device: Any = None

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            self.device = self.believe(code)
        except second_factor.WrongCode as error:
            raise ValidationError(self.wrong()) from error
        except second_factor.TooSoon as too_soon:
            raise locked_out(too_soon.minutes) from too_soon
        except throttling.LockedOut as locked:
            raise locked_out(locked.minutes) from locked
        except second_factor.NoDevice as error:
            raise ValidationError(_("No phone is set up.")) from error
        return code

    def believe(self, code: str) -> Any:
        return second_factor.check_code(self.user, code)

    def wrong(self) -> str:
        return _("The code is not right, or was used before. Wait for the next one in the app and type it.")


class RecoveryForm(CodeForm):
    """A recovery code in the place of the telephone."""

    code = LineField(  # type: ignore[assignment]
        label=gettext_lazy("Recovery code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "dir": "ltr",
                "class": "code",
            }
        ),
    )

    def believe(self, code: str) -> Any:
        return second_factor.use_recovery_code(self.user, code)

    def wrong(self) -> str:
        return _("The recovery code is not right, or was used before.")


class SetUpForm(forms.Form):
    """The first code of a telephone. Its key comes back with it, signed: nothing is kept before the code is right.

    Whoever is signed in for longer gives the password once more, or a stolen session could lock its owner out.
    """

    key = forms.CharField(widget=forms.HiddenInput)
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = CodeField()

    def __init__(self, *args: Any, user: User, asks_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.plain_key = self._read_key(self.data.get("key", "")) or second_factor.new_key()
        signed = signing.dumps({"key": self.plain_key, "user": user.pk}, salt=_SALT)
        self.initial["key"] = signed
        if not asks_password:
            del self.fields["password"]

    def clean_key(self) -> str:
        if not self._read_key(self.cleaned_data["key"]):
            # The page shows a new picture, which must be the one that is sent back.
            self.data = {**self.data, "key": self.initial["key"]}
            raise ValidationError(_("The page was open too long. Scan the new picture."))
        return self.plain_key

    def clean_password(self) -> str:
        return own_password(self.user, self.cleaned_data["password"])

    def _read_key(self, signed: str) -> str:
        """The key that a page of ours showed this user within the hour, or ''."""
        try:
            read = signing.loads(signed, salt=_SALT, max_age=_KEY_AGE)
        except signing.BadSignature:
            return ""
        return str(read["key"]) if read["user"] == self.user.pk else ""


def own_password(user: User, password: str) -> str:
    """`password`, once it is proven; raises ValidationError with the sentence for the field."""
    try:
        signing_in.confirm_password(user, password)
    except signing_in.WrongPassword as error:
        raise ValidationError(_("The password is not right."), code="password_incorrect") from error
    except throttling.LockedOut as locked:
        raise locked_out(locked.minutes) from locked
    return password


def locked_out(minutes: int) -> ValidationError:
    sentence = ngettext(
        "Too many failed attempts. Try again in %(minutes)d minute.",
        "Too many failed attempts. Try again in %(minutes)d minutes.",
        minutes,
    )
    return ValidationError(sentence % {"minutes": minutes}, code="locked")


def is_crowded(form: forms.BaseForm) -> bool:
    """Whether the form was refused for too many attempts, which HTTP has a status of its own for (429)."""
    return any(form.has_error(name, code="locked") for name in (*form.fields, "__all__"))
