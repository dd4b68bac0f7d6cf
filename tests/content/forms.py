"""The editor's form of a page, filled in as the browser would."""

from __future__ import annotations


def form_of(browser, page):
    """Return the form's data as they stand on the page's editing screen."""
    form = browser.get(f"/admin/pages/{page.pk}/edit/").context["form"]
    data = {}
    for name in form.fields:
        value = form[name].value()
        if name == "body":
            blocks = form.fields["body"].block.get_form_state(value)
            data |= stream("body", form.fields["body"].block, blocks)
        elif value not in (None, False) and not isinstance(value, list):
            data[name] = value
    return data | {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}


def stream(prefix, block, state):
    """Return the fields of a stream of blocks."""
    data = {f"{prefix}-count": str(len(state))}
    for place, child in enumerate(state):
        here = f"{prefix}-{place}"
        data |= {f"{here}-type": child["type"], f"{here}-order": str(place), f"{here}-deleted": ""}
        data[f"{here}-id"] = child["id"] or ""
        data |= fields(f"{here}-value", child["value"])
    return data


def fields(prefix, value):
    """Return the fields of one value: of a structure, a list, a table, a choice of a record, or a plain one."""
    if isinstance(value, dict) and "columns" in value and "rows" in value:
        return table(prefix, value)
    if isinstance(value, dict) and "id" in value and "edit_url" in value:
        return {prefix: str(value["id"])}
    if isinstance(value, dict):
        return {
            key: data
            for name, part in value.items()
            for key, data in fields(f"{prefix}-{name}", part).items()
        }
    if isinstance(value, list) and value and not isinstance(value[0], dict):
        return {prefix: str(value[0])}  # a choice
    if isinstance(value, list):
        data = {f"{prefix}-count": str(len(value))}
        for place, item in enumerate(value):
            here = f"{prefix}-{place}"
            data |= {f"{here}-order": str(place), f"{here}-deleted": "", f"{here}-id": item.get("id") or ""}
            data |= fields(f"{here}-value", item["value"])
        return data
    if value in (None, False):
        return {}
    return {prefix: "on" if value is True else str(value)}


def table(prefix, value):
    """Return the fields of a table."""
    data = {f"{prefix}-caption": value["caption"]}
    data |= {
        f"{prefix}-column-count": str(len(value["columns"])),
        f"{prefix}-row-count": str(len(value["rows"])),
    }
    for place, column in enumerate(value["columns"]):
        here = f"{prefix}-column-{place}"
        data |= {f"{here}-type": column["type"], f"{here}-order": str(place), f"{here}-deleted": ""}
        data[f"{here}-heading"] = column["heading"]
    for number, row in enumerate(value["rows"]):
        data |= {f"{prefix}-row-{number}-order": str(number), f"{prefix}-row-{number}-deleted": ""}
        for place, cell in enumerate(row["values"]):
            data[f"{prefix}-cell-{number}-{place}"] = cell
    return data


def post_page(browser, page, action="", **changes):
    """Save the page from its form: as a draft, or with one of the editor's actions (publish, submit)."""
    data = form_of(browser, page) | changes
    if action:
        data[f"action-{action}"] = "1"
    return browser.post(f"/admin/pages/{page.pk}/edit/", data)
