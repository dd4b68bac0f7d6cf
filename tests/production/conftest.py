"""The cluster, built once; and a class that learns on it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.platform.client import PlatformProcess
from tests.production.cluster import Cluster
from tests.production.servers import missing_packages
from tests.production.visitors import Class


@pytest.fixture(scope="session")
def cluster(request):
    """Two machines behind nginx, with the demo. Not in pytest's folder, which lets no other user in."""
    if lacking := missing_packages():
        pytest.skip(f"missing: {', '.join(lacking)}")
    folder = Path(tempfile.mkdtemp(prefix="kelrodis-cluster-"))
    folder.chmod(0o711)
    with Cluster(folder) as made:
        yield made
    if not request.session.testsfailed:  # else its logs tell why
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def school(cluster, tmp_path_factory):
    """A class on the trial platform, which trusts our certificate."""
    trusting = pytest.MonkeyPatch()
    trusting.setenv("PLATFORM_TRUSTS", str(cluster.nginx.certificate))
    with PlatformProcess(tool=cluster.nginx.url, state=tmp_path_factory.mktemp("platform")) as platform:
        yield Class(cluster, platform)
    trusting.undo()
