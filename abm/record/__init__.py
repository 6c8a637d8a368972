"""What happened: the membership ledger, the logs of events and decisions, the recorder, and the run made of them."""
