"""The report of a run: one HTML page for readers who have never seen the model, and its pictures as files."""
