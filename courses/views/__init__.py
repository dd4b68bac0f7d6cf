"""Pages of courses, and what learners do on them."""
