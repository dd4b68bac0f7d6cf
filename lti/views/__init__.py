"""The three addresses of the tool, and the page of a refused launch."""
