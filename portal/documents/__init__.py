"""PDF rendering: the only place that knows WeasyPrint."""
