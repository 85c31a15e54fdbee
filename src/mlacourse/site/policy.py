"""The Content-Security-Policy of every page: nothing but what the page itself carries."""

import base64
import hashlib


def digest(content: str) -> str:
    """Return the source expression that allows one inline script or style.

    >>> digest("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    return "'sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() + "'"


def content_security_policy(scripts: list[str], styles: list[str]) -> str:
    """Return the policy for a page that carries these inline scripts and styles."""
    script_hashes = "".join(" " + digest(script) for script in scripts)
    style_hashes = "".join(" " + digest(style) for style in styles)
    return (
        "default-src 'none'; "
        f"script-src 'self'{script_hashes}; "
        f"style-src 'self'{style_hashes}; "
        "img-src 'self' data:; font-src 'self'; manifest-src 'self'; connect-src 'none'; base-uri 'none'; "
        "form-action 'self'"
    )
