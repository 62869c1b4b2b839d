"""Two shops on localhost, written from their vendors' documentation: Shopify's Admin GraphQL and WooCommerce's REST."""
