"""Settings. ``production`` is the base; ``dev`` and ``test`` relax it, never the reverse."""
