"""The class view's addresses, asked in every way; part of ``table``."""

from __future__ import annotations

from tests.security.outcomes import IN, POST_ONLY, TEACHES, Row, done, table_of

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
]
