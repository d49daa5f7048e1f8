/**
 * A page that is a chunk of its own. One that cannot be loaded is tried again, by itself when the server is
 * back: the router would leave the screen blank.
 */
import { type ComponentType, useEffect, useState } from "react";
import { onRecovered } from "@/app/resilience/health";
import { reloadForChunk } from "@/app/resilience/stale";
import { Problem } from "@/lib/problem";
import { ErrorState } from "@/ui/empty";

type Page = { Component: ComponentType };
type Load = () => Promise<Page>;

/** `lazy` of a route. */
export function page(load: Load): Load {
  return async () => {
    try {
      return await load();
    } catch (thrown) {
      console.error(thrown);
      return { Component: () => <Missing load={load} /> };
    }
  };
}

function Missing({ load }: { load: Load }) {
  const [Found, setFound] = useState<ComponentType | null>(null);
  // Until it is known whether a reload helps there is nothing to say.
  const [lost, setLost] = useState(false);
  const again = async () => {
    try {
      const { Component } = await load();
      setFound(() => Component);
    } catch {
      setLost(!(await reloadForChunk()));
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, and whenever the server is back
  useEffect(() => {
    void again();
    return onRecovered(() => void again());
  }, []);
  if (Found) return <Found />;
  if (!lost) return null;
  const problem = new Problem("offline", "This page could not be loaded.");
  return <ErrorState page error={problem} onRetry={() => void again()} />;
}
