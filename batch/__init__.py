"""Archives of any size on Spark: the functions of the crawl, spread over a cluster.

`python -m batch clean` makes records of archives, `python -m batch dedup` tells first prints from
reposts. Needs the optional group `spark` and Java; `docs/scale.md` says how to run it.
"""
