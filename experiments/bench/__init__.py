"""What the engines cost, measured as ratios within one run of one machine."""
