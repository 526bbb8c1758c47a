import {
  Code,
  ConnectError,
  createRouterTransport,
  type ConnectRouter,
  type Interceptor,
} from "@connectrpc/connect";
import { tellTime } from "../../src/api/clock";
import { withCredential } from "../../src/api/transport";
import { refuseToken, session } from "../../src/app/session";

/** Says in each answer what time it is, as the server's port does. */
function dated(now: () => number): Interceptor {
  return (next) => async (request) => {
    const date = new Date(now()).toUTCString();
    const answer = await next(request);
    answer.header.set("date", date);
    return answer;
  };
}

/** Calls that get no answer, by the method's name. */
export type Troubles = Map<string, "fails" | "hangs">;

function withTroubles(troubles: Troubles): Interceptor {
  return (next) => async (request) => {
    const trouble = troubles.get(request.method.localName);
    if (trouble === "fails") throw new ConnectError("broken", Code.Internal);
    if (trouble === "hangs") await new Promise(() => {});
    return next(request);
  };
}

/** The transport of the tool over services of which some are there. */
export function transportOver(
  routes: (router: ConnectRouter) => void,
  troubles: Troubles = new Map(),
  now = Date.now,
) {
  const credential = withCredential(() => session.get().token, refuseToken);
  return createRouterTransport(routes, {
    transport: {
      interceptors: [credential, tellTime, withTroubles(troubles), dated(now)],
    },
  });
}
