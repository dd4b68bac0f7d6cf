"""Why a backup or a restore is refused; each message says what to do."""


class Refused(Exception):
    """It was not begun, or nothing of it holds; the message says why and what to do."""


class Damaged(Refused):
    """The backup is not what was written: incomplete, changed, or of another installation."""
