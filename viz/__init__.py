"""What is shown on a screen; the dashboard has its room here. Pictures of one finished run: `abm.record.picture`."""
