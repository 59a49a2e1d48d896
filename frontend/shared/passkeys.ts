/** Passkeys between the browser's own form (bytes) and the server's (base64url). */

export interface Challenge {
  ticket: string;
  options: Record<string, unknown>;
}

interface Descriptor {
  id: string;
}

export function canUsePasskeys(): boolean {
  return typeof PublicKeyCredential === 'function' && !!navigator.credentials;
}

export function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (one) => one.charCodeAt(0));
}

export function text(buffer: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Ask the authenticator to sign a challenge; null when the person turned away. */
export async function usePasskey(challenge: Challenge): Promise<unknown | null> {
  const options = challenge.options;
  const found = await turnedAway(() =>
    navigator.credentials.get({
      publicKey: { ...options, challenge: bytes(options.challenge as string), allowCredentials: [] } as PublicKeyCredentialRequestOptions,
    }),
  );
  if (!found) return null;
  const response = found.response as AuthenticatorAssertionResponse;
  return {
    ...named(found),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      ...(response.userHandle?.byteLength ? { userHandle: text(response.userHandle) } : {}),
    },
  };
}

/** Ask the authenticator for a new passkey; null when the person turned away. */
export async function makePasskey(challenge: Challenge): Promise<unknown | null> {
  const options = challenge.options;
  const user = options.user as { id: string };
  const known = (options.excludeCredentials as Descriptor[] | undefined) ?? [];
  const made = await turnedAway(() =>
    navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge as string),
        user: { ...user, id: bytes(user.id) },
        excludeCredentials: known.map((one) => ({ ...one, type: 'public-key', id: bytes(one.id) })),
      } as unknown as PublicKeyCredentialCreationOptions,
    }),
  );
  if (!made) return null;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    ...named(made),
    response: { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject) },
  };
}

function named(credential: PublicKeyCredential): { id: string; rawId: string; type: string } {
  return { id: credential.id, rawId: text(credential.rawId), type: 'public-key' };
}

async function turnedAway(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    return (await ask()) as PublicKeyCredential | null;
  } catch (problem) {
    if (problem instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(problem.name)) return null;
    throw problem;
  }
}
