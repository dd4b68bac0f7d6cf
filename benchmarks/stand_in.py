import django

django.setup()
from tests.factories.courses import make_course

make_course()
