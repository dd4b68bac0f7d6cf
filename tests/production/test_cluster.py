"""The portal on real servers: it serves, it keeps, and it outlives each of them."""

from __future__ import annotations

import json
import re
import signal
import threading
import time
from contextlib import contextmanager

import pytest
import requests

from tests.production.cluster import BUCKETS, TOKEN
from tests.stack import Stack

pytestmark = pytest.mark.production


def attempt_of(school, people):
    """Let everybody come in, begin and answer once; return (browser, place) for each."""
    begun = []
    for person in people:
        browser = school.launch(person)
        place = school.begin(browser)
        school.answer(browser, place, 1)
        begun.append((browser, place))
    return begun


def all_arrived(school, people, seconds=60):
    Stack.wait_for(lambda: all(school.arrived(people).values()), "the scores", seconds)
    assert set(school.arrived(people).values()) == {1}


class TestServing:
    """Pages, files, probes."""

    def test_front_door_leads_to_the_home_page_over_https(self, cluster):
        home = cluster.get("/", headers={"Accept-Language": "lt"})
        assert (home.status_code, home.url) == (200, f"{cluster.nginx.url}/lt/")
        assert home.headers["Strict-Transport-Security"].startswith("max-age=31536000")

    def test_plain_http_past_nginx_is_sent_to_https(self, cluster):
        answer = requests.get(f"http://127.0.0.1:{cluster.nginx.plain}/lt/", allow_redirects=False, timeout=5)
        assert answer.status_code == 301 and answer.headers["Location"].startswith("https://")

    def test_both_machines_answer_visitors(self, cluster):
        before = [machine.log("web").count('"route": "wagtail_serve"') for machine in cluster.machines]
        for _visit in range(6):
            assert cluster.get("/lt/").status_code == 200
        after = [machine.log("web").count('"route": "wagtail_serve"') for machine in cluster.machines]
        assert all(new > old for old, new in zip(before, after, strict=True))

    def test_styles_have_hashed_names_and_last_for_ever(self, cluster):
        found = re.findall(r'href="(/static/[^"]+\.css)"', cluster.get("/lt/").text)
        assert found
        for address in found:
            style = cluster.get(address)
            assert style.status_code == 200 and "immutable" in style.headers["Cache-Control"]
            assert re.search(r"\.[0-9a-f]{12}\.css$", address)

    def test_pictures_come_from_the_bucket_by_the_portals_address(self, cluster):
        address = re.search(r'src="(/media/[^" ]+)', cluster.get("/lt/").text)[1]
        for _machine in range(4):  # whichever machine is asked: none has the file itself
            picture = cluster.get(address)
            assert (picture.status_code, picture.headers["Content-Type"][:6]) == (200, "image/")
            assert "sandbox" in picture.headers["Content-Security-Policy"]
        assert not any((machine.var / "media").exists() for machine in cluster.machines)
        assert "<Key>media/" in cluster.store.names(BUCKETS[0])

    def test_probes_answer_inside_and_not_at_the_public_address(self, cluster):
        for machine in cluster.machines:
            assert machine.probe("/healthz").text == "ok\n"
            assert machine.probe("/readyz").json() == {"ready": True, "database": "ok", "cache": "ok"}
        assert cluster.get("/readyz").status_code == cluster.get("/metrics").status_code == 403

    def test_metrics_are_for_who_has_the_token(self, cluster):
        machine = cluster.first
        assert machine.probe("/metrics").status_code == 404
        assert machine.probe("/metrics", Authorization="Bearer kitas").status_code == 404
        text = machine.probe("/metrics", Authorization=f"Bearer {TOKEN}").text
        assert "kelrodis_up 1.0" in text
        assert 'kelrodis_deliveries{state="pending"}' in text
        assert 'kelrodis_request_seconds_count{method="GET",route="wagtail_serve",status="200"}' in text

    def test_search_folds_lithuanian_letters_on_postgresql(self, cluster):
        with_marks = cluster.get("/lt/search/", params={"q": "šaltinių"}).text
        without = cluster.get("/lt/search/", params={"q": "saltiniu"}).text
        links = [set(re.findall(r'href="(/lt/kursai/[^"]+)"', page)) for page in (with_marks, without)]
        assert links[0] and links[0] == links[1]

    def test_queue_is_a_quorum_queue(self, cluster):
        rows = cluster.rabbit.control("list_queues", "name", "type").split("\n")
        assert "celery\tquorum" in rows


