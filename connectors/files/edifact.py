from orderclerk.domain.envelopes import Envelope
from orderclerk.domain.reading import Reading
from connectors.files.outcomes import no_order


def read_edifact(envelope: Envelope, encoding: str = "") -> Reading:
    return no_order("todo")
