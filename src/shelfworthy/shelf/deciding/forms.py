"""What people fill in: a decision, an answer to a proposal, questions to a supplier, a policy."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shelfworthy.shelf.deciding import parts, policy
from shelfworthy.shelf.deciding.asking import To
from shelfworthy.shelf.deciding.chain import MOST_WORDS
from shelfworthy.shelf.deciding.feed import LARGEST
from shelfworthy.shelf.deciding.reading import as_read
from shelfworthy.shelf.deciding.states import actions
from shelfworthy.shelf.models import Action, Listing, Person
from shelfworthy.shelf.people.permission import markets_of

MEANS: Final[dict[Action, "Promise | str"]] = {
    Action.LIST: _("it stays on sale, knowing what speaks against it"),
    Action.HOLD: _("off sale until it is clear"),
    Action.WITHDRAW: _("off sale for good"),
    Action.REINSTATE: _("back on sale"),
}


class DecideForm(forms.Form):
    """A decision about one listing.

    expected, verdict: what was so when the form was shown, as `parts.seen` and `as_read` say it.

    Who works for some markets of those it is sold in chooses among these, and has to.
    """

    expected = forms.CharField(max_length=40, widget=forms.HiddenInput)
    verdict = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    action = forms.ChoiceField(label=_("What to do"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason, in a few words"), max_length=60)
    words = forms.CharField(
        label=_("In full"), max_length=MOST_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    markets = forms.MultipleChoiceField(
        label=_("Only in these markets (none ticked: in all)"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    lots = forms.CharField(
        label=_("Only these lots, separated by commas (empty: all)"), max_length=5000, required=False
    )
    skus = forms.CharField(
        label=_("Only these SKUs, separated by commas (empty: all)"), max_length=5000, required=False
    )

    def __init__(self, listing: Listing, person: Person, data: Any = None) -> None:  # noqa: ANN401 - Django's
        current = parts.of(listing.state, listing.parts)
        catalogued = set(listing.markets.values_list("code", flat=True))
        sold = sorted(catalogued | current.markets)
        own = markets_of(person)
        theirs = [code for code in sold if not own or code in own]
        limited = len(theirs) < len(sold)
        initial = {
            "expected": parts.seen(current),
            "verdict": as_read(listing, getattr(listing, "verdict", None)),
            "markets": theirs if limited else (),
        }
        super().__init__(data, initial=initial)
        there = {
            cell.state
            for cell in parts.cells(
                current, parts.scope_of(theirs if limited else (), (), ()), sold if catalogued else ()
            )
        }
        able = {action for state in there for action in actions(state)}
        can = [(action.value, action.label) for action in Action if action in able]
        chosen = self.fields["action"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = can if data is None else Action.choices
        chosen.help_text = "; ".join(f"{one.label}: {MEANS[one]}" for one in Action if one in able)
        markets = self.fields["markets"]
        assert isinstance(markets, forms.MultipleChoiceField)
        markets.choices = [(code, code) for code in theirs]
        if limited:
            markets.label, markets.required = (
                _("In these of your markets; it is sold in others as well"),
                True,
            )
        if not sold:
            del self.fields["markets"]

    def _several(self, name: str) -> list[str]:
        return [one.strip() for one in self.cleaned_data[name].split(",") if one.strip()]

    def clean_lots(self) -> list[str]:
        return self._several("lots")

    def clean_skus(self) -> list[str]:
        return self._several("skus")


class AnswerForm(forms.Form):
    """Yes or no to a proposal."""

    says = forms.ChoiceField(choices=(("second", _("Agree")), ("refuse", _("Refuse"))))
    words = forms.CharField(label=_("Your words"), max_length=2000, required=False)


class AskForm(forms.Form):
    """Who is asked for what is missing, and by when it is to be answered: from today on, within a year."""

    to = forms.ChoiceField(
        label=_("Whom to ask"),
        choices=((To.MAKER, _("the maker")), (To.SELLER, _("the seller"))),
        widget=forms.RadioSelect,
    )
    answer_by = forms.DateField(
        label=_("To be answered by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, today: date, usual: date, data: Any = None) -> None:  # noqa: ANN401 - Django's
        super().__init__(data, initial={"to": To.MAKER, "answer_by": usual})
        self._today = today

    def clean_answer_by(self) -> date:
        day: date = self.cleaned_data["answer_by"]
        if not self._today <= day <= self._today + timedelta(days=366):
            raise forms.ValidationError(_("Expected a day from today on, within a year."))
        return day


class PolicyForm(forms.Form):
    """A policy's text."""

    text = forms.CharField(
        label=_("The policy (TOML)"),
        max_length=policy.LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false"}),
    )


class FeedForm(forms.Form):
    """A new address of the feed."""

    name = forms.CharField(label=_("For whom"), max_length=100)


class NoticesForm(forms.Form):
    """Another shop's feed, as a file."""

    address = forms.URLField(label=_("Its address"), max_length=500, assume_scheme="https")
    file = forms.FileField(label=_("The feed, as a file"))

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is too large."))
        content: bytes = file.read()
        return content
