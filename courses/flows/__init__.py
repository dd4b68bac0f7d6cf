"""What happens in courses: publishing, enrolling, learning, attempting, grading, completing."""
