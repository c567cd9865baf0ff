"""Many scenarios at once.

The way of the data, and which file knows what:

- `sources` finds files and lines and cuts them into jobs at places that depend on the input alone;
  `chunking` cuts tables, which `table_files` makes readable in part, with `delimited` for CSV.
  Where the rows of a scenario do not lie together, `regroup` writes them job by job.
- `run` is a run from sources to one output file. `pool` has the engines that do its jobs: this
  process, processes, executors of somebody's; `cluster` is one more, for Dask. `jobs` is what a
  worker does with a job, and `preload` what it reads beforehand. `parts` is the folder with a file
  for each job that is done, from which an interrupted run goes on. `output` makes one file of them,
  and `summary` what they come to.
- `documents` evaluates scenario files and lines, `grouping` those of them together that are alike,
  and `evaluate_many` one after the other as whole decisions.
- `longtables` evaluates rows of tables: `table` sorts out the columns, `joining` lays a second
  table beside, `frame` evaluates all scenarios at once, with `rows` for values, `weights` for
  weights in columns, and `expected` for what should come out. `arrow` does this for batches that
  others move.
- `results` holds what came out, with `why` for reasons and flips, `sentences` for explanations,
  `hashes` for hashes of the input, and `leads` for what the summary says; `columns` names and
  orders what is written. `suffixes` are those of files, and `file_hash` hashes what they hold.
"""
