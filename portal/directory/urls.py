"""Addresses of one's own account, under the names allauth asks for."""

from __future__ import annotations

from allauth.account import views as allauth
from allauth.mfa.base import views as factor
from django.urls import path, re_path

from portal.directory.views import account, address, second_factor, sign_on

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
    path("sign-in/code/", factor.authenticate, name="mfa_authenticate"),
    path("sign-in/again/", allauth.reauthenticate, name="account_reauthenticate"),
    path("sign-in/again/code/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("sign-in/sso/", sign_on.begin, name="sso_begin"),
    path("address/", address.change, name="address"),
    path("second-factor/", second_factor.index, name="second_factor"),
    path("second-factor/set-up/", second_factor.set_up, name="second_factor_set_up"),
    path("second-factor/codes/", second_factor.codes, name="second_factor_codes"),
    path("second-factor/remove/", second_factor.remove, name="second_factor_remove"),
]
