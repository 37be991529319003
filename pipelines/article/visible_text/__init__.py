"""A page that is only its visible text: the same article, by lines alone."""
