import { endpointUrl } from '../policy/endpointUrl';
import { isHostOfAws, partitionOf } from '../partitions';
import { S3Failure } from '../S3Failure';

/** Where a queue is, and how requests for it are signed. */
export interface QueueAddress {
	/** As SQS names the queue in requests. */
	readonly url: string;
	readonly name: string;
	/** URL that requests go to. */
	readonly endpoint: string;
	readonly region: string;
}

/** What decides where a queue is. */
export interface QueueLocation {
	/** URL or ARN of the queue, as it was entered. */
	readonly queue: string;
	/** URL of a VPC endpoint or of a server of one's own; undefined is that of the queue. */
	readonly endpoint: string | undefined;
	/** Region of the connection, if neither URL names one. */
	readonly region: string;
}

const ADVICE =
	'Enter the URL of the queue, such as https://sqs.eu-central-1.amazonaws.com/123456789012/uploads, or its ARN.';

/**
 * Finds a queue by its URL or ARN.
 * @throws S3Failure of kind `invalid` for anything else, and for a FIFO queue, to which S3 sends nothing
 */
export function queueAddress(location: QueueLocation): QueueAddress {
	const url = urlOf(location.queue.trim());
	const name = url.pathname.split('/').at(-1) ?? '';
	if (name === '') {
		throw S3Failure.invalid('The Queue URL names a server but no queue', ADVICE);
	}
	if (name.endsWith('.fifo')) {
		throw S3Failure.invalid(
			`Queue “${name}” is a FIFO queue, to which S3 sends no events`,
			'Use a standard queue. The order of events of one key can be told by their sequencer.',
		);
	}
	const { endpoint = url.origin } = location;
	const region = regionIn(url.hostname) ?? regionIn(new URL(endpoint).hostname) ?? location.region;
	refusePlainHttp(endpoint);
	return { url: url.href, name, endpoint, region };
}

function urlOf(entered: string): URL {
	const [, partition, service, region = '', account, name] = entered.split(':');
	if (entered.startsWith('arn:') && name !== undefined) {
		const { id, dnsSuffix } = partitionOf(region) ?? {};
		if (service === 'sqs' && id === partition) {
			return new URL(`https://sqs.${region}.${dnsSuffix ?? ''}/${account ?? ''}/${name}`);
		}
		throw S3Failure.invalid('The Queue URL is an ARN, but not that of a queue', ADVICE);
	}
	if (!/^https?:\/\//i.test(entered)) {
		throw S3Failure.invalid('The Queue URL is not a URL', ADVICE);
	}
	return new URL(endpointUrl(entered, 'Queue URL', 'node'));
}

/** The region that a host name of AWS has among its labels; `queue.amazonaws.com` is older than regions. */
function regionIn(hostname: string): string | undefined {
	if (hostname === 'queue.amazonaws.com') return 'us-east-1';
	return hostname.split('.').find((label) => partitionOf(label) !== undefined);
}

/** By plain http everybody on the way to AWS could read the messages, and take a session token. */
function refusePlainHttp(endpoint: string): void {
	const { protocol, hostname } = new URL(endpoint);
	if (protocol === 'https:' || !isHostOfAws(hostname)) return;
	throw S3Failure.invalid(
		`The Queue URL begins with http://, but ${hostname} has https`,
		'Begin the URL with https://.',
	);
}
