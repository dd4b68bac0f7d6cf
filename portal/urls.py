"""All addresses. Pages live under /lt/ and /en/; ``/`` leads to the visitor's language."""

from __future__ import annotations

from allauth.account import views as account
from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from certificates.views import check_in_any_language, redirect_to_language
from lti.urls import choosing_urls, classroom_urls, joining_urls, privacy_urls
from portal import dashboard, errors, media, shared_passwords
from portal.conf import conf
from portal.content import views as content
from portal.content.sitemaps import PageMap
from portal.directory.views import staff_account
from portal.directory.views.sign_on import callback as sso_callback

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.forbidden"
handler404 = "portal.errors.not_found"
handler429 = "portal.errors.too_many"  # allauth's
handler500 = "portal.errors.server_error"

SHARED_PAGES = "wagtailcore_authenticate_with_password"
SHARED_DOCUMENTS = "wagtaildocs_authenticate_with_password"
ours = {"wagtail_serve", SHARED_PAGES, SHARED_DOCUMENTS}
wagtail_doors = [pattern for pattern in wagtail_urls.urlpatterns if pattern.name not in ours]
documents_doors = [pattern for pattern in wagtaildocs_urls.urlpatterns if pattern.name not in ours]

urlpatterns = [
    path("", dashboard.front_door, name="front_door"),
    path("admin/login/", errors.sign_in_or_refuse, name="admin_sign_in"),
    path("admin/account/", staff_account.screen, name="admin_account"),  # in the place of Wagtail's
    path("admin/", include(wagtailadmin_urls)),
    path(
        "documents/authenticate_with_password/<int:restriction_id>/",
        shared_passwords.of_collection,
        name=SHARED_DOCUMENTS,
    ),
    path("documents/", include(documents_doors)),
    path("media/<path:path>", media.serve, name="media"),
    path("recordings/<uuid:uuid>/", media.recording, name="recording"),
    path(
        "recordings/<uuid:uuid>/captions/<str:language>/", media.recording_captions, name="recording_captions"
    ),
    path("robots.txt", content.robots),
    path("favicon.ico", content.favicon, name="favicon"),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": PageMap}}, name="sitemap"),
    path("brand/<slug:digest>.css", content.brand_sheet, name="brand_sheet"),
    path("lti/", include("lti.urls")),
    path("sso/callback/", sso_callback, name="sso_callback"),
    path("verify/", check_in_any_language, name="check_any_language"),
    path("verify/<str:token>/", redirect_to_language, name="verify_any_language"),
]

if conf.ENVIRONMENT == "development":
    urlpatterns += [path("dev/mail/", include("portal.devmail"))]

urlpatterns += i18n_patterns(
    path("sign-in/", errors.sign_in, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("inactive/", errors.inactive, name="account_inactive"),
    path("", include("portal.directory.urls")),
    path("learn/", dashboard.learning, name="learning"),
    path("", include("courses.urls")),
    path("", include("portal.catalogue.urls")),
    path("", include("certificates.urls")),
    path("", include(choosing_urls)),
    path("", include(joining_urls)),
    path("class/", include(classroom_urls)),
    path("platform-data/", include(privacy_urls)),
    path("", include("portal.keeping.urls")),
    path("search/", content.search, name="search"),
    path("site-map/", content.site_map, name="site_map"),
    path("accessibility/", content.display_options, name="display_options"),
    path("styleguide/", include("portal.styleguide.urls")),
    path("same/<uuid:key>/", content.same_page, name="same_page"),
    path("_util/login/", errors.sign_in_or_refuse, name="page_sign_in"),
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        shared_passwords.of_page,
        name=SHARED_PAGES,
    ),
    path("", include(wagtail_doors)),  # before the pages, whose pattern fits these addresses too
    re_path(wagtail_urls.serve_pattern, content.serve, name="wagtail_serve"),
)
