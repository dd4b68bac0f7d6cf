"""Addresses of one's own data, below the language."""

from django.urls import path

from portal.keeping.views import audit, mine

app_name = "keeping"
urlpatterns = [
    path("my-data/", mine.page, name="mine"),
    path("my-data/export/", mine.ask_export, name="ask_export"),
    path("my-data/export/<uuid:uuid>/", mine.download, name="download"),
    path("my-data/erase/", mine.erase, name="erase"),
    path("my-data/erase/withdraw/", mine.withdraw, name="withdraw"),
    path("erased/<uuid:uuid>/", mine.receipt, name="receipt"),
    path("audit/", audit.index, name="audit"),
    path("audit/csv/", audit.export, name="audit_csv"),
]
