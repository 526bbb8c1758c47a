// A real OpenID Connect provider for tests, over TLS on the loopback:
//   node provider.mjs KEY.pem CERTIFICATE.pem PORT_FILE
// Clients are named in CLIENTS, each with its roles; their secret is "secret".
// They get JWT access tokens for the resources below, signed by the algorithm
// in the resource's name. POST /rotate replaces all keys.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import Provider from 'oidc-provider';

const [keyFile, certificateFile, portFile] = process.argv.slice(2);

const CLIENTS = {
  'rita': ['reviewer', 'staff'],
  'audrey': ['auditor'],
  'cleo': ['reviewer', 'child-safety'],
  'adam': ['administrator'],
  'nobody': [],
};
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

function newProvider(issuer) {
  return new Provider(issuer, {
    jwks: { keys: newKeys() },
    clients: Object.keys(CLIENTS).map((name) => ({
      client_id: name,
      client_secret: 'secret',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    })),
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA'] },
    extraTokenClaims: (ctx, token) => ({ roles: CLIENTS[token.clientId] }),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (ctx, indicator) => ({
          scope: '',
          audience: RESOURCES[indicator].audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
          jwt: { sign: { alg: RESOURCES[indicator].alg } },
        }),
      },
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
