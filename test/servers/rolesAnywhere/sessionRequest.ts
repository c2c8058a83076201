import { notValid, Refusal } from './Refusal';
import type { Received } from './signature';

/** The body of a request for a session, checked. */
export interface SessionRequest {
	readonly trustAnchorArn: string;
	readonly profileArn: string;
	readonly roleArn: string;
	/** Seconds. */
	readonly durationSeconds: number | undefined;
	readonly roleSessionName: string | undefined;
}

const ARNS = {
	trustAnchorArn: /^arn:aws(-[^:]+)?:rolesanywhere:[a-z0-9-]+:\d{12}:trust-anchor\/[\w-]+$/,
	profileArn: /^arn:aws(-[^:]+)?:rolesanywhere:[a-z0-9-]+:\d{12}:profile\/[\w-]+$/,
	roleArn: /^arn:aws(-[^:]+)?:iam::\d{12}:role\/[\w+=,.@/-]+$/,
};

const MEMBERS = [...Object.keys(ARNS), 'durationSeconds', 'roleSessionName'];

const broken = (value: string, member: string, rule: string) =>
	notValid(
		`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`,
	);

/** @throws Refusal for whatever is not the request as it is specified */
export function readSessionRequest({ method, path, headers, body }: Received): SessionRequest {
	if (method !== 'POST' || path !== '/sessions') {
		throw new Refusal(404, 'UnknownOperationException', 'Not Found', `${method} ${path}`);
	}
	if (headers['content-type'] !== 'application/json') throw notValid('Unsupported content type');
	const members = membersOf(body);
	const unknown = Object.keys(members).find((name) => !MEMBERS.includes(name));
	if (unknown !== undefined) throw notValid(`Unknown member ${unknown}`);
	const arn = (name: keyof typeof ARNS): string => {
		const value = members[name];
		if (typeof value === 'string' && ARNS[name].test(value)) return value;
		throw broken(String(value), name, `Member must satisfy ${ARNS[name].source}`);
	};
	return {
		trustAnchorArn: arn('trustAnchorArn'),
		profileArn: arn('profileArn'),
		roleArn: arn('roleArn'),
		durationSeconds: durationOf(members.durationSeconds),
		roleSessionName: sessionNameOf(members.roleSessionName),
	};
}

function membersOf(body: Buffer): Record<string, unknown> {
	try {
		const members: unknown = JSON.parse(body.toString());
		if (typeof members === 'object' && members !== null) return members as Record<string, unknown>;
	} catch {
		// Answered below like everything else that is no object.
	}
	throw notValid('The body is not a JSON object');
}

function durationOf(value: unknown): number | undefined {
	if (value === undefined) return undefined;
	if (typeof value === 'number' && Number.isInteger(value) && value >= 900 && value <= 43_200) {
		return value;
	}
	throw broken(JSON.stringify(value), 'durationSeconds', 'Member must be between 900 and 43200');
}

function sessionNameOf(value: unknown): string | undefined {
	if (value === undefined) return undefined;
	if (typeof value === 'string' && /^[\w+=,.@-]{2,64}$/.test(value)) return value;
	throw broken(JSON.stringify(value), 'roleSessionName', 'Member must satisfy [\\w+=,.@-]{2,64}');
}
