import type { Connection, HttpBasicIdentity } from '../Connection';
import type { S3ClientConfig } from '../sdk';

const nothing = (): void => undefined;
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Everything is set here, so that no environment variable or file of the machine changes a request. */
export function sdkConfig({ endpoint, addressingStyle }: Connection): S3ClientConfig {
	return {
		...(endpoint === undefined ? {} : { endpoint }),
		// For dotted buckets of AWS the SDK chooses path style by itself.
		forcePathStyle:
			addressingStyle === 'path' || (addressingStyle === 'auto' && endpoint !== undefined),
		ignoreConfiguredEndpointUrls: true,
		useArnRegion: true,
		useDualstackEndpoint: false,
		useFipsEndpoint: false,
		disableMultiregionAccessPoints: false,
		disableS3ExpressSessionAuth: false,
		disableClockSkewCorrection: false,
		authSchemePreference: [],
		userAgentAppId: '',
		defaultsMode: 'standard',
		// `SdkClient` repeats requests: the SDK's requests share a store of repetitions, which an outage uses up.
		maxAttempts: 1,
		retryMode: 'standard',
		// Servers other than AWS refuse the newer default checksums; `upload/requestChecksum.ts` asks for them.
		requestChecksumCalculation: 'WHEN_REQUIRED',
		responseChecksumValidation: 'WHEN_REQUIRED',
		expectContinueHeader: false,
		// Without one of ours the SDK writes warnings to n8n's console.
		logger: SILENT,
	};
}

export function basicAuth({
	username,
	password,
}: HttpBasicIdentity): Pick<S3ClientConfig, 'credentials' | 'signer'> {
	const userAndPassword = Buffer.from(`${username}:${password}`).toString('base64');
	return {
		credentials: { accessKeyId: 'unused', secretAccessKey: 'unused' },
		signer: {
			sign: (request) => {
				request.headers.authorization = `Basic ${userAndPassword}`;
				return Promise.resolve(request);
			},
		},
	};
}
