// A real OpenID Connect provider on loopback, for tests: `node directory.mjs '{"client": ..., "people": ...}'`.
// People sign in by their name alone. It prints its address as one line of JSON and serves until standard input ends.

import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const { client, people } = JSON.parse(process.argv[2]);
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ application_type: 'native', grant_types: ['authorization_code'], response_types: ['code'], ...client }],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    findAccount: (_context, id) =>
      people[id] && { accountId: id, claims: () => ({ sub: id, preferred_username: id, ...people[id] }) },
    cookies: { keys: ['tests only'] },
    ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 300, Session: 300, Grant: 300 },
  });
  server.on('request', provider.callback());
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
