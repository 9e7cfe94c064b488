"""A batch on a Dask cluster (extra ``workbench[cluster]``): no shared workspace, the same bytes.

Workers get packs, notebooks, plans and evidence by digest, run each plan in a workspace of their own, and send the run folder
back. Here only what needs no Dask is imported: most batches have no cluster.
"""

from workbench.runs.batch.cluster.runner import cluster_runner

__all__ = ["cluster_runner"]
