"""What is run: a place, a policy with its dates, shocks, and the parameters of every mechanism."""
