"""The one error of the bank: it names the file, the place and the mend."""


class BankError(ValueError):
    """Something in ``quizzes/`` does not hold; the message has one line for each finding."""
