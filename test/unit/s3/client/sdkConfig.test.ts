import { basicAuth, sdkConfig } from '../../../../s3/client/sdkConfig';
import type { Connection } from '../../../../s3/Connection';
import { S3Client } from '../../../../s3/sdk';
import { withEnvironment } from '../../../faults/environment';

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

/** What the environment says to the SDK, and what it must not believe. */
const VARIABLES = {
	AWS_AUTH_SCHEME_PREFERENCE: 'sigv4a',
	AWS_DEFAULTS_MODE: 'mobile',
	AWS_MAX_ATTEMPTS: '7',
	AWS_REQUEST_CHECKSUM_CALCULATION: 'WHEN_SUPPORTED',
	AWS_RESPONSE_CHECKSUM_VALIDATION: 'WHEN_SUPPORTED',
	AWS_RETRY_MODE: 'adaptive',
	AWS_S3_DISABLE_EXPRESS_SESSION_AUTH: 'true',
	AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS: 'true',
	AWS_S3_USE_ARN_REGION: 'false',
	AWS_SDK_UA_APP_ID: 'of-the-machine',
	AWS_USE_DUALSTACK_ENDPOINT: 'true',
	AWS_USE_FIPS_ENDPOINT: 'true',
};

const SETTINGS = {
	authSchemePreference: [],
	defaultsMode: 'standard',
	disableClockSkewCorrection: false,
	disableMultiregionAccessPoints: false,
	disableS3ExpressSessionAuth: false,
	expectContinueHeader: false,
	ignoreConfiguredEndpointUrls: true,
	maxAttempts: 1,
	requestChecksumCalculation: 'WHEN_REQUIRED',
	responseChecksumValidation: 'WHEN_REQUIRED',
	retryMode: 'standard',
	useArnRegion: true,
	useDualstackEndpoint: false,
	useFipsEndpoint: false,
	userAgentAppId: '',
};

it('no setting of the SDK comes from the environment', async () => {
	const found = await withEnvironment(VARIABLES, async () => {
		const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
		const client = new S3Client({ ...configOf({}), region: 'us-east-1', credentials });
		const config = client.config as unknown as Record<string, unknown>;
		const values = Object.keys(SETTINGS).map(async (name) => {
			const value = config[name];
			return [name, typeof value === 'function' ? await (value as () => unknown)() : value];
		});
		return Object.fromEntries(await Promise.all(values)) as object;
	});
	expect(found).toEqual(SETTINGS);
});

it('the SDK writes nothing to the console', () => {
	const { logger } = configOf({});
	const written = (['debug', 'info', 'warn', 'error'] as const).map((level) =>
		jest.spyOn(console, level).mockImplementation(),
	);
	for (const level of ['debug', 'info', 'warn', 'error'] as const) logger![level](level);
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
