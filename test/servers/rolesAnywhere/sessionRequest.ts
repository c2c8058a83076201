import { notValid, Refusal } from './Refusal';
import type { Received } from './received';

/** What a session is asked for, checked. */
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

/** @throws Refusal for another operation than CreateSession */
export function checkOperation({ method, path }: Received): void {
	const [pathname] = path.split('?');
	if (method === 'POST' && pathname === '/sessions') return;
	throw new Refusal(404, 'UnknownOperationException', 'Not Found', `${method} ${path}`);
}

/**
 * Reads the body of the request and the ARNs of its query.
 * @throws Refusal for everything that the API does not allow
 */
export function readSessionRequest({ path, headers, body }: Received): SessionRequest {
	if (headers['content-type'] !== 'application/json') throw notValid('Unsupported content type');
	const members = membersOf(body);
	const unknown = Object.keys(members).find((name) => !MEMBERS.includes(name));
	if (unknown !== undefined) throw notValid(`Unknown member ${unknown}`);
	const query = queryOf(path);
	const arn = (name: keyof typeof ARNS): string => {
		const value: unknown = members[name] ?? query.get(name);
		if (typeof value !== 'string' || !ARNS[name].test(value)) {
			throw broken(JSON.stringify(value), name, `Member must satisfy ${ARNS[name].source}`);
		}
		if ((query.get(name) ?? value) === value) return value;
		throw notValid(`Query and body have different values of ${name}`);
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
		// Refused below like everything else that is no object.
	}
	throw notValid('The body is not a JSON object');
}

function queryOf(path: string): URLSearchParams {
	const query = new URL(path, 'http://service').searchParams;
	const names = [...query.keys()];
	const wrong = names.find((name, index) => !(name in ARNS) || names.indexOf(name) !== index);
	if (wrong === undefined) return query;
	throw notValid(`Unknown query parameter ${wrong}, or there twice`);
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
