"""Where an order comes from, and who gets what there is too little of."""
