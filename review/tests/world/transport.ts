import { createRouterTransport, type ConnectRouter } from "@connectrpc/connect";
import { withCredential } from "../../src/api/transport";
import { refuseToken, session } from "../../src/app/session";

/** The transport of the tool over services of which some are there. */
export function transportOver(routes: (router: ConnectRouter) => void) {
  return createRouterTransport(routes, {
    transport: { interceptors: [withCredential(() => session.get().token, refuseToken)] },
  });
}
