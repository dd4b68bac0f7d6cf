"""The addresses of learning platforms: launches, the picker, the administrator's screens."""

from __future__ import annotations

from tests.security.outcomes import ADMINISTRATORS, CHOOSES, DECIDES, EVERYBODY, POST_ONLY, Row, table_of

A_MOODLE = {
    "name": "Moodle",
    "issuer": "https://kitas.example",
    "client_id": "1",
    "deployment_id": "1",
    **{f"{name}_url": f"https://kitas.example/{name}" for name in ("auth", "token", "keyset")},
}
STEPS = ("approve", "switch_off", "test")

PLATFORMS = [
    # learning platforms
    Row("lti:login", table_of(400)),
    Row("lti:login", table_of(400), method="post"),
    Row("lti:launch", table_of(405)),
    Row("lti:launch", table_of(400), method="post", data={"id_token": "x.y.z", "state": "none"}),
    Row("lti:enter", table_of(405)),
    Row("lti:enter", table_of(400), method="post", data={"ticket": "x"}),
    Row("lti:jwks", EVERYBODY),
    Row("lti:jwks", table_of(405), method="post"),
    # connecting learning platforms
    Row("lti:register", table_of(400), arguments={"token": "x"}),
    Row(
        "lti:register",
        table_of(403),
        data={"openid_configuration": "https://x.example"},
        arguments={"token": "x"},
    ),
    Row("lti:register", table_of(400), "invitation's address"),
    Row(
        "lti:register",
        table_of(400),
        "invitation's address",
        data={"openid_configuration": "https://x.example"},
    ),
    Row("lti:register", table_of(405), "invitation's address", "post"),
    # what a data-privacy launch asks; without one there is nothing
    Row("platform_data:page", table_of(404)),
    Row("platform_data:page", POST_ONLY, method="post"),
    Row("platform_data:wish", POST_ONLY),
    Row("platform_data:wish", table_of(404), method="post"),
    Row("choosing:choose", CHOOSES, "choice", elsewhere={"teacher": 404}),
    Row("choosing:choose", POST_ONLY, "choice", "post"),
    Row("choosing:settle", CHOOSES, "choice", elsewhere={"teacher": 404}),
    Row("choosing:settle", CHOOSES | {"teacher": 400}, "choice", "post", elsewhere={"teacher": 404}),
    Row("choosing:leave", POST_ONLY, "choice"),
    Row("choosing:leave", CHOOSES, "choice", "post", elsewhere={"teacher": 404}),
    Row("platforms:index", ADMINISTRATORS),
    Row("platforms:index_results", ADMINISTRATORS),
    Row("platforms:invite", ADMINISTRATORS),
    Row("platforms:invite", ADMINISTRATORS, method="post", data={"name": "Moodle", "days": "7"}),
    Row("platforms:withdraw", ADMINISTRATORS | {"administrator": 405}, "platform's invitation"),
    Row("platforms:withdraw", DECIDES, "platform's invitation", "post"),
    Row("platforms:withdraw", ADMINISTRATORS | {"administrator": 404}, "no delivery", "post"),
    Row("platforms:by_hand", ADMINISTRATORS),
    Row("platforms:by_hand", DECIDES, method="post", data=A_MOODLE),
    Row("platforms:by_hand", ADMINISTRATORS, method="post", data={"name": "x"}),
    Row("platforms:platform", ADMINISTRATORS, "platform"),
    Row("platforms:platform", ADMINISTRATORS | {"administrator": 404}, "no delivery"),
    Row("platforms:edit", ADMINISTRATORS, "platform"),
    Row("platforms:edit", DECIDES, "platform", "post", {"name": "Moodle"}),
    Row("platforms:edit", ADMINISTRATORS | {"administrator": 404}, "no delivery"),
    *(Row(f"platforms:{step}", ADMINISTRATORS | {"administrator": 405}, "platform") for step in STEPS),
    *(Row(f"platforms:{step}", DECIDES, "platform", "post") for step in STEPS),
    *(
        Row(f"platforms:{step}", ADMINISTRATORS | {"administrator": 404}, "no delivery", "post")
        for step in STEPS
    ),
    Row("platforms:recognise", DECIDES, "deployment", "post"),
    Row("platforms:recognise", ADMINISTRATORS | {"administrator": 404}, "no deployment", "post"),
    Row("platforms:refuse", DECIDES, "deployment", "post"),
    Row("platforms:refuse", ADMINISTRATORS | {"administrator": 404}, "no deployment", "post"),
]
