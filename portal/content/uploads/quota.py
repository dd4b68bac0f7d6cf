"""How much may be stored (U15)."""

from __future__ import annotations

from django.db.models import Sum
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from portal.conf import conf
from portal.content.models import Recording


def stored() -> int:
    """Return the bytes of all pictures, documents and recordings together."""
    models = (get_image_model(), get_document_model(), Recording)
    return sum(model.objects.aggregate(total=Sum("file_size"))["total"] or 0 for model in models)


def has_room_for(size: int) -> bool:
    """Tell whether a file of ``size`` bytes may still be stored."""
    return stored() + size <= conf.UPLOADS_QUOTA
