"""What the sync reports to the author of a chapter."""


class SyncError(Exception):
    """A finding in a chapter; the message names the file, what is wrong and the mend."""
