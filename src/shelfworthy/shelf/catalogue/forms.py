"""The form by which a catalogue is handed in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shelfworthy.shelf.catalogue.importing import SOURCE
from shelfworthy.shelf.catalogue.lines import FILE_BYTES
from shelfworthy.shelf.catalogue.rows import Form

ENDINGS = {"csv": Form.CSV, "txt": Form.CSV, "tsv": Form.CSV, "jsonl": Form.JSONL, "ndjson": Form.JSONL}


class Upload(forms.Form):
    """A file, which catalogue it is, and whether it names all of it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV with the names of the columns in the first line, or JSON lines."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.jsonl,.ndjson"}),
    )
    source = forms.SlugField(
        label=_("Catalogue"),
        initial=SOURCE,
        max_length=60,
        help_text=_("Its name. What an earlier file of this name listed and this one does not will vanish."),
    )
    part = forms.BooleanField(label=_("Only a part: nothing vanishes"), required=False, initial=False)

    def clean_file(self) -> object:
        """A file of a kind that is read."""
        file = self.cleaned_data["file"]
        ending = file.name.rpartition(".")[2].lower()
        if ending not in ENDINGS:
            raise forms.ValidationError(_("Expected a file that ends with .csv or .jsonl."))
        if file.size > FILE_BYTES:
            raise forms.ValidationError(_("The file is too large; hand it in as several parts."))
        return file

    @property
    def form(self) -> Form:
        """How the file is written, by its name."""
        return ENDINGS[self.cleaned_data["file"].name.rpartition(".")[2].lower()]
