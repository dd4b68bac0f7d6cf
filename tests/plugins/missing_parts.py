"""Where CI is true, a skip whose reason begins with ``missing:`` is a failure.

On a developer's machine a test may be skipped for want of a browser or a database server; CI installs
everything, so a part missing there means that the test was silently lost.
"""

import os

import pytest

PREFIX = "missing:"


def lost_part(report):
    """Return the reason of a skip that must not happen here, or None."""
    if not report.skipped or os.environ.get("CI", "").lower() not in {"1", "true"}:
        return None
    if not isinstance(report.longrepr, tuple):
        return None  # an expected failure, not a skip
    reason = str(report.longrepr[2]).removeprefix("Skipped: ")
    return reason if reason.startswith(PREFIX) else None


def fail_if_lost(report):
    """Turn the report of a lost test into a failed one."""
    reason = lost_part(report)
    if reason:
        report.outcome = "failed"
        report.longrepr = f"CI must have every part, yet this was skipped — {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """Look at each test's report."""
    return fail_if_lost((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    """Look at modules skipped as a whole."""
    return fail_if_lost((yield))
