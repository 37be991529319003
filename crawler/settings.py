"""Declarations only: safe values for production, each with its reason."""

BOT_NAME = "firstprint"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
COMMANDS_MODULE = "crawler.commands"

# --- who we are, and what we may ask for -------------------------------------------------------

# The operator's mail address or page; sent in the User-Agent. None is invented.
CONTACT = ""
USER_AGENT = "firstprint/0.1 (news archive)"
ROBOTSTXT_OBEY = True
# Logging in is not our trade, and a cookie jar for every host is memory.
COOKIES_ENABLED = False
# A response gives one item at most; Scrapy would start a hundred tasks to process it.
CONCURRENT_ITEMS = 1
# Bytes of pages that wait for a worker before fetching pauses; so few keep every worker busy.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 2_500_000
# A page that sends its readers on by <meta refresh> is followed no further than its address.
METAREFRESH_ENABLED = False
# The sites we read have no use for where we came from.
REFERER_ENABLED = False
# Each of these wraps what every callback yields, to do nothing here.
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,  # nothing is yielded at the start
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # `safe_url` refuses earlier
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,  # warns of our own code
}
# Servers that negotiate send the story in its own language; Scrapy's default asks for English.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,*;q=0.5",
}

# --- politeness --------------------------------------------------------------------------------

# A second between two requests to one host, give or take half; hosts run side by side.
DOWNLOAD_DELAY = 1.0
CONCURRENT_REQUESTS = 32
CONCURRENT_REQUESTS_PER_DOMAIN = 2

# The product alone: the comment of USER_AGENT holds words that robots.txt rules may name.
ROBOTSTXT_USER_AGENT = "firstprint"
# What RFC 9309 asks of a reader at least; what follows is not read.
ROBOTSTXT_MAX_BYTES = 500 * 1024
# RFC 9309: rules are not kept longer than a day.
ROBOTSTXT_CACHE_SECONDS = 86_400
# After a 5xx, a time-out or a reset nothing is asked; then robots.txt is tried again.
ROBOTSTXT_RETRY_SECONDS = 300.0
# One host must not hold a cron run for long, whatever it asks for.
CRAWL_DELAY_MAX = 30.0
RETRY_AFTER_MAX = 120.0
# Seconds that a failing host rests: doubling from the one to the other, with jitter.
BACKOFF_BASE = 1.0
BACKOFF_MAX = 60.0
# What is given up is a recorded outcome, not an error of ours.
RETRY_GIVE_UP_LOG_LEVEL = "INFO"

# --- limits against hostile or broken servers --------------------------------------------------

DOWNLOAD_TIMEOUT = 30
# Before and after decompression; sitemaps ask for more in their own requests.
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
# A page of a few megabytes is no news to anybody.
DOWNLOAD_WARNSIZE = 0
# Off in Scrapy by default.
DOWNLOAD_VERIFY_CERTIFICATES = True
# Only the parts of one article follow each other here, at most 30; how deep lists lead is bounded
# where they are read (`crawler/site_crawl.py`, `-a depth=`).
DEPTH_LIMIT = 32
RETRY_TIMES = 2
# A link to a file, an FTP server or a data: address never becomes an article; the two others
# check each request, and their connections the address, on every hop.
DOWNLOAD_HANDLERS = {
    "http": "crawler.network.handlers.GuardedDownloadHandler",
    "https": "crawler.network.handlers.GuardedDownloadHandler",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
TWISTED_DNS_RESOLVER = "crawler.network.resolver.GuardedResolver"
# Hosts whose address may be private: a URL, a host or host:port. The spider adds those of its
# `url=` and `sites=`.
NAMED_HOSTS: list[str] = []
REDIRECT_MAX_TIMES = 10
# Look-ups of fifty hosts at the start of a run.
REACTOR_THREADPOOL_MAXSIZE = 20
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # redirect checks each hop
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # treats 5xx as allow-all
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,  # user_agent adds CONTACT
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # keeps cuts
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,  # drops loops silently
    "crawler.middlewares.address.AddressMiddleware": 50,
    "crawler.middlewares.hosts.HostMiddleware": 60,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    "crawler.middlewares.user_agent.ContactMiddleware": 500,
    "crawler.middlewares.truncation.TruncationMiddleware": 585,
    "crawler.middlewares.compression.StrictCompressionMiddleware": 590,
    "crawler.middlewares.redirect.CheckedRedirectMiddleware": 600,
    "crawler.middlewares.backoff.BackoffMiddleware": 610,
}
EXTENSIONS = {
    "crawler.extensions.log_secrets.LogSecrets": 0,
    "crawler.extensions.garbage.GarbageCollection": 10,
    "crawler.extensions.timers.CancelledTimers": 20,
    "crawler.extensions.outcome_log.OutcomeLog": 50,
    "crawler.extensions.bookkeeping.Bookkeeping": 100,
    "crawler.extensions.run_figures.RunFigures": 150,
    "crawler.extensions.progress_display.ProgressDisplay": 160,
    "crawler.extensions.warc.WarcArchive": 200,
}
SCHEDULER = "crawler.scheduler.FrontierScheduler"
# The frontier knows what was seen; Scrapy's filter would drop what it puts back.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"