class TestOutliving:
    """Each server is taken away while learners are at work. Nothing they were told is kept gets lost."""

    def test_grades_arrive(self, school):
        people = school.pupils(3, "pirmi")
        for browser, place in attempt_of(school, people):
            school.finish(browser, place)
        all_arrived(school, people)

    def test_a_machine_is_killed(self, cluster, school):
        people = school.pupils(3, "be-masinos")
        begun = attempt_of(school, people)
        for name in ("web", "worker"):
            cluster.second.stop(name, signal.SIGKILL)
        try:
            for browser, place in begun:
                school.answer(browser, place, 2)
                school.finish(browser, place)
            all_arrived(school, people)
        finally:
            cluster.second.start("web", "worker")

    def test_the_broker_is_killed(self, cluster, school):
        people = school.pupils(3, "be-brokerio")
        begun = attempt_of(school, people)
        cluster.rabbit.stop(signal.SIGKILL)
        try:
            for browser, place in begun:
                school.finish(browser, place)
        finally:
            cluster.rabbit.start()
        all_arrived(school, people, seconds=120)

    def test_the_cache_is_killed(self, cluster, school):
        people = school.pupils(2, "be-podelio")
        cluster.redis.stop(signal.SIGKILL)
        try:
            assert cluster.first.probe("/readyz").json() == {
                "ready": True,
                "database": "ok",
                "cache": "silent",
            }
            assert cluster.get("/lt/").status_code == 200
            for browser, place in attempt_of(school, people):
                school.finish(browser, place)
        finally:
            cluster.redis.start()
        all_arrived(school, people)

    def test_the_database_is_restarted(self, cluster, school):
        people = school.pupils(3, "be-bazes")
        begun = attempt_of(school, people)
        cluster.postgres.stop(signal.SIGKILL)
        states = [machine.probe("/readyz") for machine in cluster.machines]
        assert [state.status_code for state in states] == [503, 503]
        assert cluster.first.probe("/healthz").status_code == 200
        cluster.postgres.start()
        for browser, place in begun:
            school.answer(browser, place, 2)
            school.finish(browser, place)
        all_arrived(school, people, seconds=120)

    def test_web_servers_take_new_code_without_a_failed_request(self, cluster):
        """By reload visitors of that machine wait while it loads; by restart the other machine serves them."""
        with visitors(cluster) as statuses:
            for machine in cluster.machines:
                machine.processes["web"].send_signal(signal.SIGHUP)
                Stack.wait_for(machine.is_ready, "a reloaded machine", 60)
            for machine in cluster.machines:
                machine.stop("web")
                machine.start("web")
                time.sleep(5)  # as the guide says: nginx needs a moment to find it again
            Stack.wait_for(lambda: len(statuses) > 20, "visitors", 60)
        assert set(statuses) == {200}


@contextmanager
def visitors(cluster):
    """Let three people open the home page again and again; give the list of what they were answered."""
    statuses, done = [], threading.Event()

    def visit():
        while not done.is_set():
            try:
                statuses.append(cluster.get("/lt/", timeout=90).status_code)
            except requests.RequestException as error:
                statuses.append(repr(error))

    people = [threading.Thread(target=visit) for _person in range(3)]
    for person in people:
        person.start()
    yield statuses
    done.set()
    for person in people:
        person.join()


class TestLogs:
    """What the units wrote, after everything above."""

    def test_every_line_of_the_web_server_is_json(self, cluster, school):
        school.launch(school.pupils(1, "paskutine")[0])
        for machine in cluster.machines:
            lines = [line for line in machine.log("web").splitlines() if line]
            assert lines
            for line in lines:
                assert {"time", "level", "logger", "message"} <= set(json.loads(line)), line

    def test_logs_tell_of_requests_and_not_of_people(self, cluster, school):
        person = school.pupils(1, "zurnalas")[0]
        school.launch(person)
        text = "".join(machine.log(name) for machine in cluster.machines for name in ("web", "worker"))
        assert '"route": "lti:launch"' in text
        claims = school.platform.token("n", "s", person, school.activity)["claims"]
        for secret in (claims["email"], claims["name"], "eyJ", "state=", "Mozilla"):
            assert secret not in text, secret
