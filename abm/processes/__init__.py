"""What happens in a month: one file for each process, rules as pure functions first, then the phase that applies them."""
