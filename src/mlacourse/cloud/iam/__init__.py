"""IAM, enforced: policies decide about every call of the offline cloud.

``policy``, ``conditions``, ``principals``, ``evaluate`` and ``steps`` are the engine and know nothing of the cloud;
``authorize`` holds each call against the account's state, ``operations`` registers what IAM answers itself.
"""
