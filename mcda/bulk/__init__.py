"""Many scenarios at once.

The way of the data, and which file knows what:

- `sources` finds files and lines and cuts them into jobs at places that depend on the input alone,
  and `cutting` cuts tables. `tables` makes these readable in part, with `delimited` for CSV;
  `scatter` sorts those in which the rows of a scenario do not lie together, and `staging` keeps
  what is written for that.
- `run` is a run from sources to one output file. `runner` (processes of this machine) and
  `distributed` (Dask) give out the jobs; `ledger` is the folder with a part file for each job that
  is done, from which an interrupted run goes on. `outputs` puts the parts together.
- `workers` are processes seen from the command, `serving` is their life, `crew` has those that are
  started before it is known what there is to do, and `copied` those that are copies. `work` is
  what a worker does with a job; `tasks` names it for those who need not read it.
- `documents` evaluates scenario files and lines, `lots` those of them together that are alike, and
  `many` one after the other as whole decisions.
- `longtables` evaluates rows of tables: `table` sorts out the columns, `joining` lays a second
  table beside, `frame` evaluates all scenarios at once, with `rows` for values, `weights` for
  weights in columns, and `expected` for what should come out. `arrow` does this for batches that
  others move.
- `results` holds what came out, with `why` for reasons and flips, `sentences` for explanations,
  `hashes` for hashes of the input, and `leads` for what the summary says; `columns` names and
  orders what is written.
"""
