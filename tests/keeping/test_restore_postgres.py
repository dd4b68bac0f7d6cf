"""P12 on PostgreSQL: dumped in one snapshot under load, counted in the same, restored in one transaction."""

import pytest

from tests.keeping.postgres import cluster, make_database
from tests.keeping.writers import whole, writing
from tests.stack import Stack

pytestmark = [pytest.mark.services, pytest.mark.production]


def portal(tmp_path, socket, name) -> Stack:
    """Return a portal on a database of its own, under the settings of production."""
    return Stack(
        var=tmp_path / name,
        settings="portal.settings.production",
        KELRODIS_SECRET_KEY="the-same-before-and-after-0123456789-abcdefghijklmnop",
        KELRODIS_HOSTS="kelrodis.example",
        KELRODIS_SITE_URL="https://kelrodis.example",
        KELRODIS_DATABASE_URL=make_database(socket, name),
    )


@pytest.fixture(scope="module")
def socket():
    with cluster() as folder:
        yield folder


def test_P12_a_backup_of_postgresql_made_under_load_is_restored_whole(socket, tmp_path):
    source, target = portal(tmp_path, socket, "source"), portal(tmp_path, socket, "target")
    source.manage("migrate", "--verbosity", "0")
    with writing(source, tmp_path) as rounds:
        before = rounds()
        source.manage("backup", str(tmp_path / "backup"))
        after = rounds()
    assert after > before, "the writers stood still while the backup was made"
    assert "is whole" in source.manage("backup", str(tmp_path / "backup"), "--verify")
    said = target.manage("restore", str(tmp_path / "backup"))
    assert "Rows and files are those of the backup" in said
    pairs, torn, lost = whole(target)
    assert before <= pairs <= after and (torn, lost) == (0, 0)
    with pytest.raises(RuntimeError, match="not empty"):
        target.manage("restore", str(tmp_path / "backup"))
    target.manage("restore", str(tmp_path / "backup"), "--replace")
    assert whole(target) == (pairs, 0, 0)
