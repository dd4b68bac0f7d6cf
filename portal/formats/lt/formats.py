"""Lithuanian formats: a no-break space between thousands, a colon between hours and minutes (ISO 8601)."""

DATE_FORMAT = "Y \\m. E j \\d."
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y \\m. E j \\d. H:i"
MONTH_DAY_FORMAT = "E j \\d."
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\u00a0"
NUMBER_GROUPING = 3
