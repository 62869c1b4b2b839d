"""What customers are asked: the questions that a hold leaves open, and how each was answered."""

from sqlalchemy import CheckConstraint, Index, Integer, Table
from sqlalchemy import Column as C
from sqlalchemy.dialects.postgresql import JSONB

from orderclerk.database.schema_base import instant, key, metadata, one_of, refers, text

questions = Table(
    "questions",
    metadata,
    key(),
    refers("order_id", "orders.id"),
    C("revision", Integer, nullable=False),  # of the order when it was asked: what the mail's reference says
    refers("document_id", "envelopes.id"),  # the customer's document that left the question open
    C("round", Integer, nullable=False),  # 1, or 2 where the first answer was not understood
    C("number", Integer, nullable=False),  # its number in the mail
    C("line_no", Integer, nullable=False),  # 0: the order as a whole
    text("rule"),
    text("field"),
    C("choices", JSONB, nullable=False, server_default="[]"),  # [{value, names, label, label_zh}]
    C("about", JSONB, nullable=False, server_default="{}"),  # what the question mentions, and a wish it would complete
    text("state", server_default="open"),
    instant("asked_at"),
    text("asked_by"),
    instant("remind_at"),
    instant("answer_by"),
    instant("reminded_at", null=True),
    instant("closed_at", null=True),
    refers("envelope_id", "envelopes.id", null=True),  # the mail that answered, understood or not
    text("words"),
    one_of("state", ("open", "answered", "withdrawn")),
    CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_has_time"),
    CheckConstraint("state <> 'answered' OR envelope_id IS NOT NULL", name="answered_has_mail"),
    Index("ix_questions_order", "order_id"),
    Index("uq_questions_open", "order_id", "line_no", "rule", "field", unique=True, postgresql_where="state = 'open'"),
)
Index("ix_questions_due", questions.c.answer_by, postgresql_where=questions.c.state == "open")
