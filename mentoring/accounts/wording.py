"""allauth's forms in this house's words: “e-mail” everywhere, and no Title Case."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "remember": _("Stay signed in on this device"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
    "code": _("Code"),
}


class Worded:
    """Our labels, and no placeholders that vanish while one types."""

    fields: dict[str, Any]
    digits = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
        if self.digits:
            self.fields["code"].widget.attrs["inputmode"] = "numeric"


class LoginForm(Worded, account.LoginForm):  # type: ignore[misc]
    """E-mail address and password."""


class RequestLoginCodeForm(Worded, account.RequestLoginCodeForm):  # type: ignore[misc]
    """Where the code goes."""


class ConfirmLoginCodeForm(Worded, account.ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code of the mail."""


class AddEmailForm(Worded, account.AddEmailForm):  # type: ignore[misc]
    """Another address."""


class ChangePasswordForm(Worded, account.ChangePasswordForm):  # type: ignore[misc]
    """The old password and a new one."""


class SetPasswordForm(Worded, account.SetPasswordForm):  # type: ignore[misc]
    """A first password."""


class ResetPasswordForm(Worded, account.ResetPasswordForm):  # type: ignore[misc]
    """Where the link goes."""


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password in place of the forgotten one."""


class AuthenticateForm(Worded, mfa.AuthenticateForm):  # type: ignore[misc]
    """The second step: a code of the app, or a recovery code. Both are digits."""

    digits = True


class ReauthenticateForm(Worded, mfa.ReauthenticateForm):  # type: ignore[misc]
    """The second step once more."""

    digits = True


class ActivateTOTPForm(Worded, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of the app."""

    digits = True
