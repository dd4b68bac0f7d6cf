"""Self-paced courses: pages that describe, activities that are done, attempts that are graded."""
