"""Addresses of one's own account, under the names allauth asks for."""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import path, re_path

from portal.directory.views import account

urlpatterns = [
    path("sign-up/", account.SignUpView.as_view(), name="account_signup"),
    path("sign-up/letter/", account.CheckMailView.as_view(), name="account_email_verification_sent"),
    path("sign-up/confirm/<str:key>/", account.ConfirmAddressView.as_view(), name="account_confirm_email"),
    path("password/", account.ChangePasswordView.as_view(), name="account_change_password"),
    path("password/forgotten/", allauth.password_reset, name="account_reset_password"),
    path("password/forgotten/letter/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.NewPasswordView.as_view(),
        name="account_reset_password_from_key",
    ),
]
