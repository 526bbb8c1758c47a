// What the service says about itself before anybody signed in: /config.json.

export interface OidcConfig {
  issuer: string;
  clientId: string;
  scopes: string;
}

export interface ToolConfig {
  /** Whether a token of a local account signs in. */
  localTokens: boolean;
  oidc: OidcConfig | undefined;
  /** The public key of the audit log, as a C2SP vkey; empty: not told. */
  auditVkey: string;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Reads what is known; whatever is missing or of another type is absent. */
export function parseConfig(json: unknown): ToolConfig {
  const fields = (typeof json === "object" && json !== null ? json : {}) as Record<
    string,
    unknown
  >;
  const oidc = fields.oidc as Record<string, unknown> | null | undefined;
  const issuer = text(oidc?.issuer);
  return {
    localTokens: fields.localTokens !== false,
    oidc: issuer
      ? {
          issuer,
          clientId: text(oidc?.clientId),
          scopes: texts(oidc?.scopes).join(" ") || "openid",
        }
      : undefined,
    auditVkey: text(fields.auditVkey),
  };
}

export async function fetchConfig(): Promise<ToolConfig> {
  const response = await fetch("/config.json", { cache: "no-store" });
  if (!response.ok) throw new Error(`config.json: ${response.status.toString()}`);
  return parseConfig(await response.json());
}
