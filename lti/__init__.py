"""The adapter to Moodle and other learning platforms (LTI 1.3)."""
