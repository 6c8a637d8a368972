"""Readers of files as the NHS and the Ordnance Survey publish them, one module a publication."""
