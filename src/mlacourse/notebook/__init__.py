"""What a chapter imports: charts, figures, live demos, cards and its quiz."""

from mlacourse.notebook import charts, figures, live
from mlacourse.notebook.quiz import cards, quiz

__all__ = ["cards", "charts", "figures", "live", "quiz"]
