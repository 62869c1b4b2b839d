"""What comes in and goes out: envelopes, quarantine, answers, outbox; and what runs did and found."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Float,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy import Column as C
from sqlalchemy.dialects.postgresql import JSONB

from orderclerk.database.schema_base import instant, key, metadata, one_of, refers, text
from orderclerk.domain.reading import LetterKind

ENVELOPE_STATES = ("stored", "read", "filed", "quarantined")
OUTBOX_STATES = ("pending", "sending", "sent", "failed", "superseded")

batches = Table("batches", metadata, key(), text("channel"), instant("opened_at"))

envelopes = Table(
    "envelopes",
    metadata,
    key(),
    text("channel"),
    text("delivery_ref"),
    text("sha256"),
    text("media_type"),
    text("sender_ref"),
    text("filename"),
    instant("sent_at", null=True),
    instant("received_at"),
    C("content", LargeBinary, nullable=False),
    text("state", server_default="stored"),
    text("reason"),
    refers("batch_id", "batches.id", null=True),
    one_of("state", ENVELOPE_STATES),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_hex"),
    CheckConstraint("sha256 = encode(sha256(content), 'hex')", name="content_is_what_came"),
    Index("uq_envelopes_content", "channel", "sha256", unique=True),
)
Index("ix_envelopes_stored", envelopes.c.id, postgresql_where=envelopes.c.state == "stored")
Index("ix_envelopes_unbatched", envelopes.c.channel, postgresql_where=envelopes.c.batch_id.is_(None))

# every mail as correspondence: what kind it is, whose, and which conversation and order it belongs to
letters = Table(
    "letters",
    metadata,
    refers("envelope_id", "envelopes.id", primary_key=True),
    one_of("kind", tuple(LetterKind)),
    text("kind"),
    text("sender"),
    text("subject"),
    text("language"),
    text("message_ref"),
    text("thread_ref"),
    text("their_ref"),
    C("confidence", Float, nullable=False, server_default="1"),
    refers("order_id", "orders.id", null=True),
    refers("customer_id", "customers.id", null=True),
    instant("at"),
    text("state", server_default="open"),  # open until a later step or a person has dealt with it
    text("order_no"),  # ours, as the mail names it, whether or not the book has it
    text("filed_by"),  # the person whose word on the kind stands against any later reading; "" is the desk's own
    text("note"),
    instant("handled_at", null=True),
    one_of("state", ("open", "handled")),
    Index("ix_letters_thread", "thread_ref"),
    Index("ix_letters_order", "order_id"),
)
Index("ix_letters_open", letters.c.kind, letters.c.at, postgresql_where=letters.c.state == "open")

# what a language model said of a mail: kept, so that nothing is asked twice and reading again gives the same
model_answers = Table(
    "model_answers",
    metadata,
    refers("envelope_id", "envelopes.id", primary_key=True),
    text("model"),
    C("answer", JSONB, nullable=False),  # as it came, before any of it was compared with the mail
    instant("asked_at"),
)

# every delivery is on record, also the ones that brought nothing new
deliveries = Table(
    "deliveries",
    metadata,
    text("channel"),
    text("delivery_ref"),
    refers("envelope_id", "envelopes.id"),
    instant("received_at"),
    PrimaryKeyConstraint("channel", "delivery_ref", "envelope_id"),
)

channel_cursors = Table(
    "channel_cursors",
    metadata,
    text("channel", primary_key=True),
    C("cursor", JSONB, nullable=False),
    instant("pulled_at"),
)

quarantine = Table(
    "quarantine",
    metadata,
    key(),
    refers("envelope_id", "envelopes.id"),
    text("ref"),
    text("rule"),
    text("reason"),
    text("raw"),
    text("state", server_default="open"),
    instant("opened_at"),
    one_of("state", ("open", "replayed", "discarded")),
    Index("uq_quarantine_place", "envelope_id", "ref", "rule", unique=True, postgresql_where="state = 'open'"),
)

answers = Table(
    "answers",
    metadata,
    key(),
    refers("envelope_id", "envelopes.id", unique=True),
    refers("order_id", "orders.id"),
    C("revision", Integer, nullable=False),
    text("sender"),
    text("message_ref"),
    text("words"),
    text("state", server_default="open"),
    text("verdict"),
    C("understood", JSONB, nullable=False, server_default="{}"),  # the changes read from the words, and the doubts
    one_of("state", ("open", "applied", "held")),
    Index("ix_answers_open", "id", postgresql_where="state = 'open'"),
)

outbox = Table(
    "outbox",
    metadata,
    key(),
    text("kind"),
    text("idempotency_key", unique=True),
    refers("order_id", "orders.id", null=True),
    C("revision", Integer),
    text("recipient"),
    C("payload", JSONB, nullable=False, server_default="{}"),
    text("state", server_default="pending"),
    C("attempts", Integer, nullable=False, server_default="0"),
    instant("created_at"),
    instant("next_try_at"),
    instant("sent_at", null=True),
    text("message_ref"),
    text("last_error"),
    one_of("state", OUTBOX_STATES),
    CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
    Index("ix_outbox_order", "order_id"),
)
Index("ix_outbox_due", outbox.c.next_try_at, postgresql_where=outbox.c.state.in_(("pending", "sending")))

runs = Table(
    "runs",
    metadata,
    key(),
    text("flow"),
    text("run_ref"),
    instant("as_of"),
    C("ok", Boolean, nullable=False),
    C("counts", JSONB, nullable=False, server_default="{}"),
)

findings = Table(
    "findings",
    metadata,
    key(),
    instant("at"),
    text("rule"),
    text("severity"),
    text("subject"),
    text("message"),
    C("envelope_id", BigInteger),
    C("evidence", JSONB, nullable=False, server_default="{}"),
    C("text_key", Text, unique=True),
    one_of("severity", ("info", "warning", "critical")),
)
