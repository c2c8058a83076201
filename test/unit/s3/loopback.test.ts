import { isLoopback } from '../../../s3/loopback';

const hostOf = (host: string) => new URL(`http://${host}:9000`).hostname;

test.each([
	['localhost', true],
	['bucket.localhost', true],
	['127.0.0.1', true],
	['127.8.9.10', true],
	['[::1]', true],
	['128.0.0.1', false],
	['127.0.0.1.example.com', false],
	['localhost.example.com', false],
	['notlocalhost', false],
	['[::2]', false],
	['minio', false],
])('requests to %s stay on the machine: %s', (host, expected) => {
	expect(isLoopback(hostOf(host))).toBe(expected);
});
