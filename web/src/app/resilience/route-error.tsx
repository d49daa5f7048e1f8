/** What stands in the place of a page that could not be loaded or drawn. */
import { useEffect, useState } from "react";
import { isRouteErrorResponse, useRevalidator, useRouteError } from "react-router";
import { isChunkFailure, reloadForChunk } from "@/app/resilience/stale";
import { asProblem, Problem } from "@/lib/problem";
import { ErrorState } from "@/ui/empty";

function problemOf(thrown: unknown): Problem {
  if (isRouteErrorResponse(thrown)) {
    const missing = thrown.status === 404;
    return new Problem(missing ? "missing" : "server", thrown.statusText, {
      status: thrown.status,
    });
  }
  if (isChunkFailure(thrown)) {
    return new Problem("offline", "This page could not be loaded.");
  }
  return asProblem(thrown);
}

export function RouteError() {
  const thrown = useRouteError();
  const { revalidate } = useRevalidator();
  const [leaving, setLeaving] = useState(() => isChunkFailure(thrown));
  useEffect(() => {
    if (isChunkFailure(thrown)) void reloadForChunk().then(setLeaving);
    else console.error(thrown);
  }, [thrown]);
  if (leaving) return null;
  const retry = () => {
    // A module that failed to load stays failed for as long as the document lives.
    if (isChunkFailure(thrown)) window.location.reload();
    else void revalidate();
  };
  return <ErrorState page error={problemOf(thrown)} onRetry={retry} />;
}
