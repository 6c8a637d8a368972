"""One run live in a browser; see docs/dashboard.md. Report and pictures of a finished run: `abm.report`."""
