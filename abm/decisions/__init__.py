"""The rules by which people decide: pure functions of numbers, and the one seam through which every decision passes."""
