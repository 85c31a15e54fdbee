"""What a chapter imports: charts, figures, live demos, cards, its quiz, and the links of its labs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlacourse.notebook.practice import cards, quiz

__all__ = ["cards", "charts", "figures", "lab", "live", "quiz"]


def __getattr__(name: str) -> Any:
    """Import ``quiz`` and ``cards`` when a chapter asks: the site's build needs no widgets."""
    if name in {"cards", "quiz"}:
        from mlacourse.notebook import practice

        return getattr(practice, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
