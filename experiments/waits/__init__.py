"""Fit the appointment layer of a real place to its published appointments, and predict a year that was held out."""
