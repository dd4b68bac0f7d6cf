"""What people do on the pages, for journeys."""

from __future__ import annotations

ANSWERS = "input[name^='r-']"


def launch(page, platform, activity, person, framed=True):
    """Open a platform's activity as ``person``; return the frame (or new tab) the portal is in."""
    made = platform.get("/api/launch_url", person=person, activity=activity)
    page.goto(made["page"])
    handle = page.wait_for_selector("#contentframe")
    frame = handle.content_frame()
    frame.wait_for_selector("main h1")
    return frame


def go(place, selector):
    """Click what leads to another page, and wait until that page is there."""
    page, frame = (place.page, place) if hasattr(place, "page") else (place, place.main_frame)
    with page.expect_event("framenavigated", lambda navigated: navigated == frame):
        frame.click(selector)
    frame.wait_for_load_state()
    frame.wait_for_selector("main")


def read_course_up_to_quiz(place, limit=30):
    """Finish lesson after lesson (answering its checks) until the quiz's page stands there."""
    for _step in range(limit):
        place.wait_for_selector("main h1")
        if place.query_selector("form[action$='/start/']"):
            return
        go(place, "form[action$='/finish/'] button")
    raise AssertionError("the quiz was not reached")


def answer_quiz(place, solutions):
    """Answer every item by its solution (a list of option texts, or the text to type), then finish."""
    for _step in range(60):
        place.wait_for_selector("fieldset.item")
        for item in place.query_selector_all("fieldset.item"):
            fill(item, solutions[prompt_of(item)])
        go(place, ".pager button.btn:not(.quiet)")
        if place.query_selector("form[action$='/finish/']"):
            break
    go(place, "form[action$='/finish/'] button")
    place.wait_for_selector(".results")


def prompt_of(item):
    """Return an item's question, with single ordinary spaces."""
    return " ".join(item.query_selector(".prompt").inner_text().split())


def fill(item, solution):
    """Answer one item."""
    if isinstance(solution, str):
        item.query_selector(ANSWERS).fill(solution)
        return
    for label in item.query_selector_all("label.opt"):
        if " ".join(label.inner_text().split()) in solution:
            label.query_selector("input").check()
