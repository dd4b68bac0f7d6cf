"""Proving once more who one is, before what changes how somebody signs in or cannot be undone.

The same as on the pages of one's own account (``AccountAdapter.is_reauthentication_required``): nobody is asked twice
within some minutes; whoever has a second factor proves that.
"""

from __future__ import annotations

from allauth.account.internal.flows import reauthentication
from django.http import HttpRequest

APP = "allauth.account"


def is_required_again(request: HttpRequest) -> bool:
    """Whether the visitor has to prove once more who they are."""
    return bool(reauthentication.is_reauthentication_required(request, app=APP))


def prove_again(request: HttpRequest) -> None:
    """Raise ReauthenticationRequired where that is so: allauth's middleware leads the visitor there, and back."""
    reauthentication.raise_if_reauthentication_required(request, app=APP)
