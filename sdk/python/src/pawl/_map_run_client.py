"""The calls about map runs."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from ._client_base import ClientBase
from ._map_run import MapRun, map_run_of
from .v1 import execution_service_pb2 as pb


class MapRunClient(ClientBase):
    """The part of a client that follows and tunes the runs of distributed Map states."""

    async def get_map_run(self, map_run: str, *, timeout: float | None = None) -> MapRun:
        """Reads one with its counts, by id or ARN."""
        request = pb.GetMapRunRequest(map_run=map_run)
        response = await self._call(lambda stubs: stubs.executions.GetMapRun, request, timeout)
        return map_run_of(response.map_run)

    def list_map_runs(
        self, execution: str, *, page_size: int = 50, limit: int | None = None
    ) -> AsyncGenerator[MapRun, None]:
        """The map runs of one execution, newest first, without counts."""
        return self._list(
            lambda stubs: stubs.executions.ListMapRuns,
            lambda page: pb.ListMapRunsRequest(execution=execution, page=page),
            lambda response: map(map_run_of, response.map_runs),
            page_size=page_size,
            limit=limit,
        )

    async def update_map_run(
        self,
        map_run: str,
        *,
        max_concurrency: int | None = None,
        tolerated_failure_count: int | None = None,
        tolerated_failure_percentage: float | None = None,
        timeout: float | None = None,
    ) -> MapRun:
        """Changes what is given; a run that goes on takes it up within about a second.

        Args:
            map_run: Id or ARN.
            max_concurrency: Most executions at a time; 0: no bound but the server's own.
            tolerated_failure_count: More failed items than this fail the run.
            tolerated_failure_percentage: The same as a share of all items, 0 to 100.
            timeout: Seconds.
        """
        request = pb.UpdateMapRunRequest(
            map_run=map_run,
            max_concurrency=max_concurrency,
            tolerated_failure_count=tolerated_failure_count,
            tolerated_failure_percentage=tolerated_failure_percentage,
        )
        response = await self._call(lambda stubs: stubs.executions.UpdateMapRun, request, timeout)
        return map_run_of(response.map_run)
