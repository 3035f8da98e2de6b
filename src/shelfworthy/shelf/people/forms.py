"""The forms of people: what they ask for, and what is wrong with an answer."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shelfworthy.shelf.models import Market, Membership, Origin, Person, Role
from shelfworthy.shelf.people.roles import May
from shelfworthy.shelf.people.tokens import LONGEST, scopes_of
from shelfworthy.shelf.people.words import MAY

LONGEST_PASSWORD = 200  # characters: hashing takes time


class Plain(forms.Form):
    """A form whose fields are shown with their words before them, whatever the frame."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(*arguments, **named)
        self.label_suffix = ""


def _password(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:  # noqa: ANN401 - lazy words
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        help_text=help_text,
    )


class LogIn(Plain):
    """Address and password."""

    username = forms.CharField(
        label=_("E-mail address or log-in name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "inputmode": "email", "autofocus": True}),
    )
    password = _password(_("Password"), "current-password")


class Code(Plain):
    """A code of the phone, or one for recovery."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )


class Password(Plain):
    """One's own password again, before something that would lock it out."""

    password = _password(_("Your password"), "current-password")


class EnrolAgain(Code):
    """The first code of another phone, by who has one already."""

    password = _password(_("Your password"), "current-password")


class NewPassword(Plain):
    """Another password, by who knows the one so far."""

    old = _password(_("Password so far"), "current-password")
    new = _password(_("New password"), "new-password", _("At least 12 characters, and not a common one."))
    again = _password(_("New password, once more"), "new-password")

    def __init__(self, user: User, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(*arguments, **named)
        self._user = user

    def clean(self) -> dict[str, Any]:
        """Refuses what is weak, mistyped, or no change."""
        given = super().clean() or {}
        new = given.get("new", "")
        if not new:
            return given
        if given.get("again") != new:
            self.add_error("again", ValidationError(_("The two new passwords differ.")))
        if given.get("old") == new:
            self.add_error("new", ValidationError(_("This is the password so far.")))
        try:
            validate_password(new, self._user)
        except ValidationError as weak:
            self.add_error("new", weak)
        return given


class Membered(Plain):
    """Role and markets."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    markets = forms.ModelMultipleChoiceField(
        label=_("Markets"),
        queryset=Market.objects.order_by("code"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them. Administrators are for all."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuses an administrator for some markets: people, rules and the log are not of one market."""
        given = super().clean() or {}
        if given.get("role") == Role.ADMINISTRATOR and given.get("markets"):
            self.add_error("markets", ValidationError(_("Administrators are for all markets: choose none.")))
        return given


class Invite(Membered):
    """Somebody new."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"), max_length=150)
    field_order = ("name", "email", "role", "markets")

    def clean_email(self) -> str:
        """Refuses an address that somebody has."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(username=email).exists():
            raise ValidationError(_("Somebody with this address is here already."))
        return email


def membered(membership: Membership) -> dict[str, Any]:
    """What `Membered` begins with for somebody who is here."""
    return {"role": membership.role, "markets": membership.markets.all()}


class NewToken(Plain):
    """A token of one's own."""

    name = forms.CharField(label=_("What it is for"), max_length=100)
    scopes = forms.MultipleChoiceField(label=_("It may"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(
        label=_("Days until it ends"), min_value=1, max_value=LONGEST, initial=90,
        help_text=_("At most 365."),
    )  # fmt: skip

    def __init__(self, person: Person, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(*arguments, **named)
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField)
        scopes.choices = [(scope.value, MAY[scope]) for scope in scopes_of(person)]

    def clean_scopes(self) -> list[May]:
        """As what they are."""
        return [May(scope) for scope in self.cleaned_data["scopes"]]


class PushToken(Plain):
    """A token that a lab or supplier pushes evidence with, and nothing else."""

    observer = forms.CharField(label=_("Whose evidence it is"), max_length=200)
    origin = forms.ChoiceField(label=_("Who they are"), choices=Origin.choices)
    days = forms.IntegerField(
        label=_("Days until it ends"), min_value=1, max_value=LONGEST, initial=90,
        help_text=_("At most 365."),
    )  # fmt: skip


class LogFilter(Plain):
    """Which lines of the log."""

    person = forms.ModelChoiceField(
        label=_("Person"),
        queryset=Person.objects.order_by("name", "pk"),
        required=False,
        empty_label=_("anybody"),
    )
    action = forms.CharField(label=_("What was done"), max_length=60, required=False)
    object = forms.CharField(label=_("To what"), max_length=200, required=False)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
