"""Whether a mail address is one of an order's customer: a contact's, or a key on file."""


def is_known(order: str, address: str) -> str:
    """SQL: whether `address` (lower case) may speak for the customer of `order`; both are SQL names of the query."""
    return f"""(EXISTS (SELECT FROM contacts c WHERE c.customer_id = {order}.customer_id AND lower(c.email) = {address})
        OR EXISTS (SELECT FROM customer_keys k WHERE k.customer_id = {order}.customer_id
            AND (k.kind, k.value) IN (('email', {address}), ('domain', split_part({address}, '@', 2)))))"""
