"""What the commands do with both packages in hand.

Scrapy imports every module below `crawler.commands` whenever any command starts. What is heavy
lives here and is imported by the command that needs it, when it runs.
"""
