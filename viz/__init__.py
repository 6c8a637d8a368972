"""What is shown on a screen; the dashboard has its room here. Report and pictures of one finished run: `abm.report`."""
