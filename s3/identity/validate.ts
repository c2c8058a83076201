import { isLoopback } from '../loopback';
import { S3Failure } from '../S3Failure';

/** Text in quotation marks, as one line of bounded length, for messages that repeat what was entered. */
export function quoted(text: string): string {
	const line = text.replace(/\s+/g, ' ').trim();
	return `“${line.length > 120 ? `${line.slice(0, 120)}…` : line}”`;
}

/** The failure for a region that AWS does not have; it is shown only if it cannot be a secret. */
export function unknownRegion(region: string, advice: string): S3Failure {
	const name = /^[\w .-]{1,30}$/.test(region) ? quoted(region) : 'What is entered';
	return S3Failure.invalid(`${name} is not a region of AWS`, advice);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export interface Arn {
	readonly text: string;
	readonly partition: string;
	readonly service: string;
	readonly region: string;
	readonly account: string;
	/** The part after the account, e.g. `role/reader`. */
	readonly resource: string;
}

const ARN = /^arn:(aws[a-z0-9-]*):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|):(\S+)$/;

/** The parts of an ARN, without blanks around it; undefined if the text is no ARN. */
function parseArn(pasted: string): Arn | undefined {
	const text = pasted.trim();
	const [, partition = '', service = '', region = '', account = '', resource = ''] =
		ARN.exec(text) ?? [];
	return partition === '' ? undefined : { text, partition, service, region, account, resource };
}

/** What an ARN names, in words, e.g. `trust anchor`. */
function arnKind({ service, resource }: Arn): string {
	return `${service === 'iam' || service === 'rolesanywhere' ? '' : `${service} `}${
		resource.split(/[/:]/)[0]?.replaceAll('-', ' ') ?? ''
	}`;
}

/** What kind of ARN a field takes. */
export interface ExpectedArn {
	readonly field: string;
	readonly service: 'iam' | 'rolesanywhere';
	/** As in `resource/name`. */
	readonly resource: 'role' | 'profile' | 'trust-anchor';
	readonly example: string;
}

const ROLE: ExpectedArn = {
	field: 'Role ARN',
	service: 'iam',
	resource: 'role',
	example: 'arn:aws:iam::111122223333:role/my-role',
};

/** @throws S3Failure that says which kind of ARN was entered and which was expected */
export function checkArn(pasted: string, expected: ExpectedArn): Arn {
	const { field, service, resource, example } = expected;
	const advice = `Enter the ${field} as the AWS console shows it, for example ${example}.`;
	if (pasted.trim() === '') throw S3Failure.invalid(`The ${field} is missing`, advice);
	const arn = parseArn(pasted);
	// It is not shown: anything may have been pasted here, a secret too.
	if (arn === undefined) throw S3Failure.invalid(`${field}: this is not an ARN`, advice);
	const wanted = resource.replaceAll('-', ' ');
	if (arn.service !== service || arn.resource.split(/[/:]/)[0] !== resource) {
		throw S3Failure.invalid(
			`${field}: this is a ${arnKind(arn)} ARN, expected a ${wanted}`,
			advice,
		);
	}
	const name = arn.resource.slice(resource.length);
	const whole =
		/^\/[\w+=,.@/-]+$/.test(name) &&
		arn.account !== '' &&
		(arn.region !== '') === (service === 'rolesanywhere');
	if (!whole)
		throw S3Failure.invalid(`${field}: ${quoted(arn.text)} is not the ARN of a ${wanted}`, advice);
	return arn;
}

/** @throws S3Failure when it is not the ARN of an IAM role */
export function checkRoleArn(pasted: string): Arn {
	return checkArn(pasted, ROLE);
}

/** @throws S3Failure unless it is absent or a whole number of seconds that AWS grants sessions for */
export function checkDuration(seconds: number | undefined): void {
	if (seconds === undefined) return;
	if (Number.isInteger(seconds) && seconds >= 900 && seconds <= 43_200) return;
	throw S3Failure.invalid(
		'The duration of the session must be a whole number of seconds from 900 to 43200',
		'Enter 900 to 43200 (15 minutes to 12 hours), 3600 suits most; or leave it empty.',
	);
}

/**
 * The name of a session; undefined if none is entered.
 * @throws S3Failure when STS does not allow it
 */
export function checkSessionName(name: string | undefined): string | undefined {
	if (name === undefined || name.trim() === '') return undefined;
	if (/^[\w+=,.@-]{2,64}$/.test(name)) return name;
	throw S3Failure.invalid(
		`The session name is not allowed: it must have 2 to 64 letters, digits or any of _ + = , . @ -`,
		'Enter a name by that rule, without blanks, or leave it empty.',
	);
}

/**
 * The URL of a service of one's own that lends sessions. Messages never show it: it may hold a password.
 * @throws S3Failure when it is not a URL of a server alone, and for plain http to another machine
 */
export function checkEndpoint(pasted: string, field: string): URL {
	const advice = `Enter the ${field} as a URL with nothing but scheme, host and port, for example https://endpoint.example.com, or leave it empty for AWS.`;
	const text = pasted.trim();
	if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
		throw S3Failure.invalid(`The ${field} is not a URL that begins with https://`, advice);
	}
	const url = new URL(text);
	if (url.username !== '' || url.password !== '') {
		throw S3Failure.invalid(`The ${field} holds a user name or password`, advice);
	}
	if (url.search !== '' || url.hash !== '') {
		throw S3Failure.invalid(`The ${field} has a query or fragment`, advice);
	}
	if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
		throw S3Failure.invalid(
			`The ${field} begins with http://, which would send the session’s keys unprotected`,
			'Use https://; only an endpoint on this machine itself may be http.',
		);
	}
	return url;
}
