import { basicAuth, keysOf, sdkConfig } from '../../../../s3/client/sdkConfig';
import type { Connection } from '../../../../s3/Connection';

const configOf = (settings: Partial<Connection>) =>
	sdkConfig({ addressingStyle: 'auto', endpoint: undefined, ...settings } as Connection);

it.each([
	['auto', undefined, false],
	['auto', 'http://127.0.0.1:9000', true],
	['path', undefined, true],
	['virtual', 'http://127.0.0.1:9000', false],
] as const)(
	'the addressing style %s at the endpoint %s puts the bucket into the path: %p',
	(addressingStyle, endpoint, inPath) => {
		const config = configOf({ addressingStyle, endpoint });
		expect(config.forcePathStyle).toBe(inPath);
		expect(config.endpoint).toBe(endpoint);
		expect(Object.hasOwn(config, 'endpoint')).toBe(endpoint !== undefined);
	},
);

it('a request has no checksum and expects none unless it says so', () => {
	expect(configOf({})).toMatchObject({
		requestChecksumCalculation: 'WHEN_REQUIRED',
		responseChecksumValidation: 'WHEN_REQUIRED',
		expectContinueHeader: false,
	});
});

it('the SDK writes nothing to the console', () => {
	const { logger } = configOf({});
	const written = (['debug', 'info', 'warn', 'error'] as const).map((level) =>
		jest.spyOn(console, level).mockImplementation(),
	);
	logger?.debug('d');
	logger?.info('i');
	logger?.warn('w');
	logger?.error('e');
	for (const spy of written) {
		expect(spy).not.toHaveBeenCalled();
		spy.mockRestore();
	}
});

it('user and password are sent as HTTP Basic Auth', async () => {
	const { signer } = basicAuth({ kind: 'httpBasic', username: 'n8n', password: 'pä:ss' });
	const request = { headers: {} as Record<string, string> };
	const { sign } = signer as unknown as { sign(request: object): Promise<unknown> };
	expect(await sign(request)).toBe(request);
	const [scheme, value = ''] = request.headers.authorization?.split(' ') ?? [];
	expect([scheme, Buffer.from(value, 'base64').toString()]).toEqual(['Basic', 'n8n:pä:ss']);
});

it('access keys have a session token only if there is one', () => {
	const keys = { kind: 'accessKeys', accessKeyId: 'a', secretAccessKey: 's' } as const;
	const own = { accessKeyId: 'a', secretAccessKey: 's' };
	expect(keysOf({ ...keys, sessionToken: undefined })).toStrictEqual(own);
	expect(keysOf({ ...keys, sessionToken: 't' })).toStrictEqual({ ...own, sessionToken: 't' });
});
