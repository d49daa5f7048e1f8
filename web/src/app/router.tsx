/** Addresses and the pages at them. Every page is a chunk of its own. */
import { createBrowserRouter, type RouteObject } from "react-router";
import { page } from "@/app/resilience/lazy-page";
import { RouteError } from "@/app/resilience/route-error";
import { Entrance } from "@/app/shell/entrance";
import { SessionLayout } from "@/app/shell/session-layout";

const workspace: RouteObject[] = [
  { index: true, lazy: page(() => import("@/app/home/home-page")) },
  { path: "setup", lazy: page(() => import("@/app/setup/setup-page")) },
  { path: "settings/*", lazy: page(() => import("@/app/settings/settings-page")) },
  { path: "tasks", lazy: page(() => import("@/modules/crm/tasks/tasks-page")) },
  { path: "calendar", lazy: page(() => import("@/modules/crm/calendar/calendar-page")) },
  // Where a collection has a page of its own, the list of all of it is here.
  { path: ":collection/all", lazy: page(() => import("@/engine/collection-page")) },
  { path: ":collection", lazy: page(() => import("@/engine/collection-page")) },
  { path: ":collection/:id", lazy: page(() => import("@/engine/record/record-page")) },
].map((route) => ({ ...route, ErrorBoundary: RouteError }) as RouteObject);

/** The first chunk loads within a frame or two; a flash of something would only be noise. */
function Nothing() {
  return null;
}

export function makeRouter() {
  return createBrowserRouter([
    {
      ErrorBoundary: RouteError,
      HydrateFallback: Nothing,
      children: [
        { path: "/", Component: Entrance },
        { path: "/login", lazy: page(() => import("@/app/auth/login")) },
        { path: "/forgot-password", lazy: page(() => import("@/app/auth/forgot-password")) },
        { path: "/reset-password", lazy: page(() => import("@/app/auth/reset-password")) },
        { path: "/verify-email", lazy: page(() => import("@/app/auth/verify-email")) },
        { path: "/accept-invitation", lazy: page(() => import("@/app/auth/accept-invitation")) },
        { path: "/welcome", lazy: page(() => import("@/app/auth/welcome")) },
        { path: "/w/:workspace", Component: SessionLayout, children: workspace },
        {
          path: "/admin",
          Component: SessionLayout,
          children: [
            {
              lazy: page(() => import("@/app/admin/admin-layout")),
              children: [
                { index: true, lazy: page(() => import("@/app/admin/admin-collection")) },
                // Where a collection has a page of its own, the list of all of it is here.
                { path: ":collection/all", lazy: page(() => import("@/engine/collection-page")) },
                { path: ":collection", lazy: page(() => import("@/app/admin/admin-collection")) },
                { path: ":collection/:id", lazy: page(() => import("@/app/admin/admin-document")) },
              ],
            },
          ],
        },
        { path: "*", lazy: page(() => import("@/app/shell/not-found")) },
      ],
    },
  ]);
}

export type Router = ReturnType<typeof makeRouter>;
