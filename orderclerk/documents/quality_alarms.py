"""What an alarm says: the figure of the day beside the usual one, in the team's language."""

from orderclerk.documents.cleaning import clean_line
from orderclerk.documents.rule_words import rule_title
from orderclerk.documents.words import Words
from orderclerk.domain.drift import Alarm

_PHRASE = {
    "orders": "drift_orders",
    "filled": "drift_filled",
    "held": "drift_held",
    "letters": "drift_letters",
    "quarantined": "drift_quarantined",
    "price level": "drift_price",
    "confidence": "drift_confidence",
}


def alarm_text(alarm: Alarm, words: Words) -> str:
    """One sentence with the figures."""
    form = ",.0f" if alarm.measure == "orders" else ".1%"
    figures = {name: format(getattr(alarm, name), form) for name in ("value", "usual", "low", "high")}
    subject = _subject(alarm, words)
    phrase = _PHRASE[alarm.measure]
    return words.say("quality", phrase, subject=subject, cases=f"{alarm.cases:,}", days=alarm.days, **figures)


def scope_name(scope: str, words: Words) -> str:
    """`Channel mail`, `Source acme`, `Customer C1001`."""
    kind, _, name = scope.partition(":")
    if (kind, name) == ("channel", "all"):
        return words.say("quality", "all")
    return words.say("quality", kind, which=clean_line(name, 60))


def _subject(alarm: Alarm, words: Words) -> str:
    if alarm.measure == "held" and not alarm.subject:
        return words.say("quality", "any_rule")
    if alarm.measure == "held":
        return f"{alarm.subject} {rule_title(alarm.subject, words.language)}"
    if alarm.measure == "letters":
        return str(words.phrases["letter_kinds"].get(alarm.subject, alarm.subject))
    return str(words.phrases["fields"].get(alarm.subject, clean_line(alarm.subject, 60)))
