"""Uploading pictures, documents and recordings, by every door of Wagtail: one file, many, from a chooser."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm
from wagtailmedia.forms import BaseMediaForm

from portal.conf import conf
from portal.content.uploads import captions
from portal.content.uploads.drawings import is_harmless
from portal.content.uploads.kinds import is_kind
from portal.content.uploads.names import tidy_name, tidy_title
from portal.content.uploads.photographs import Unreadable, without_metadata
from portal.content.uploads.quota import has_room_for

REACHING_OUT = gettext_lazy(
    "The drawing holds a program, another document or a link that leads outside. Save it as plain SVG."
)


TAKEN = gettext_lazy("A file of one of these kinds: %(kinds)s.")


class Tidy(forms.BaseForm):
    """What all uploads share: tidy names and titles, and the quota."""

    def __init__(self, data: Any = None, files: Any = None, *args: Any, **kwargs: Any) -> None:
        name = f"{kwargs['prefix']}-title" if kwargs.get("prefix") else "title"
        if data is not None and data.get(name):
            data = data.copy()
            data[name] = tidy_title(data[name])
        super().__init__(data, files, *args, **kwargs)

    def clean_file(self) -> Any:
        """Check a file that was uploaded now, and give it a tidy name."""
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        file.name = tidy_name(file.name or "")
        if not has_room_for(file.size or 0):
            raise ValidationError(
                _("There is no room left for files. Delete some, or ask the administrator.")
            )
        return self.checked(file, file.name.rpartition(".")[2])

    def checked(self, file: UploadedFile, extension: str) -> UploadedFile:
        """Return the file as it is to be kept. Raises ValidationError."""
        if not is_kind(file.file, extension):  # type: ignore[arg-type]
            raise ValidationError(
                _("The file is not what its name says: .%(extension)s.") % {"extension": extension}
            )
        return file


def _readable(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return Wagtail's reading of a picture such that a damaged one is refused; it lets Pillow's errors through."""

    def careful(data: Any) -> Any:
        try:
            return read(data)
        except (OSError, EOFError, SyntaxError, ValueError, struct.error) as error:
            raise ValidationError(_("The picture is damaged.")) from error

    return careful


class PictureForm(Tidy, BaseImageForm):
    """A picture; without its metadata. A drawing must be nothing but a drawing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            field = self.fields["file"]
            field.to_python = _readable(field.to_python)  # type: ignore[assignment, method-assign]

    def checked(self, file: UploadedFile, extension: str) -> UploadedFile:
        """Refuse drawings that could do something; return photographs without what they tell."""
        if extension == "svg":
            if not is_harmless(file.file):  # type: ignore[arg-type]
                raise ValidationError(REACHING_OUT)
            return file
        kind = "jpeg" if extension == "jpg" else extension
        file.seek(0)
        try:
            data = without_metadata(file.read(), kind)
        except Unreadable as error:
            raise ValidationError(_("The picture is damaged.")) from error
        return InMemoryUploadedFile(BytesIO(data), "file", file.name, file.content_type, len(data), None)


class DocumentForm(Tidy, BaseDocumentForm):
    """A document of one of the kinds in ``WAGTAILDOCS_EXTENSIONS``."""

    def checked(self, file: UploadedFile, extension: str) -> UploadedFile:
        """Leave other extensions to the model, which names those that are taken."""
        return super().checked(file, extension) if extension in settings.WAGTAILDOCS_EXTENSIONS else file


class RecordingForm(Tidy, BaseMediaForm):
    """A recording with its captions and transcripts."""

    class Meta(BaseMediaForm.Meta):
        """Its fields of files."""

        widgets = {
            **BaseMediaForm.Meta.widgets,
            "captions_lt": forms.ClearableFileInput,
            "captions_en": forms.ClearableFileInput,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.replaced = {name: getattr(self.instance, name).name for name in ("captions_lt", "captions_en")}
        self.fields["file"].help_text = TAKEN % {"kinds": ", ".join(self.taken)}
        for name in self.replaced:
            self.fields[name].widget.attrs["accept"] = ".vtt,text/vtt"

    def checked(self, file: UploadedFile, extension: str) -> UploadedFile:
        """Refuse what is too large, and what no browser plays."""
        if (file.size or 0) > conf.RECORDING_LIMIT:
            most = filesizeformat(conf.RECORDING_LIMIT)
            raise ValidationError(_("This file is too large; at most %(most)s.") % {"most": most})
        if extension not in self.taken:
            raise ValidationError(TAKEN % {"kinds": ", ".join(self.taken)})
        return super().checked(file, extension)

    @property
    def taken(self) -> Sequence[str]:
        """The extensions of files that are taken: of a video or of a sound recording."""
        kinds: Sequence[str] = settings.WAGTAILMEDIA[f"{self.instance.type.upper()}_EXTENSIONS"]
        return kinds

    def clean_captions_lt(self) -> Any:
        """Check the Lithuanian captions."""
        return self._captions("captions_lt")

    def clean_captions_en(self) -> Any:
        """Check the English captions."""
        return self._captions("captions_en")

    def _captions(self, name: str) -> Any:
        file = self.cleaned_data[name]
        if not isinstance(file, UploadedFile):
            return file
        if problem := captions.problem_of(file.read(captions.LARGEST + 1)):
            raise ValidationError(problem)
        file.seek(0)
        file.name = f"{tidy_name(file.name or '').rpartition('.')[0]}.vtt"
        return file

    def save(self, commit: bool = True) -> Any:
        """Save; captions that were replaced or taken away are deleted from the store."""
        if "file" in self.changed_data:
            self.instance.file_size = self.instance.file.size
        saved = super().save(commit=commit)
        for name, former in self.replaced.items():
            current = getattr(saved, name)
            if former and former != current.name:
                current.storage.delete(former)
        return saved
