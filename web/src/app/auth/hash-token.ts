/** The token of a mailed link. It stands behind `#`, and leaves the address bar as soon as it is read. */
import { useLayoutEffect, useState } from "react";
import { useLocation } from "react-router";

export function useHashToken(): string {
  const { hash, pathname, search } = useLocation();
  const [token, setToken] = useState(() => hash.slice(1));
  useLayoutEffect(() => {
    if (hash.length < 2) return;
    setToken(hash.slice(1));
    // Not through the router: it would draw the page again for an address nobody is to see.
    window.history.replaceState(window.history.state, "", `${pathname}${search}`);
  }, [hash, pathname, search]);
  return token;
}
