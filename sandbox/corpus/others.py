"""Mails that are no orders, of every kind a desk's mailbox gets."""

from random import Random

from orderclerk.domain.reading import LetterKind
from sandbox.corpus.entities import Content, Draft, Layout
from sandbox.corpus.layouts.typed import dressed
from sandbox.corpus.letters import signed
from sandbox.corpus.phrases import say
from sandbox.corpus.story import Story

FAMILY = "no order"
PLAIN = Layout("plain", FAMILY, lambda draft, rng: Content(""))
KINDS = {
    "status": LetterKind.STATUS_QUESTION, "cancel": LetterKind.CANCELLATION, "complaint": LetterKind.COMPLAINT,
    "thanks": LetterKind.OTHER,
}  # fmt: skip


def make(story: Story, rng: Random, language: str) -> tuple[LetterKind, str, Draft, Content]:
    """Kind, layout name, who sends it, and what it says."""
    draft = story.draft(rng, story.buyer(rng, language, PLAIN), PLAIN)
    draft.expect = "file"
    draft.order_ref = draft.order_ref or story.reference(rng, draft.customer)
    key = rng.choice(list(KINDS))
    subject, _, words = say(
        rng,
        f"other_{key}",
        language,
        ref=draft.order_ref,
        item=draft.wishes[0].item.names[language],
        n=draft.wishes[0].base,
    ).partition("#")
    text = "\n\n".join([say(rng, "hello", language, desk="Harbour Trading"), words.strip(), signed(draft, rng)])
    content = dressed(draft, rng, text)
    content.subject = subject.strip()
    return KINDS[key], key, draft, content
