"""What is asked about courses."""

from courses.reports.catalogue import CatalogueRow, catalogue, in_order, listed_courses
from courses.reports.grades import (
    attempts_left,
    attempts_of,
    gives_result,
    grade_of,
    graded_attempt,
    is_passed,
    quiz_grade,
    shows_solutions,
)
from courses.reports.progress import Progress, QuizScore, progress_of
from courses.reports.reviews import CourseReview, QuizReview, course_review, has_work, quiz_review
from courses.reports.states import CourseState, course_state, is_stuck, my_courses, page_url

__all__ = [
    "CatalogueRow",
    "CourseReview",
    "CourseState",
    "Progress",
    "QuizReview",
    "QuizScore",
    "attempts_left",
    "attempts_of",
    "catalogue",
    "course_review",
    "course_state",
    "gives_result",
    "grade_of",
    "graded_attempt",
    "has_work",
    "in_order",
    "is_passed",
    "is_stuck",
    "listed_courses",
    "my_courses",
    "page_url",
    "progress_of",
    "quiz_grade",
    "quiz_review",
    "shows_solutions",
]
