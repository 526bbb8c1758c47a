import {
  Code,
  ConnectError,
  type Interceptor,
  type Transport,
} from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";

/** Adds the credential, and tells when the service does not know it any more. */
export function withCredential(
  token: () => string | undefined,
  refused: (token: string) => void,
): Interceptor {
  return (next) => async (request) => {
    const sent = token();
    if (sent !== undefined) request.header.set("authorization", `Bearer ${sent}`);
    try {
      return await next(request);
    } catch (error) {
      if (sent !== undefined && ConnectError.from(error).code === Code.Unauthenticated) {
        refused(sent);
      }
      throw error;
    }
  };
}

/** The service that this page came from. */
export function ownTransport(...interceptors: Interceptor[]): Transport {
  return createConnectTransport({
    baseUrl: window.location.origin,
    useBinaryFormat: true,
    interceptors,
  });
}
