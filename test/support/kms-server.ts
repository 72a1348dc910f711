/** KMS for the command line: it signs hashes by OpenSSL, which emulators of AWS do not. */
import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Scratch } from './cli.ts';

export async function startKms(tmp: Scratch): Promise<{ url: string; stop(): void }> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const PublicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64');
  const pem = tmp.file('kms.pem', privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const signed = (Message: string) => {
    const digest = tmp.file('kms.digest', Buffer.from(Message, 'base64'));
    const how = ['-sign', '-inkey', pem, '-pkeyopt', 'digest:sha256', '-in', digest];
    return execFileSync('openssl', ['pkeyutl', ...how]).toString('base64');
  };
  const server = createServer(async (request, response) => {
    const { Message, MessageType } = JSON.parse(await text(request)) as { Message: string; MessageType: string };
    const signs = request.headers['x-amz-target'] === 'TrentService.Sign';
    if (signs && MessageType !== 'DIGEST') response.writeHead(400).end('{}');
    else
      response.end(
        JSON.stringify(signs ? { Signature: signed(Message) } : { PublicKey, SigningAlgorithms: ['ECDSA_SHA_256'] }),
      );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => server.close() };
}
