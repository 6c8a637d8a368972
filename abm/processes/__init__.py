"""What happens in a month: a file for each process, its rules as pure functions first, then the phase."""
