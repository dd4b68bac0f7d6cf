"""The class view's addresses, asked in every way; part of ``table``."""

from __future__ import annotations

from tests.security.outcomes import (
    AWAY,
    HELD,
    IN,
    NOT_LAUNCHED,
    POST_ONLY,
    TEACHES,
    Row,
    done,
    table_of,
    within,
)

NOBODYS = {"uuid": "11111111-1111-4111-8111-111111111111"}
TYPES_A_CODE = NOT_LAUNCHED | dict.fromkeys(HELD, 400)  # staff are told why not

CLASS = [
    # the class of a teacher who came from a learning platform (these platforms offer no list to be read)
    Row("classroom:index", TEACHES),
    Row("classroom:index", table_of(405), method="post"),
    Row("classroom:read", POST_ONLY),
    Row("classroom:read", table_of(404, anonymous=IN), method="post"),
    Row("classroom:send_all", POST_ONLY),
    Row("classroom:send_all", done(TEACHES), method="post"),
    Row("classroom:send", POST_ONLY, "participant"),
    Row("classroom:send", done(TEACHES), "participant", "post", elsewhere={"teacher": 404}),
    # what one learner of it did
    Row("classroom:nothing", TEACHES),
    Row("classroom:nothing", table_of(405), method="post"),
    Row("classroom:progress", TEACHES, "participant", elsewhere={"teacher": 404}),
    Row("classroom:progress", table_of(405), "participant", "post"),
    Row("classroom:attempts", TEACHES, "participant's quiz", elsewhere={"teacher": 404}),
    Row("classroom:attempts", table_of(405), "participant's quiz", "post"),
    # joining an account with a person of a platform: launched people get a code, staff are never joined
    Row("joining:offer", table_of(AWAY, anonymous=IN, student=200, teacher=200)),
    Row("joining:offer", table_of(AWAY, anonymous=IN, student=200, teacher=200), method="post"),
    Row("joining:enter", TYPES_A_CODE),
    Row("joining:enter", within(400) | dict.fromkeys(HELD, 400), method="post", data={"code": "ABCD-EFGH"}),
    Row("joining:change_over", POST_ONLY),
    Row("joining:change_over", table_of(AWAY, anonymous=IN, student=IN, teacher=IN), method="post"),
    Row("joining:mine", NOT_LAUNCHED),
    Row("joining:part", POST_ONLY, arguments=NOBODYS),
    Row("joining:part", within(404), method="post", arguments=NOBODYS),
]
