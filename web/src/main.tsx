/** Starts the app: language, keys, cache, routes. */
import "@/styles.css";
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { watchRecords } from "@/app/palette/recent";
import { startResilience } from "@/app/resilience/start";
import { makeRouter } from "@/app/router";
import { register } from "@/engine/modules";
import { languageOf, speak } from "@/lib/i18n";
import { listenToKeys } from "@/lib/keyboard";
import { currentLook } from "@/lib/look";
import { makeQueryClient } from "@/lib/query";
import { views } from "@/modules/crm/views";
import { ConfirmHost } from "@/ui/confirm";
import { Toaster } from "@/ui/toast";
import { TooltipHost } from "@/ui/tooltip-host";

register(views);
listenToKeys();
const client = makeQueryClient();
const router = makeRouter();
startResilience(client, router);
watchRecords(client);

const root = document.getElementById("root");
if (!root) throw new Error("the page has no root");

await speak(languageOf(currentLook().locale, navigator.language));
createRoot(root).render(
  <StrictMode>
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
        <ConfirmHost />
        <Toaster />
        <TooltipHost />
      </QueryClientProvider>
    </I18nProvider>
  </StrictMode>,
);
