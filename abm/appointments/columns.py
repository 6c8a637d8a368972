"""Columns of the state's tables, shared by the compiled kernels and the Python around them."""

DOCTOR_FIRST, SINGLE_ENTRY = 2, 3  # access models in which a call comes first
# Columns of `diary`.
KIND_OF, KEY_LOW, KEY_HIGH, ANONYMOUS, SESSIONS, CARRIED, WEEK, CHANGED = range(8)
# Columns of `practice`.
(AT, GPS, SERVES_AS_GP, STAFF, HUB, ACCESS, REDIRECT, HUB_RETURN, OPENED, LEAVERS_AT, LEAVERS, SITE_KEY,
 RELAY) = range(13)  # fmt: skip
# Cells of `ledger`.
FREE_NODE, FREE_NODES, RECORDS, KEEP, TROUBLE = range(5)
# Rows of `head` and `tail`: eight buckets of patients who ring on a coming open day, the refused, then cancellations.
REFUSED, CANCELLATIONS = 8, 9
