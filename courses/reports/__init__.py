"""What is asked about courses."""

from courses.reports.catalogue import CatalogueRow, catalogue, in_order, listed_courses
from courses.reports.grades import (
    attempts_left,
    attempts_of,
    gives_result,
    grade_of,
    is_passed,
    quiz_grade,
    shows_solutions,
)
from courses.reports.progress import Progress, QuizScore, progress_of
from courses.reports.states import CourseState, course_state, is_stuck, my_courses, page_url

__all__ = [
    "CatalogueRow",
    "CourseState",
    "Progress",
    "QuizScore",
    "attempts_left",
    "attempts_of",
    "catalogue",
    "course_state",
    "gives_result",
    "grade_of",
    "in_order",
    "is_passed",
    "is_stuck",
    "listed_courses",
    "my_courses",
    "page_url",
    "progress_of",
    "quiz_grade",
    "shows_solutions",
]
