"""Those who decide: GPs, practices, organisations and commissioners, each a thin view of its row."""
