"""Addresses of one's own account (under the names allauth asks for), of one's profile, and of looking after people."""

from __future__ import annotations

from allauth.account import views as allauth
from allauth.mfa.base import views as factor
from django.urls import path, re_path

from portal.directory.own import own_here
from portal.directory.views import (
    account,
    address,
    confirming,
    coordinating,
    invitations,
    profile,
    second_factor,
    sign_on,
)

urlpatterns = [
    path("sign-up/", account.SignUpView.as_view(), name="account_signup"),
    path("sign-up/letter/", account.CheckMailView.as_view(), name="account_email_verification_sent"),
    path("sign-up/confirm/<str:key>/", confirming.ConfirmAddressView.as_view(), name="account_confirm_email"),
    path("password/", account.ChangePasswordView.as_view(), name="account_change_password"),
    path("password/forgotten/", allauth.password_reset, name="account_reset_password"),
    path("password/forgotten/letter/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.NewPasswordView.as_view(),
        name="account_reset_password_from_key",
    ),
    path("sign-in/code/", factor.authenticate, name="mfa_authenticate"),
    path("sign-in/again/", own_here(allauth.reauthenticate), name="account_reauthenticate"),
    path("sign-in/again/code/", own_here(factor.reauthenticate), name="mfa_reauthenticate"),
    path("sign-in/sso/", sign_on.begin, name="sso_begin"),
    path("address/", address.change, name="address"),
    path("second-factor/", second_factor.index, name="second_factor"),
    path("second-factor/set-up/", second_factor.set_up, name="second_factor_set_up"),
    path("second-factor/codes/", second_factor.codes, name="second_factor_codes"),
    path("second-factor/remove/", second_factor.remove, name="second_factor_remove"),
    path("profile/", profile.own, name="profile"),
    path("profile/letters/", profile.letters, name="profile_letters"),
    path("profile/libraries/", profile.libraries, name="profile_libraries"),
    path("profile/libraries/<uuid:uuid>/", profile.join, name="profile_join"),
    path("profile/work/<uuid:uuid>/", profile.work, name="profile_work"),
    path("profile/work/<uuid:uuid>/end/", profile.leave, name="profile_leave"),
    path("letters/stop/<str:token>/", profile.stop_letters, name="stop_letters"),
    path("people/", coordinating.index, name="people"),
    path("people/waiting/", coordinating.waiting, name="people_waiting"),
    path("people/waiting/<uuid:uuid>/", coordinating.decide, name="people_decide"),
    path("people/invite/", invitations.invite, name="people_invite"),
    path("people/invited/", invitations.invited, name="people_invited"),
    path("people/invited/<uuid:uuid>/withdraw/", invitations.withdraw, name="invitation_withdraw"),
    path("people/<uuid:uuid>/", coordinating.person, name="person"),
    path("people/<uuid:uuid>/role/", coordinating.appoint, name="person_appoint"),
    path("people/role/<uuid:uuid>/end/", coordinating.end_role, name="role_end"),
    path("people/work/<uuid:uuid>/end/", coordinating.end_work, name="work_end"),
]
