"""What fetching needs beyond Scrapy: limits, guards, names of failures. Components use it."""
