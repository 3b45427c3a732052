"""Tables that people bring: the upload, what the columns mean, the report of what was not taken."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.listing.columns import guarded

Text = str | Promise
MAX_SIZE = 10_000_000  # octets
EXAMPLE = 60  # signs of a cell


class UploadForm(forms.Form):
    """The box for a table; a subclass says in `file` what may be brought."""

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_SIZE:
            raise forms.ValidationError(_("The file is larger than 10 MB. Nothing was stored."))
        return upload


class ColumnsForm(forms.Form):
    """The meaning of each column (`column-0`, `column-1`, …); a subclass adds what holds for every line.

    LABELS are the fields to choose from, in their order; WHOLE names the form's own fields.
    """

    LABELS: ClassVar[Mapping[str, Text]] = {}
    WHOLE: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, mapping: Mapping[str, int], heading: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meaning = {at: field for field, at in mapping.items()}
        for at, name in enumerate(heading):
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=name or _("no name"),
                choices=[("", _("leave out")), *self.LABELS.items(), *self.own(name)],
                required=False,
                initial=meaning.get(at, ""),
            )
        self.heading = heading

    def own(self, heading: str) -> list[tuple[str, Text]]:
        """What a column may be beside LABELS, by its heading."""
        return []

    def clean(self) -> dict[str, Any]:
        """Nothing is taken from two columns."""
        chosen = [name for name in self._chosen() if name]
        twice = {str(self.LABELS.get(name, name)) for name in chosen if chosen.count(name) > 1}
        if twice:
            raise forms.ValidationError(
                _("Two columns are taken for the same: %(names)s."), params={"names": ", ".join(sorted(twice))}
            )
        return self.cleaned_data

    def _chosen(self) -> list[str]:
        return [self.cleaned_data.get(f"column-{at}", "") for at in range(len(self.heading))]

    def mapping(self) -> dict[str, int]:
        """The column of each field, from 0."""
        return {name: at for at, name in enumerate(self._chosen()) if name}

    def options(self) -> dict[str, Any]:
        """What holds for every line."""
        return {name: self.cleaned_data[name] for name in self.WHOLE}

    def columns(self, samples: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
        """Each column for components/columns.html: its field (`bound`) and what the first lines have there."""
        return [
            {
                "bound": self[f"column-{at}"],
                "samples": [cells[at][:EXAMPLE] for cells in samples if at < len(cells) and cells[at]],
            }
            for at in range(len(self.heading))
        ]


def report_of(lines: Iterable[Any]) -> Iterator[list[str]]:
    """The lines of an import (`number`, `outcome`, `reason`) as a table to download, under its heading."""
    yield [gettext("Line"), gettext("Outcome"), gettext("Why")]
    for line in lines:
        yield [str(line.number), str(line.get_outcome_display()), guarded(line.reason)]