# --- doors that stay shut ----------------------------------------------------------------------

# It is on by default in Scrapy 2.19 and executes code it is sent.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

# --- what happens to a page --------------------------------------------------------------------

# Everything that is written lies below this folder, relative to the working directory.
OUTPUT_DIR = "output"
# Worker processes for extraction; 0 is the number of cores.
EXTRACTION_WORKERS = 0
# Seconds of one page in a worker before the worker is ended: `rejected(too_slow)`.
EXTRACTION_TIMEOUT = 10.0
# Megabytes that a worker may hold; a page that needs more is `rejected(too_large)`. The worst page
# of 10 MB that we could make needs 900.
EXTRACTION_MEMORY_MB = 1024
# Off takes the pipeline out; JSON_LINES_ENABLED off books outcomes without writing their lines.
EXTRACTION_ENABLED = True
NEAR_DUPLICATES_ENABLED = True
JSON_LINES_ENABLED = True
# `drop` writes a repost to reposts/ only; `tag` writes it to articles/ with `repost_of`.
NEAR_DUPLICATES_ACTION = "drop"
# Forget fingerprints older than this many days; 0 keeps them all.
NEAR_DUPLICATES_DAYS = 0
# Outcomes become durable together: at most this many, and at most this many seconds late.
COMMIT_EVERY = 64
COMMIT_SECONDS = 2.0
ITEM_PIPELINES = {
    "pipelines.extraction.ExtractionPipeline": 300,
    "pipelines.date_bounds.DateBoundsPipeline": 350,
    "pipelines.versions.VersionsPipeline": 400,
    "pipelines.near_duplicates.NearDuplicatesPipeline": 500,
    "pipelines.json_lines.JsonLinesPipeline": 800,
}
# --- a fleet -----------------------------------------------------------------------------------

# redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE] of a Redis (6 or newer) or Valkey server, rediss://
# with TLS: what to fetch, what was seen and the fingerprints are shared by all who name it. Empty:
# this folder has its own.
REDIS_URL = ""
# After so long without a sign of life a worker's hosts and pages go to another. Longer than any
# delay between two requests, since a host that changes hands rests as long.
LEASE_SECONDS = 60.0
# A server that is gone is waited for as long as a restart of it may take; then exit status 75.
REDIS_PATIENCE_SECONDS = 300.0
# The founder of a fleet says into how many (2 to the power of this) buckets the index is cut: 20
# for up to five million documents, 26 for a hundred million; see docs/scale.md.
REDIS_INDEX_BITS = 20
# Forget addresses this many days after their outcome; 0 keeps all. A site that still lists one is
# asked for it once more, so this is more than any list goes back.
REDIS_SEEN_DAYS = 0

# --- the end of a run --------------------------------------------------------------------------

# Seconds by which the clock of a run is moved: a rehearsal passes a day in minutes.
CLOCK_OFFSET = 0.0
# A run whose share of failed candidates is above this ends with exit status 1.
MAX_ERROR_RATIO = 0.5
# Write runs/RUN/report.html, the run as a picture, at the end of each crawl that took a page up.
REPORT_ENABLED = True

# --- alerts ------------------------------------------------------------------------------------

# Where the addresses of alerts stand, as Apprise writes them: `env:NAME`, or a file with one a
# line. Empty: no alerts. Needs requirements/alerts.lock.
ALERT_URLS = ""
# A problem that lasts is told again after so many hours.
ALERT_AGAIN_HOURS = 24.0
# Less free space on the disk of the output is a problem.
ALERT_DISK_FREE_MB = 1000

# --- logs --------------------------------------------------------------------------------------

LOG_LEVEL = "WARNING"
LOG_FORMATTER = "crawler.log_formatter.QuietLogFormatter"
LOG_SHORT_NAMES = True
# One line a candidate with its outcome, at INFO even where LOG_LEVEL is higher.
LOG_OUTCOMES = False
# `--logfile` as JSON Lines, for whoever collects logs.
LOG_JSON = False
# A table on a terminal while a crawl runs; elsewhere a line at INFO every LOGSTATS_INTERVAL.
PROGRESS_ENABLED = True
