"""Kelrodis: the composition root (settings, URLs, dashboards) and the shared base packages."""
