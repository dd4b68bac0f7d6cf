"""The trial LTI 1.3 platform: a separate process that plays Moodle for developers and tests.

It shares no code with the portal, so that what it accepts or refuses is an independent opinion.
See README.md in this folder for how to start it and for the control API.
"""
