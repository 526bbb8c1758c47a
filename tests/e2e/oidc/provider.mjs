// A real OpenID Connect provider for tests, over TLS on the loopback:
//   node provider.mjs KEY.pem CERTIFICATE.pem PORT_FILE [TOOL]
// Everybody is named in PEOPLE, each with their roles. Programs get tokens as
// clients of these names, with the secret "secret": JWTs for the resources below,
// signed by the algorithm in the resource's name. People sign in with any password
// at the pages that the provider brings, and TOOL, an address of the review tool,
// gets a JWT for them by the code flow with PKCE. POST /rotate replaces all keys.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import Provider from 'oidc-provider';

const [keyFile, certificateFile, portFile, tool] = process.argv.slice(2);

const PEOPLE = {
  'rita': ['reviewer', 'staff'],
  'audrey': ['auditor'],
  'cleo': ['reviewer', 'child-safety'],
  'adam': ['administrator'],
  'lena': ['senior'],
  'nobody': [],
};
// Seconds that their tokens are good, and everybody else's.
const LIFETIMES = { 'lena': 20 };
const LIFETIME = 600;
const RESOURCES = {
  'urn:frank:RS256': { alg: 'RS256', audience: 'frank' },
  'urn:frank:ES256': { alg: 'ES256', audience: 'frank' },
  'urn:frank:EdDSA': { alg: 'EdDSA', audience: 'frank' },
  'urn:other:ES256': { alg: 'ES256', audience: 'another-service' },
};

function newKeys() {
  const pairs = {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: generateKeyPairSync('ed25519'),
  };
  return Object.entries(pairs).map(([alg, { privateKey }]) => ({
    ...privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: randomUUID(),
  }));
}

function program(name) {
  return {
    client_id: name,
    client_secret: 'secret',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  };
}

function review(address) {
  return {
    client_id: 'review',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'],
    redirect_uris: [address],
    response_types: ['code'],
  };
}

function newProvider(issuer) {
  return new Provider(issuer, {
    jwks: { keys: newKeys() },
    clients: [...Object.keys(PEOPLE).map(program), ...(tool ? [review(tool)] : [])],
    clientBasedCORS: (ctx, origin) => tool !== undefined && origin === new URL(tool).origin,
    cookies: { keys: [randomUUID()] },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'] },
    extraTokenClaims: (ctx, token) => ({ roles: PEOPLE[token.accountId ?? token.clientId] }),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: tool !== undefined },
      resourceIndicators: {
        enabled: true,
        // The tool names none.
        defaultResource: (ctx, client) =>
          client.clientId === 'review' ? 'urn:frank:ES256' : undefined,
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, indicator) => ({
          scope: '',
          audience: RESOURCES[indicator].audience,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: RESOURCES[indicator].alg } },
        }),
      },
    },
    ttl: {
      AccessToken: (ctx, token) => LIFETIMES[token.accountId] ?? LIFETIME,
      ClientCredentials: LIFETIME,
    },
  });
}

let answer;
const server = createServer(
  { key: readFileSync(keyFile), cert: readFileSync(certificateFile) },
  (request, response) => {
    if (request.method === 'POST' && request.url === '/rotate') {
      rotate();
      response.end('rotated\n');
      return;
    }
    answer(request, response);
  });

function rotate() {
  const { port } = server.address();
  answer = newProvider(`https://localhost:${port}`).callback();
}

server.listen(0, '127.0.0.1', () => {
  rotate();
  writeFileSync(portFile, `${server.address().port}\n`);
});
