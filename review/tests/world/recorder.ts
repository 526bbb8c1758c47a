// Services that answer and remember what they were asked.

export interface Call {
  method: string;
  request: Record<string, unknown>;
}

/** Handlers for `methods` that answer nothing and keep each request in `calls`. */
export function recording<M extends string>(calls: Call[], ...methods: M[]) {
  const handler = (method: M) => (request: object) => {
    calls.push({ method, request: { ...request } });
    return {};
  };
  return Object.fromEntries(methods.map((method) => [method, handler(method)])) as Record<
    M,
    ReturnType<typeof handler>
  >;
}
