// Puts the tool, or a part of it, over services in memory.
import type { ConnectRouter } from "@connectrpc/connect";
import { QueryClientProvider } from "@tanstack/react-query";
import { configure, render } from "@testing-library/react";
import { createElement, type ReactElement } from "react";
import { clientsOver, ClientsContext } from "../../src/api/clients";
import { newQueryClient } from "../../src/api/query-client";
import { App } from "../../src/app/app";
import { endSession, signIn } from "../../src/app/session";
import { transportOver, type Troubles } from "./transport";

// A machine may be busy; what comes, comes.
configure({
  asyncUtilTimeout: 10_000,
  getElementError: (message) => new Error(message ?? ""),
});

interface Opening {
  at?: string;
  token?: string;
  troubles?: Troubles;
  now?: () => number;
}

/** The whole tool, at an address, with a token or signed out. */
export function openTool(
  routes: (router: ConnectRouter) => void,
  { at = "#/", token, troubles, now }: Opening = {},
) {
  window.location.hash = at;
  if (token === undefined) endSession("signed-out");
  else signIn(token);
  return render(createElement(App, { transport: transportOver(routes, troubles, now) }));
}

/** A part of it alone. */
export function renderOver(routes: (router: ConnectRouter) => void, part: ReactElement) {
  return render(
    createElement(
      ClientsContext,
      { value: clientsOver(transportOver(routes)) },
      createElement(QueryClientProvider, { client: newQueryClient() }, part),
    ),
  );
}
