"""Pages that describe courses, and the records of learning."""

from courses.models.activities import Activity, ActivityVersion
from courses.models.attempts import Answer, Attempt
from courses.models.learning import ActivityCompletion, CheckResponse, Completion, Enrolment
from courses.models.pages import CataloguePage, CoursePage, LessonPage, ModulePage, QuizPage

__all__ = [
    "Activity",
    "ActivityCompletion",
    "ActivityVersion",
    "Answer",
    "Attempt",
    "CataloguePage",
    "CheckResponse",
    "Completion",
    "CoursePage",
    "Enrolment",
    "LessonPage",
    "ModulePage",
    "QuizPage",
]
